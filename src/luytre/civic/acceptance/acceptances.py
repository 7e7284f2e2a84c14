"""Acceptances: begun, taken step by step, passed or broken off; whether an eye is accepted now, and why it would need another.

What an acceptance is at a moment is read from its steps. Times are aware; distances metres; angles degrees.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.base.letters import one_line
from luytre.civic.acceptance.facts import DeviceFacts, Facts, HungFacts
from luytre.civic.acceptance.models import AcceptanceStep, Finding, StepCode
from luytre.civic.access.models import User
from luytre.civic.chain.models import ChainHead
from luytre.civic.registry.models import Eye

NEEDED = (StepCode.DEVICE, StepCode.PICTURE, StepCode.WALK, StepCode.SIGN, StepCode.OWNER)
MOVED_M = 5.0
"""An eye that the register has further away than this from where it was accepted hangs elsewhere."""
TURNED_DEG = 15.0
_M_PER_DEGREE = 111_320.0
_ENDS = frozenset({StepCode.PASSED, StepCode.LEFT})


class State(StrEnum):
    OPEN = "open"
    PASSED = "passed"
    LEFT = "left"


class Standing(StrEnum):
    """How an eye stands, by all its acceptances."""

    NEVER = "never"
    OPEN = "open"
    """Begun, and not accepted before."""
    ACCEPTED = "accepted"
    ANEW = "anew"
    """It was accepted, and is no longer as it was."""


class Anew(StrEnum):
    """Why another acceptance is needed."""

    CAMERA = "camera"
    MOVED = "moved"
    TURNED = "turned"
    MODEL = "model"


ANEW_WORDS = {
    Anew.CAMERA: N_("another camera is connected by now"),
    Anew.MOVED: N_("it hangs elsewhere by now"),
    Anew.TURNED: N_("it looks another way by now"),
    Anew.MODEL: N_("the device is another model by now"),
}
STANDING_WORDS = {
    Standing.NEVER: N_("never accepted"),
    Standing.OPEN: N_("acceptance begun"),
    Standing.ACCEPTED: N_("accepted"),
    Standing.ANEW: N_("to be accepted anew"),
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """As its steps tell it, in the order they were taken."""

    key: str
    steps: tuple[AcceptanceStep, ...]

    @property
    def first(self) -> AcceptanceStep:
        return self.steps[0]

    @property
    def end(self) -> AcceptanceStep | None:
        return next((step for step in self.steps if step.code in _ENDS), None)

    @property
    def state(self) -> State:
        return State(self.end.code) if self.end is not None else State.OPEN

    def last(self, code: StepCode) -> AcceptanceStep | None:
        return next((step for step in reversed(self.steps) if step.code == code), None)

    @property
    def missing(self) -> tuple[StepCode, ...]:
        """Steps that were not taken, or are bad."""
        taken = {code: self.last(code) for code in NEEDED}
        return tuple(code for code, step in taken.items() if step is None or step.finding == Finding.BAD)

    @property
    def remarks(self) -> tuple[AcceptanceStep, ...]:
        """What stands in the minutes as lacking."""
        steps = [self.last(code) for code in NEEDED]
        return tuple(step for step in steps if step is not None and step.finding == Finding.LACKING)


@dataclass(frozen=True, slots=True)
class Stands:
    """An eye's standing. `passed`: the acceptance in force or outdated; `open`: the one that is under way."""

    standing: Standing
    passed: Acceptance | None = None
    open: Acceptance | None = None
    anew: tuple[Anew, ...] = ()


def acceptances_of(eyes: Collection[str] | None = None) -> dict[str, list[Acceptance]]:
    """By the eye's key, the newest first. One query; None: of all eyes."""
    rows = AcceptanceStep.objects.select_related("by").order_by("seq")
    return _grouped(rows if eyes is None else rows.filter(eye__in=eyes))


def _grouped(rows: Iterable[AcceptanceStep]) -> dict[str, list[Acceptance]]:
    by_key: dict[str, list[AcceptanceStep]] = {}
    for row in rows:
        by_key.setdefault(row.acceptance, []).append(row)
    found: dict[str, list[Acceptance]] = {}
    for key, steps in sorted(by_key.items(), key=lambda pair: -pair[1][0].seq):
        found.setdefault(steps[0].eye, []).append(Acceptance(key, tuple(steps)))
    return found


def acceptance_of(key: str) -> Acceptance | None:
    if not key.isalnum() or not key.isascii():
        return None
    steps = tuple(AcceptanceStep.objects.filter(acceptance=key).select_related("by").order_by("seq"))
    return Acceptance(key, steps) if steps else None


def stands(eye: Eye, found: Iterable[Acceptance]) -> Stands:
    """`found`: the eye's acceptances, the newest first."""
    found = list(found)
    under_way = next((one for one in found if one.state is State.OPEN), None)
    passed = next((one for one in found if one.state is State.PASSED), None)
    if passed is None:
        return Stands(Standing.OPEN if under_way else Standing.NEVER, None, under_way)
    why = anew(eye, passed)
    return Stands(Standing.ANEW if why else Standing.ACCEPTED, passed, under_way, why)


def anew(eye: Eye, passed: Acceptance) -> tuple[Anew, ...]:
    """Why the eye is no longer the one that was accepted."""
    end = passed.end
    assert end is not None
    then, now, why = HungFacts.read(end.facts), hung_of(eye), []
    if eye.camera is not None and end.camera and eye.camera.key != end.camera:
        why.append(Anew.CAMERA)
    if _metres_apart(then, now) > MOVED_M:
        why.append(Anew.MOVED)
    if then.bearing_deg is not None and now.bearing_deg is not None and _apart(then.bearing_deg, now.bearing_deg) > TURNED_DEG:
        why.append(Anew.TURNED)
    device = passed.last(StepCode.DEVICE)
    model = DeviceFacts.read(device.facts).model if device is not None else ""
    if model and eye.model and model.casefold() != eye.model.casefold():
        why.append(Anew.MODEL)
    return tuple(why)


