"""Commendations after a quarter: a unit, or a person by office, with the decision's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.committee.steps import check_line, check_once
from luytre.civic.pacts import steps
from luytre.civic.pacts.models import MOST_LINE, MOST_NAME, MOST_NOTE, Commendation, Quarter, StepCode
from luytre.civic.pacts.scope import may_write
from luytre.civic.registry.refusals import Refusals


@dataclass(frozen=True, slots=True)
class CommendationDraft:
    """`unit` or `office`, exactly one of the two. `sign`: number of the decision."""

    once: str
    quarter: Quarter | None
    unit: Unit | None
    office: str
    words: str
    sign: str
    day: date


@transaction.atomic
def commend(by: User, draft: CommendationDraft, at: datetime) -> Commendation:
    """Pressed twice, it is one. Errors: ValidationError by field."""
    may_write(by, at)
    faults = Refusals()
    check_once(faults, draft.once)
    if draft.quarter is None:
        faults.tell("quarter", N_("Choose a quarter that was opened."))
    if (draft.unit is None) == (not one_line(draft.office)):
        faults.tell("office", N_("Choose a unit, or write the person's office: one of the two."))
    check_line(faults, "office", draft.office, MOST_NAME)
    check_line(faults, "words", draft.words, MOST_LINE, N_("Write what for."))
    check_line(faults, "sign", draft.sign, 60, N_("Write the number of the decision."))
    if not date(2000, 1, 1) <= draft.day <= localdate(at):
        faults.tell("day", N_("The day of the decision, not one to come."))
    faults.raise_any()
    assert draft.quarter is not None
    steps.one_after_the_other()
    if before := Commendation.objects.filter(once=draft.once).first():
        return before
    made = Commendation.objects.create(
        once=draft.once, year=draft.quarter.year, number=draft.quarter.number, unit=draft.unit, office=one_line(draft.office),
        words=one_line(draft.words), sign=one_line(draft.sign), day=draft.day, by=by,
    )  # fmt: skip
    steps.write(by, StepCode.COMMENDED, made.key, at, day=draft.day, note=draft.sign)
    return made


@transaction.atomic
def strike(by: User, found: Commendation, why: str, at: datetime) -> None:
    """Written down wrongly. Errors: ValidationError by field (why)."""
    may_write(by, at)
    faults = Refusals()
    check_line(faults, "why", why, MOST_NOTE, N_("Say why it is struck out."))
    faults.raise_any()
    steps.one_after_the_other()
    if Commendation.objects.filter(pk=found.pk, struck=None).update(struck=at):
        steps.write(by, StepCode.STRUCK, found.key, at, note=why)
