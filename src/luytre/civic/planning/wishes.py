"""What a plan has to give besides covering much: demands that must be covered, places that must get an eye, eyes in each hamlet.

Each is a set of options of which at least so many are taken. The exact model makes them rows; where there is no plan, the
model of `infeasible` drops as few of them as it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from luytre.base.i18n import N_
from luytre.civic.planning.problem import Problem


class Wish(StrEnum):
    UNSEEN = "unseen"
    """A demand that must be covered, and no candidate (or too few) sees it."""
    REQUIRED = "required"
    """A demand that must be covered; it cannot be beside the others."""
    PINNED = "pinned"
    """A place that must get an eye."""
    HAMLET = "hamlet"
    """So many eyes in a hamlet."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`key` of the demand, site or hamlet; `wanted` and `possible`: eyes."""

    wish: Wish
    key: str
    name: str
    wanted: int
    possible: int


@dataclass(frozen=True, slots=True)
class Bound:
    """At least `least` of these options (their numbers)."""

    wish: Wish
    key: str
    name: str
    options: Sequence[int]
    least: int


def wishes(problem: Problem, seers: Sequence[Sequence[int]], missing: Sequence[int]) -> Iterator[Bound]:
    """All wishes of a problem. `seers`: by which options each demand is seen; `missing`: how many eyes it still needs."""
    for number, demand in enumerate(problem.demands):
        if demand.required and missing[number]:
            yield Bound(Wish.REQUIRED, demand.key, demand.name, seers[number], int(missing[number]))
    for number, site in enumerate(problem.sites):
        if site.pinned:
            yield Bound(Wish.PINNED, site.key, site.name, problem.options_of[number], 1)
        for one in problem.options_of[number]:
            if problem.options[one].pinned:
                yield Bound(Wish.PINNED, site.key, site.name, [one], 1)
    for hamlet, least in problem.limits.least.items():
        there = [number for number, one in enumerate(problem.options) if problem.sites[one.site].hamlet == hamlet]
        yield Bound(Wish.HAMLET, hamlet, hamlet, there, least)


WISH_WORDS = {
    Wish.UNSEEN: N_("“{name}” must be covered by {wanted} eyes, and only {possible} ways of looking see it"),
    Wish.REQUIRED: N_("“{name}” must be covered: not within this number of eyes and this budget, beside the other wishes"),
    Wish.PINNED: N_("“{name}” must get an eye: not within this number of eyes and this budget, beside the other wishes"),
    Wish.HAMLET: N_("{name} must get {wanted} eyes, and gets at most {possible} beside the other wishes"),
}
"""For a person: with `name`, `wanted`, `possible`."""
