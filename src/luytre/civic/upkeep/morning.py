"""The morning's summary: what broke since yesterday at six, what is still to be done, what is over and after how long.

It is read on Health and printed; devices of the staff that wish it get its counts (`web.ringing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from luytre.civic.access.models import User
from luytre.civic.upkeep.models import Ticket
from luytre.civic.upkeep.scope import tickets_of

BEGINS, ENDS = time(6), time(12)
"""The morning, by the commune's clock."""


@dataclass(frozen=True, slots=True)
class Morning:
    """Tickets by what they are to whoever reads in the morning. One that opened and closed since then is `over` alone."""

    since: datetime
    broke: tuple[Ticket, ...]
    still: tuple[Ticket, ...]
    over: tuple[Ticket, ...]


def is_morning(at: datetime, zone: ZoneInfo) -> bool:
    return BEGINS <= at.astimezone(zone).time() < ENDS


def since_of(at: datetime, zone: ZoneInfo) -> datetime:
    """Yesterday at six; before six of the day before."""
    here = at.astimezone(zone)
    today = here.date() if here.time() >= BEGINS else here.date() - timedelta(days=1)
    return datetime.combine(today - timedelta(days=1), BEGINS, zone)


def morning_of(user: User, at: datetime, zone: ZoneInfo) -> Morning:
    """Of the tickets that the person meets. One query beside the scope's."""
    since = since_of(at, zone)
    wanted = Q(closed=None) | Q(closed__gte=since)
    found = list(tickets_of(user, at).filter(wanted).select_related("feed", "unit", "firm", "taken_by").order_by("opened"))
    there = [one for one in found if one.closed is None]
    return Morning(
        since,
        tuple(one for one in there if one.opened >= since),
        tuple(one for one in there if one.opened < since),
        tuple(one for one in found if one.closed is not None),
    )
