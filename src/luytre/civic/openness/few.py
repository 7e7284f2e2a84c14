"""What is told of small counts, so that neither they nor a subtraction tells who. Pure functions.

Counts of a month are cells: told as they are where they are 0 or at least `LEAST`, else as "fewer than 5". A quarter is the sum
of its months, a year of its quarters. A quarter is told exactly only where that leaves each hidden month open: none is hidden, or
at least two, and together they are at least `LEAST` and not as many as they can be. A year is told exactly where all its
quarters are. Otherwise "at least" what can be added up from what is told, which tells nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Told:
    """`exact`: the count is `value`. Else there are at least so many; of a hidden cell `value` is 0."""

    value: int
    exact: bool


def cell(count: int) -> Told:
    """Of a month."""
    return Told(0, exact=False) if is_few(count) else Told(count, exact=True)


def is_few(count: int) -> bool:
    return 0 < count < LEAST


def leaves_open(hidden: Sequence[int]) -> bool:
    """Whether the sum of hidden cells, each 1 to `LEAST` - 1, may be known: none follows from it, and it is no small count."""
    return not hidden or (len(hidden) >= 2 and max(len(hidden) + 1, LEAST) <= sum(hidden) < (LEAST - 1) * len(hidden))


def quarter(months: Sequence[int]) -> Told:
    hidden = [count for count in months if is_few(count)]
    if leaves_open(hidden):
        return Told(sum(months), exact=True)
    return Told(sum(months) - sum(hidden), exact=False)


def year(months: Sequence[int]) -> Told:
    """Of twelve months, in quarters of three. What is known is added up: quarters that are told, else their months that are."""
    quarters = [quarter(months[start : start + 3]) for start in range(0, len(months), 3)]
    return Told(sum(one.value for one in quarters), all(one.exact for one in quarters))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total; several hamlets where they stand together. `hamlets` empty: no hamlet is known."""

    hamlets: tuple[str, ...]
    value: int


def by_hamlet(counts: Mapping[str, int]) -> tuple[Share, ...]:
    """Of a total that is told exactly. Hamlets with few stand together, where that leaves each of them open; else the next
    smallest joins them. Nothing where not even that helps: then the total stands alone. Those with none are left out."""
    some = {name: count for name, count in counts.items() if count}
    alone = {name: count for name, count in some.items() if not is_few(count)}
    together = {name: count for name, count in some.items() if is_few(count)}
    while together and not _may_stand(list(together.values())):
        if not alone:
            return ()
        least = min(alone, key=lambda name: (alone[name], name))
        together[least] = alone.pop(least)
    shares = [Share((name,), count) for name, count in sorted(alone.items())]
    return (*shares, Share(tuple(sorted(together)), sum(together.values()))) if together else tuple(shares)


def _may_stand(counts: Sequence[int]) -> bool:
    """Whether the sum of these may be told: no part of it follows, and it is no small count itself."""
    total, number = sum(counts), len(counts)
    if number < 2 or is_few(total):
        return False
    return any(not is_few(count) for count in counts) or number < total < (LEAST - 1) * number
