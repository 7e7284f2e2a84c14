"""Incidents: numbered without a hole, answered by the matrix, passed on when a clock runs out, closed with their tips."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.incidents import desk
from luytre.civic.incidents.clocks import escalate
from luytre.civic.incidents.desk import Ending, IncidentDraft, open_incident
from luytre.civic.incidents.models import Incident, IncidentStep, Result, State, StepCode
from luytre.civic.incidents.scope import calling, incidents_of
from luytre.civic.incidents.seeing import seers
from luytre.civic.incidents.steps import steps_of
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.holds import hold_of
from luytre.civic.registry.models import Camera, Eye, Hamlet
from luytre.civic.registry.places import hamlet_unit, merge_hamlets
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips import desk as tips
from luytre.civic.tips.code import grouped
from luytre.civic.tips.following import find
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import Tip
from luytre.civic.tips.scope import tips_of
from luytre.civic.tips.taking import TipDraft, take
from tests.web.cast import EARLY, PASSWORD, camera, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
NOON = time(12)
HERE = (Decimal("20.912400"), Decimal("105.971800"))
KEY = b"k" * 32


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


@pytest.fixture
def east() -> Hamlet:
    return Hamlet.objects.create(name="Thôn Đông")


def of_team(hamlet: Hamlet, role: str = Role.SECURITY_TEAM) -> User:
    user = User.objects.create_user(f"{role}-{hamlet.pk}", PASSWORD)
    assign(None, user, Wanted(role, place_key(hamlet), first_day=EARLY), NOW)
    return user


def opened(by: User, kind: str = Kind.DISORDER, at: datetime = NOW, **changes: object) -> Incident:
    fields: dict[str, object] = {"kind": kind, "title": "Đánh nhau ở chợ", "happened": at - timedelta(minutes=2)} | changes
    return open_incident(by, IncidentDraft(**fields), at)  # type: ignore[arg-type]


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def codes(incident: Incident) -> list[str]:
    return [step.code for step in steps_of(incident)]


def test_numbers_have_no_hole_and_begin_anew_each_year(head: User) -> None:
    eve = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 of the commune
    signs = [opened(head, at=at).sign for at in (NOW, NOW, eve, eve + timedelta(minutes=2))]
    assert signs == ["1/2026", "2/2026", "3/2026", "1/2027"]


def test_whoever_the_matrix_names_is_called_and_nobody_else(head: User, east: Hamlet) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    team, other, duty = of_team(east), of_team(west), person(Role.DUTY)
    incident = opened(head, hamlet=east)
    line = BUILT_IN.line_of(Kind.DISORDER, NOON)
    assert incident.due == NOW + timedelta(minutes=line.accept_min)
    assert [bool(calling(one, NOW)) for one in (team, other, duty, head)] == [True, False, False, False]
    assert [bool(incidents_of(one, NOW)) for one in (team, other, duty, head)] == [True, False, True, True]
    unknown = opened(head, title="Không rõ thôn")
    alone = opened(head, title="Thôn không có tổ", hamlet=Hamlet.objects.create(name="Thôn Hạ"))
    assert {(one.first, one.unit) for one in (unknown, alone)} == {(Actor.DUTY, None)}
    assert set(calling(duty, NOW)) == {unknown, alone}


def test_a_clock_that_runs_out_calls_the_backup_then_the_head(head: User, east: Hamlet) -> None:
    team, duty = of_team(east), person(Role.DUTY)
    incident = opened(head, hamlet=east)
    first_due = incident.due
    assert first_due is not None
    assert escalate(first_due - timedelta(seconds=1)) == 0
    assert escalate(first_due) == 1
    assert escalate(first_due) == 0
    assert [bool(calling(one, NOW)) for one in (team, duty, head)] == [True, True, False]
    second_due = fresh(incident).due
    assert second_due is not None
    assert escalate(second_due) == 1
    assert (fresh(incident).level, fresh(incident).due) == (2, None)
    assert [bool(calling(one, NOW)) for one in (team, duty, head)] == [True, True, True]
    told = [(step.whom, step.by) for step in steps_of(incident) if step.code == StepCode.ESCALATED]
    assert told == [(Actor.DUTY, None), (Actor.HEAD, None)]


def test_going_there_stops_the_first_clock_and_being_there_the_second(head: User, east: Hamlet) -> None:
    team, line = of_team(east), BUILT_IN.line_of(Kind.DISORDER, NOON)
    incident = opened(head, hamlet=east)
    desk.accept(team, incident, NOW)
    assert fresh(incident).due == NOW + timedelta(minutes=line.arrive_min)
    with pytest.raises(ValidationError):
        desk.accept(head, incident, NOW)
    assert escalate(NOW + timedelta(minutes=line.arrive_min)) == 1  # on the way, and not there in time
    assert fresh(incident).state == State.CALLED
    desk.arrive(team, incident, NOW)
    assert fresh(incident).due is None
    with pytest.raises(ValidationError):
        desk.done(team, incident, " ", NOW)
    desk.done(team, incident, "Đã can ngăn", NOW)
    assert escalate(NOW + timedelta(days=9)) == 0
    assert codes(incident) == ["opened", "called", "accepted", "escalated", "arrived", "done"]


def test_who_cannot_go_says_why_and_the_backup_is_called_at_once(head: User, east: Hamlet) -> None:
    team, duty = of_team(east), person(Role.DUTY)
    incident = opened(head, hamlet=east)
    with pytest.raises(ValidationError):
        desk.decline(team, incident, "", NOW)
    desk.decline(team, incident, "đang ở xa", NOW)
    assert list(calling(duty, NOW)) == [incident]
    desk.accept(duty, incident, NOW)
    assert fresh(incident).taken_by == duty


def test_given_to_somebody_else_the_clock_runs_anew(head: User, east: Hamlet) -> None:
    chief = of_team(east, Role.HAMLET_HEAD)
    incident = opened(head)
    with pytest.raises(ValidationError):
        desk.give(head, incident, Actor.HAMLET_HEAD, None, "", NOW)
    with pytest.raises(ValidationError):
        desk.give(head, incident, Actor.SECURITY_TEAM, east, "", NOW)  # nobody has that role there
    later = NOW + timedelta(minutes=30)
    desk.give(head, incident, Actor.HAMLET_HEAD, east, "gần nhà", later)
    assert list(calling(chief, later)) == [incident]
    assert fresh(incident).due == later + timedelta(minutes=incident.accept_min)


def a_tip(folder: Path, number: int = 1) -> tuple[Tip, str]:
    taken = take(TipDraft(Kind.THEFT, "Mất xe", place="chợ"), f"{number:032x}", KEY, folder, NOW)
    return taken.tip, taken.code


def test_a_tip_becomes_an_incident_and_is_answered_with_it(head: User, tmp_path: Path) -> None:
    (tip, code), (second, _) = a_tip(tmp_path), a_tip(tmp_path, 2)
    incident = opened(head, Kind.THEFT, tip=tip)
    assert desk.incident_of(tip) == incident
    with pytest.raises(ValidationError):
        opened(head, Kind.THEFT, tip=tip)
    assert Incident.objects.count() == 1  # and no number is lost by what was refused
    desk.add_tip(head, incident, second, NOW)
    with pytest.raises(ValidationError) as caught:
        desk.close(head, incident, Ending("", ""), NOW)
    assert set(caught.value.message_dict) == {"result", "note", "answer"}
    desk.close(head, incident, Ending(Result.SOLVED, "Bắt được", True, 35_000_000, "Đã tìm thấy xe."), NOW)
    found = find(grouped(code), KEY)
    assert found is not None
    assert (found.state, found.end, found.messages.get().words) == ("closed", "done", "Đã tìm thấy xe.")
    assert opened(head, Kind.THEFT).sign == "2/2026"


def test_a_merged_hamlet_s_incidents_and_tips_go_on_with_the_other(head: User, east: Hamlet, tmp_path: Path) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    of_team(east)
    other = of_team(west)
    incident = opened(head, hamlet=east)
    tip, _ = a_tip(tmp_path)
    tips.give(head, tip, hamlet_unit(east), "", NOW)
    merge_hamlets(head, east, west, Decree(head, date(2026, 1, 1)), NOW)
    assert list(calling(other, NOW)) == [incident]
    assert (fresh(incident).hamlet, fresh(incident).due) == (west, incident.due)
    assert list(tips_of(other, NOW)) == [tip]


def test_closed_and_opened_again(head: User) -> None:
    incident = opened(head)
    desk.close(head, incident, Ending(Result.UNSOLVED, "Không rõ", recovered_vnd=5), NOW)
    for act in (desk.accept, desk.arrive):
        with pytest.raises(ValidationError):
            act(head, incident, NOW)
    with pytest.raises(ValidationError):
        desk.reopen(head, incident, " ", NOW)
    later = NOW + timedelta(days=1)
    desk.reopen(head, incident, "Có nhân chứng", later)
    found = fresh(incident)
    assert (found.state, found.result, found.by_footage, found.recovered_vnd) == (State.CALLED, "", None, 0)
    assert found.due == later + timedelta(minutes=found.accept_min)


def test_linked_both_ways_and_once(head: User) -> None:
    one, two = opened(head), opened(head)
    desk.link(head, one, two, NOW)
    assert (desk.linked_with(one), desk.linked_with(two)) == ([two.key], [one.key])
    for wrong in (one, two):
        with pytest.raises(ValidationError):
            desk.link(head, one, wrong, NOW)


def test_footage_round_its_moment_is_held_in_its_number(head: User) -> None:
    one = camera()
    incident = opened(head)
    made = desk.hold_footage(head, incident, [one.key], NOW)
    found = hold_of(made.key)
    assert found is not None
    assert (found.first.reference, found.spans[0].start, found.spans[0].end) == (
        "1/2026", incident.happened - desk.HELD_BEFORE, NOW,
    )  # fmt: skip
    assert IncidentStep.objects.get(code=StepCode.HELD).thing == made.key
    with pytest.raises(ValidationError):
        desk.hold_footage(person(Role.AUDITOR), incident, [one.key], NOW)
    assert IncidentStep.objects.filter(code=StepCode.HELD).count() == 1


def test_cameras_that_have_the_place_in_view_come_before_those_that_hang_nearer() -> None:
    lat, lon = HERE
    near = camera("Gần", place="Gần", position=(lat + Decimal("0.0003"), lon))
    south = camera("Nhìn thấy", place="Nhìn", position=(lat - Decimal("0.0004"), lon))
    camera("Xa", place="Xa", position=(lat + Decimal("0.01"), lon))
    for key, bearing in ((near.key, 0.0), (south.key, 0.0)):  # both look north: the place lies behind the nearer one
        Eye.objects.filter(camera__key=key).update(bearing_deg=bearing, hfov_deg=70.0, height_m=5.0)
    found = seers(HERE, Camera.objects.select_related("site"))
    assert [(one.camera.name, one.level is not None) for one in found] == [("Nhìn thấy", True), ("Gần", False)]


def test_what_is_lacking_is_told_at_its_field(head: User) -> None:
    with pytest.raises(ValidationError) as caught:
        open_incident(head, IncidentDraft("dance", "", NOW + timedelta(hours=1), words="x" * 5000), NOW)
    assert set(caught.value.message_dict) == {"kind", "title", "happened", "words"}
