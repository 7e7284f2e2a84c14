"""Petitions: taken once, numbered without a hole, decided under two clocks, never raw to a resident, erased in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import NotAllowed
from luytre.base.letters import one_line
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import Role, User
from luytre.civic.evidence.models import What
from luytre.civic.evidence.requests import approved
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.signs import read_sign
from luytre.civic.petitions import desk, scans
from luytre.civic.petitions.cases import about, incident_of, tidied
from luytre.civic.petitions.desk import Deciding, Showing
from luytre.civic.petitions.erasing import erase_old
from luytre.civic.petitions.following import BadCode, find
from luytre.civic.petitions.footage import Footage, concerned, footage_of, is_urgent, outlook
from luytre.civic.petitions.kinds import Decision, End, Refusal, State
from luytre.civic.petitions.models import Petition, PetitionStep, StepCode
from luytre.civic.petitions.waiting import pressing
from luytre.civic.registry.holds import hold_of
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.regulations.rules import Actor, Approvals
from luytre.civic.tips.code import grouped
from luytre.civic.tips.erasing import KEPT_DAYS
from luytre.civic.tips.following import find as find_tip
from luytre.civic.tips.taking import TipDraft
from luytre.civic.tips.taking import take as take_tip
from tests.civic.petitions.cast import HERE, LETTER, NASTY, NOW, TIPS_KEY, asked, entered, fresh
from tests.civic.test_notice import OWN, put_in_force
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
MEET: dict[str, Any] = {"meet_at": NOW + timedelta(days=1), "meet_place": "Trụ sở Công an xã"}
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


@pytest.fixture
def gate() -> Camera:
    return camera("Cổng chợ")


def faults(**changes: object) -> set[str]:
    with pytest.raises(ValidationError) as found:
        asked(**changes)  # type: ignore[arg-type]
    return set(found.value.message_dict)


def codes(petition: Petition) -> list[str]:
    return [one.code for one in desk.steps_of(petition)]


def decided(by: User, petition: Petition, decision: str = Decision.SHOWN, at: datetime = NOW, **changes: Any) -> None:
    desk.decide(by, petition, Deciding(decision, "Xe của bà có trong hình.", **(MEET | changes)), at)


def lanes_of(petition: Petition, at: datetime) -> list[Footage]:
    look = outlook(at)
    return footage_of(petition, concerned(petition, look), look, at)


# --- taking -----------------------------------------------------------------------------------------------------------
def test_sent_twice_is_one_petition_and_its_code_is_no_tip_s(tmp_path: Path) -> None:
    one, again = asked(), asked()
    assert (one.code, one.petition.pk, again.again) == (again.code, again.petition.pk, True)
    tip = take_tip(TipDraft("theft", "x", place="y"), f"{1:032x}", TIPS_KEY, tmp_path, NOW)
    assert tip.code != one.code
    assert find(grouped(one.code), TIPS_KEY) == one.petition
    assert find_tip(one.code, TIPS_KEY) is None
    assert find(tip.code, TIPS_KEY) is None
    with pytest.raises(BadCode):
        find("ABCD", TIPS_KEY)


def test_numbers_have_no_hole_though_some_are_refused(head: User) -> None:
    eve = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 of the commune
    first = asked(1).petition.sign
    assert faults(number=2, words=" ")
    signs = [first, entered(head).sign, asked(3, eve).petition.sign, asked(4, eve + timedelta(minutes=2)).petition.sign]
    assert signs == ["Đ 1/2026", "Đ 2/2026", "Đ 3/2026", "Đ 1/2027"]


def test_the_clocks_are_working_days(head: User) -> None:
    friday = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    one = asked(at=friday).petition
    assert one.due == one.reply_due == datetime(2026, 12, 1, 16, 59, tzinfo=UTC)  # the end of Tuesday, 1 December
    assert one.access_due == datetime(2026, 12, 11, 16, 59, tzinfo=UTC)
    desk.read(head, one, friday)
    assert fresh(one).due == one.reply_due  # reading is no reply
    desk.write(head, one, "Mời bà chờ.", friday)
    assert fresh(one).due == one.access_due


def test_name_and_number_are_sealed_and_looking_is_a_step(head: User) -> None:
    one = asked().petition
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM petitions_petition")
        row = str(cursor.fetchall())
    assert "Mận" not in row
    assert "345 678" not in row
    assert desk.look_at_sender(head, one, NOW) == desk.Sender("Nguyễn Thị Mận", "0912 345 678")
    assert codes(one) == [StepCode.RECEIVED, StepCode.NUMBER]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"about": "x"}, {"about"}), ({"words": " \n "}, {"words"}), ({"words": "a" * 2001}, {"words"}),
        ({"place": " "}, {"place"}), ({"name": ""}, {"name"}), ({"phone": "12"}, {"phone"}), ({"start": None}, {"start"}),
        ({"start": None, "end": None}, {"start", "end"}), ({"end": NOW - timedelta(hours=6)}, {"end"}),
        ({"end": NOW + timedelta(hours=1)}, {"end"}),
        ({"start": NOW + timedelta(minutes=1), "end": NOW + timedelta(minutes=5)}, {"end"}),
        ({"start": NOW - timedelta(days=3 * 365)}, {"end"}),
        ({"start": NOW - timedelta(days=40), "end": NOW - timedelta(days=40, hours=-1)}, {"start"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(changes: dict[str, object], wrong: set[str]) -> None:
    assert faults(**changes) == wrong
    assert not Petition.objects.exists()


def test_old_footage_that_is_on_hold_may_be_asked_for(head: User, gate: Camera) -> None:
    first = asked(camera=gate).petition
    desk.hold_footage(head, first, [gate.key], NOW)
    much_later = NOW + timedelta(days=25)
    Commune.objects.create(retention_days=10)
    again = asked(2, much_later, start=NOW - timedelta(hours=5), end=NOW - timedelta(hours=3)).petition
    assert again.sign == "Đ 2/2026"
    with pytest.raises(ValidationError):
        asked(3, much_later, start=NOW - timedelta(days=3), end=NOW - timedelta(days=3, hours=-1))


def test_a_letter_is_whole_or_refused_at_its_fields(head: User) -> None:
    for changes, wrong in (
        ({"authority": " "}, {"authority"}), ({"number": ""}, {"letter_number"}), ({"scan": None}, {"scan"}),
        ({"day": NOW.date() + timedelta(days=2), "name": ""}, {"letter_day", "letter"}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as found:
            entered(head, letter=replace(LETTER, **changes))
        assert set(found.value.message_dict) == wrong
    one = entered(head, start=NOW - timedelta(days=3))
    assert PetitionStep.objects.get(petition=one.key).sha256 == "a" * 64


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"), (b"\xff\xd8\xff\xe0 \xff\xd9", "jpg"), (b"\x89PNG\r\n\x1a\n IEND", "png"), (b"RIFF1234WEBPVP8 ", "webp"),
        (b"", ""), (b"%PDF-1.7 cut", ""), (b"MZ\x90", ""), (b"<svg onload=alert(1)>", ""), (b"\xff\xd8\xff cut", ""),
    ],
)  # fmt: skip
def test_what_a_scan_is(data: bytes, kind: str) -> None:
    assert scans.kind_of(data) == kind


@given(st.binary(max_size=200))
def test_any_bytes_are_a_scan_or_none(data: bytes) -> None:
    assert scans.kind_of(data) in ("", "pdf", "jpg", "png", "webp")


def test_a_scan_is_kept_as_it_came_and_not_beyond_its_bound(tmp_path: Path) -> None:
    made = scans.keep(tmp_path, PDF)
    path = scans.path_of(tmp_path, made)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (PDF, 0o600)
    assert scans.keep(tmp_path, PDF) == made
    for data in (b"%PDF-" + b"0" * scans.MOST_BYTES + b"%%EOF", b"no pdf"):
        with pytest.raises(ValidationError):
            scans.keep(tmp_path, data)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


# --- footage ----------------------------------------------------------------------------------------------------------
def test_footage_that_goes_soon_is_urgent_until_it_is_held(head: User, gate: Camera) -> None:
    far = camera("Cầu", hamlet="Thôn Đoài", position=None)
    one = asked(hamlet=gate.site.hamlet).petition
    assert concerned(one, outlook(NOW)) == [gate]
    later = NOW + timedelta(days=28)
    assert [is_urgent(one, outlook(at), at) for at in (NOW, later, NOW + timedelta(days=40))] == [False, True, False]
    assert [found.urgent for found in pressing(later)] == [True]
    half = NOW - timedelta(hours=4) + timedelta(days=30)
    assert lanes_of(one, half)[0].gone == NOW - timedelta(hours=4)
    hold = desk.hold_footage(head, one, [gate.key], later)
    assert hold.first.reference == "Đ 1/2026"
    assert NASTY not in hold.first.reason
    one = fresh(one)
    assert (one.hold, one.camera_keys, hold_of(one.hold)) == (hold.key, [gate.key], hold)
    assert not is_urgent(one, outlook(later), later)
    assert [code for code in codes(one) if code != StepCode.RECEIVED] == [StepCode.CAMERAS, StepCode.HELD]
    desk.name_cameras(head, one, [far.key, gate.key], later)
    lanes = lanes_of(fresh(one), later)
    assert {found.camera: found.held for found in lanes} == {gate: True, far: False}
    for wrong in ([], ["nosuchcamera"]):
        with pytest.raises(ValidationError):
            desk.name_cameras(head, one, wrong, later)


def test_pressing_ones_stand_first() -> None:
    late, early = asked(1).petition, asked(2, NOW + timedelta(days=7)).petition
    at = NOW + timedelta(days=7)
    assert [(one.petition, one.late) for one in pressing(at)] == [(late, True), (early, False)]
    assert len(pressing(NOW)) == 2


def test_a_flood_of_petitions_costs_the_list_no_more_questions(head: User, gate: Camera) -> None:
    sign = incident_at(head, None).sign
    asked(1, camera=gate, case=sign)
    with CaptureQueriesContext(connection) as few:
        pressing(NOW)
    for number in range(2, 8):
        asked(number, camera=gate, case=sign)
    with CaptureQueriesContext(connection) as many:
        assert len(pressing(NOW)) == 7
    assert len(many) == len(few)


# --- the incident it is about -----------------------------------------------------------------------------------------
def incident_at(by: User, place: tuple[Decimal, Decimal] | None) -> Incident:
    draft = IncidentDraft(kind="theft", title="Mất xe", happened=NOW - timedelta(hours=4), position=place)
    return open_incident(by, draft, NOW)


def test_a_petition_names_its_incident_by_number_alone(head: User) -> None:
    incident = incident_at(head, None)
    typed = f" 0{incident.number} / {incident.year} "
    mine, other = asked(1, case=typed).petition, asked(2, case="12/2026 Công an tỉnh").petition
    assert (mine.case, incident_of(mine), list(about(incident))) == (incident.sign, incident, [mine])
    assert (other.case, incident_of(other)) == ("12/2026 Công an tỉnh", None)
    with pytest.raises(ValidationError) as caught:
        asked(3, case=f"{incident.number + 1}/{incident.year}")
    assert list(caught.value.message_dict) == ["case"]
    erase_old_one(mine)
    assert list(about(incident)) == []


def erase_old_one(petition: Petition) -> None:
    desk.withdraw(petition, NOW)
    erase_old(NOW + timedelta(days=KEPT_DAYS, minutes=1), Path("/nonexistent"))


@given(st.text(st.sampled_from("0129/ x٣"), max_size=12))
def test_any_text_is_an_incident_s_number_or_none(typed: str) -> None:
    found = read_sign(typed)
    assert tidied(typed) == (one_line(typed) if found is None else f"{found[0]}/{found[1]}")
    assert read_sign(tidied(typed)) == found
    assert found is None or (found[0] > 0 and 0 <= found[1] <= 9999 and set(typed) <= set("0129/ "))


def test_the_incident_s_place_says_which_cameras_are_offered(head: User, gate: Camera) -> None:
    """Rather than the camera that was scanned: whoever asks stood there, and it happened elsewhere."""
    far = camera("Cầu", hamlet="Thôn Đoài", position=(HERE[0] + Decimal("0.02"), HERE[1]))
    incident = incident_at(head, (HERE[0] + Decimal("0.0201"), HERE[1]))
    one = asked(1, camera=gate, case=incident.sign).petition
    assert concerned(one, outlook(NOW)) == [gate, far]
    assert concerned(asked(2, camera=gate).petition, outlook(NOW)) == [gate]
    assert concerned(asked(3, case=incident.sign).petition, outlook(NOW)) == [far]


# --- deciding ---------------------------------------------------------------------------------------------------------
def test_decided_shown_and_over(head: User, gate: Camera) -> None:
    one = asked(camera=gate).petition
    showing = Showing((gate.key,), NOW - timedelta(hours=4), NOW - timedelta(hours=3), "Một người dắt xe đi lúc 10:12.")
    with pytest.raises(ValidationError):
        desk.show(head, one, showing, NOW)
    decided(head, one)
    assert (fresh(one).state, fresh(one).due) == (State.DECIDED, one.access_due)
    for wrong in (replace(showing, cameras=()), replace(showing, start=None), replace(showing, seen=" ")):
        with pytest.raises(ValidationError):
            desk.show(head, one, wrong, NOW)
    desk.show(head, one, showing, NOW)
    done = fresh(one)
    assert (done.state, done.finish, done.due) == (State.CLOSED, End.SHOWN, None)
    step = desk.steps_of(one)[-1]
    assert (step.code, step.by, step.cameras, step.start, step.note) == (StepCode.SHOWN, head, gate.key, showing.start, "")
    with pytest.raises(ValidationError):
        decided(head, one)
    with pytest.raises(ValidationError):
        desk.withdraw(one, NOW)
    with pytest.raises(ValidationError):
        desk.write(head, one, "x", NOW)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"decision": "raw"}, {"decision"}), ({"decision": ""}, {"decision"}), ({"meet_at": None}, {"meet_at"}),
        ({"meet_at": NOW - timedelta(days=1), "meet_place": ""}, {"meet_at", "meet_place"}),
        ({"meet_at": NOW + timedelta(days=90)}, {"meet_at"}), ({"decision": Decision.REFUSED}, {"refusal"}),
    ],
)  # fmt: skip
def test_what_is_decided_wrongly_is_told_at_its_field(head: User, changes: dict[str, Any], wrong: set[str]) -> None:
    one = asked().petition
    with pytest.raises(ValidationError) as found:
        decided(head, one, **({"decision": Decision.SHOWN} | changes))
    assert set(found.value.message_dict) == wrong
    with pytest.raises(ValidationError):
        desk.decide(head, one, Deciding(Decision.REFUSED, " ", Refusal.GONE), NOW)


def test_no_raw_copy_to_a_resident_even_past_the_desk(head: User) -> None:
    one = asked().petition
    changes = {"decision": Decision.RAW, "decided": NOW, "decided_by": head}
    with pytest.raises(IntegrityError), transaction.atomic():
        Petition.objects.filter(pk=one.pk).update(**changes)
    with pytest.raises(ValidationError):
        desk.ask_clip(head, one, Reason("request", one.sign), NOW)


def test_a_refusal_ends_it_and_a_withdrawal_too(head: User) -> None:
    refused, taken_back = asked(1).petition, asked(2).petition
    decided(head, refused, Decision.REFUSED, refusal=Refusal.UNSEEN)
    assert (fresh(refused).finish, fresh(refused).meet_place) == (End.REFUSED, "")
    assert desk.steps_of(refused)[-1].refusal == Refusal.UNSEEN
    decided(head, taken_back)
    with pytest.raises(ValidationError):
        desk.close_absent(head, taken_back, NOW)
    desk.withdraw(taken_back, NOW)
    assert (fresh(taken_back).finish, desk.steps_of(taken_back)[-1].by) == (End.WITHDRAWN, None)


def test_nobody_came(head: User) -> None:
    one = asked().petition
    decided(head, one)
    desk.close_absent(head, one, NOW + timedelta(days=1))
    assert fresh(one).finish == End.ABSENT


def test_the_original_goes_by_a_clip_request_alone(head: User, gate: Camera) -> None:
    one = entered(head)
    desk.name_cameras(head, one, [gate.key], NOW)
    with pytest.raises(ValidationError):
        desk.ask_clip(head, one, Reason("order", one.sign), NOW)  # not decided
    decided(head, one, Decision.RAW)
    made = desk.ask_clip(head, one, Reason("order", one.sign), NOW)  # the rules want no approval, and the original still does
    assert (made.what, made.persons, fresh(one).clip) == (What.FULL, 1, made.key)
    with pytest.raises(ValidationError):
        desk.write(head, one, "x", NOW)


def test_an_authority_s_original_waits_for_the_approvals_of_the_regulation(gate: Camera) -> None:
    put_in_force(replace(OWN, export=Approvals(1, (Actor.HEAD,))))
    by = User.objects.get(username="head")
    at = timezone.now()
    one = entered(by, at, start=at - timedelta(hours=3), end=at - timedelta(hours=2))
    desk.name_cameras(by, one, [gate.key], at)
    decided(by, one, Decision.RAW, at, meet_at=at + timedelta(days=1))
    made = desk.ask_clip(by, one, Reason("request", one.sign), at)
    assert (made.reference, list(made.camera_keys)) == (one.sign, [gate.key])
    assert (fresh(one).clip, codes(one)[-1]) == (made.key, StepCode.CLIP)
    with pytest.raises(NotAllowed):
        approved(by, made.key, gate.key, Span(made.span_start, made.span_end), at)  # granted, and still closed
    with pytest.raises(ValidationError):
        desk.ask_clip(by, one, Reason("request", one.sign), at)


# --- erasing ----------------------------------------------------------------------------------------------------------
def test_what_is_over_is_erased_and_its_steps_hold_no_word_of_it(head: User, tmp_path: Path) -> None:
    scan = scans.keep(tmp_path, PDF)
    old, letter = asked(phone="0987 654 321").petition, entered(head, letter=replace(LETTER, scan=scan))
    desk.write(head, old, "Mời bà Mận đến.", NOW)
    for one in (old, letter):
        decided(head, one, Decision.REFUSED, refusal=Refusal.GONE)
    assert erase_old(NOW + timedelta(days=KEPT_DAYS - 1), tmp_path) == 0
    assert scans.path_of(tmp_path, scan).exists()
    assert erase_old(NOW + timedelta(days=KEPT_DAYS), tmp_path) == 2
    assert not scans.path_of(tmp_path, scan).exists()
    said = str(list(PetitionStep.objects.values()) + list(Petition.objects.values()))
    for word in ("Mận", "654 321", "Xe máy", "trước chợ", "12/CV-CAX"):
        assert word not in said, word
    assert fresh(old).messages.count() == 0
    assert (fresh(old).decision, fresh(old).sign) == (Decision.REFUSED, "Đ 1/2026")
    assert lanes_of(fresh(old), NOW) == []
