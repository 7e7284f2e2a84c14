"""Working days of the State's offices: Monday to Friday but holidays, and Saturdays that were made working days.

Pure: no Django, no clock. A holiday that nobody entered counts as a working day, so that a clock is never too long by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from luytre.base.i18n import N_

REPLY_DAYS, ACCESS_DAYS = 2, 10
"""Working days to reply, and to give access (Decree 356/2025 as design.md §6 has it)."""
SATURDAY = 5
_INDEPENDENCE = N_("Independence day")
_FIXED = {
    (1, 1): N_("New Year's day"), (4, 30): N_("Liberation of the South"), (5, 1): N_("Labour day"), (9, 1): _INDEPENDENCE,
    (9, 2): _INDEPENDENCE,
}  # fmt: skip
"""Month and day. Of the two days of 2 September the one before is a proposal: the government chooses each year."""
_MOON = {
    2026: (*(date(2026, 2, day) for day in range(16, 21)), date(2026, 4, 26)),
    2027: (*(date(2027, 2, day) for day in range(5, 10)), date(2027, 4, 16)),
}
"""Tết (its eve and four days) and, last, the Hùng Kings' day; a proposal, years beyond must be entered."""
MOON_YEARS = frozenset(_MOON)
_MOST_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off, and Saturdays or Sundays that are worked in exchange. `years`: those of which this tells."""

    off: frozenset[date]
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


def is_working(day: date, holidays: Holidays) -> bool:
    if day in holidays.worked:
        return True
    return day.weekday() < SATURDAY and day not in holidays.off


def after(day: date, count: int, holidays: Holidays) -> date:
    """The `count`-th working day after `day`, which itself does not count. Errors: ValueError beyond some years."""
    if not 1 <= count <= _MOST_DAYS:
        raise ValueError("between 1 and 1000 working days")
    while count:
        day += timedelta(days=1)
        count -= is_working(day, holidays)
    return day


def between(first: date, last: date, holidays: Holidays) -> int:
    """Working days after `first` up to `last`; negative where `last` lies before. Errors: ValueError beyond ten years."""
    if last < first:
        return -between(last, first, holidays)
    if (last - first).days > 10 * 366:
        raise ValueError("at most ten years")
    return sum(is_working(first + timedelta(days=one), holidays) for one in range(1, (last - first).days + 1))


def built_in(years: Iterable[int]) -> Holidays:
    """The proposal: for a holiday on a weekend the next working day is off (Labour Code art. 111)."""
    off: set[date] = set()
    for year in sorted(set(years)):
        days = sorted({date(year, month, day) for month, day in _FIXED} | set(_MOON.get(year, ())))
        off.update(days)
        for _one in (day for day in days if day.weekday() >= SATURDAY):
            off.add(_instead(_one, off, set(days)))
    return Holidays(frozenset(off), years=frozenset(years))


def _instead(day: date, off: set[date], holidays: set[date]) -> date:
    while day.weekday() >= SATURDAY or day in off or day in holidays:
        day += timedelta(days=1)
    return day


def name_of(day: date) -> str:
    """What a day of the proposal is, to be translated: its holiday, or the day off instead of one."""
    moon = _MOON.get(day.year, ())
    if day in moon:
        return N_("the Hùng Kings' day") if day == moon[-1] else N_("Tết")
    return _FIXED.get((day.month, day.day), N_("day off instead of one on a weekend"))
