"""The rows of what was wished of devices: one before the device is told, one with what came of it."""

from __future__ import annotations

from datetime import datetime

from luytre.civic.access.models import User
from luytre.civic.devices.models import WISHED, DeviceStep, StepCode
from luytre.civic.ports import DeviceChange
from luytre.civic.registry.models import Camera

MOST_SHOWN = 50


def wished(
    by: User | None, camera: Camera, code: StepCode, at: datetime, before: str = "", after: str = "", reason: str = ""
) -> DeviceStep:
    """Errors: django.db.Error, and then nobody may tell the device."""
    return _write(by, camera, code, at, before, after, WISHED, reason)


def came(wish: DeviceStep, camera: Camera, answer: DeviceChange, at: datetime) -> DeviceStep:
    return _write(wish.by, camera, StepCode(wish.code), at, wish.before, wish.after, answer.problem, wish.reason)


def done(by: User | None, camera: Camera, code: StepCode, at: datetime, before: str = "", after: str = "") -> DeviceStep:
    """For what is done in this program alone."""
    return _write(by, camera, code, at, before, after, "", "")


def steps_of(camera: Camera) -> list[DeviceStep]:
    """The newest first; a wish is left out where what came of it is there."""
    found = list(DeviceStep.objects.filter(camera=camera.key).select_related("by")[: 2 * MOST_SHOWN])
    shown: list[DeviceStep] = []
    for newer, one in zip([None, *found], found, strict=False):
        is_answered = newer is not None and newer.code == one.code and newer.by_id == one.by_id and newer.outcome != WISHED
        if one.outcome != WISHED or not is_answered:
            shown.append(one)
    return shown[:MOST_SHOWN]


def _write(
    by: User | None, camera: Camera, code: StepCode, at: datetime, before: str, after: str, outcome: str, reason: str
) -> DeviceStep:
    step = DeviceStep(
        at=at,
        by=by,
        camera=camera.key,
        code=code,
        before=before[:200],
        after=after[:200],
        outcome=outcome[:20],
        reason=reason[:200],
    )
    step.save()
    return step
