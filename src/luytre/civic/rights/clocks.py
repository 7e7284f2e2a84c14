"""Clocks of claims in working days. Pure but for the commune's zone: no database, no clock of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from luytre.civic.rights.kinds import Right
from luytre.civic.workdays.book import last_minute
from luytre.civic.workdays.days import REPLY_DAYS, Holidays, after

ACT_DAYS: dict[str, int] = {
    Right.ACCESS: 10, Right.CORRECT: 10, Right.RESTRICT: 15, Right.OBJECT: 15, Right.DELETE: 20, Right.WITHDRAW: 10,
}  # fmt: skip
"""Working days to carry it out (Decree 356/2025 as design.md §6 has it). It names none for consent: the shortest is taken."""
NOTICE = timedelta(hours=72)
"""From when a breach was noticed until the authority has its notice; holidays count."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The last minutes of those days."""

    reply: datetime
    act: datetime


def clocks_of(right: str, at: datetime, holidays: Holidays) -> Clocks:
    """Errors: KeyError for what is no right."""
    day = localdate(at)
    return Clocks(last_minute(after(day, REPLY_DAYS, holidays)), last_minute(after(day, ACT_DAYS[right], holidays)))


def extended(right: str, due: datetime, holidays: Holidays) -> datetime:
    """As long again, once; that it may be so long is to be confirmed. Errors: KeyError for what is no right."""
    return last_minute(after(localdate(due), ACT_DAYS[right], holidays))
