"""What a plan asks, as plain values, and what answers it. No shapes here: who sees what was found before (`views`).

A **demand** is a point with a weight; it counts as covered when at least `needed` eyes see it. An **option** is one bearing at
one candidate **site**; at most `Site.most_eyes` of a site's options are chosen. Eyes that are there already stay, and count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Demand:
    """`required`: a plan that leaves it uncovered is none."""

    key: str
    weight: float
    needed: int = 1
    required: bool = False
    hamlet: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A candidate. `cost_vnd` is for each eye, `site_cost_vnd` once for the first (pole, power). `pinned`: it gets an eye."""

    key: str
    cost_vnd: int = 0
    site_cost_vnd: int = 0
    most_eyes: int = 1
    hamlet: str = ""
    pinned: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """`site`: the number of its site in the problem. `sees`: numbers of demands, in order. `pinned`: it is taken."""

    site: int
    bearing_deg: float
    sees: Indices
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """An eye that is there already."""

    key: str
    sees: Indices
    name: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """`eyes`: at most so many new ones; None: as many as the budget buys. `least`: at least so many new eyes in a hamlet."""

    eyes: int | None = None
    budget_vnd: int | None = None
    least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    demands: Sequence[Demand]
    sites: Sequence[Site]
    options: Sequence[Option]
    present: Sequence[Present] = ()
    limits: Limits = Limits()

    @cached_property
    def weights(self) -> Floats:
        return np.array([demand.weight for demand in self.demands], dtype=float)

    @cached_property
    def needed(self) -> Indices:
        return np.array([demand.needed for demand in self.demands], dtype=np.int64)

    @cached_property
    def seen_already(self) -> Indices:
        """By how many of the present eyes each demand is seen."""
        return counted([eye.sees for eye in self.present], len(self.demands))

    @cached_property
    def options_of(self) -> dict[int, list[int]]:
        """The options of each site, by their numbers."""
        found: dict[int, list[int]] = {number: [] for number in range(len(self.sites))}
        for number, option in enumerate(self.options):
            found[option.site].append(number)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """`chosen`: numbers of options. `bound`: no plan within the limits covers more; the gap between them is proven.

    `status`: `optimal`, or `time_limit` where the time ran out before the proof. `greedy_weight` None: greedy found no plan.
    """

    chosen: tuple[int, ...]
    covered_weight: float
    bound: float
    greedy_weight: float | None
    status: str
    runtime_s: float

    @property
    def gap(self) -> float:
        """By which part of itself the covered weight could at most be larger."""
        if self.bound <= self.covered_weight:
            return 0.0
        return (self.bound - self.covered_weight) / self.covered_weight if self.covered_weight > 0 else float("inf")


def counted(seen: Sequence[Indices], demands: int) -> Indices:
    """How often each demand is seen."""
    if not seen:
        return np.zeros(demands, dtype=np.int64)
    return np.bincount(np.concatenate(seen), minlength=demands).astype(np.int64)


def covered_weight(problem: Problem, chosen: Sequence[int]) -> float:
    """What present and chosen eyes cover, counted from who sees what: it shares nothing with the model."""
    times = problem.seen_already + counted([problem.options[number].sees for number in chosen], len(problem.demands))
    return float(problem.weights[times >= problem.needed].sum())


def cost_vnd(problem: Problem, chosen: Sequence[int]) -> int:
    sites = [problem.options[number].site for number in chosen]
    once = sum(problem.sites[site].site_cost_vnd for site in set(sites))
    return once + sum(problem.sites[site].cost_vnd for site in sites)


def broken_limits(problem: Problem, chosen: Sequence[int]) -> list[str]:
    """Which rules of the problem a choice breaks, by short names; none for a plan."""
    limits, options = problem.limits, [problem.options[number] for number in chosen]
    sites = [option.site for option in options]
    times = problem.seen_already + counted([option.sees for option in options], len(problem.demands))
    hamlets = [problem.sites[site].hamlet for site in sites]
    found = [
        ("twice", len(set(chosen)) < len(chosen)),
        ("eyes", limits.eyes is not None and len(chosen) > limits.eyes),
        ("budget", limits.budget_vnd is not None and cost_vnd(problem, chosen) > limits.budget_vnd),
        ("site", any(sites.count(site) > problem.sites[site].most_eyes for site in set(sites))),
        ("pinned_site", any(site.pinned and number not in sites for number, site in enumerate(problem.sites))),
        ("pinned_option", any(one.pinned and number not in chosen for number, one in enumerate(problem.options))),
        ("hamlet", any(hamlets.count(hamlet) < least for hamlet, least in limits.least.items())),
        ("required", any(one.required and times[number] < one.needed for number, one in enumerate(problem.demands))),
    ]
    return [name for name, broken in found if broken]
