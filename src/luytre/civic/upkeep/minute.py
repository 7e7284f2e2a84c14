"""The work of each minute: the recorder is asked, what changed is written, and tickets follow."""

from __future__ import annotations

from datetime import datetime

from luytre.civic.ports import RecorderStatus
from luytre.civic.upkeep.outages import ask, look
from luytre.civic.upkeep.tickets import keep_tickets


def minute(recorder: RecorderStatus, at: datetime) -> None:
    """`at` aware. Doing it twice harms nothing. Errors: django.db.Error, LuytreError."""
    look(ask(recorder), at)
    keep_tickets(at)
