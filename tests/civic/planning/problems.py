"""Problems for tests: small ones that can be counted out, and larger ones; all without shapes."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from luytre.civic.planning.problem import Demand, Limits, Option, Present, Problem, Site, broken_limits, covered_weight


def random_problem(seed: int, sites: int, bearings: int, demands: int, limits: Limits, *, rich: bool = False) -> Problem:
    """`rich`: with everything a plan may ask for: costs, redundancy, requirements, pins, hamlets, present eyes."""
    dice = random.Random(seed)

    def some(most: int) -> np.ndarray:
        return np.array(sorted(dice.sample(range(demands), dice.randint(0, min(most, demands)))), dtype=np.int64)

    asked = [
        Demand(
            str(number), dice.choice([0.5, 1, 2, 3, 7]), dice.choice([1, 1, 1, 2]) if rich else 1,
            rich and dice.random() < 0.05, dice.choice("AB"),
        )
        for number in range(demands)
    ]  # fmt: skip
    where = [
        Site(
            str(number), dice.randint(1, 9) * 1_000_000 if rich else 0, dice.choice([0, 0, 3_000_000]) if rich else 0,
            dice.choice([1, 1, 2]) if rich else 1, dice.choice("AB"), rich and dice.random() < 0.05,
        )
        for number in range(sites)
    ]  # fmt: skip
    options = [
        Option(site, 360 / bearings * turn, some(6), rich and dice.random() < 0.02)
        for site in range(sites)
        for turn in range(bearings)
    ]
    present = [Present(str(number), some(4)) for number in range(2 if rich else 0)]
    return Problem(asked, where, options, present, limits)


def counted_out(problem: Problem) -> float | None:
    """The best covered weight, by trying every choice; None where no choice keeps the limits."""
    most = problem.limits.eyes if problem.limits.eyes is not None else len(problem.options)
    choices = (choice for size in range(most + 1) for choice in combinations(range(len(problem.options)), size))
    return max((covered_weight(problem, choice) for choice in choices if not broken_limits(problem, choice)), default=None)


SMALL = st.builds(
    lambda seed, eyes, budget, least, rich: random_problem(
        seed, 5, 2, 9, Limits(eyes, budget, {"A": least} if least else {}), rich=rich
    ),
    st.integers(0, 2**32),
    st.integers(0, 4),
    st.none() | st.integers(0, 25).map(lambda millions: millions * 1_000_000),
    st.integers(0, 2),
    st.booleans(),
)
