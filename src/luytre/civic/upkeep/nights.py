"""A lower data rate by night, set in the cameras themselves at 22:00 and taken back at 5:00, where a person switched it on.

In the jobs' process. What the camera had by day is written down before it is told anything, so that a killed process puts it
back later; each time the device is told is a row before and a row after (`devices.steps`). What a person set meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from luytre.base.errors import LuytreError
from luytre.civic.access.models import User
from luytre.civic.devices.models import Device, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import came, wished
from luytre.civic.devices.streams import words_of
from luytre.civic.ports import DeviceChange, DeviceControl, DeviceFacts, DeviceStream, StreamWish
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.models import NightRate

FROM, TO = time(22), time(5)
"""By the commune's clock. The forecast counts with `forecast.NIGHT_SHARE`."""
AT_ONCE = 20
"""Cameras a minute: one after another, and none waits for long."""
AGAIN, LATER, NOT_SOON = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=12)
"""After no answer; after a refusal to be put back; after a refusal to be lowered, which is no other in ten minutes."""
SILENT = frozenset({"timeout", "unreachable", "port_closed", "lost", "unknown_host", "busy", "unsure"})
REASON = "22:00–05:00"


def is_night(at: datetime) -> bool:
    now = localtime(at).time()
    return now >= FROM or now < TO


def can_be_told(cameras: Iterable[str]) -> set[str]:
    """Of these keys the cameras whose device was read through ONVIF, and that have no rate by night yet."""
    read = Device.objects.filter(camera__key__in=list(cameras), read__isnull=False, camera__night_rate=None)
    return set(read.values_list("camera__key", flat=True))


@transaction.atomic
def switch_on(by: User, cameras: Iterable[str], kbps: int, at: datetime) -> int:
    """For those that can be told; how many. It begins at the next look of the night."""
    found = Camera.objects.filter(key__in=can_be_told(cameras), archived=False, enabled=True)
    return len(NightRate.objects.bulk_create([NightRate(camera=one, kbps=kbps, by=by, since=at) for one in found]))


def switch_off() -> int:
    """For all; those that are lowered are put back within the minute. How many."""
    return NightRate.objects.filter(ends=False).update(ends=True, due=None)


def tick(control: DeviceControl, at: datetime) -> int:
    """Tells the cameras that have another rate than the hour wants; how many were asked. Errors: django.db.Error."""
    NightRate.objects.filter(ends=True, day_kbps=None).delete()
    rows = NightRate.objects.filter(camera__archived=False).select_related("camera", "by").order_by("due", "pk")
    late = rows.filter(day_kbps=None, ends=False, camera__enabled=True) if is_night(at) else rows.exclude(day_kbps=None)
    if is_night(at):
        late = late | rows.filter(ends=True)
    due = list(late.filter(Q(due=None) | Q(due__lte=at))[:AT_ONCE])
    for row in due:
        _turn(control, row, at)
    return len(due)


def _turn(control: DeviceControl, row: NightRate, at: datetime) -> None:
    """To the night's rate, or back to the day's."""
    try:
        facts = control.facts(access_of(row.camera, "en"))
    except LuytreError:  # its login cannot be read
        _failed(row, "password_needed", at)
        return
    present = _recorded(row.camera, facts)
    if present is None:
        _failed(row, facts.problem or "no_such_stream", at)
    elif row.day_kbps is None:
        _lower(control, row, present, at)
    else:
        _put_back(control, row, present, at)


def _recorded(camera: Camera, facts: DeviceFacts) -> DeviceStream | None:
    """The stream that the recorder keeps: by its address, else the largest."""
    same = [one for one in facts.streams if one.url and one.url == camera.main_url_shown]
    return next(iter([*same, *facts.streams]), None)


def _lower(control: DeviceControl, row: NightRate, present: DeviceStream, at: datetime) -> None:
    row.day_kbps, row.took_kbps = present.bitrate_kbps, present.bitrate_kbps
    if present.bitrate_kbps > row.kbps:
        row.took_kbps = None
        row.save(update_fields=["day_kbps", "took_kbps"])
        answer = _tell(control, row, present, row.kbps, at)
        if not answer.ok and answer.problem != "unsure":
            row.day_kbps = None
            _failed(row, answer.problem, at)
            return
        after = _recorded(row.camera, control.facts(access_of(row.camera, "en")))
        row.took_kbps = after.bitrate_kbps if after is not None else None
    row.failed, row.due = "", None
    row.save(update_fields=["day_kbps", "took_kbps", "failed", "due"])


def _put_back(control: DeviceControl, row: NightRate, present: DeviceStream, at: datetime) -> None:
    """Unless a person set another one meanwhile."""
    day = row.day_kbps or 0
    is_ours = row.took_kbps in (None, present.bitrate_kbps)
    if is_ours and present.bitrate_kbps != day:
        answer = _tell(control, row, present, day, at)
        if not answer.ok:
            _failed(row, answer.problem, at)
            return
    row.day_kbps, row.took_kbps, row.failed, row.due = None, None, "", None
    row.save(update_fields=["day_kbps", "took_kbps", "failed", "due"])


def _tell(control: DeviceControl, row: NightRate, present: DeviceStream, kbps: int, at: datetime) -> DeviceChange:
    wish = StreamWish(
        present.token, present.codec, present.width_px, present.height_px, present.fps, present.gop, present.bitrate_kbps
    )
    wish = replace(wish, bitrate_kbps=kbps)
    step = wished(row.by, row.camera, StepCode.STREAM, at, words_of(present), words_of(wish), REASON)
    answer = control.set_stream(access_of(row.camera, "en"), wish)
    came(step, row.camera, answer, at)
    return answer


def _failed(row: NightRate, problem: str, at: datetime) -> None:
    rest = AGAIN if problem in SILENT else NOT_SOON if row.day_kbps is None else LATER
    row.failed, row.due = problem[:20], at + rest
    row.save(update_fields=["day_kbps", "failed", "due"])
