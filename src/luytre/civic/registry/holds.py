"""Holds: footage that an incident, case or request needs longer than its retention. Set, renewed and lifted by people.

A hold keeps one span of several cameras until a day. Its steps and spans are chained tables, and what a hold is at a
moment is read from them alone: it is in force from its first step until its last day is over or somebody lifts it. No job
has to run for that; the recorder's list holds the spans in force at the moment it is asked for.
Steps only ever lengthen a hold or end it, so that two people who act at once cannot undo each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.chain.models import ChainHead
from luytre.civic.registry.models import Camera, HeldSpan, HoldStep, StepCode
from luytre.civic.registry.scope import given_of
from luytre.civic.regulations.bounds import LONGEST_HOLD_DAYS

TOLD_DAYS = 7
"""So many days before a hold ends pages begin to say so."""
USUAL_DAYS = 30
"""What a form proposes."""
MOST_CAMERAS = 40
LONGEST_SPAN = timedelta(days=31)
"""One hold is of an incident, not of the commune's retention."""
CLOCKS_APART = timedelta(minutes=5)
"""A browser's clock may be so far ahead: its `now` is no future."""


class HoldState(StrEnum):
    IN_FORCE = "in_force"
    ENDING = "ending"
    """In force, and it ends within `TOLD_DAYS`."""
    LAPSED = "lapsed"
    """Its last day is over: its footage is kept as long as any other, no longer."""
    LIFTED = "lifted"


STATE_WORDS = {
    HoldState.IN_FORCE: N_("being held"),
    HoldState.ENDING: N_("ending soon"),
    HoldState.LAPSED: N_("run out"),
    HoldState.LIFTED: N_("lifted"),
}
HOLDS_NOW = frozenset({HoldState.IN_FORCE, HoldState.ENDING})


@dataclass(frozen=True, slots=True)
class WantedHold:
    """A hold to be set: footage from `start` up to `end` (aware) of these cameras (keys), until `last_day` is over."""

    cameras: tuple[str, ...]
    start: datetime
    end: datetime
    reference: str
    reason: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as its steps tell it. `steps` and `spans` in the order they were written; the first step set it."""

    key: str
    steps: tuple[HoldStep, ...]
    spans: tuple[HeldSpan, ...]

    @property
    def first(self) -> HoldStep:
        return self.steps[0]

    @property
    def until(self) -> datetime:
        """From this moment on it holds no longer, where nobody lifted it before."""
        return max(step.until for step in self.steps if step.until is not None)

    @property
    def last_day(self) -> date:
        return timezone.localdate(self.until - timedelta(microseconds=1))

    @property
    def lifted(self) -> HoldStep | None:
        return next((step for step in self.steps if step.code == StepCode.LIFTED), None)

    @property
    def cameras(self) -> tuple[str, ...]:
        """Keys."""
        return tuple(dict.fromkeys(span.camera for span in self.spans))

    def days_left(self, at: datetime) -> int:
        """0 on its last day, negative when that is over."""
        return (self.last_day - timezone.localdate(at)).days

    def state(self, at: datetime) -> HoldState:
        """A clock that was set back ends no hold early: what was set stays set."""
        if self.lifted is not None:
            return HoldState.LIFTED
        if at >= self.until:
            return HoldState.LAPSED
        return HoldState.ENDING if self.days_left(at) < TOLD_DAYS else HoldState.IN_FORCE

    def holds(self, at: datetime) -> bool:
        return self.state(at) in HOLDS_NOW


def all_holds() -> list[Hold]:
    """Every hold there ever was, the newest first. Two queries."""
    return _holds(HoldStep.objects.select_related("by"), HeldSpan.objects.all())


def hold_of(key: str) -> Hold | None:
    if not key.isalnum() or not key.isascii():  # no key of ours, and PostgreSQL takes no NUL in a question
        return None
    steps, spans = HoldStep.objects.filter(hold=key), HeldSpan.objects.filter(hold=key)
    return next(iter(_holds(steps.select_related("by"), spans)), None)


def _holds(steps: Iterable[HoldStep], spans: Iterable[HeldSpan]) -> list[Hold]:
    by_hold: dict[str, list[HoldStep]] = {}
    for step in steps:
        by_hold.setdefault(step.hold, []).append(step)
    spans_of: dict[str, list[HeldSpan]] = {}
    for span in spans:
        spans_of.setdefault(span.hold, []).append(span)
    found = [Hold(key, tuple(said), tuple(spans_of.get(key, ()))) for key, said in by_hold.items()]
    return sorted(found, key=lambda one: one.first.seq, reverse=True)


def spans_held(at: datetime) -> list[tuple[HeldSpan, str]]:
    """What the recorder keeps at a moment, each span with its reason, in the order of their keys. Two queries."""
    lifted = HoldStep.objects.filter(code=StepCode.LIFTED).values("hold")
    alive = HoldStep.objects.filter(until__gt=at).exclude(hold__in=lifted).values("hold")
    first = HoldStep.objects.filter(code=StepCode.SET, hold__in=alive)
    reasons = {step.hold: _in_short(step) for step in first}
    return [(span, reasons[span.hold]) for span in HeldSpan.objects.filter(hold__in=alive).order_by("key")]


def _in_short(step: HoldStep) -> str:
    return f"{step.reference}: {step.reason}" if step.reference else step.reason


def held_of_camera(key: str, at: datetime) -> list[tuple[HeldSpan, str]]:
    """The camera's spans in force at a moment, each with its reason, by their beginning."""
    return sorted(((span, why) for span, why in spans_held(at) if span.camera == key), key=lambda pair: pair[0].start)


