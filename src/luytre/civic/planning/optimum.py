"""The best plan, proven: maximal covering (Church and ReVelle 1974) with bearings, budget, redundancy and wishes, on HiGHS.

One column an option (taken or not), one a site that costs something by itself, one a **group** of demands: those that exactly the
same options see count together, which makes thousands of demands hundreds. A group that one eye covers needs no whole
numbers; one that needs several counts only when it has them all.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from luytre.base.i18n import N_
from luytre.civic.planning.greedy import greedy
from luytre.civic.planning.model import Floats, Model, SolverFailed
from luytre.civic.planning.problem import Answer, Indices, Problem, broken_limits, covered_weight
from luytre.civic.planning.wishes import wishes

USUAL_SECONDS = 300.0
_SCALE = 1e4
"""Weights are scaled to this sum, so that the solver's tolerances mean the same whether they count people or points."""
_SLACK = 1e-7
"""What the solver's arithmetic may be off."""


@dataclass(frozen=True, slots=True)
class Group:
    """Demands that the same options (`seers`) see and that miss as many eyes."""

    weight: float
    missing: int
    seers: tuple[int, ...]


@dataclass(frozen=True)
class Grouped:
    """A problem's demands: those covered already, those that are open, in groups."""

    problem: Problem

    @cached_property
    def seers(self) -> list[list[int]]:
        """By which options each demand is seen."""
        found: list[list[int]] = [[] for _ in self.problem.demands]
        for number, option in enumerate(self.problem.options):
            for demand in option.sees.tolist():
                found[demand].append(number)
        return found

    @cached_property
    def missing(self) -> Indices:
        missing: Indices = np.maximum(0, self.problem.needed - self.problem.seen_already)
        return missing

    @cached_property
    def covered_already(self) -> float:
        return float(self.problem.weights[self.missing == 0].sum())

    @cached_property
    def open(self) -> list[Group]:
        """Without those that no plan can cover."""
        found: dict[tuple[tuple[int, ...], int], list[int]] = {}
        for number, missing in enumerate(self.missing.tolist()):
            seers = tuple(self.seers[number])
            if missing and len(seers) >= missing:
                found.setdefault((seers, missing), []).append(number)
        weights = self.problem.weights
        return [Group(float(weights[numbers].sum()), missing, seers) for (seers, missing), numbers in found.items()]


def optimum(problem: Problem, seconds: float = USUAL_SECONDS) -> Answer | None:
    """The best plan within the limits; None where there is no plan (`infeasible.why_not` says why). Errors: SolverFailed."""
    started = time.monotonic()
    first = greedy(problem)
    greedy_weight = covered_weight(problem, first) if first is not None else None
    grouped = Grouped(problem)
    solved = _solved(problem, grouped, seconds)
    if solved.status == "infeasible":
        return None
    plans = [chosen for chosen in (solved.chosen, first) if chosen is not None and not broken_limits(problem, chosen)]
    candidates = [without_idle(problem, chosen) for chosen in plans]
    if not candidates:
        return None
    chosen = max(candidates, key=lambda each: covered_weight(problem, each))
    covered = covered_weight(problem, chosen)
    bound = max(covered, min(solved.bound, float(problem.weights.sum())))
    if bound - covered <= _SLACK * max(1.0, bound):
        bound = covered
    return Answer(tuple(sorted(chosen)), covered, bound, greedy_weight, solved.status, time.monotonic() - started)


def without_idle(problem: Problem, chosen: Sequence[int]) -> tuple[int, ...]:
    """The choice without eyes that add nothing and that no wish asks for, the dearest first: nobody buys them."""
    left, covers = list(chosen), covered_weight(problem, chosen)
    for number in sorted(chosen, key=lambda one: (-problem.sites[problem.options[one].site].cost_vnd, one)):
        others = [other for other in left if other != number]
        if covered_weight(problem, others) >= covers and not broken_limits(problem, others):
            left = others
    return tuple(left)


@dataclass(frozen=True, slots=True)
class _Proven:
    """In the problem's own weights, what was covered before included."""

    status: str
    chosen: tuple[int, ...] | None
    bound: float


def _solved(problem: Problem, grouped: Grouped, seconds: float) -> _Proven:
    """What the solver says, once what it says it covers is what its choice covers; else once more, without its presolve.

    Errors: SolverFailed where the two still differ.
    """
    unit = max(1e-12, float(problem.weights.sum())) / _SCALE
    built = build(problem, grouped, 1 / unit)
    for presolve in (True, False):
        solved = built.model.maximise(seconds, presolve=presolve)
        bound = grouped.covered_already + solved.bound * unit
        if solved.values is None:
            return _Proven(solved.status, None, bound)
        chosen = built.options_of(solved.values)
        says, covers = grouped.covered_already + solved.objective * unit, covered_weight(problem, chosen)
        if abs(says - covers) <= _SLACK * max(1.0, covers):
            return _Proven(solved.status, chosen, bound)
    raise SolverFailed(N_("the solver contradicts itself"), subject=f"{says:g} ≠ {covers:g}")


@dataclass(frozen=True)
class Built:
    """A problem as a model. `take`: the column of each option."""

    problem: Problem
    model: Model
    take: Sequence[int]

    def options_of(self, values: Floats) -> tuple[int, ...]:
        return tuple(number for number, column in enumerate(self.take) if values[column] > 0.5)


def build(problem: Problem, grouped: Grouped, scale: float) -> Built:
    model, groups = Model(), grouped.open
    take = [model.column() for _ in problem.options]
    open_site = {number: model.column() for number, site in enumerate(problem.sites) if site.site_cost_vnd}
    cover = [model.column(group.weight * scale, whole=group.missing > 1) for group in groups]
    for group, column in zip(groups, cover, strict=True):
        seers = [take[number] for number in group.seers]
        model.row([*seers, column], [1.0] * len(seers) + [-float(group.missing)], low=0.0)
    hard_rows(problem, model, take, open_site)
    for bound in wishes(problem, grouped.seers, grouped.missing.tolist()):
        model.at_least([take[number] for number in bound.options], bound.least)
    return Built(problem, model, take)


def hard_rows(problem: Problem, model: Model, take: Sequence[int], open_site: dict[int, int]) -> None:
    """What no plan may break: what fits on a site, the number of eyes, the budget (in millions, so that figures stay small)."""
    for number, options in problem.options_of.items():
        site, columns = problem.sites[number], [take[option] for option in options]
        if number in open_site:
            model.row([*columns, open_site[number]], [1.0] * len(columns) + [-float(site.most_eyes)], high=0.0)
        elif len(columns) > site.most_eyes:
            model.at_most(columns, site.most_eyes)
    limits = problem.limits
    if limits.eyes is not None:
        model.at_most(take, limits.eyes)
    if limits.budget_vnd is not None:
        each = [problem.sites[option.site].cost_vnd / 1e6 for option in problem.options]
        once = [problem.sites[site].site_cost_vnd / 1e6 for site in open_site]
        model.row([*take, *open_site.values()], [*each, *once], high=limits.budget_vnd / 1e6 + 1e-9)
