"""Periods that commune and committee report of: week, month, quarter, half-year, year, in the commune's own days. Pure functions.

A period is written in addresses and files as `2026-W47`, `2026-11`, `2026-Q3`, `2026-H1`, `2026`. Weeks are those of ISO 8601:
Monday to Sunday, and the first of a year is the one with its first Thursday.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate

FIRST_YEAR, LAST_YEAR = 2000, 2998
_WRITTEN = re.compile(r"(2\d{3})(?:-(?:W(\d\d)|Q([1-4])|H([12])|(\d\d)))?")
_DAY = timedelta(days=1)


class Sort(StrEnum):
    """From the shortest to the longest."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {Sort.MONTH: 1, Sort.QUARTER: 3, Sort.HALF: 6, Sort.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """`number` within its year, from 1. Made by `parse` and `of_day`, which make none that is not there."""

    sort: Sort
    year: int
    number: int

    @property
    def key(self) -> str:
        match self.sort:
            case Sort.WEEK:
                return f"{self.year}-W{self.number:02}"
            case Sort.MONTH:
                return f"{self.year}-{self.number:02}"
            case Sort.QUARTER:
                return f"{self.year}-Q{self.number}"
            case Sort.HALF:
                return f"{self.year}-H{self.number}"
        return str(self.year)

    @property
    def first(self) -> date:
        if self.sort is Sort.WEEK:
            return date.fromisocalendar(self.year, self.number, 1)
        return date(self.year, (self.number - 1) * _MONTHS[self.sort] + 1, 1)

    @property
    def last(self) -> date:
        """Its last day, which belongs to it."""
        if self.sort is Sort.WEEK:
            return self.first + 6 * _DAY
        year, month = divmod(self.number * _MONTHS[self.sort], 12)
        return date(self.year + year, month + 1, 1) - _DAY

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The one of its sort that ends where it begins."""
        return of_day(self.sort, self.first - _DAY)

    @property
    def after(self) -> Period:
        return of_day(self.sort, self.last + _DAY)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From its first moment up to the first that is not in it, by the clocks of `zone`."""
        return datetime.combine(self.first, time(), zone), datetime.combine(self.last + _DAY, time(), zone)

    def is_over(self, at: datetime, zone: ZoneInfo) -> bool:
        return self.span(zone)[1] <= at

    def has_begun(self, at: datetime, zone: ZoneInfo) -> bool:
        return self.span(zone)[0] <= at

    def parts(self, sort: Sort) -> tuple[Period, ...]:
        """The periods of a shorter sort that it is made of: months of a quarter, quarters of a year. Not for weeks."""
        found, one = [], of_day(sort, self.first)
        while one.first <= self.last:
            found.append(one)
            one = one.after
        return tuple(found)


def of_day(sort: Sort, day: date) -> Period:
    """The period of this sort in which a day lies."""
    if sort is Sort.WEEK:
        year, week, _weekday = day.isocalendar()
        return Period(sort, year, week)
    return Period(sort, day.year, (day.month - 1) // _MONTHS[sort] + 1)


def parse(text: str) -> Period:
    """As `Period.key` writes it. Errors: UsageError for what is no period."""
    match = _WRITTEN.fullmatch(text) if text.isascii() else None
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise _no_period()
    year = int(match[1])
    sorts = zip((Sort.WEEK, Sort.QUARTER, Sort.HALF, Sort.MONTH), match.groups()[1:], strict=True)
    sort, number = next(((sort, int(found)) for sort, found in sorts if found), (Sort.YEAR, 1))
    if not 1 <= number <= _most(sort)(year):
        raise _no_period()
    return Period(sort, year, number)


def _most(sort: Sort) -> Callable[[int], int]:
    """How many of them a year has; of weeks 52 or 53."""
    if sort is Sort.WEEK:
        return lambda year: date(year, 12, 28).isocalendar().week
    return lambda _year: 12 // _MONTHS[sort]


def _no_period() -> UsageError:
    return UsageError(N_("this is no period"), hint=N_("Write it like 2026-W47, 2026-11, 2026-Q3, 2026-H1 or 2026."))


_ROMAN = ("", "I", "II", "III", "IV")
_WORDS = {
    Sort.WEEK: N_("week %(number)s of %(year)s"),
    Sort.MONTH: N_("month %(number)s of %(year)s"),
    Sort.QUARTER: N_("quarter %(roman)s of %(year)s"),
    Sort.YEAR: N_("the year %(year)s"),
}
_HALVES = (N_("the first half of %(year)s"), N_("the second half of %(year)s"))
SORT_WORDS = {
    Sort.WEEK: N_("weeks"), Sort.MONTH: N_("months"), Sort.QUARTER: N_("quarters"), Sort.HALF: N_("half-years"),
    Sort.YEAR: N_("years"),
}  # fmt: skip


def period_words(period: Period, language: str) -> str:
    """`quý III năm 2026`; of weeks the number alone, so a page tells its days beside it."""
    text = _HALVES[period.number - 1] if period.sort is Sort.HALF else _WORDS[period.sort]
    roman = _ROMAN[period.number] if period.sort is Sort.QUARTER else ""
    return translate(text, language) % {"number": period.number, "year": period.year, "roman": roman}
