"""Patrols: positions one after another. `tick` goes to what is due; the jobs' process calls it each second.

In the jobs' process, since a patrol goes on when nobody looks, through a restart of the web, and since there is one of it: two
processes of the web would each send the camera elsewhere. Where it is, is in the database: a restart goes on at the next stop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.devices.holding import holder, why_not
from luytre.civic.devices.models import LONGEST_NAME, Patrol, Preset, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import done
from luytre.civic.ports import DeviceControl
from luytre.civic.registry.models import Camera

SECONDS = range(5, 601)
MOST_STOPS = 16
MOST_PATROLS = 8
AFTER_FAILURE = timedelta(seconds=30)


def patrols_of(camera: Camera) -> list[Patrol]:
    return list(Patrol.objects.filter(camera=camera))


@transaction.atomic
def save_patrol(by: User, camera: Camera, typed: str, stops: Sequence[tuple[str, int]], now: datetime) -> Patrol:
    """Errors: ValidationError by field (name, stops)."""
    name, known = one_line(typed), {preset.key: preset.name for preset in Preset.objects.filter(camera=camera)}
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = N_("Give it a name of at most 60 letters.")
    elif Patrol.objects.filter(camera=camera, name=name).exists():
        wrong["name"] = N_("There is a patrol of this name already.")
    elif Patrol.objects.filter(camera=camera).count() >= MOST_PATROLS:
        wrong["name"] = N_("A camera has at most 8 patrols.")
    if not 2 <= len(stops) <= MOST_STOPS or any(key not in known for key, _seconds in stops):
        wrong["stops"] = N_("A patrol goes to 2 to 16 of the camera's positions.")
    elif any(seconds not in SECONDS for _key, seconds in stops):
        wrong["stops"] = N_("It stays 5 to 600 seconds at each position.")
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})
    done(by, camera, StepCode.PATROL_KEPT, now, after=f"{name}: " + ", ".join(f"{known[key]} {s} s" for key, s in stops))
    return Patrol.objects.create(camera=camera, name=name, stops=[list(stop) for stop in stops], by=by)


@transaction.atomic
def run(by: User, patrol: Patrol, now: datetime) -> None:
    """From its first position; another patrol of the camera stops."""
    Patrol.objects.filter(camera=patrol.camera, runs=True).exclude(pk=patrol.pk).update(runs=False)
    patrol.runs, patrol.place, patrol.due, patrol.failed = True, 0, None, ""
    patrol.save(update_fields=["runs", "place", "due", "failed"])
    done(by, patrol.camera, StepCode.PATROL_STARTED, now, after=patrol.name)


@transaction.atomic
def halt(by: User, patrol: Patrol, now: datetime) -> None:
    if Patrol.objects.filter(pk=patrol.pk, runs=True).update(runs=False):
        done(by, patrol.camera, StepCode.PATROL_STOPPED, now, before=patrol.name)


@transaction.atomic
def remove_patrol(by: User, patrol: Patrol, now: datetime) -> None:
    done(by, patrol.camera, StepCode.PATROL_REMOVED, now, before=patrol.name)
    patrol.delete()


def any_runs() -> bool:
    return Patrol.objects.filter(runs=True).exists()


def tick(control: DeviceControl, now: datetime, clock: Callable[[], datetime] | None = None) -> int:
    """Sends what is due to its next position; how many went. One that somebody turns waits. Errors: django.db.Error."""
    running = Patrol.objects.filter(runs=True, camera__archived=False, camera__enabled=True).select_related("camera")
    went = 0
    for patrol in running:
        if (patrol.due is None or patrol.due <= now) and holder(patrol.camera, now).by is None:
            went += _go_on(control, patrol, (clock or (lambda: now))())
    return went


def _go_on(control: DeviceControl, patrol: Patrol, now: datetime) -> bool:
    place = patrol.place % len(patrol.stops) if patrol.stops else 0
    key, seconds = patrol.stops[place] if patrol.stops else ("", 0)
    preset = Preset.objects.filter(camera=patrol.camera, key=key).first()
    if preset is None or why_not(patrol.camera):
        Patrol.objects.filter(pk=patrol.pk).update(runs=False)
        return False
    answer = control.ptz_go(access_of(patrol.camera, "en"), preset.token)
    stays = timedelta(seconds=seconds) if answer.ok else AFTER_FAILURE
    Patrol.objects.filter(pk=patrol.pk, runs=True).update(place=place + 1, due=now + stays, failed=answer.problem)
    return answer.ok
