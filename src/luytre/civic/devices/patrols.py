"""Patrols: positions one after another. `Rounds.tick` goes to what is due; the jobs' process calls it each second.

In the jobs' process, since a patrol goes on when nobody looks, through a restart of the web, and since there is one of it: two
processes of the web would each send the camera elsewhere. Where it is, is in the database: a restart goes on at the next stop.
Devices are told beside the clock that calls, a few at once: one that is slow holds up nobody else's patrol.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.devices.beside import in_a_thread
from luytre.civic.devices.holding import holder, why_not
from luytre.civic.devices.models import LONGEST_NAME, Patrol, Preset, StepCode
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import done
from luytre.civic.ports import DeviceChange, DeviceControl
from luytre.civic.registry.lending import is_open
from luytre.civic.registry.models import Camera

SECONDS = range(5, 601)
MOST_STOPS = 16
MOST_PATROLS = 8
AFTER_FAILURE, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
"""After the first failure, doubled with each further one up to the other."""
AT_ONCE = 3
"""Devices that are told at once: below what one process may ask (`bridge.onvif`), so that a person's own question has a place."""

log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A device that was told where to go and has not answered yet."""

    patrol: int
    place: int
    stays: timedelta
    answer: Future[DeviceChange]


@dataclass(slots=True)
class Rounds:
    """All patrols of this commune, of one process and one thread. `beside` runs a question elsewhere, without the database."""

    control: DeviceControl
    beside: Callable[[Callable[[], DeviceChange]], Future[DeviceChange]] = in_a_thread
    _under_way: dict[str, _UnderWay] = field(default_factory=dict)
    """By the device's address: one question a device."""
    _failures: dict[int, int] = field(default_factory=dict)
    """By patrol, how often in a row: a camera that is dead is asked ever more seldom."""

    def tick(self, now: datetime) -> int:
        """Writes down who arrived, and sends what is due to its next position; how many were sent. One that somebody turns waits.
        Errors: django.db.Error."""
        self._settle(now)
        due = Patrol.objects.filter(runs=True, camera__archived=False, camera__enabled=True).select_related("camera")
        sent = 0
        for patrol in due.filter(Q(due=None) | Q(due__lte=now)).order_by(F("due").asc(nulls_first=True), "pk"):
            if len(self._under_way) >= AT_ONCE:
                break
            sent += holder(patrol.camera, now).by is None and is_open(patrol.camera, now) and self._send(patrol, now)
        self._settle(now)
        return sent

    def is_quiet(self) -> bool:
        return not self._under_way and not any_runs()

    def _settle(self, now: datetime) -> None:
        for address, one in list(self._under_way.items()):
            if one.answer.done():
                del self._under_way[address]
                self._arrived(one, one.answer.result(), now)

    def _arrived(self, one: _UnderWay, answer: DeviceChange, now: datetime) -> None:
        failures = 0 if answer.ok else self._failures.get(one.patrol, 0) + 1
        self._failures[one.patrol] = failures
        stays = min(AFTER_FAILURE * 2 ** min(failures - 1, 8), LONGEST_REST) if failures else one.stays
        going = Patrol.objects.filter(pk=one.patrol, runs=True)
        going.update(place=one.place + 1, due=now + stays, failed=answer.problem)

    def _send(self, patrol: Patrol, now: datetime) -> bool:
        place = patrol.place % len(patrol.stops) if patrol.stops else 0
        key, seconds = patrol.stops[place] if patrol.stops else ("", 0)
        preset = Preset.objects.filter(camera=patrol.camera, key=key).first()
        if preset is None or why_not(patrol.camera):
            _stop_by_itself(patrol, now)
            return False
        try:
            at = access_of(patrol.camera, "en")
        except LuytreError as error:  # its login cannot be read: this one's fault, and nobody else's
            log.warning("a patrol waits: %s", error)
            Patrol.objects.filter(pk=patrol.pk).update(due=now + LONGEST_REST, failed="password_needed")
            return False
        if at.address in self._under_way:
            return False
        token = preset.token
        answer = self.beside(lambda: self.control.ptz_go(at, token))
        self._under_way[at.address] = _UnderWay(patrol.pk, place, timedelta(seconds=seconds), answer)
        return True


@transaction.atomic
def _stop_by_itself(patrol: Patrol, now: datetime) -> None:
    """Nothing is left of it, or areas of the camera's picture are hidden by now."""
    if Patrol.objects.filter(pk=patrol.pk, runs=True).update(runs=False):
        done(None, patrol.camera, StepCode.PATROL_STOPPED, now, before=patrol.name)
