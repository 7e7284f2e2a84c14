"""Opening an incident, going there, closing it. Each step is one transaction: the incident's row, and its step in the chain.

Clocks: from when somebody is called `accept_min` runs; from "I go" `arrive_min`. `clocks` sees to those that ran out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from luytre.base.i18n import N_, translate
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.coordination.force import in_force_now
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents import tasks
from luytre.civic.incidents.models import TASK_OPEN, Incident, IncidentStep, IncidentTip, Result, State, StepCode, Task
from luytre.civic.incidents.steps import somebody, unit_place, write_step
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.holds import USUAL_DAYS, Hold, WantedHold, set_hold
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips import desk as tips
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip

AHEAD = timedelta(minutes=10)
OLDEST = timedelta(days=365)
HELD_BEFORE, HELD_AFTER = timedelta(minutes=30), timedelta(minutes=60)
"""Footage that is held round the moment of an incident."""
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """What an officer writes. `tip`: what it comes from."""

    kind: str
    title: str
    happened: datetime
    words: str = ""
    hamlet: Hamlet | None = None
    place: str = ""
    position: tuple[Decimal, Decimal] | None = None
    tip: Tip | None = None


def open_incident(by: User, draft: IncidentDraft, at: datetime) -> Incident:
    """Whoever the matrix in force names is called, and the first clock runs. Errors: ValidationError by field."""
    _check(draft, at)
    found = in_force_now(at)
    line = found.matrix.line_of(draft.kind, timezone.localtime(at).time())
    first, unit = _unit_of(line.first, draft.hamlet, at)
    backup, backup_unit = _unit_of(line.backup, draft.hamlet, at)
    latitude, longitude = draft.position or (None, None)
    incident = Incident(
        kind=draft.kind, title=one_line(draft.title), words=draft.words.strip(), hamlet=draft.hamlet,
        place=one_line(draft.place)[:200], latitude=latitude, longitude=longitude, happened=min(draft.happened, at), opened=at,
        opened_by=by, first=first, unit=unit, backup=backup, backup_unit=backup_unit, accept_min=line.accept_min,
        arrive_min=line.arrive_min, due=at + timedelta(minutes=line.accept_min),
        matrix=found.version.number if found.version else 0,
    )  # fmt: skip
    with transaction.atomic():
        incident.save_with_next_number(at)
        if draft.tip is not None:
            _join(incident, draft.tip)
        write_step(incident, by, StepCode.OPENED, at)
        _called(incident, by, at)
        if draft.tip is not None:
            write_step(incident, by, StepCode.TIP, at, thing=draft.tip.key)
    return incident


def _check(draft: IncidentDraft, at: datetime) -> None:
    faults: dict[str, str] = {}
    if draft.kind not in Kind.values:
        faults["kind"] = N_("Choose what it is about.")
    if not one_line(draft.title):
        faults["title"] = N_("Say in one line what it is.")
    elif len(one_line(draft.title)) > 160:
        faults["title"] = N_("160 letters at most.")
    if len(draft.words) > MOST_WORDS:
        faults["words"] = N_("4,000 letters at most.")
    if not at - OLDEST <= draft.happened <= at + AHEAD:
        faults["happened"] = N_("A moment of the last year, not one to come.")
    if faults:
        raise ValidationError(faults)


def _unit_of(actor: Actor, hamlet: Hamlet | None, at: datetime) -> tuple[Actor, Unit | None]:
    """Whose people a role means here. The police on duty stand in where the hamlet is not known, or nobody has the role."""
    if actor not in LOCAL:
        return actor, None
    if hamlet is None or not somebody(actor, place_key(hamlet), at):
        return Actor.DUTY, None
    return actor, hamlet_unit(hamlet)


def _join(incident: Incident, tip: Tip) -> None:
    try:
        with transaction.atomic():
            IncidentTip.objects.create(incident=incident, tip=tip)
    except IntegrityError as error:
        raise ValidationError(N_("This tip belongs to an incident already.")) from error


def add_tip(by: User, incident: Incident, tip: Tip, at: datetime) -> None:
    """Errors: ValidationError where it belongs to one already."""
    with transaction.atomic():
        _join(incident, tip)
        write_step(incident, by, StepCode.TIP, at, thing=tip.key)


def incident_of(tip: Tip) -> Incident | None:
    found = IncidentTip.objects.select_related("incident").filter(tip=tip).first()
    return found.incident if found else None


# --- going there ------------------------------------------------------------------------------------------------------
def accept(by: User, incident: Incident, at: datetime) -> None:
    """ "I go": the clock of being there runs. Errors: ValidationError where somebody was faster."""
    with transaction.atomic():
        found = _locked(incident, State.CALLED)
        found.state, found.taken_by = State.ACCEPTED, by
        found.due = at + timedelta(minutes=found.arrive_min)
        found.save()
        write_step(found, by, StepCode.ACCEPTED, at)


def decline(by: User, incident: Incident, why: str, at: datetime) -> None:
    """ "I cannot go", with why: whoever backs up is called at once. Errors: ValidationError."""
    if not one_line(why):
        raise ValidationError({"note": N_("Say why.")})
    with transaction.atomic():
        found = _locked(incident, State.CALLED, State.ACCEPTED)
        write_step(found, by, StepCode.DECLINED, at, note=why)
        found.state, found.taken_by = State.CALLED, None
        pass_on(found, at)


def arrive(by: User, incident: Incident, at: datetime) -> None:
    """From "I go", or from nothing at all: whoever happens to be there is there. Errors: ValidationError."""
    with transaction.atomic():
        found = _locked(incident, State.CALLED, State.ACCEPTED)
        found.state, found.due, found.taken_by = State.ARRIVED, None, found.taken_by or by
        found.save()
        write_step(found, by, StepCode.ARRIVED, at)


def done(by: User, incident: Incident, note: str, at: datetime) -> None:
    """What was to be done there is done; an officer closes it. Errors: ValidationError."""
    if not one_line(note):
        raise ValidationError({"note": N_("Say in a few words what was done.")})
    with transaction.atomic():
        found = _locked(incident, State.CALLED, State.ACCEPTED, State.ARRIVED)
        found.state, found.due, found.taken_by = State.DONE, None, found.taken_by or by
        found.save()
        write_step(found, by, StepCode.DONE, at, note=note)


def note(by: User, incident: Incident, words: str, at: datetime) -> None:
    """Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"note": N_("Write something.")})
    write_step(incident, by, StepCode.NOTED, at, note=words)


