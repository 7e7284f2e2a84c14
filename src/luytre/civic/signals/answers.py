"""Who answers: one of the staff by a press, a unit or a telephone line by whoever heard it, and who was reached at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.civic.access.assignments import in_force
from luytre.civic.access.models import User
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.scope import oversees
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.regulations.rules import Actor
from luytre.civic.signals.kinds import ANSWERS, BEST, Answer, StepCode
from luytre.civic.signals.models import MOST_NAME, Called, Sounding
from luytre.civic.signals.steps import write_step

AFTER = timedelta(days=1)
"""So long after the end it may be entered who answered: a drill's sheet is typed in later."""
AHEAD = timedelta(minutes=2)


def answer(by: User, sounding: Sounding, state: str, at: datetime) -> None:
    """One of the staff answers for himself, and his party with him. Saying the same twice is said once.

    Errors: ValidationError where it is over, or for what is no answer.
    """
    if state not in ANSWERS:
        raise ValidationError(N_("Choose what you answer."))
    with transaction.atomic():
        found = Sounding.objects.select_for_update().get(pk=sounding.pk)
        if found.ended is not None:
            raise ValidationError(N_("This alarm is over."))
        parties = list(Called.objects.select_for_update(of=("self",)).select_related("hamlet").filter(sounding=found))
        party = _party_of(by, parties, at)
        mine = next((one for one in parties if one.person_id == by.pk), None) or _row_for(by, found, party)
        if mine.state == state:
            return
        _say(mine, state, at)
        if party is not None:
            beside = {
                one.state for one in parties if one.person_id not in (None, by.pk) and _same(one, party)
            }  # fmt: skip
            _say(party, min({state, *beside}, key=BEST.index), at)
        write_step(found, by, StepCode(state), at, called=mine)


def _party_of(by: User, parties: list[Called], at: datetime) -> Called | None:
    """The role through which the person is called: the police's, else that of the hamlet."""
    mine = {(one.role, hamlet_of(one.place)) for one in in_force(by, at) if one.role in LOCAL}
    if oversees(by, at):
        mine = {(Actor.DUTY.value, None)}
    return next((one for one in parties if one.person_id is None and (one.actor, one.hamlet_id) in mine), None)


def _row_for(by: User, sounding: Sounding, party: Called | None) -> Called:
    """Of somebody whose role nobody had when it was sounded, there is no party."""
    return Called(
        sounding=sounding, rank=party.rank if party else 0, name=str(by)[:MOST_NAME], person=by,
        actor=party.actor if party else "", hamlet=party.hamlet if party else None,
    )  # fmt: skip


def _same(one: Called, party: Called) -> bool:
    return (one.actor, one.hamlet_id) == (party.actor, party.hamlet_id)


def _say(one: Called, state: str, moment: datetime) -> None:
    one.state = state
    one.answered = min(one.answered, moment) if one.answered is not None else moment
    if state == Answer.HERE:
        one.here = min(one.here, moment) if one.here is not None else moment
    one.save()


def enter(by: User, called: Called, state: str, said: datetime | None, at: datetime) -> None:
    """What a party answered by telephone or mouth. `said` None: now. The caller has asked `scope.may_enter`.

    Errors: ValidationError by field (state, said).
    """
    if state not in ANSWERS:
        raise ValidationError({"state": N_("Choose what they answered.")})
    with transaction.atomic():
        sounding, found = _locked(called, at)
        moment = min(said or at, at)
        if not sounding.sounded.replace(second=0, microsecond=0) <= moment or (said is not None and said > at + AHEAD):
            raise ValidationError({"said": N_("A moment between the alarm and now.")})
        moment = max(moment, sounding.sounded)
        if found.state == state and said is None:
            return
        _say(found, state, moment)
        write_step(sounding, by, StepCode(state), at, moment, called=found)


def reach(by: User, called: Called, reached: bool, at: datetime) -> None:
    """Whether the telephone was taken. Saying the same twice is said once. Errors: ValidationError long after the end."""
    with transaction.atomic():
        sounding, found = _locked(called, at)
        if found.reached == reached:
            return
        found.reached, found.reached_at = reached, at
        found.save()
        write_step(sounding, by, StepCode.REACHED if reached else StepCode.UNREACHED, at, called=found)


def _locked(called: Called, at: datetime) -> tuple[Sounding, Called]:
    sounding = Sounding.objects.select_for_update().get(pk=called.sounding_id)
    if sounding.ended is not None and at > sounding.ended + AFTER:
        raise ValidationError(N_("It ended more than a day ago."))
    found = Called.objects.select_for_update(of=("self",)).select_related("hamlet").get(pk=called.pk, person=None)
    return sounding, found
