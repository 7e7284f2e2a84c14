"""The book of days: what holds for a year, who wrote it, and writing the next line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, make_aware

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.workdays.days import SATURDAY, Holidays, built_in, is_working, name_of
from luytre.civic.workdays.models import LONGEST_WORDS, DayStep, Said

_LAST = time(23, 59)
"""Of a clock's last day: midnight would read as the day after."""
YEARS_BACK, YEARS_AHEAD = 1, 3
"""How far from the present year a day may be written down."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not as every week. `step`: who wrote it; None: the proposal says so."""

    day: date
    is_off: bool
    words: str
    step: DayStep | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """`days` in their order. `checked`: that somebody held the year against the announcement; None: nobody did yet."""

    year: int
    days: tuple[Day, ...]
    checked: DayStep | None


def holidays(years: Iterable[int]) -> Holidays:
    """What holds in these years: the proposal, and over it the newest line of each day."""
    wanted = frozenset(years)
    proposal = built_in(wanted)
    said = _newest(wanted)
    off = {day for day, step in said.items() if step.said == Said.OFF}
    worked = {day for day, step in said.items() if step.said == Said.WORKED}
    return Holidays(frozenset(off | (proposal.off - set(said))), frozenset(worked), wanted)


def holidays_at(now: datetime) -> Holidays:
    """Of this year and the next two: a clock of December ends in January."""
    year = localdate(now).year
    return holidays(range(year, year + 3))


def last_minute(day: date) -> datetime:
    """When a clock whose last day this is runs out, by the commune's time."""
    return make_aware(datetime.combine(day, _LAST))


def year_of(year: int) -> Year:
    proposal, said = built_in([year]).off, _newest(frozenset([year]))
    found = [Day(day, True, name_of(day)) for day in proposal if day not in said]
    found += [
        Day(day, step.said == Said.OFF, step.words, step)
        for day, step in said.items()
        if step.said != Said.USUAL or day in proposal
    ]
    checked = DayStep.objects.filter(said=Said.CHECKED, iso=f"{year}-01-01").select_related("by").last()
    return Year(year, tuple(sorted(found, key=lambda one: one.day)), checked)


def say(by: User, day: date, said: Said, words: str, at: datetime) -> None:
    """Writes down what a day is. Errors: ValidationError by field (`day`, `said`, `words`)."""
    this_year = localdate(at).year
    if not this_year - YEARS_BACK <= day.year <= this_year + YEARS_AHEAD:
        raise ValidationError({"day": N_("Only days from last year to three years ahead are written down.")})
    if said != Said.USUAL and not one_line(words):
        raise ValidationError({"words": N_("Write why, like the announcement's number.")})
    if len(one_line(words)) > LONGEST_WORDS:
        raise ValidationError({"words": N_("120 letters at most.")})
    with transaction.atomic():
        now = holidays([day.year])
        if said == Said.OFF and not is_working(day, now):
            raise ValidationError({"day": N_("Nobody works on this day already.")})
        if said == Said.WORKED and is_working(day, now):
            raise ValidationError({"day": N_("This day is worked already.")})
        if said == Said.USUAL and (day in now.off) == (day in now.worked):
            raise ValidationError({"day": N_("This day is as every week already.")})
        if said == Said.WORKED and day.weekday() < SATURDAY:
            said = Said.USUAL  # a weekday that is worked is as every week
        DayStep.objects.create(at=at, by=by, iso=day.isoformat(), said=said, words=one_line(words))


def check_year(by: User, year: int, at: datetime) -> None:
    """That the year was held against the government's announcement. Errors: ValidationError."""
    this_year = localdate(at).year
    if not this_year - YEARS_BACK <= year <= this_year + YEARS_AHEAD:
        raise ValidationError(N_("Only days from last year to three years ahead are written down."))
    DayStep.objects.create(at=at, by=by, iso=f"{year}-01-01", said=Said.CHECKED)


def _newest(years: frozenset[int]) -> dict[date, DayStep]:
    """The line that holds of each day of these years."""
    if not years:
        return {}
    within = {"iso__gte": f"{min(years)}-01-01", "iso__lte": f"{max(years)}-12-31"}
    steps = DayStep.objects.exclude(said=Said.CHECKED).filter(**within).select_related("by").order_by("seq")
    return {step.day: step for step in steps if step.day.year in years}
