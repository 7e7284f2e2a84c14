"""Periods: what is written is read back, they follow one another without a hole, and nothing else is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.periods import Period, Sort, of_day, parse, period_words

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = st.dates(date(2000, 1, 10), date(2998, 12, 20))
SORTS = st.sampled_from(list(Sort))


@given(SORTS, DAYS)
@example(Sort.WEEK, date(2026, 12, 31))
@example(Sort.WEEK, date(2027, 1, 3))
def test_every_day_lies_in_one_that_is_read_back(sort: Sort, day: date) -> None:
    period = of_day(sort, day)
    assert parse(period.key) == period
    assert period.first <= day <= period.last
    assert period.before.last + timedelta(days=1) == period.first
    assert period.after.first == period.last + timedelta(days=1)
    assert of_day(sort, period.last) == of_day(sort, period.first) == period
    assert period.before.after == period


@given(st.text("0123456789-WQH \n٣", max_size=9))
@example("2026-W53")
@example("2027-W53")
@example("2026-Q3\n")
@example("２０２６")
def test_what_is_no_period_is_told_and_nothing_is_read_in_two_ways(text: str) -> None:
    try:
        assert parse(text).key == text
    except UsageError:
        assert text not in ("2026-W53", "2026", "2026-H2")


@pytest.mark.parametrize(
    "text", ["2026-Q5", "2026-13", "2026-00", "2026-W00", "2025-W53", "2026-H3", "1999", "2026-q3", "", "2999"]
)
def test_these_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2026-W47", "2026-11-16", "2026-11-22", "tuần 47 năm 2026"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "quý III năm 2026"),
        ("2026-H1", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
        ("2028-02", "2028-02-01", "2028-02-29", "tháng 2 năm 2028"),
        ("2026", "2026-01-01", "2026-12-31", "năm 2026"),
    ],
)
def test_days_and_words(text: str, first: str, last: str, words: str) -> None:
    period = parse(text)
    assert (period.first.isoformat(), period.last.isoformat(), period_words(period, "vi")) == (first, last, words)


def test_it_is_over_at_the_communes_midnight() -> None:
    period = Period(Sort.QUARTER, 2026, 3)
    midnight = datetime(2026, 9, 30, 17, tzinfo=UTC)
    assert period.span(ZONE)[1] == midnight
    assert [period.is_over(midnight + timedelta(seconds=late), ZONE) for late in (-1, 0)] == [False, True]
    assert [one.key for one in parse("2026").parts(Sort.QUARTER)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
