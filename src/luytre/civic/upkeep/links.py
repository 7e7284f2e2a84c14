"""What each camera's connection did, hour by hour, for seven days: from the counters that the recorder tells each minute.

A counter that is smaller than before began anew (the recorder was started again): all of it is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from luytre.civic.ports import Status, StreamState
from luytre.civic.upkeep.models import LinkHour
from luytre.civic.upkeep.watch import WELL

KEPT = timedelta(days=7)
FIELDS = (
    "looks", "well", "reconnects", "gaps", "frames", "packets", "packets_lost", "jitter_looks", "jitter_sum_ms", "jitter_most_ms",
    "seen_reconnects", "seen_gaps", "seen_frames", "seen_packets", "seen_lost",
)  # fmt: skip


def count_on(last: LinkHour | None, stream: StreamState, at: datetime) -> LinkHour:
    """The hour's row after one more look; `last` is the camera's newest one. The first look of all only notes the counters."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    row = last if last is not None and last.hour == hour else LinkHour(camera=stream.camera, hour=hour)
    row.looks += 1
    row.well += stream.state in WELL
    if last is not None:
        row.reconnects += _more(last.seen_reconnects, stream.reconnects)
        row.gaps += _more(last.seen_gaps, stream.gaps)
        row.frames += _more(last.seen_frames, stream.frames)
        row.packets += _more(last.seen_packets, stream.packets or 0)
        row.packets_lost += _more(last.seen_lost, stream.packets_lost or 0)
    if stream.jitter_ms is not None:
        row.jitter_looks += 1
        row.jitter_sum_ms += stream.jitter_ms
        row.jitter_most_ms = max(row.jitter_most_ms, stream.jitter_ms)
    row.seen_reconnects, row.seen_gaps, row.seen_frames = stream.reconnects, stream.gaps, stream.frames
    row.seen_packets, row.seen_lost = stream.packets or 0, stream.packets_lost or 0
    return row


def _more(before: int, now: int) -> int:
    return now - before if now >= before else now


def keep_links(status: Status, at: datetime) -> None:
    """Three statements, however many cameras there are. Errors: django.db.Error."""
    mains = {stream.camera: stream for stream in status.streams if stream.stream == "main" and stream.state != "disabled"}
    newest: dict[str, LinkHour] = {}
    for row in LinkHour.objects.filter(hour__gt=at - timedelta(hours=3), hour__lte=at).order_by("hour"):
        newest[row.camera] = row
    rows = [count_on(newest.get(key), stream, at) for key, stream in mains.items()]
    LinkHour.objects.bulk_create(
        rows_of(rows), update_conflicts=True, unique_fields=["camera", "hour"], update_fields=list(FIELDS)
    )
    LinkHour.objects.filter(hour__lt=at - KEPT).delete()


def rows_of(rows: Iterable[LinkHour]) -> list[LinkHour]:
    """Copies without their numbers: those that are there are found by camera and hour."""
    return [LinkHour(camera=row.camera, hour=row.hour, **{name: getattr(row, name) for name in FIELDS}) for row in rows]


def hours_of(camera: str, at: datetime) -> list[LinkHour]:
    """The last seven days' rows, the oldest first."""
    return list(LinkHour.objects.filter(camera=camera, hour__gt=at - KEPT, hour__lte=at).order_by("hour"))
