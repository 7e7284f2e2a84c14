"""A plan computed: its problem, the proven answer, and what that means; or why there is none."""

from __future__ import annotations

from luytre.civic.planning.ask import Ask, Conflicting, Impossible, Result
from luytre.civic.planning.infeasible import why_not
from luytre.civic.planning.material import Material, prepare
from luytre.civic.planning.meaning import meaning_of
from luytre.civic.planning.optimum import optimum


def compute(ask: Ask, found: Material) -> Result | Impossible:
    """Takes as long as `ask.seconds`, and a little more. Errors: SolverFailed."""
    prepared = prepare(ask, found)
    answer = optimum(prepared.problem, ask.seconds)
    if answer is None:
        conflicts = why_not(prepared.problem)
        return Impossible(tuple(Conflicting(one.wish, one.key, one.name, one.wanted, one.possible) for one in conflicts))
    return meaning_of(ask, found, prepared, answer)
