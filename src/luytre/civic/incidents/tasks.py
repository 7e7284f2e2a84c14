"""Tasks beside who answers an incident: several units do several things at once, each with the clocks of the incident.

A task never changes where its incident stands. A clock that runs out calls nobody else: it tells the officers, who gave it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import User
from luytre.civic.access.ways import POLICE
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.models import TASK_OPEN, Incident, State, StepCode, Task, TaskState
from luytre.civic.incidents.steps import somebody, unit_place, write_step
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.regulations.rules import Actor

MOST = 30
LONGEST = 200


def ask(by: User, incident: Incident, actor: Actor, hamlet: Hamlet | None, what: str, at: datetime) -> Task:
    """Gives a unit something to do. Errors: ValidationError by field."""
    words, faults = one_line(what), dict[str, str]()
    if not words:
        faults["what"] = N_("Say in one line what is to be done.")
    elif len(words) > LONGEST:
        faults["what"] = N_("200 letters at most.")
    if actor in LOCAL and hamlet is None:
        faults["hamlet"] = N_("Choose the hamlet.")
    elif actor in LOCAL and hamlet is not None and not somebody(actor, place_key(hamlet), at):
        faults["hamlet"] = N_("Nobody has this role in that hamlet now: choose somebody else.")
    if incident.state == State.CLOSED:
        faults["what"] = N_("The incident is closed: open it again first.")
    elif incident.tasks.count() >= MOST:
        faults["what"] = N_("30 tasks at most.")
    if faults:
        raise ValidationError(faults)
    unit = hamlet_unit(hamlet) if actor in LOCAL and hamlet is not None else None
    with transaction.atomic():
        made = Task.objects.create(
            incident=incident, what=words, actor=actor.value, unit=unit, asked=at, asked_by=by,
            due=at + timedelta(minutes=incident.accept_min),
        )  # fmt: skip
        write_step(incident, by, StepCode.TASKED, at, thing=made.key, whom=str(actor), unit=unit_place(unit), note=words)
    return made


def accept(by: User, task: Task, at: datetime) -> None:
    """ "I do it": the clock of being there runs. Errors: ValidationError where somebody was faster."""
    with transaction.atomic():
        found = _locked(task, TaskState.CALLED)
        found.due = at + timedelta(minutes=found.incident.arrive_min)
        _go_on(found, by, TaskState.ACCEPTED, StepCode.TASK_ACCEPTED, at)


def arrive(by: User, task: Task, at: datetime) -> None:
    """Errors: ValidationError where it is over."""
    with transaction.atomic():
        found = _locked(task, TaskState.CALLED, TaskState.ACCEPTED)
        found.due = None
        _go_on(found, by, TaskState.ARRIVED, StepCode.TASK_ARRIVED, at)


def done(by: User, task: Task, note: str, at: datetime) -> None:
    """With what came of it. Errors: ValidationError."""
    _end(by, task, TaskState.DONE, StepCode.TASK_DONE, note, at)


def decline(by: User, task: Task, why: str, at: datetime) -> None:
    """Officers are told at once. Errors: ValidationError."""
    _end(by, task, TaskState.DECLINED, StepCode.TASK_DECLINED, why, at)


def drop(by: User, task: Task, why: str, at: datetime) -> None:
    """An officer takes it back. Errors: ValidationError."""
    _end(by, task, TaskState.DROPPED, StepCode.TASK_DROPPED, why, at)


def run_out(at: datetime) -> int:
    """Tasks whose clock ran out are late, once. Errors: django.db.Error."""
    late = list(Task.objects.filter(due__lte=at, state__in=TASK_OPEN).values_list("pk", flat=True))
    return sum(_late(number, at) for number in late)


@transaction.atomic
def _late(number: int, at: datetime) -> bool:
    found = Task.objects.select_for_update().select_related("incident").filter(pk=number, due__lte=at).first()
    if found is None:
        return False
    found.due, found.late = None, True
    found.save()
    write_step(found.incident, None, StepCode.TASK_LATE, at, thing=found.key, whom=found.actor, unit=unit_place(found.unit))
    return True


# --- whose they are ---------------------------------------------------------------------------------------------------
def calling(user: User, at: datetime) -> QuerySet[Task]:
    """Those that wait for this person's "I do it"."""
    return _mine(user, at).filter(state=TaskState.CALLED)


def is_mine(user: User, task: Task, at: datetime) -> bool:
    return _mine(user, at).filter(pk=task.pk).exists()


def unheard() -> QuerySet[Task]:
    """What officers must look at: late and still waiting, or refused; of incidents that are open."""
    found = Q(late=True, state=TaskState.CALLED) | Q(state=TaskState.DECLINED)
    return Task.objects.filter(found).exclude(incident__state=State.CLOSED)


def _mine(user: User, at: datetime) -> QuerySet[Task]:
    wanted = Q(pk=None)
    for one in in_force(user, at):
        if one.role in LOCAL and one.place != EVERYWHERE:
            wanted |= Q(actor=one.role, unit__place=one.place)
        elif one.role in POLICE and one.place == EVERYWHERE:
            wanted |= Q(actor=one.role, unit=None)
    return Task.objects.filter(wanted)


def _locked(task: Task, *states: str) -> Task:
    found = Task.objects.select_for_update(of=("self",)).select_related("incident", "unit").get(pk=task.pk)
    if found.state not in states:
        raise ValidationError(N_("Somebody was faster: look at where it stands now."))
    return found


def _end(by: User, task: Task, state: TaskState, code: StepCode, note: str, at: datetime) -> None:
    if not one_line(note):
        raise ValidationError({"task_note": N_("Say in a few words.")})
    allowed = (*TASK_OPEN, TaskState.DECLINED) if state is TaskState.DROPPED else TASK_OPEN
    with transaction.atomic():
        found = _locked(task, *allowed)
        found.due = None
        _go_on(found, by, state, code, at, note)


def _go_on(found: Task, by: User, state: TaskState, code: StepCode, at: datetime, note: str = "") -> None:
    found.state = state
    if state not in (TaskState.DECLINED, TaskState.DROPPED):
        found.taken_by = found.taken_by or by
    found.save()
    write_step(found.incident, by, code, at, thing=found.key, note=note)