# --- giving, closing --------------------------------------------------------------------------------------------------
def give(by: User, incident: Incident, actor: Actor, hamlet: Hamlet | None, note: str, at: datetime) -> None:
    """To somebody else than the matrix says: the first clock runs anew. Errors: ValidationError."""
    if actor in LOCAL and hamlet is None:
        raise ValidationError({"hamlet": N_("Choose the hamlet.")})
    if actor in LOCAL and hamlet is not None and not somebody(actor, place_key(hamlet), at):
        raise ValidationError({"hamlet": N_("Nobody has this role in that hamlet now: choose somebody else.")})
    with transaction.atomic():
        found = _locked(incident, *set(State) - {State.CLOSED})
        found.first, found.unit = _unit_of(actor, hamlet, at)
        found.state, found.taken_by, found.level = State.CALLED, None, 0
        found.due = at + timedelta(minutes=found.accept_min)
        found.save()
        _called(found, by, at, note)


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: what its people answer the other's answer, clocks as they run. Within its transaction."""
    unit, at, place = hamlet_unit(new), timezone.now(), place_key(old)
    gone = Q(unit__place=place) | Q(backup_unit__place=place)
    for found in Incident.objects.select_for_update(of=("self",)).filter(gone).exclude(state=State.CLOSED):
        if found.unit is not None and found.unit.place == place:
            found.unit = unit
            _called(found, None, at)
        if found.backup_unit is not None and found.backup_unit.place == place:
            found.backup_unit = unit
        found.save()
    Task.objects.filter(unit__place=place, state__in=TASK_OPEN).update(unit=unit)


