"""Working days of the State's offices: Monday to Friday but holidays, and Saturdays that were made working days.

Pure: no Django, no clock. A holiday that nobody entered counts as a working day, so that a clock is never too long by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from luytre.base.errors import UsageError
from luytre.base.i18n import N_

REPLY_DAYS, ACCESS_DAYS = 2, 10
"""Working days to reply, and to give access (Decree 356/2025 as design.md §6 has it)."""
FILE = "holidays.txt"
_OPERATION = N_("Reading the holidays")
_SATURDAY = 5
_FIXED = ((1, 1), (4, 30), (5, 1), (9, 1), (9, 2))
"""Month and day. Of the two days of 2 September the one before is a proposal: the government chooses each year."""
_MOON = {
    2026: (*(date(2026, 2, day) for day in range(16, 21)), date(2026, 4, 26)),
    2027: (*(date(2027, 2, day) for day in range(5, 10)), date(2027, 4, 16)),
}
"""Tết (its eve and four days) and the Hùng Kings' day; a proposal, years beyond must be entered."""
_MOST_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off, and Saturdays or Sundays that are worked in exchange. `years`: those that somebody said something about."""

    off: frozenset[date]
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


def is_working(day: date, holidays: Holidays) -> bool:
    if day in holidays.worked:
        return True
    return day.weekday() < _SATURDAY and day not in holidays.off


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
        for _one in (day for day in days if day.weekday() >= _SATURDAY):
            off.add(_instead(_one, off, set(days)))
    return Holidays(frozenset(off), years=frozenset(years))


def _instead(day: date, off: set[date], holidays: set[date]) -> date:
    while day.weekday() >= _SATURDAY or day in off or day in holidays:
        day += timedelta(days=1)
    return day


def parse(text: str) -> Holidays:
    """One day a line: `2027-02-05 Tết`, `+2026-08-22` for a weekend's day that is worked, `#` before a remark.

    Errors: UsageError.
    """
    off: set[date] = set()
    worked: set[date] = set()
    years: set[int] = set()
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        word = said.split()[0]
        try:
            day = date.fromisoformat(word.removeprefix("+"))
        except ValueError as error:
            raise UsageError(
                N_("a line of the holidays has no day"), operation=_OPERATION, subject=f"{FILE}:{number}",
                hint=N_("Write one day a line, like 2027-02-05."),
            ) from error  # fmt: skip
        (worked if word.startswith("+") else off).add(day)
        years.add(day.year)
    return Holidays(frozenset(off), frozenset(worked), frozenset(years))


def merged(said: Holidays, years: Iterable[int]) -> Holidays:
    """A year of which the file says anything is the file's alone; others are the built-in ones."""
    rest = built_in(set(years) - said.years)
    return Holidays(said.off | rest.off, said.worked, said.years | rest.years)


def in_force(data: Path, years: Iterable[int]) -> Holidays:
    """Those of `holidays.txt` in the data folder, the built-in ones for the other years. Errors: UsageError, OSError."""
    path = data / FILE
    try:
        found = path.stat()
    except FileNotFoundError:
        return built_in(years)
    return merged(_read(path, found.st_mtime_ns, found.st_size), years)


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int, _size: int) -> Holidays:
    try:
        return parse(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(
            N_("the holidays are no text"), operation=_OPERATION, subject=FILE, hint=N_("Save the file as UTF-8.")
        ) from error
