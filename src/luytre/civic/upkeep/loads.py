"""How much of the disk each camera fills, measured by and by; the forecast of it; and whether footage went before its time.

A few cameras are asked for each minute, so that no look waits: all of two hundred are measured within the hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from luytre.civic.ports import DayKept, ErasedLine, ErasedQuery, RecorderDown, RecorderStatus, Status
from luytre.civic.registry.keeping import Keeping, keeping_now
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.upkeep.faults import MACHINE, Fault
from luytre.civic.upkeep.forecast import CALM_DAYS, DAY_S, WARN_DAYS, Forecast, Load, forecast
from luytre.civic.upkeep.models import CameraLoad, Outage
from luytre.civic.upkeep.watch import Seen

AT_ONCE = 4
AGAIN = timedelta(hours=1)
SOONER = timedelta(minutes=10)
"""A camera of which there is too little footage yet is measured again after this."""
MEAN_DAYS = 7
LEAST_COVERED_S = 600.0
"""Of less footage nobody tells what a day of it would be."""
ERASED_WITHIN = timedelta(days=1)
MOST_ERASED = 1000
EARLY = frozenset({"bytes", "floor"})
SOON = "soon"


def measure(recorder: RecorderStatus, at: datetime) -> int:
    """The cameras that were measured longest ago, `AT_ONCE` at most. Returns how many. Errors: django.db.Error."""
    fresh = CameraLoad.objects.filter(at__gt=at - AGAIN, at__lte=at).values("camera")
    due = Camera.objects.filter(archived=False, enabled=True).exclude(key__in=fresh).select_related("site")
    order = dict(CameraLoad.objects.values_list("camera", "at"))
    first = sorted(due, key=lambda one: (order.get(one.key, one.created), one.key))[:AT_ONCE]
    if not first:
        return 0
    keeping = keeping_now(at)
    for one in first:
        try:
            days = recorder.days(one.key, at - timedelta(days=keeping.days(one) + 1), at)
        except RecorderDown:
            return 0
        bytes_a_day, depth = load_of(days, localdate(at))
        asked = at if bytes_a_day else at - AGAIN + SOONER
        kept = {"at": asked, "bytes_a_day": round(bytes_a_day), "depth_days": min(depth, keeping.days(one))}
        CameraLoad.objects.update_or_create(camera=one.key, defaults=kept)
    return len(first)


def load_of(days: Sequence[DayKept], today: object) -> tuple[float, int]:
    """Bytes a day while it records, by its last whole days (else by today's), and how many days there are. Pure."""
    kept = sorted((day for day in days if day.covered_s > 0), key=lambda day: day.day)
    whole = [day for day in kept if day.day != today and day.covered_s >= LEAST_COVERED_S][-MEAN_DAYS:]
    told = whole or [day for day in kept if day.covered_s >= LEAST_COVERED_S]
    covered = sum(day.covered_s for day in told)
    return (sum(day.size_bytes for day in told) / covered * DAY_S if covered else 0.0), len(kept)


def loads(cameras: Iterable[Camera], keeping: Keeping) -> list[Load]:
    """Of those that were measured. One query."""
    known = {one.camera: one for one in CameraLoad.objects.all()}
    return [
        Load(one.key, float(known[one.key].bytes_a_day), keeping.days(one), known[one.key].depth_days)
        for one in cameras
        if one.key in known and known[one.key].bytes_a_day
    ]


def forecast_now(status: Status, at: datetime) -> tuple[list[Load], Forecast]:
    """Of all cameras that are to be recorded. Four queries."""
    cameras = Camera.objects.filter(archived=False, enabled=True).select_related("site")
    found = loads(cameras, keeping_now(at))
    room = max(0, status.archive.bytes_free - Commune.here().free_floor_bytes)
    return found, forecast(found, status.archive.bytes_used, room)


def days_seen(recorder: RecorderStatus, status: Status, at: datetime) -> dict[str, Seen]:
    """Of each camera whether footage went before its time within a day; of the machine whether that is near.

    Nothing where the recorder does not answer: then what stood goes on.
    """
    try:
        page = recorder.erased(ErasedQuery(start=at - ERASED_WITHIN, end=at, limit=MOST_ERASED))
    except RecorderDown:
        return {}
    keeping = keeping_now(at)
    cameras = list(Camera.objects.filter(archived=False, enabled=True).select_related("site"))
    promised = {one.key: keeping.days(one) for one in cameras}
    found = {key: Seen() for key in promised}
    for line in page.lines:
        kept = kept_days_of(line)
        if line.camera in promised and line.rule in EARLY and kept < promised[line.camera]:
            found[line.camera] = Seen(Fault.DAYS_SHORT, None, f"{kept}/{promised[line.camera]}")
    return found | {MACHINE: _soon(status, at)}


def kept_days_of(line: ErasedLine) -> int:
    """Whole days for which the youngest of it was kept."""
    return max(0, (line.at - line.end).days)


def _soon(status: Status, at: datetime) -> Seen:
    _loads, found = forecast_now(status, at)
    stands = Outage.objects.filter(Q(camera=MACHINE, fault=Fault.DAYS_SHORT, end=None)).exists()
    if found.short_in_days is None or found.short_in_days > (CALM_DAYS if stands else WARN_DAYS):
        return Seen()
    return Seen(Fault.DAYS_SHORT, None, f"{SOON}/{int(found.short_in_days)}")
