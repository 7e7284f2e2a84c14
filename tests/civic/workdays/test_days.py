"""Working days: weekends, Tết, days off instead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.workdays.days import MOON_YEARS, Holidays, after, between, built_in, is_working, name_of

NONE = Holidays(frozenset())
YEARS = built_in(range(2025, 2030))
days = st.dates(date(2025, 1, 1), date(2029, 6, 1))
calendars = st.builds(
    Holidays, st.frozensets(days, max_size=20), st.frozensets(days.filter(lambda day: day.weekday() >= 5), max_size=5)
)


@given(days, st.integers(1, 30), calendars)
def test_the_nth_day_after_is_a_working_day_and_n_days_lie_between(day: date, count: int, holidays: Holidays) -> None:
    end = after(day, count, holidays)
    assert is_working(end, holidays)
    assert between(day, end, holidays) == count
    assert between(end, day, holidays) == -count


@given(days, st.integers(1, 30), calendars, days)
def test_one_more_holiday_never_makes_a_clock_shorter(day: date, count: int, holidays: Holidays, more: date) -> None:
    longer = Holidays(holidays.off | {more}, holidays.worked)
    assert after(day, count, longer) >= after(day, count, holidays)


@given(days, days)
def test_a_weekend_is_never_worked_unless_it_was_said(one: date, worked: date) -> None:
    assert is_working(one, Holidays(frozenset(), frozenset({worked}))) == (one.weekday() < 5 or one == worked)


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 11, 24), 2, date(2026, 11, 26)), (date(2026, 11, 27), 2, date(2026, 12, 1)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over Tết
        (date(2026, 4, 29), 1, date(2026, 5, 4)), (date(2026, 4, 24), 1, date(2026, 4, 28)),  # the Hùng Kings' day was a Sunday
        (date(2027, 2, 4), 1, date(2027, 2, 12)),  # two days of Tết on a weekend
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)  # fmt: skip
def test_days_of_the_calendar(day: date, count: int, end: date) -> None:
    assert after(day, count, YEARS) == end


@given(st.integers(2000, 2100))
def test_each_day_of_a_proposal_has_a_name_and_none_is_worked(year: int) -> None:
    off = built_in([year]).off
    assert len(off) >= (11 if year in MOON_YEARS else 5)
    for day in off:
        assert name_of(day)
        assert not is_working(day, built_in([year]))


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_no_such_count(count: int) -> None:
    with pytest.raises(ValueError, match="1000"):
        after(date(2026, 1, 1), count, NONE)
    with pytest.raises(ValueError, match="ten years"):
        between(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=4000), NONE)
