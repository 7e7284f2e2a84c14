"""The work of each minute: the recorder is asked, and what changed is written."""

from __future__ import annotations

from datetime import datetime

from luytre.civic.ports import RecorderStatus
from luytre.civic.upkeep.outages import ask, look


def minute(recorder: RecorderStatus, at: datetime) -> None:
    """`at` aware. Doing it twice harms nothing. Errors: django.db.Error, LuytreError."""
    look(ask(recorder), at)
