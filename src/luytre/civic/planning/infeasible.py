"""Why there is no plan: which wishes cannot be met together.

The wishes become soft, and the model drops as few of them as possible; the number of eyes, the budget and what fits on a
site stay hard. What it drops is what makes the plan impossible; of what was dropped it still gives as much as it can.
"""

from __future__ import annotations

from luytre.civic.planning.model import Model
from luytre.civic.planning.optimum import Grouped, hard_rows
from luytre.civic.planning.problem import Problem
from luytre.civic.planning.wishes import Bound, Conflict, Wish, wishes


def why_not(problem: Problem, seconds: float = 60.0) -> list[Conflict]:
    """What makes the plan impossible; never empty for a problem without a plan. Errors: SolverFailed."""
    grouped = Grouped(problem)
    unseen = [
        Conflict(Wish.UNSEEN, demand.key, demand.name, int(grouped.missing[number]), len(grouped.seers[number]))
        for number, demand in enumerate(problem.demands)
        if demand.required and len(grouped.seers[number]) < grouped.missing[number]
    ]
    return unseen or _dropped(problem, list(wishes(problem, grouped.seers, grouped.missing.tolist())), seconds)


def _dropped(problem: Problem, asked: list[Bound], seconds: float) -> list[Conflict]:
    model = Model()
    take = [model.column() for _ in problem.options]
    hard_rows(problem, model, take, {number: model.column() for number, site in enumerate(problem.sites) if site.site_cost_vnd})
    drop = [model.column(gain=-1.0) for _ in asked]
    little = 0.5 / (1 + sum(bound.least for bound in asked))
    got = [model.column(gain=little, whole=False, upper=float(bound.least)) for bound in asked]
    for bound, dropped, taken in zip(asked, drop, got, strict=True):
        columns = [take[one] for one in bound.options]
        model.row([*columns, dropped], [1.0] * len(columns) + [float(bound.least)], low=bound.least)
        model.row([*columns, taken], [1.0] * len(columns) + [-1.0], low=0.0)
    values = model.maximise(seconds=seconds).values
    return [
        Conflict(bound.wish, bound.key, bound.name, bound.least, 0 if values is None else round(float(values[taken])))
        for bound, dropped, taken in zip(asked, drop, got, strict=True)
        if values is None or values[dropped] > 0.5
    ]