def _apart(one_deg: float, other_deg: float) -> float:
    return abs((one_deg - other_deg + 180) % 360 - 180)


def _metres_apart(one: HungFacts, other: HungFacts) -> float:
    """0 where one of them is not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    narrow = math.cos(math.radians(one.latitude))
    north, east = one.latitude - other.latitude, (one.longitude - other.longitude) * narrow
    return math.hypot(north, east) * _M_PER_DEGREE


def hung_of(eye: Eye, view: str = "") -> HungFacts:
    """How the register has it."""
    position = eye.position
    return HungFacts(
        latitude=float(position[0]) if position else None, longitude=float(position[1]) if position else None,
        bearing_deg=eye.bearing_deg, tilt_deg=eye.tilt_deg, height_m=eye.height_m, hfov_deg=eye.hfov_deg,
        width_px=eye.width_px, height_px=eye.height_px, view=view,
    )  # fmt: skip


def accepted_eyes() -> frozenset[str]:
    """Keys of the eyes that are accepted as they hang now. Two queries."""
    found = acceptances_of()
    eyes = Eye.objects.filter(key__in=found, archived=False).select_related("camera", "site")
    return frozenset(eye.key for eye in eyes if stands(eye, found[eye.key]).standing is Standing.ACCEPTED)


# --- taking steps ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as somebody took it. `note` says why where `finding` is not good."""

    code: StepCode
    finding: Finding
    facts: Facts
    note: str = ""
    picture: str = ""


@transaction.atomic
def begin(by: User, eye: Eye, at: datetime) -> Acceptance:
    """Another acceptance; the one that is under way where there is one. Errors: ValidationError where the eye was removed."""
    _lock()
    if eye.archived:
        raise ValidationError(N_("This eye was removed from the register."))
    under_way = next((one for one in acceptances_of([eye.key]).get(eye.key, ()) if one.state is State.OPEN), None)
    if under_way is not None:
        return under_way
    step = _step(by, new_id(), eye, at, StepCode.BEGUN)
    step.save()
    return Acceptance(step.acceptance, (step,))


@transaction.atomic
def take(by: User, acceptance: str, eye: Eye, taken: Taken, at: datetime) -> AcceptanceStep:
    """Writes a step; taken again it counts instead of the one before.

    Errors: ValidationError by field (`note` where the reason is missing; None where the acceptance is over).
    """
    _still_open(acceptance)
    note = one_line(taken.note)[:400]
    if taken.finding != Finding.GOOD and not note:
        raise ValidationError({"note": [N_("Say why.")]})
    step = _step(by, acceptance, eye, at, taken.code)
    step.finding, step.note, step.facts, step.picture = taken.finding, note, taken.facts.written(), taken.picture
    step.save()
    return step


@transaction.atomic
def accept(by: User, acceptance: str, eye: Eye, hung: HungFacts, at: datetime) -> AcceptanceStep:
    """Errors: ValidationError where a step is missing or bad, or the acceptance is over."""
    found = _still_open(acceptance)
    if found.missing:
        raise ValidationError(N_("Steps are missing, or not good yet."))
    step = _step(by, acceptance, eye, at, StepCode.PASSED)
    step.facts = hung.written()
    step.save()
    return step


@transaction.atomic
def leave(by: User, acceptance: str, eye: Eye, note: str, at: datetime) -> AcceptanceStep:
    """Broken off: what was taken stays to be read. Errors: ValidationError by field (`note`), or where it is over."""
    _still_open(acceptance)
    note = one_line(note)[:400]
    if not note:
        raise ValidationError({"note": [N_("Say why.")]})
    step = _step(by, acceptance, eye, at, StepCode.LEFT)
    step.note = note
    step.save()
    return step


@transaction.atomic
def accept_as_found(by: User, hung: Mapping[Eye, HungFacts], note: str, at: datetime) -> int:
    """Eyes that hung before there was any acceptance: each is looked at, one reason for all; how many there were.

    Every step but the picture says that it was not taken. Errors: ValidationError by field (`note`).
    """
    _lock()
    note = one_line(note)[:400]
    if not note:
        raise ValidationError({"note": [N_("Say why.")]})
    known, count = acceptances_of([eye.key for eye in hung]), 0
    for eye, facts in hung.items():
        if eye.archived or stands(eye, known.get(eye.key, ())).standing is not Standing.NEVER:
            continue
        key, count = new_id(), count + 1
        _step(by, key, eye, at, StepCode.BEGUN).save()
        for code in NEEDED:
            step = _step(by, key, eye, at, code)
            step.finding, step.note = Finding.LACKING, note
            step.facts = facts.written() if code == StepCode.PICTURE else "{}"
            step.save()
        last = _step(by, key, eye, at, StepCode.PASSED)
        last.facts = facts.written()
        last.save()
    return count


def _lock() -> None:
    """Whoever writes next waits: two people who act at once see each other's steps."""
    ChainHead.objects.select_for_update().filter(pk=AcceptanceStep._meta.db_table).first()


def _still_open(key: str) -> Acceptance:
    _lock()
    found = acceptance_of(key)
    if found is None or found.state is not State.OPEN:
        raise ValidationError(N_("This acceptance is over. Begin another one."))
    return found


def _step(by: User, acceptance: str, eye: Eye, at: datetime, code: StepCode) -> AcceptanceStep:
    camera = eye.camera.key if eye.camera is not None else ""
    return AcceptanceStep(at=at, by=by, acceptance=acceptance, eye=eye.key, camera=camera, code=code)
