"""The book of shifts: who is on duty since when, what the last shift left, handing over and taking over.

Whoever takes over is on duty, whether it was handed to them or not: somebody may fall ill. The book says which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import User
from luytre.civic.access.ways import POLICE
from luytre.civic.incidents.models import Incident, ShiftCode, ShiftStep, State
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty. `handed`: that it was handed on since, and waits for its taker; None: it was not."""

    taken: ShiftStep | None
    handed: ShiftStep | None

    @property
    def who(self) -> User | None:
        return self.taken.by if self.taken else None


def duty_now() -> Duty:
    steps = ShiftStep.objects.select_related("by", "whom")
    taken = steps.filter(code=ShiftCode.TAKEN).last()
    handed = steps.filter(code=ShiftCode.HANDED, seq__gt=taken.seq if taken else 0).last()
    return Duty(taken, handed)


def takers(at: datetime) -> list[User]:
    """Who may be on duty: police of the whole commune, by name."""
    found = User.objects.filter(is_active=True).prefetch_related("assignments")
    mine = [one for one in found if any(each.place == EVERYWHERE and each.role in POLICE for each in in_force(one, at))]
    return sorted(mine, key=str)


def hand_over(by: User, whom: User, note: str, at: datetime) -> None:
    """Errors: ValidationError: only whoever is on duty hands over, to somebody else who may be."""
    with transaction.atomic():
        now = duty_now()
        if now.who != by:
            raise ValidationError(N_("Only whoever is on duty hands over. Take over first."))
        if whom == by or whom not in takers(at):
            raise ValidationError({"whom": N_("Choose who takes over.")})
        _write(by, ShiftCode.HANDED, note, at, whom)


def take_over(by: User, note: str, at: datetime) -> None:
    """Errors: ValidationError where the person is on duty already and nothing was handed on."""
    with transaction.atomic():
        now = duty_now()
        if now.who == by and now.handed is None:
            raise ValidationError(N_("You are on duty already."))
        _write(by, ShiftCode.TAKEN, note, at)


def note(by: User, words: str, at: datetime) -> None:
    """Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"note": N_("Write something.")})
    _write(by, ShiftCode.NOTED, words, at)


def _write(by: User, code: str, words: str, at: datetime, whom: User | None = None) -> None:
    if len(one_line(words)) > LONGEST_NOTE:
        raise ValidationError({"note": N_("1,000 letters at most.")})
    going = (State.ACCEPTED, State.ARRIVED, State.DONE)
    ShiftStep.objects.create(
        at=at, by=by, code=code, whom=whom, note=one_line(words),
        called=Incident.objects.filter(state=State.CALLED).count(), going=Incident.objects.filter(state__in=going).count(),
        tips=Tip.objects.exclude(state=TipState.CLOSED).count(),
    )  # fmt: skip
