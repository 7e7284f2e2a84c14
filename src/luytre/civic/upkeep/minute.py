"""The work of each minute: the recorder is asked, what changed is written, tickets follow; by and by the disk is measured."""

from __future__ import annotations

from datetime import datetime

from luytre.civic.ports import RecorderStatus
from luytre.civic.upkeep.links import keep_links
from luytre.civic.upkeep.loads import days_seen, measure
from luytre.civic.upkeep.outages import ask, look
from luytre.civic.upkeep.tickets import keep_tickets

DAYS_EVERY_MINUTES = 10
"""So often it is asked whether footage goes before its time."""


def minute(recorder: RecorderStatus, at: datetime) -> None:
    """`at` aware. Doing it twice harms nothing but the counts of `links`. Errors: django.db.Error, LuytreError."""
    status = ask(recorder)
    days = days_seen(recorder, status, at) if status is not None and at.minute % DAYS_EVERY_MINUTES == 0 else None
    look(status, at, days)
    keep_tickets(at)
    if status is not None:
        keep_links(status, at)
        measure(recorder, at)
