"""The watch in the database: read before a look, and what changed written after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from luytre.civic.ports import RecorderDown, RecorderStatus, Status
from luytre.civic.registry.lending import lending
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.faults import MACHINE, Fault
from luytre.civic.upkeep.models import Outage, Watching
from luytre.civic.upkeep.uptime import CameraTime, Row, times
from luytre.civic.upkeep.watch import (
    LOOK_GAP,
    MERGE,
    NOT_MERGED,
    Account,
    Began,
    Change,
    Ended,
    Explained,
    How,
    Kept,
    Missed,
    Open,
    Over,
    Resumed,
    Seen,
    SetBack,
    Watch,
    observe,
)

NEW = timedelta(minutes=1)
LANGUAGE = "vi"
"""Only codes of the recorder's answer are kept; its sentences are not."""


def ask(recorder: RecorderStatus) -> Status | None:
    """The recorder's account of itself; None where it does not answer."""
    try:
        return recorder.status(LANGUAGE)
    except RecorderDown:
        return None


def cameras_kept(at: datetime) -> tuple[Kept, ...]:
    """Every camera there ever was: one that is off, out of use or not lent now is not counted from then on. One that was
    just added is left out until the recorder must have learnt of it."""
    found = Camera.objects.exclude(created__range=(at - NEW, at)).order_by("key")
    rows = found.values_list("key", "enabled", "archived", "device__ptz")
    off = lending(at).not_recorded()
    return tuple(Kept(key, enabled and not archived and key not in off, bool(ptz)) for key, enabled, archived, ptz in rows)


def read_watch(at: datetime) -> Watch:
    """As the rows tell it. Three queries."""
    watching = Watching.objects.first()
    going_on = Outage.objects.filter(end=None)
    lately = Outage.objects.filter(end__gte=at - MERGE, end__lte=at, how=How.BACK).exclude(fault__in=NOT_MERGED)
    return Watch(
        watching.looked if watching else None,
        tuple(Open(one.camera, one.fault, one.start, one.cause) for one in going_on),
        tuple(Over(one.camera, one.fault, one.end) for one in lately if one.end is not None),
    )


@transaction.atomic
def look(status: Status | None, at: datetime, days: dict[str, Seen] | None = None) -> tuple[Change, ...]:
    """One look: what changed is written, and told. `days`: see `watch.Account`. Errors: django.db.Error."""
    watching = Watching.objects.select_for_update().first()
    before = read_watch(at)
    after, changes = observe(before, Account(status, cameras_kept(at), days or {}), at)
    for change in changes:
        _write(change)
    looked = after.looked or at
    if watching is None:
        Watching.objects.create(begun=looked, looked=looked)
    else:
        Watching.objects.update(looked=looked, begun=min(watching.begun, looked))
    return changes


def _write(change: Change) -> None:
    match change:
        case Began(camera, fault, start, cause):
            Outage.objects.create(camera=camera, fault=fault, start=start, cause=cause[:40])
        case Ended(camera, fault, end, how):
            found = Outage.objects.filter(camera=camera, fault=fault, end=None)
            found.filter(start__lte=end).update(end=end, how=how)
            found.filter(start__gt=end).update(end=F("start"), how=how)
        case Resumed(camera, fault, cause):
            last = Outage.objects.filter(camera=camera, fault=fault).exclude(end=None).order_by("-end", "-pk").first()
            if last is not None:
                Outage.objects.filter(pk=last.pk).update(end=None, how="", cause=cause[:40])
        case Explained(camera, fault, cause):
            Outage.objects.filter(camera=camera, fault=fault, end=None).update(cause=cause[:40])
        case Missed(start, end):
            Outage.objects.create(camera=MACHINE, fault=Fault.UNKNOWN, start=start, end=end, how=How.BACK, cause="missed")
        case SetBack(to):
            _cut(to)


def _cut(to: datetime) -> None:
    """What was written of later than the new time: rows stay, with no length or less of it."""
    Outage.objects.filter(Q(start__gt=to), end__isnull=False).update(start=to, end=to, how=How.CLOCK)
    Outage.objects.filter(start__gt=to, end=None).update(start=to)
    Outage.objects.filter(end__gt=to).update(end=to, how=How.CLOCK)


def rows_within(start: datetime, end: datetime, cameras: Collection[str] | None = None) -> list[Row]:
    """Outages that touch a span: of these cameras (None: of all) and of the machine. One query."""
    found = Outage.objects.filter(start__lt=end).filter(Q(end=None) | Q(end__gt=start))
    rows = found.values_list("camera", "fault", "start", "end", "how")
    return [Row(*row) for row in rows if cameras is None or row[0] == MACHINE or row[0] in cameras]


def times_of(cameras: Iterable[Camera], span: tuple[datetime, datetime], at: datetime) -> list[CameraTime]:
    """How much each worked from the beginning of a span up to its end, or until now. Two queries."""
    since = {one.key: one.created for one in cameras}
    start, end = span[0], max(span[0], min(span[1], at))
    watching = Watching.objects.first()
    watched = []
    if watching is not None:
        lately = timedelta(0) <= at - watching.looked <= LOOK_GAP
        watched = [(watching.begun, at if lately else watching.looked)]
    return times((start, end), rows_within(start, end, since.keys()), since, watched)
