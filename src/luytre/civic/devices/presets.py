"""Positions of a camera that turns: kept in the device, named by us, since devices take neither accents nor long names."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.devices.models import LONGEST_NAME, Patrol, Preset, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import came, wished
from luytre.civic.ports import DeviceChange, DeviceControl
from luytre.civic.registry.models import Camera

MOST_PRESETS = 32


def presets_of(camera: Camera) -> list[Preset]:
    return list(Preset.objects.filter(camera=camera))


def check_name(camera: Camera, typed: str) -> str:
    """As it is kept. Errors: ValidationError on `name`."""
    name = one_line(typed)
    if not name:
        raise ValidationError({"name": N_("Give it a name.")})
    if len(name) > LONGEST_NAME:
        raise ValidationError({"name": ValidationError(N_("At most %(most)d letters."), params={"most": LONGEST_NAME})})
    if Preset.objects.filter(camera=camera, name=name).exists():
        raise ValidationError({"name": N_("There is a position of this name already.")})
    if Preset.objects.filter(camera=camera).count() >= MOST_PRESETS:
        raise ValidationError(
            {"name": ValidationError(N_("At most %(most)d positions a camera."), params={"most": MOST_PRESETS})}
        )
    return name


def keep_preset(control: DeviceControl, camera: Camera, by: User, typed: str, language: str, now: datetime) -> DeviceChange:
    """Where it looks now, by this name. Errors: ValidationError by field."""
    name = check_name(camera, typed)
    wish = wished(by, camera, StepCode.PRESET_KEPT, now, after=name)
    answer = control.ptz_keep_preset(access_of(camera, language), name)
    with transaction.atomic():
        if answer.ok:
            Preset.objects.create(camera=camera, name=name, token=answer.token, by=by, made=now)
        came(wish, camera, answer, now)
    return answer


def remove_preset(control: DeviceControl, preset: Preset, by: User, language: str, now: datetime) -> DeviceChange:
    """From the device and from every patrol; a patrol of which nothing is left stops. What the device keeps stays here."""
    camera = preset.camera
    wish = wished(by, camera, StepCode.PRESET_REMOVED, now, before=preset.name)
    answer = control.ptz_forget_preset(access_of(camera, language), preset.token)
    with transaction.atomic():
        if answer.ok:
            for patrol in Patrol.objects.filter(camera=camera):
                patrol.stops = [stop for stop in patrol.stops if stop[0] != preset.key]
                patrol.runs, patrol.place = patrol.runs and bool(patrol.stops), 0
                patrol.save(update_fields=["stops", "runs", "place"])
            preset.delete()
        came(wish, camera, answer, now)
    return answer
