"""Motion that cameras tell of, counted by the hour for seven days, where a person switched it on. Only when it was is known.

In the jobs' process. Each camera is listened to for two minutes at a time and at once again, so that a killed process leaves no
subscription for more than a minute; one that is gone is tried ever more seldom.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.devices.beside import in_a_thread
from luytre.civic.devices.models import Device, MotionHour, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import done
from luytre.civic.ports import DeviceControl, MotionRead
from luytre.civic.registry.lending import lending
from luytre.civic.registry.models import Camera

MOST_COUNTED = 8
"""Cameras that are listened to at once: as many as `bridge.onvif` has places for."""
LISTENS_S = 120.0
KEPT = timedelta(days=7)
AFTER_FAILURE, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counted:
    """An hour's part of what was heard."""

    begun: int = 0
    heard_s: float = 0.0


def count(
    events: Sequence[tuple[datetime, bool]], moving: bool, start: datetime, end: datetime
) -> tuple[dict[datetime, Counted], bool]:  # fmt: skip
    """By hour, how often something began to move and how long was listened; and whether something moves now. `moving`: it did
    before. Who says `true` again while it is true says nothing new. Pure."""
    hours: dict[datetime, Counted] = {}
    at = start
    while at < end:
        after = min(end, _hour(at) + timedelta(hours=1))
        hours.setdefault(_hour(at), Counted()).heard_s += (after - at).total_seconds()
        at = after
    for moment, state in events:
        hours.setdefault(_hour(moment), Counted()).begun += state and not moving
        moving = state
    return hours, moving


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@transaction.atomic
def count_motion(by: User, camera: Camera, *, on: bool, at: datetime) -> None:
    """Switches it on or off, with a row. Errors: ValidationError where as many are counted as may be."""
    counting = Device.objects.select_for_update().filter(counts_motion=True, camera__archived=False)
    others = [one for one in counting if one.camera_id != camera.pk]
    if on and len(others) >= MOST_COUNTED:
        raise ValidationError(N_("Motion is counted of at most 8 cameras at a time. Switch it off at another one first."))
    device, _made = Device.objects.get_or_create(camera=camera)
    if device.counts_motion != on:
        device.counts_motion, device.motion_problem = on, ""
        device.save(update_fields=["counts_motion", "motion_problem"])
        done(by, camera, StepCode.MOTION_COUNTED if on else StepCode.MOTION_LEFT, at)


def hours_of(camera: Camera, at: datetime) -> list[MotionHour]:
    """The last seven days' rows, the oldest first."""
    return list(MotionHour.objects.filter(camera=camera.key, hour__gt=at - KEPT, hour__lte=at).order_by("hour"))


def any_counted() -> bool:
    return Device.objects.filter(counts_motion=True).exists()


@dataclass(frozen=True, slots=True)
class _Listening:
    start: datetime
    answer: Future[MotionRead]


@dataclass(slots=True)
class Listeners:
    """All that are listened to, of one process and one thread. `beside` asks elsewhere, without the database."""

    control: DeviceControl
    beside: Callable[[Callable[[], MotionRead]], Future[MotionRead]] = in_a_thread
    _under_way: dict[str, _Listening] = field(default_factory=dict)
    """By the camera's key."""
    _moving: dict[str, bool] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _rests: dict[str, datetime] = field(default_factory=dict)

    def tick(self, now: datetime) -> int:
        """Writes down what was heard, and listens to those that nobody listens to; to how many more. Errors: django.db.Error."""
        wanted = Device.objects.filter(counts_motion=True, camera__archived=False, camera__enabled=True)
        wanted = wanted.exclude(camera__key__in=lending(now).not_recorded())  # what is not lent now is not listened to
        devices = {one.camera.key: one for one in wanted.select_related("camera").order_by("pk")[:MOST_COUNTED]}
        for key, one in list(self._under_way.items()):
            if one.answer.done():
                del self._under_way[key]
                if key in devices:
                    self._heard(devices[key], one.start, one.answer.result(), now)
        waiting = [one for key, one in devices.items() if key not in self._under_way and self._rests.get(key, now) <= now]
        places = MOST_COUNTED - len(self._under_way)  # one that was switched off a moment ago still has its place
        return sum(self._listen(one, now) for one in waiting[:places])

    def _listen(self, device: Device, now: datetime) -> bool:
        key = device.camera.key
        try:
            at = access_of(device.camera, "en")
        except LuytreError as error:  # its login cannot be read: this one's fault, and nobody else's
            log.warning("motion is not counted: %s", error)
            self._failed(device, "password_needed", now)
            return False
        self._under_way[key] = _Listening(now, self.beside(lambda: self.control.motion(at, LISTENS_S)))
        return True

    def _heard(self, device: Device, start: datetime, read: MotionRead, now: datetime) -> None:
        key = device.camera.key
        if not read.ok:
            self._failed(device, read.problem, now)
            return
        self._failures.pop(key, None)
        if device.motion_problem:
            Device.objects.filter(pk=device.pk).update(motion_problem="")
        end = min(now, start + timedelta(seconds=LISTENS_S))
        hours, self._moving[key] = count(read.events, self._moving.get(key, False), start, end)
        for hour, one in hours.items():
            row, _made = MotionHour.objects.get_or_create(camera=key, hour=hour)
            MotionHour.objects.filter(pk=row.pk).update(begun=F("begun") + one.begun, heard_s=F("heard_s") + round(one.heard_s))
        MotionHour.objects.filter(hour__lt=now - KEPT).delete()

    def _failed(self, device: Device, problem: str, now: datetime) -> None:
        key = device.camera.key
        self._moving.pop(key, None)
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        self._rests[key] = now + min(AFTER_FAILURE * 2 ** min(failures - 1, 8), LONGEST_REST)
        if device.motion_problem != problem:
            Device.objects.filter(pk=device.pk).update(motion_problem=problem[:20])
