"""Alarms: kept as the matrix had them, answered by parties, drills that are never taken for real, trees, ends, chains."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, UnitKind, User
from luytre.civic.access.units import Decree, found
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.coordination.force import InForce, in_force_now
from luytre.civic.coordination.rules import Signal
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.incidents.models import Incident, IncidentStep
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit, merge_hamlets
from luytre.civic.signals import answers, tree
from luytre.civic.signals.desk import Ending, SoundingDraft, end, make_incident, sound
from luytre.civic.signals.erasing import KEPT_DAYS, forget_old
from luytre.civic.signals.figures import count, minutes, records
from luytre.civic.signals.meaning import parted
from luytre.civic.signals.models import Called, SignalStep, Sounding, TreeLine
from luytre.civic.signals.paper import table_pdf
from luytre.civic.signals.scope import RINGS_FOR, called_of, calling, may_end, may_enter, soundings_of
from luytre.civic.signals.tree import LineDraft
from tests.web.cast import EARLY, PASSWORD, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 14, 5, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
THIEVES = BUILT_IN.signals[1]


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


@pytest.fixture
def east() -> Hamlet:
    return Hamlet.objects.create(name="Thôn Đông")


def of_hamlet(hamlet: Hamlet, name: str = "team", role: str = Role.SECURITY_TEAM) -> User:
    user = User.objects.create_user(f"{name}-{hamlet.pk}", PASSWORD)
    assign(None, user, Wanted(role, place_key(hamlet), first_day=EARLY), NOW)
    return user


def sounded(by: User, hamlet: Hamlet | None, at: datetime = NOW, **changes: object) -> Sounding:
    number = Sounding.objects.count()
    fields: dict[str, object] = {"once": f"k{number}", "signal": THIEVES, "means": "gong", "drill": False, "hamlet": hamlet}
    return sound(by, SoundingDraft(**{**fields, **changes}), at)  # type: ignore[arg-type]


def later(minutes_: int) -> datetime:
    return NOW + timedelta(minutes=minutes_)


def refused(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict) if hasattr(error.value, "error_dict") else {"__all__"}


def test_who_is_called_is_written_down_at_the_first_moment(duty: User, east: Hamlet) -> None:
    of_hamlet(east)
    below = found(UnitKind.UNIT, "Tổ liên gia số 1", Decree(day=date(2020, 1, 1)), above=hamlet_unit(east))
    found(UnitKind.UNIT, "Đội dân phòng", Decree(day=date(2020, 1, 1)), above=hamlet_unit(east))
    first = tree.add(east, LineDraft("Bà Mận", "0912 345 678", unit=below.pk), TODAY)
    tree.add(east, LineDraft("Ông Tám", caller=first.key), TODAY)
    made = sounded(duty, east)
    assert (made.sign, made.meaning, made.matrix, made.number_sign) == (THIEVES.sign, THIEVES.meaning, 0, "1/2026")
    told = [(one.actor, one.name, one.caller) for one in made.called.all()]
    assert told == [
        ("duty", "", ""), ("security_team", "Thôn Đông", ""), ("", "Đội dân phòng", ""), ("", "Bà Mận", ""),
        ("", "Ông Tám", "Bà Mận"),
    ]  # fmt: skip
    of_hamlet(east, "head", Role.HAMLET_HEAD)
    tree.remove(first)
    assert [one.name for one in made.called.all()] == [name for _actor, name, _caller in told]
    step = SignalStep.objects.get()
    assert (step.code, step.thing, step.figure, step.place) == ("sounded", "gong", 0, place_key(east))


def test_the_whole_commune_calls_every_hamlet_and_is_the_polices(duty: User, east: Hamlet) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    team, other = of_hamlet(east), of_hamlet(west)
    for by, where in ((team, None), (team, west)):
        with pytest.raises(ValidationError) as error:
            sounded(by, where)
        assert refused(error) == {"hamlet"}
    made = sounded(duty, None)
    assert [(one.actor, one.name) for one in made.called.all()] == [
        ("duty", ""), ("security_team", "Thôn Đoài"), ("security_team", "Thôn Đông"),
    ]  # fmt: skip
    assert set(calling(team, NOW)) == set(calling(other, NOW)) == {made}
    assert not may_end(team, made, NOW)
    assert [one.name for one in called_of(team, NOW)] == ["", "Thôn Đông"]
    own = sounded(team, east, later(1))
    assert set(soundings_of(other, NOW)) == {made}
    assert may_end(team, own, NOW)
    east.delete()  # a hamlet that is no more makes nothing the whole commune's
    assert set(soundings_of(other, NOW)) == {made}
    assert Sounding.objects.get(pk=own.pk).hamlet_name == "Thôn Đông"


def test_bad_input_is_told_at_its_fields_and_takes_no_number(duty: User, east: Hamlet) -> None:
    incident = open_incident(duty, IncidentDraft("theft", "Mất trâu", NOW), NOW)
    wrong: dict[str, object] = {
        "signal": Signal("Kẻng hai tiếng", "Không có"), "means": "smoke", "place": "x" * 201,
        "sounded": NOW - timedelta(hours=13), "drill": True, "incident": incident,
    }  # fmt: skip
    with pytest.raises(ValidationError) as error:
        sounded(duty, east, **wrong)
    assert refused(error) == {"signal", "means", "place", "sounded", "drill"}
    assert sounded(duty, east, sounded=later(9)).sounded == NOW  # a telephone's clock that runs ahead
    first = sounded(duty, east, once="same")
    assert sounded(duty, east, once="same") == first
    with pytest.raises(ValidationError) as error:
        sounded(of_hamlet(east), east, once="same")
    assert refused(error) == {"once"}
    assert list(Sounding.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_drill_is_never_taken_for_real(duty: User, east: Hamlet) -> None:
    made = sounded(duty, east, drill=True)
    with pytest.raises(ValidationError, match="never becomes"):
        make_incident(duty, made, "theft", NOW)
    assert not Incident.objects.exists()
    assert SignalStep.objects.get().code == "drill"
    incident = open_incident(duty, IncidentDraft("theft", "Mất trâu", NOW), NOW)
    with pytest.raises(IntegrityError, match="CHECK"), transaction.atomic():
        Sounding.objects.update(incident=incident)


def test_an_answer_silences_whoever_gave_it_and_the_police_answer_for_one_another(duty: User, east: Hamlet) -> None:
    one, two, head = of_hamlet(east), of_hamlet(east, "two"), person(Role.HEAD)
    made = sounded(one, east)
    assert [list(calling(user, NOW)) for user in (one, two, duty, head)] == [[], [made], [made], [made]]
    answers.answer(two, made, "cannot", later(1))
    answers.answer(duty, made, "coming", later(2))
    answers.answer(duty, made, "coming", later(3))  # pressed twice
    assert [list(calling(user, NOW)) for user in (two, duty, head)] == [[], [], []]
    three = of_hamlet(east, "three")
    answers.answer(three, made, "here", later(4))
    answers.answer(two, made, "coming", later(5))
    party = made.called.get(actor="security_team", person=None)
    assert (party.state, party.answered, party.here) == ("here", later(1), later(4))
    assert made.called.get(person=two).state == "coming"
    with pytest.raises(ValidationError):
        answers.answer(two, made, "waiting", later(5))
    assert [step.code for step in SignalStep.objects.all()] == ["sounded", "cannot", "coming", "here", "coming"]
    assert list(calling(of_hamlet(east, "four"), NOW + RINGS_FOR)) == []


def test_what_others_answered_is_entered_with_its_minute(duty: User, east: Hamlet) -> None:
    team = of_hamlet(east)
    tree.add(east, LineDraft("Bà Mận"), TODAY)
    made = sounded(duty, east)
    police, role, line = made.called.all()
    assert [may_enter(team, one, NOW) for one in (police, role, line)] == [False, False, True]
    assert [may_enter(duty, one, NOW) for one in (police, role, line)] == [True, True, True]
    for said in (NOW - timedelta(minutes=1), later(30)):
        with pytest.raises(ValidationError) as error:
            answers.enter(duty, line, "coming", said, later(20))
        assert refused(error) == {"said"}
    with pytest.raises(ValidationError):
        answers.enter(duty, line, "gone", None, NOW)
    answers.enter(duty, line, "coming", later(3).replace(second=0), later(20))
    answers.reach(team, line, False, later(21))
    answers.reach(team, line, True, later(22))
    answers.reach(team, line, True, later(23))
    line.refresh_from_db()
    assert (minutes(made, line.answered), line.reached, line.reached_at) == (2, True, later(22))
    end(duty, made, Ending("done", "Bắt được trộm", 25), later(30))
    answers.enter(duty, role, "here", later(10), later(60))
    with pytest.raises(ValidationError):
        answers.enter(duty, role, "here", later(11), later(31) + answers.AFTER)
    with pytest.raises(ValidationError):
        answers.answer(team, made, "here", later(31))
    assert [one.moment for one in SignalStep.objects.filter(code="coming")] == [later(3).replace(second=0)]


def test_the_end_says_what_came_of_it_once(duty: User, east: Hamlet) -> None:
    made = sounded(duty, east)
    with pytest.raises(ValidationError) as error:
        end(duty, made, Ending("", " ", 10**9), NOW)
    assert refused(error) == {"end", "words", "came"}
    end(duty, made, Ending("false", "Trẻ em nghịch kẻng", None), later(5))
    with pytest.raises(ValidationError):
        end(duty, made, Ending("done", "Xong"), later(6))
    with pytest.raises(ValidationError, match="false alarm"):
        make_incident(duty, made, "theft", later(6))
    step = SignalStep.objects.last()
    assert step is not None
    assert (step.code, step.thing, step.note, step.figure) == ("ended", "false", "Trẻ em nghịch kẻng", None)


def test_to_an_incident_by_one_press_and_from_one(duty: User, east: Hamlet) -> None:
    made = sounded(duty, east, place="ngã ba chợ")
    with pytest.raises(ValidationError):
        make_incident(duty, made, "nonsense", later(1))
    incident = make_incident(duty, made, "theft", later(1))
    assert (incident.title, incident.hamlet, incident.place) == ("Trộm cướp, đánh nhau", east, "ngã ba chợ")
    assert incident.happened == NOW
    with pytest.raises(ValidationError):
        make_incident(duty, made, "theft", later(2))
    sounded(duty, east, later(3), incident=incident)
    last = IncidentStep.objects.filter(incident=incident.key).last()
    assert last is not None
    assert last.note == "đã báo động số 2/2026: Kẻng ba tiếng một, ba hồi"


def test_figures_count_parties_and_not_people(duty: User, east: Hamlet) -> None:
    one, two = of_hamlet(east), of_hamlet(east, "two")
    for name in ("Bà Mận", "Ông Tám"):
        tree.add(east, LineDraft(name), TODAY)
    made = sounded(duty, east, drill=True)
    answers.answer(one, made, "coming", later(3))
    answers.answer(two, made, "here", later(8))
    answers.reach(duty, made.called.get(name="Bà Mận"), True, later(2))
    answers.reach(duty, made.called.get(name="Ông Tám"), False, later(2))
    told = count(made, made.called.all())
    assert (told.called, told.answered, told.here, told.first_min, told.there_min) == (4, 1, 1, 3, 8)
    assert [each.name for each in told.unreached] == ["", "Ông Tám"]  # the police, whom nobody asked, and him
    again = sounded(duty, east, later(60), drill=True)
    answers.answer(one, again, "coming", later(67))
    [team] = [each for each in records([made, again], Called.objects.all()) if each.actor == "security_team"]
    assert (team.called, team.answered, team.came, team.usual_min, team.slowest_min) == (2, 2, 1, 5.0, 7)


def test_a_tree_has_no_circle_and_keeps_its_numbers_sealed(east: Hamlet) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    elsewhere = found(UnitKind.UNIT, "Tổ khác", Decree(day=date(2020, 1, 1)), above=hamlet_unit(west))
    one = tree.add(east, LineDraft("Một", "0912 345 678"), TODAY)
    two = tree.add(east, LineDraft("Hai", caller=one.key), TODAY)
    three = tree.add(east, LineDraft("Ba", caller=two.key), TODAY)
    four = tree.add(east, LineDraft("Bốn"), TODAY)
    assert "0912" not in one.sealed_phone
    for draft, fields in (
        (LineDraft("", "gọi nhà bên", unit=elsewhere.pk), {"name", "phone", "unit"}),
        (LineDraft("Một", caller=three.key), {"caller"}),
        (LineDraft("Một", caller=one.key), {"caller"}),
        (LineDraft("Một", caller=tree.add(west, LineDraft("x"), TODAY).key), {"caller"}),
    ):
        with pytest.raises(ValidationError) as error:
            tree.change(one, draft, TODAY)
        assert refused(error) == fields
    shape = [(each.line.name, each.depth) for each in tree.tree_of(east)]
    assert shape == [("Một", 0), ("Hai", 1), ("Ba", 2), ("Bốn", 0)]
    tree.earlier(four)
    tree.remove(TreeLine.objects.get(pk=two.pk))
    assert [(each.line.name, each.depth) for each in tree.tree_of(east)] == [("Bốn", 0), ("Một", 0), ("Ba", 1)]


def test_a_hamlet_that_is_merged_takes_its_tree_and_its_alarm_along(duty: User, east: Hamlet) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    hamlet_unit(east), hamlet_unit(west)
    tree.add(west, LineDraft("Bà Mận"), TODAY)
    tree.add(east, LineDraft("Ông Tám"), TODAY)
    made = sounded(duty, east)
    merge_hamlets(duty, east, west, Decree(duty, TODAY), NOW)
    assert [each.line.name for each in tree.tree_of(west)] == ["Bà Mận", "Ông Tám"]
    assert made in soundings_of(of_hamlet(west), NOW)
    assert Called.objects.get(sounding=made, name="Ông Tám").hamlet == west


def test_names_of_the_tree_go_a_year_after_the_end(duty: User, east: Hamlet) -> None:
    below = found(UnitKind.UNIT, "Tổ liên gia số 1", Decree(day=date(2020, 1, 1)), above=hamlet_unit(east))
    first = tree.add(east, LineDraft("Bà Mận", "0912 345 678", unit=below.pk), TODAY)
    tree.add(east, LineDraft("Ông Tám", caller=first.key), TODAY)
    made, runs = sounded(duty, east), sounded(duty, east)
    answers.enter(duty, made.called.get(name="Ông Tám"), "coming", None, later(3))
    end(duty, made, Ending("done", "Xong"), later(9))
    assert forget_old(later(8) + timedelta(days=KEPT_DAYS)) == 0
    assert forget_old(later(9) + timedelta(days=KEPT_DAYS)) == 2
    assert forget_old(later(9) + timedelta(days=KEPT_DAYS)) == 0
    told = [(one.name, one.caller, one.line, minutes(made, one.answered)) for one in made.called.exclude(actor="duty")]
    assert told == [("Tổ liên gia số 1", "", None, None), ("", "", None, 3)]
    assert runs.called.filter(name="Ông Tám").exists()


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_meaning_in_two_parts_loses_nothing(what: str, to_do: str) -> None:
    first, second = parted(f"{what}:{to_do}")
    kept = re.sub(r"\s", "", f"{first}:{second}" if second else first).casefold()
    assert kept == re.sub(r"\s", "", f"{what}:{to_do}").casefold()
    assert parted(what.replace(":", "")) == (what.replace(":", "").strip(), "")


def test_the_table_for_the_cultural_house_is_one_sheet_of_what_is_in_force() -> None:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(table_pdf(in_force_now(NOW), NOW))
    [page] = list(pdf)
    said = " ".join(page.get_textpage().get_text_range().split())
    for one in BUILT_IN.signals:
        assert one.sign in said
    assert "Mọi người mang dụng cụ chữa cháy" in said
    assert "là đề xuất" in said
    assert len(pypdfium2.PdfDocument(table_pdf(InForce(BUILT_IN), NOW))) == 1