def pass_on(found: Incident, at: datetime) -> None:
    """The next level is called: the backup, then the head. Whoever was on the way may still arrive. Within a transaction, `found`
    locked."""
    found.level = min(found.level + 1, 2)
    found.state = State.CALLED
    found.due = at + timedelta(minutes=found.accept_min) if found.level == 1 else None
    found.save()
    whom, unit = (found.backup, found.backup_unit) if found.level == 1 else (Actor.HEAD, None)
    write_step(found, None, StepCode.ESCALATED, at, whom=str(whom), unit=unit_place(unit))


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended. `answer`: what the senders of its tips read; their tips are closed with it."""

    result: str
    note: str
    by_footage: bool = False
    recovered_vnd: int = 0
    answer: str = ""


TIP_ENDS = {
    Result.SOLVED: "done", Result.SETTLED: "done", Result.PASSED_ON: "elsewhere", Result.UNSOLVED: "nothing",
    Result.NOTHING: "nothing",
}  # fmt: skip


def close(by: User, incident: Incident, ending: Ending, at: datetime) -> None:
    """Errors: ValidationError by field."""
    faults: dict[str, str] = {}
    if ending.result not in Result.values:
        faults["result"] = N_("Choose how it ended.")
    if not one_line(ending.note):
        faults["note"] = N_("Say in a few words what was done.")
    waiting = [one.tip for one in incident.tips.select_related("tip") if one.tip.state != TipState.CLOSED]
    if waiting and not ending.answer.strip():
        faults["answer"] = N_("Write what those who told of it shall read.")
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        found = _locked(incident, *set(State) - {State.CLOSED})
        found.state, found.closed, found.due, found.result = State.CLOSED, at, None, ending.result
        found.by_footage, found.recovered_vnd = ending.by_footage, ending.recovered_vnd
        found.save()
        write_step(found, by, StepCode.CLOSED, at, thing=ending.result, note=ending.note)
        for task in incident.tasks.filter(state__in=TASK_OPEN):
            tasks.drop(by, task, translate(N_("the incident was closed"), "vi"), at)
        for tip in waiting:
            tips.close(by, tip, TIP_ENDS[Result(ending.result)], ending.answer, at)


def reopen(by: User, incident: Incident, why: str, at: datetime) -> None:
    """Whoever was called is called again. Errors: ValidationError."""
    if not one_line(why):
        raise ValidationError({"note": N_("Say why it is opened again.")})
    with transaction.atomic():
        found = _locked(incident, State.CLOSED)
        found.state, found.closed, found.result, found.taken_by, found.level = State.CALLED, None, "", None, 0
        found.by_footage, found.recovered_vnd = None, 0
        found.due = at + timedelta(minutes=found.accept_min)
        found.save()
        write_step(found, by, StepCode.REOPENED, at, note=why)


def link(by: User, incident: Incident, other: Incident, at: datetime) -> None:
    """Both say that they belong together. Errors: ValidationError."""
    if incident.pk == other.pk:
        raise ValidationError({"other": N_("That is this incident itself.")})
    if other.key in linked_with(incident):
        raise ValidationError({"other": N_("They belong together already.")})
    with transaction.atomic():
        write_step(incident, by, StepCode.LINKED, at, thing=other.key)
        write_step(other, by, StepCode.LINKED, at, thing=incident.key)


def linked_with(incident: Incident) -> list[str]:
    """Keys of the incidents that belong together with this one, each once."""
    found = IncidentStep.objects.filter(incident=incident.key, code=StepCode.LINKED).values_list("thing", flat=True)
    return list(dict.fromkeys(found))


def hold_footage(by: User, incident: Incident, cameras: Sequence[str], at: datetime) -> Hold:
    """Footage of these cameras (keys) round its moment is put on hold in its number's name. Errors: ValidationError by field."""
    wanted = WantedHold(
        tuple(cameras), incident.happened - HELD_BEFORE, min(incident.happened + HELD_AFTER, at), incident.sign,
        incident.title, localdate(at) + timedelta(days=USUAL_DAYS),
    )  # fmt: skip
    with transaction.atomic():
        made = set_hold(by, wanted, at)
        write_step(incident, by, StepCode.HELD, at, thing=made.key)
    return made


def _locked(incident: Incident, *states: str) -> Incident:
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.state not in states:
        raise ValidationError(N_("Somebody was faster: look at where it stands now."))
    return found


def _called(incident: Incident, by: User | None, at: datetime, note: str = "") -> None:
    write_step(incident, by, StepCode.CALLED, at, whom=str(incident.first), unit=unit_place(incident.unit), note=note)
