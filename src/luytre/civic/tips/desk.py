"""What officers do with a tip: read, give to a hamlet, write to the sender, look at the number, close with an answer, open again.

Each is one transaction: the tip's row where it stands for lists, and its step in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.seal import unseal
from luytre.civic.tips.answering import answer_words
from luytre.civic.tips.models import End, State, StepCode, Tip, TipMessage, TipStep
from luytre.civic.tips.near import metres
from luytre.civic.tips.releasing import retract
from luytre.civic.tips.taking import plain

NEAR_M = 300.0
NEAR_TIME = timedelta(hours=3)
UNWRITTEN = N_("Write what the sender shall read.")


@dataclass(frozen=True, slots=True)
class Near:
    """Another tip that may be about the same. `metres`: None where one of the two has no position; then they share the hamlet."""

    tip: Tip
    metres: float | None


def read(by: User, tip: Tip, at: datetime) -> None:
    """The first officer who opens a new tip has read it: its alarm is over."""
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        if found.state != State.NEW:
            return
        found.state = State.READ
        _save(found, by, StepCode.READ, at)


def give(by: User, tip: Tip, unit: Unit | None, note: str, at: datetime) -> None:
    """To the people of a unit's place, or (None) to nobody but the police again."""
    with transaction.atomic():
        found = _open(tip)
        found.given = unit
        _save(found, by, StepCode.GIVEN, at, unit=(unit.place or f"unit:{unit.pk}") if unit else "", note=note)


def write(by: User, tip: Tip, words: str, at: datetime) -> None:
    """Words to the sender, read under the code. Errors: ValidationError."""
    words = answer_words(words, "words", UNWRITTEN)
    with transaction.atomic():
        found = _open(tip)
        TipMessage.objects.create(tip=found, by=by, at=at, words=words)
        _save(found, by, StepCode.WROTE, at)


def close(by: User, tip: Tip, end: str, answer: str, at: datetime) -> None:
    """`answer`: what the sender reads. Needed but for what was no tip. Errors: ValidationError by field."""
    if end not in End.values:
        raise ValidationError({"end": N_("Choose how it ended.")})
    words = "" if end == End.ABUSE and not plain(answer) else answer_words(answer, "answer", UNWRITTEN)
    with transaction.atomic():
        found = _open(tip)
        found.state, found.closed, found.end = State.CLOSED, at, end
        if words:
            TipMessage.objects.create(tip=found, by=by, at=at, words=words)
        _save(found, by, StepCode.CLOSED, at, end=end)


def reopen(by: User, tip: Tip, why: str, at: datetime) -> None:
    """Errors: ValidationError where it is open, erased, or no reason is given."""
    if not one_line(why):
        raise ValidationError({"why": N_("Say why it is opened again.")})
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        if found.state != State.CLOSED or found.erased is not None:
            raise ValidationError(N_("It is not closed, or its words are erased already."))
        found.state, found.closed, found.end, found.helped = State.READ, None, "", None
        _save(found, by, StepCode.REOPENED, at, note=why)
        retract(by, found, at)


def look_at_number(by: User, tip: Tip, at: datetime) -> str:
    """The telephone number, its step written first. Empty where there is none. Errors: LuytreError where the key is another."""
    if not tip.sealed_phone:
        return ""
    number = unseal(tip.sealed_phone)
    TipStep.objects.create(at=at, by=by, tip=tip.key, code=StepCode.NUMBER)
    return number


def steps_of(tip: Tip) -> list[TipStep]:
    return list(TipStep.objects.filter(tip=tip.key).select_related("by"))


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: what its people read the other's read. Within the merge's transaction."""
    unit, at = hamlet_unit(new), timezone.now()
    for tip in Tip.objects.select_for_update(of=("self",)).filter(given__place=place_key(old)):
        tip.given = unit
        _save(tip, None, StepCode.GIVEN, at, unit=place_key(new))


def near(tip: Tip, among: Iterable[Tip]) -> list[Near]:
    """Of one kind, told within `NEAR_TIME`, within `NEAR_M` or (without a position) of one hamlet; the nearest first."""
    found = []
    for one in among:
        if one.pk == tip.pk or one.kind != tip.kind or abs(one.received - tip.received) > NEAR_TIME:
            continue
        apart = metres(tip.latitude, tip.longitude, one.latitude, one.longitude)
        if apart <= NEAR_M if apart is not None else (tip.hamlet_id is not None and one.hamlet_id == tip.hamlet_id):
            found.append(Near(one, apart))
    return sorted(found, key=lambda other: (other.metres is None, other.metres or 0.0, other.tip.pk))


def _open(tip: Tip) -> Tip:
    found = Tip.objects.select_for_update().get(pk=tip.pk)
    if found.state == State.CLOSED:
        raise ValidationError(N_("It was closed meanwhile. Open it again first."))
    if found.state == State.NEW:
        found.state = State.READ
    return found


def _save(tip: Tip, by: User | None, code: str, at: datetime, unit: str = "", end: str = "", note: str = "") -> None:
    tip.save()
    TipStep.objects.create(at=at, by=by, tip=tip.key, code=code, unit=unit, end=end, note=one_line(note)[:400])