def ending_soon(at: datetime) -> list[Hold]:
    """Holds that end within `TOLD_DAYS` and nobody renewed, the first to end first. One query where there is none."""
    soon = HoldStep.objects.filter(until__gt=at, until__lt=at + timedelta(days=TOLD_DAYS + 1)).values_list("hold", flat=True)
    keys = set(soon)
    if not keys:
        return []
    steps, spans = HoldStep.objects.filter(hold__in=keys).select_related("by"), HeldSpan.objects.filter(hold__in=keys)
    return sorted((one for one in _holds(steps, spans) if one.state(at) is HoldState.ENDING), key=lambda one: one.until)


def holdable(user: User, at: datetime) -> dict[str, Camera]:
    """By key: the cameras whose footage the person may hold, those out of use included: their footage outlives them."""
    return {camera.key: camera for camera in given_of(user, LookKind.HISTORY, at, out_of_use=True)}


def seen_by(user: User, found: Iterable[Hold], at: datetime) -> list[Hold]:
    """Those that the person may read of: all for the auditor, else those with a camera that the person may look back at."""
    if Role.AUDITOR in roles_of(user, at):
        return list(found)
    mine = holdable(user, at).keys()
    return [one for one in found if mine & set(one.cameras)]


def may_change(user: User, hold: Hold, at: datetime) -> bool:
    """Only commune police, and only where all its cameras are theirs to look back at."""
    return bool(POLICE & roles_of(user, at)) and set(hold.cameras) <= holdable(user, at).keys()


def set_hold(by: User, wanted: WantedHold, at: datetime) -> Hold:
    """Writes spans and step, all or none. Errors: ValidationError by field (cameras, start, end, reference, reason, last_day)."""
    wrong = _wrong(by, wanted, at)
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})
    key = new_id()
    with transaction.atomic():
        for camera in dict.fromkeys(wanted.cameras):
            HeldSpan.objects.create(hold=key, camera=camera, start=wanted.start, end=wanted.end)
        HoldStep.objects.create(
            at=at, by=by, hold=key, code=StepCode.SET, until=_over(wanted.last_day),
            reference=_line(wanted.reference)[:120], reason=_line(wanted.reason)[:400],
        )  # fmt: skip
    made = hold_of(key)
    assert made is not None
    return made


def _wrong(by: User, wanted: WantedHold, at: datetime) -> dict[str, str]:
    wrong = _wrong_term(wanted.last_day, None, at)
    if not wanted.cameras:
        wrong["cameras"] = N_("Choose at least one camera.")
    elif len(set(wanted.cameras)) > MOST_CAMERAS:
        wrong["cameras"] = N_("One hold takes at most 40 cameras.")
    elif not POLICE & roles_of(by, at) or not set(wanted.cameras) <= holdable(by, at).keys():
        wrong["cameras"] = N_("Footage of one of these cameras is not yours to hold.")
    if wanted.end <= wanted.start:
        wrong["end"] = N_("The end must come after the beginning.")
    elif wanted.end - wanted.start > LONGEST_SPAN:
        wrong["end"] = N_("One hold takes at most 31 days of footage.")
    elif wanted.end > at + CLOCKS_APART:
        wrong["end"] = N_("This time is still to come.")
    if not _line(wanted.reference):
        wrong["reference"] = N_("Give the number of the incident, case or request.")
    return wrong | _wrong_reason(wanted.reason)


def _wrong_term(last_day: date, before: date | None, at: datetime) -> dict[str, str]:
    """`before`: the last day of a hold that is in force, which is to become later."""
    today = timezone.localdate(at)
    if last_day < today:
        return {"last_day": N_("This day is over.")}
    if last_day > today + timedelta(days=LONGEST_HOLD_DAYS):
        return {"last_day": N_("At most 90 days from today; after that a hold is renewed.")}
    if before is not None and last_day <= before:
        return {"last_day": N_("It holds until that day already: choose a later one.")}
    return {}


def _wrong_reason(reason: str) -> dict[str, str]:
    return {} if _line(reason) else {"reason": N_("Say why.")}


def renew_hold(by: User, hold: Hold, last_day: date, reason: str, at: datetime) -> None:
    """Holds on until a later day. One that ran out may be renewed too: what was erased meanwhile does not come back.

    Errors: ValidationError by field (last_day, reason, and None where the hold was lifted or is not this person's).
    """
    wrong = _wrong_term(last_day, hold.last_day if hold.holds(at) else None, at) | _wrong_reason(reason)
    until = None if wrong else _over(last_day)
    _take_step(by, hold, wrong, HoldStep(code=StepCode.RENEWED, until=until, reason=_line(reason)[:400], at=at))


def lift_hold(by: User, hold: Hold, reason: str, at: datetime) -> None:
    """For good: who needs the footage again sets another hold, if there is any left. Errors: as `renew_hold`."""
    _take_step(by, hold, _wrong_reason(reason), HoldStep(code=StepCode.LIFTED, reason=_line(reason)[:400], at=at))


@transaction.atomic
def _take_step(by: User, hold: Hold, wrong: dict[str, str], step: HoldStep) -> None:
    """Looks once more whether somebody lifted it meanwhile, with the chain's head locked: then nobody else takes a step."""
    ChainHead.objects.select_for_update().filter(pk=HoldStep._meta.db_table).first()
    if not may_change(by, hold, step.at):
        raise ValidationError(N_("Not all cameras of this hold are yours: ask the head of the commune police."))
    if HoldStep.objects.filter(hold=hold.key, code=StepCode.LIFTED).exists():
        raise ValidationError(N_("This hold was lifted already."))
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})
    step.hold, step.by = hold.key, by
    step.save()


def _over(last_day: date) -> datetime:
    """The moment at which a day of the commune is over."""
    return datetime.combine(last_day + timedelta(days=1), time(0), timezone.get_default_timezone())


def _line(text: str) -> str:
    return " ".join(text.split())
