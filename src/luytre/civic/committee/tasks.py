"""Tasks: given, taken up, reported, confirmed, prolonged, dropped. Where one stands is in its row, how it came there in steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Role, Unit, UnitKind, User
from luytre.civic.access.units import histories
from luytre.civic.committee import steps
from luytre.civic.committee.members import check_in
from luytre.civic.committee.models import (
    MOST_NOTE,
    MOST_TEXT,
    OPEN_STATES,
    Member,
    Resolution,
    StepCode,
    Task,
    TaskState,
)
from luytre.civic.committee.scope import may_write, own_tasks, writes
from luytre.civic.registry.order import name_key
from luytre.civic.registry.places import complete
from luytre.civic.registry.refusals import Refusals

SOON = timedelta(days=3)
LONGEST = timedelta(days=731)
NOT_NOW = N_("Somebody was faster: the task stands elsewhere by now. Look at it anew.")


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """`member` or `unit` does it, exactly one of the two. `once`: of the form."""

    once: str
    title: str
    words: str
    member: Member | None
    unit: Unit | None
    due: date
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class UnitName:
    unit: Unit
    name: str


def units_on(day: date) -> list[UnitName]:
    """Hamlets and units of the organisation that are there on a day, by name; hamlets that have no unit yet get theirs."""
    complete()
    known = histories()
    there = [
        one for one in Unit.objects.filter(kind__in=(UnitKind.HAMLET, UnitKind.UNIT))
        if (end := known[one.pk].end) is None or end.order[0] > day
    ]  # fmt: skip
    return sorted((UnitName(one, known[one.pk].name_on(day)) for one in there), key=lambda one: name_key(one.name))


def unit_names(day: date) -> dict[int, str]:
    """What every unit, also one that is no more, is or was called. Two queries."""
    return {number: one.name_on(day) for number, one in histories().items()}


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Open ones first, by their day: so the late ones are the first of all; then those that are over, the newest first."""
    found = list(tasks)
    there = sorted((one for one in found if one.is_open), key=lambda one: (one.due, one.pk))
    over = sorted((one for one in found if not one.is_open), key=lambda one: (one.due, one.pk), reverse=True)
    return [*there, *over]


def is_late(task: Task, today: date) -> bool:
    """That its day is over and nobody told that it is done."""
    return task.state in (TaskState.GIVEN, TaskState.TAKEN) and task.due < today


def is_soon(task: Task, today: date) -> bool:
    return task.state in (TaskState.GIVEN, TaskState.TAKEN) and today <= task.due <= today + SOON


def waiting_for(user: User, at: datetime) -> list[Task]:
    """The person's own tasks that are late or due within `SOON`. One query where there is none: every page asks."""
    places = user.assignments.filter(role=Role.HAMLET_HEAD).values("place")
    soon = Task.objects.filter(state__in=(TaskState.GIVEN, TaskState.TAKEN), due__lte=localdate(at) + SOON)
    if not (perhaps := set(soon.filter(Q(member__user=user) | Q(unit__place__in=places)).values_list("pk", flat=True))):
        return []
    return in_order(own_tasks(user, at).filter(pk__in=perhaps))


# --- giving -----------------------------------------------------------------------------------------------------------
def give(by: User, draft: TaskDraft, at: datetime) -> Task:
    """Pressed twice, or again for one resolution, it is one. Errors: ValidationError by field (title, words, who, due)."""
    may_write(by, at)
    _check(draft, localdate(at))
    try:
        with transaction.atomic():
            return _given(by, draft, at)
    except IntegrityError:
        if before := _before(draft):
            return before
        raise


def _before(draft: TaskDraft) -> Task | None:
    if draft.resolution is not None:
        return Task.objects.filter(resolution=draft.resolution).first()
    return Task.objects.filter(once=draft.once).first()


def _check(draft: TaskDraft, today: date) -> None:
    faults = Refusals()
    steps.check_once(faults, draft.once)
    steps.check_line(faults, "title", draft.title, MOST_NOTE, N_("Say what is to be done."))
    steps.check_text(faults, "words", draft.words, MOST_TEXT)
    _check_who(faults, draft.member, draft.unit, today)
    if not today <= draft.due <= today + LONGEST:
        faults.tell("due", N_("A day from today on, within two years."))
    faults.raise_any()


def _check_who(faults: Refusals, member: Member | None, unit: Unit | None, today: date) -> None:
    if (member is None) == (unit is None):
        faults.tell("who", N_("Choose who does it: a member or a unit."))
    elif member is not None:
        check_in(faults, "who", member, today)
    elif unit not in [one.unit for one in units_on(today)]:
        faults.tell("who", N_("This unit is no more: choose another."))


