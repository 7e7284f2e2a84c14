"""The figures of a period, from the rooms' own rows. A period that still runs is counted up to now, and is compared with as much
of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from luytre.civic.periods import Period
from luytre.civic.reports.figures import Figures, Row, Window, add_up
from luytre.civic.reports.sections import SECTIONS


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def window_of(period: Period, now: datetime) -> Window:
    """As far as it has gone; of a period that has not begun its first moment alone."""
    start, end = period.span(zone())
    until = max(start, min(end, now))
    last = (until - timedelta(microseconds=1)).astimezone(zone()).date() if until > start else period.first
    return Window(start, until, period.first, last)


def window_before(period: Period, now: datetime) -> Window:
    """Of the period before: all of it, or as long a beginning of it as has gone of this one."""
    start, end = period.before.span(zone())
    whole = Window(start, end, period.before.first, period.before.last)
    return whole if period.is_over(now, zone()) else whole.shortened(now - period.span(zone())[0])


def figures_of(period: Period, now: datetime) -> Figures:
    """Errors: django.db.Error."""
    at, before = window_of(period, now), window_before(period, now)
    sections = tuple(add_up(section, section.rows(at), section.rows(before)) for section in SECTIONS)
    return Figures(period.key, at.days, before.days, sections)


def frozen_with_rows(period: Period, now: datetime) -> tuple[Figures, dict[str, dict[str, Sequence[Row]]]]:
    """Figures, and by section and figure the very rows that they were added up from."""
    at, before = window_of(period, now), window_before(period, now)
    found = {section.key: section.rows(at) for section in SECTIONS}
    sections = tuple(add_up(section, found[section.key], section.rows(before)) for section in SECTIONS)
    rows: dict[str, dict[str, Sequence[Row]]] = {
        key: {name: tuple(each) for name, each in of.items()} for key, of in found.items()
    }
    return Figures(period.key, at.days, before.days, sections), rows
