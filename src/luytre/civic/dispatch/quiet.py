"""Quiet hours: until when a message that is not about life waits. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one minute of the day to another, by the commune's clock; the same minute twice: never quiet."""

    start: time = time(21, 30)
    end: time = time(6)


def quiet_until(at: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that `at` lies in; None: it lies in none."""
    here = at.astimezone(zone)
    now = here.time()
    if quiet.start < quiet.end:
        inside, days = quiet.start <= now < quiet.end, 0
    else:
        inside = quiet.start != quiet.end and (now >= quiet.start or now < quiet.end)
        days = 1 if now >= quiet.start else 0
    return datetime.combine(here.date() + timedelta(days=days), quiet.end, zone) if inside else None