def _given(by: User, draft: TaskDraft, at: datetime) -> Task:
    steps.one_after_the_other()
    if before := _before(draft):
        return before
    made = Task.objects.create(
        once=draft.once, title=one_line(draft.title), words=draft.words.strip(), member=draft.member, unit=draft.unit,
        due=draft.due, resolution=draft.resolution, by=by, given=at,
    )  # fmt: skip
    steps.write(by, StepCode.GIVEN, made.key, at, day=draft.due, note=draft.title)
    return made


# --- going on ---------------------------------------------------------------------------------------------------------
def take(by: User, task: Task, at: datetime) -> None:
    """By who does it, or by the committee for somebody without an account. Errors: ValidationError."""
    with transaction.atomic():
        there = _there(by, task, at)
        if there.state == TaskState.TAKEN:
            return
        _only_from(there, TaskState.GIVEN)
        _move(by, there, TaskState.TAKEN, StepCode.TAKEN, at)


def report(by: User, task: Task, note: str, at: datetime) -> None:
    """Told to be done; the committee confirms. Errors: ValidationError by field (note)."""
    _check_note(note, N_("Say what came of it."))
    with transaction.atomic():
        there = _there(by, task, at)
        if there.state == TaskState.REPORTED:
            return
        _only_from(there, TaskState.GIVEN, TaskState.TAKEN)
        there.reported = at
        _move(by, there, TaskState.REPORTED, StepCode.REPORTED, at, note)


def confirm(by: User, task: Task, note: str, at: datetime) -> None:
    """Errors: ValidationError by field (note)."""
    may_write(by, at)
    _check_note(note)
    with transaction.atomic():
        there = _there(by, task, at)
        if there.state == TaskState.DONE:
            return
        _only_from(there, TaskState.REPORTED)
        _move(by, there, TaskState.DONE, StepCode.DONE, at, note)


def give_back(by: User, task: Task, note: str, at: datetime) -> None:
    """Told to be done and it is not: it goes on. Errors: ValidationError by field (note)."""
    may_write(by, at)
    _check_note(note, N_("Say what is missing."))
    with transaction.atomic():
        there = _there(by, task, at)
        _only_from(there, TaskState.REPORTED)
        there.reported = None
        _move(by, there, TaskState.TAKEN, StepCode.RETURNED, at, note)


def prolong(by: User, task: Task, due: date, note: str, at: datetime) -> None:
    """Errors: ValidationError by field (due, note)."""
    may_write(by, at)
    _check_note(note, N_("Say why it takes longer."))
    with transaction.atomic():
        there = _there(by, task, at)
        _only_from(there, TaskState.GIVEN, TaskState.TAKEN)
        today = localdate(at)
        if not max(there.due + timedelta(days=1), today) <= due <= today + LONGEST:
            raise ValidationError({"due": [ValidationError(
                N_("Later than %(day)s, from today on, within two years."), params={"day": f"{there.due:%d/%m/%Y}"}
            )]})  # fmt: skip
        there.due = due
        there.save(update_fields=["due"])
        steps.write(by, StepCode.PROLONGED, there.key, at, day=due, note=note)


def drop(by: User, task: Task, note: str, at: datetime) -> None:
    """Errors: ValidationError by field (note)."""
    may_write(by, at)
    _check_note(note, N_("Say why it is dropped."))
    with transaction.atomic():
        there = _there(by, task, at)
        if there.state == TaskState.DROPPED:
            return
        _only_from(there, *OPEN_STATES)
        _move(by, there, TaskState.DROPPED, StepCode.DROPPED, at, note)


def _there(by: User, task: Task, at: datetime) -> Task:
    """As it stands now; whoever comes after waits. Errors: ValidationError where it is somebody else's."""
    steps.one_after_the_other()
    if not writes(by, at) and not own_tasks(by, at).filter(pk=task.pk).exists():
        raise ValidationError(N_("This task is given to somebody else."))
    return Task.objects.select_for_update().get(pk=task.pk)


def _only_from(task: Task, *states: str) -> None:
    if task.state not in states:
        raise ValidationError(NOT_NOW)


def _move(by: User, task: Task, state: str, code: str, at: datetime, note: str = "") -> None:
    task.state = state
    task.save(update_fields=["state", "reported"])
    steps.write(by, code, task.key, at, note=note)


def _check_note(note: str, needed: str = "") -> None:
    faults = Refusals()
    steps.check_line(faults, "note", note, MOST_NOTE, needed)
    faults.raise_any()
