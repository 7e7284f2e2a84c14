"""Tasks go their own way beside their incident; people concerned are locked, shown by name of who looked, and forgotten."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.incidents import desk, people, tasks
from luytre.civic.incidents.clocks import escalate
from luytre.civic.incidents.desk import Ending
from luytre.civic.incidents.models import Concerned, Incident, IncidentStep, Part, Result, State, StepCode, Task, TaskState
from luytre.civic.incidents.people import KEPT_DAYS, Who
from luytre.civic.incidents.scope import incidents_of
from luytre.civic.incidents.steps import steps_of
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import merge_hamlets
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips.kinds import Kind
from tests.civic.incidents.test_incidents import NOW, east, fresh, head, of_team, opened
from tests.web.cast import person

__all__ = ["east", "head"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def west() -> Hamlet:
    return Hamlet.objects.create(name="Thôn Đoài")


def asked(by: User, incident: Incident, hamlet: Hamlet, what: str = "Chặn ngã ba") -> Task:
    return tasks.ask(by, incident, Actor.SECURITY_TEAM, hamlet, what, NOW)


def test_a_task_goes_its_own_way_and_its_incident_stays_where_it_stands(head: User, east: Hamlet, west: Hamlet) -> None:
    team, other = of_team(east), of_team(west)
    incident = opened(head, hamlet=east)
    assert not incidents_of(other, NOW).exists()
    task, line = asked(head, incident, west), BUILT_IN.line_of(Kind.DISORDER, time(12))
    assert task.due == NOW + line.accept_min * MINUTE
    assert [tasks.calling(one, NOW).exists() for one in (team, other, head)] == [False, True, False]
    assert incidents_of(other, NOW).exists()  # whoever has a task in it reads it
    tasks.accept(other, task, NOW)
    task.refresh_from_db()
    assert (task.state, task.due, task.taken_by) == (TaskState.ACCEPTED, NOW + line.arrive_min * MINUTE, other)
    with pytest.raises(ValidationError):
        tasks.accept(other, task, NOW)
    tasks.arrive(other, task, NOW)
    with pytest.raises(ValidationError):
        tasks.done(other, task, "  ", NOW)
    tasks.done(other, task, "Đã chặn, không ai qua", NOW)
    task.refresh_from_db()
    assert (task.state, task.due) == (TaskState.DONE, None)
    with pytest.raises(ValidationError):
        tasks.drop(head, task, "không cần nữa", NOW)
    assert fresh(incident).state == State.CALLED


def test_a_clock_that_runs_out_tells_the_officers_once_and_calls_nobody_else(head: User, west: Hamlet) -> None:
    of_team(west)
    incident = opened(head, kind=Kind.OTHER)
    task = asked(head, incident, west)
    assert task.due is not None
    assert escalate(task.due - timedelta(seconds=1)) == 0
    incident.due = None
    incident.save()
    assert [escalate(task.due), escalate(task.due)] == [1, 0]
    assert list(tasks.unheard()) == [task]
    late = [step for step in steps_of(incident) if step.code == StepCode.TASK_LATE]
    assert [(step.by, step.thing) for step in late] == [(None, task.key)]
    tasks.accept(head, task, NOW)
    assert not tasks.unheard().exists()


def test_a_refusal_is_heard_until_the_task_is_taken_back(head: User, west: Hamlet) -> None:
    team = of_team(west)
    incident = opened(head)
    task = asked(head, incident, west)
    tasks.decline(team, task, "đang ở đám cháy", NOW)
    assert list(tasks.unheard()) == [task]
    tasks.drop(head, task, "giao thôn khác", NOW)
    assert not tasks.unheard().exists()


def test_what_nobody_can_do_is_told_at_its_field(head: User, east: Hamlet, west: Hamlet) -> None:
    incident = opened(head, hamlet=east)
    for actor, hamlet, what, field in (
        (Actor.SECURITY_TEAM, west, "Chặn ngã ba", "hamlet"), (Actor.SECURITY_TEAM, None, "Chặn ngã ba", "hamlet"),
        (Actor.DUTY, None, " ", "what"), (Actor.DUTY, None, "x" * 201, "what"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            tasks.ask(head, incident, actor, hamlet, what, NOW)
        assert list(refused.value.message_dict) == [field]
    assert not Task.objects.exists()


def test_closing_takes_back_what_is_open_and_a_merged_hamlet_hands_over(head: User, east: Hamlet, west: Hamlet) -> None:
    of_team(east)
    team = of_team(west)
    incident = opened(head)
    task = asked(head, incident, east)
    merge_hamlets(head, east, west, Decree(head, date(2026, 1, 1)), NOW)
    assert list(tasks.calling(team, NOW)) == [task]
    desk.close(head, incident, Ending(Result.SETTLED, "đã hòa giải"), NOW)
    task.refresh_from_db()
    assert task.state == TaskState.DROPPED
    with pytest.raises(ValidationError):
        asked(head, fresh(incident), west)


# --- people -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def secrets(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"


WHO = Who("Người bị hại Mận", "0912 345 678", "Thôn Đông", "mặc áo xanh")


@pytest.mark.usefixtures("secrets")
def test_who_it_is_lies_in_no_column_and_in_no_step(head: User) -> None:
    incident = opened(head)
    made = people.add(head, incident, Part.VICTIM, WHO, NOW)
    kept = " ".join(str(vars(one)) for one in (*Concerned.objects.all(), *IncidentStep.objects.all()))
    assert not any(words in kept for words in ("Mận", "0912", "áo xanh"))
    duty = person(Role.DUTY)
    assert [(one.who, one.concerned) for one in people.show(duty, incident, NOW)] == [(WHO, made)]
    last = steps_of(incident)[-1]
    assert (last.code, last.by) == (StepCode.SHOWN, duty)
    with pytest.raises(ValidationError):
        people.strike(head, incident, made.key, " ", NOW)
    people.strike(head, incident, made.key, "ghi nhầm", NOW)
    with pytest.raises(ValidationError):
        people.strike(head, incident, made.key, "ghi nhầm", NOW)
    assert not Concerned.objects.exists()


@pytest.mark.usefixtures("secrets")
def test_people_are_forgotten_a_year_after_the_end_and_not_before(head: User) -> None:
    incident, still = opened(head), opened(head)
    people.add(head, incident, Part.WITNESS, WHO, NOW)
    people.add(head, still, Part.SUSPECT, WHO, NOW)
    desk.close(head, incident, Ending(Result.SOLVED, "xong"), NOW)
    end = NOW + timedelta(days=KEPT_DAYS)
    assert [people.forget_old(end - MINUTE), people.forget_old(end), people.forget_old(end)] == [0, 1, 0]
    assert [one.incident for one in Concerned.objects.all()] == [still]
    assert steps_of(incident)[-1].code == StepCode.FORGOTTEN


@pytest.mark.usefixtures("secrets")
def test_what_is_missing_or_too_long_is_told_at_its_field(head: User) -> None:
    incident = opened(head)
    for part, who, field in (
        ("", WHO, "part"), (Part.OTHER, Who("  "), "name"), (Part.OTHER, Who("a" * 121), "name"),
        (Part.OTHER, Who("Mận", remark="x" * 401), "remark"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            people.add(head, incident, part, who, NOW)
        assert list(refused.value.message_dict) == [field]
    assert not Concerned.objects.exists()
