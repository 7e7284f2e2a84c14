"""Small counts: from everything that is published together none can be worked out, neither in time nor among hamlets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.openness.few import LEAST, Share, Told, by_hamlet, cell, is_few, quarter, year

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 40))
SMALL = range(1, LEAST)


def published(months: Sequence[int]) -> tuple[Told, ...]:
    """All that is ever told of a year: its months, its quarters, itself."""
    return (*map(cell, months), *(quarter(months[at : at + 3]) for at in range(0, 12, 3)), year(months))


def other_worlds(months: Sequence[int]) -> Iterator[list[int]]:
    """Years whose hidden months are others: those of one quarter in every way that there is."""
    for start in range(0, 12, 3):
        hidden = [at for at in range(start, start + 3) if is_few(months[at])]
        for values in product(SMALL, repeat=len(hidden)):
            world = list(months)
            for at, value in zip(hidden, values, strict=True):
                world[at] = value
            yield world


@settings(max_examples=150)
@given(st.lists(COUNTS, min_size=12, max_size=12))
def test_of_each_hidden_month_more_than_one_count_is_possible(months: list[int]) -> None:
    """There is another year with another count in it, of which all is published alike."""
    seen = published(months)
    alike = [world for world in other_worlds(months) if published(world) == seen]
    for at, count in enumerate(months):
        if is_few(count):
            assert not seen[at].exact
            assert len({world[at] for world in alike}) > 1, (at, months)


@given(st.lists(COUNTS, min_size=3, max_size=3))
def test_no_small_count_follows_from_a_quarter_and_its_months(months: list[int]) -> None:
    told, cells = quarter(months), [cell(count) for count in months]
    if told.exact:
        assert not is_few(told.value)
        assert not is_few(told.value - sum(one.value for one in cells if one.exact))


@given(st.lists(COUNTS, min_size=12, max_size=12))
def test_what_is_told_is_true(months: list[int]) -> None:
    for start in range(0, 12, 3):
        told, total = quarter(months[start : start + 3]), sum(months[start : start + 3])
        assert told.value == total if told.exact else told.value <= total
    told, total = year(months), sum(months)
    assert told.value == total if told.exact else told.value <= total
    assert all(cell(count) == Told(count, exact=True) for count in months if not is_few(count))


def subtracted(shares: Sequence[Share], total: int) -> Iterator[tuple[frozenset[str], int]]:
    """Every set of hamlets whose count follows from the table: what stands there, and the total less some of it."""
    everybody = frozenset(name for share in shares for name in share.hamlets)
    for chosen in product((False, True), repeat=len(shares)):
        picked = [share for share, taken in zip(shares, chosen, strict=True) if taken]
        names = frozenset(name for share in picked for name in share.hamlets)
        yield names, sum(share.value for share in picked)
        yield everybody - names, total - sum(share.value for share in picked)


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), COUNTS, max_size=7))
def test_no_small_count_of_a_hamlet_follows_from_the_table(counts: Mapping[str, int]) -> None:
    total, shares = sum(counts.values()), by_hamlet(counts)
    if not shares:
        return
    assert sum(share.value for share in shares) == total
    for names, value in subtracted(shares, total):
        assert value == sum(counts[name] for name in names)
        assert not is_few(value), (names, value)
    assert all(not is_few(counts[share.hamlets[0]]) for share in shares if len(share.hamlets) == 1)


def test_examples() -> None:
    assert quarter([3, 0, 9]) == Told(9, exact=False)
    assert quarter([3, 2, 9]) == Told(14, exact=True)
    assert quarter([1, 2, 9]) == Told(9, exact=False)
    assert [quarter([1, 1, 9]).exact, quarter([4, 4, 9]).exact] == [False, False]
    assert year([6] * 11 + [3]) == Told(66, exact=False)
    assert by_hamlet({"A": 3, "B": 2, "C": 9}) == (Share(("C",), 9), Share(("A", "B"), 5))
    assert by_hamlet({"A": 3, "C": 9, "D": 7}) == (Share(("C",), 9), Share(("A", "D"), 10))
    assert by_hamlet({"A": 3}) == by_hamlet({}) == ()
    assert by_hamlet({"A": 0, "B": 6}) == (Share(("B",), 6),)
