"""Requests to owners: asked within bounds, answered without shame, opened by a link that dies, and ended by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.looks import Reason
from luytre.civic.access.models import Look, Role, User
from luytre.civic.appeals import answering, custody, files, links
from luytre.civic.appeals.asking import Wanted, ask, listed_near
from luytre.civic.appeals.ending import destroy, end_old
from luytre.civic.appeals.manifest import FileRefused
from luytre.civic.appeals.models import Answer, Appeal, AppealFile, AppealStep, StepCode
from luytre.civic.appeals.scope import appeals_of
from luytre.civic.appeals.shelf import Shelf
from luytre.civic.appeals.steps import steps_of
from luytre.civic.appeals.verify import Trouble, verify
from luytre.civic.incidents import desk
from luytre.civic.incidents.desk import IncidentDraft
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.holds import WantedHold, lift_hold, set_hold
from luytre.civic.registry.models import Eye, Hamlet, Site
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
HERE = (Decimal("20.912400"), Decimal("105.971800"))
SPAN = (NOW - timedelta(hours=2), NOW - timedelta(hours=1))
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def secrets(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "appeals", 1000, lambda _folder: 10**9)


def eye(name: str = "Nhà số 5", metres_east: int = 10, **changes: Any) -> Eye:
    """Only listed, so far east of `HERE`."""
    hamlet, _made = Hamlet.objects.get_or_create(name="Thôn Đông")
    site = Site.objects.create(name=name, hamlet=hamlet, latitude=HERE[0], longitude=HERE[1] + Decimal(metres_east) / 104_000)
    return Eye.objects.create(name=name, site=site, **changes)


def incident(by: User, **changes: Any) -> Incident:
    return desk.open_incident(by, replace(IncidentDraft("theft", "Mất xe máy", NOW, position=HERE), **changes), NOW)


def end_incident(found: Incident) -> None:
    """As closing leaves it."""
    Incident.objects.filter(pk=found.pk).update(state="closed", closed=NOW, due=None, result="nothing")
    found.refresh_from_db()


def wanted(*eyes: Eye, **changes: Any) -> Wanted:
    return replace(Wanted(eyes, (SPAN,), "Xe máy bị lấy trước cổng chợ", NOW + DAY), **changes)


def asked(by: User) -> Appeal:
    return ask(by, incident(by), wanted(eye()), NOW)[0]


def arrived(appeal: Appeal, shelf: Shelf, data: bytes = b"dav" * 500) -> AppealFile:
    return files.take_whole(appeal, "ch01.dav", len(data), [data[:700], data[700:]], shelf, NOW)


def codes(appeal: Appeal) -> list[str]:
    return [step.code for step in steps_of(appeal)]


# --- asking -----------------------------------------------------------------------------------------------------------
def test_cameras_that_see_the_place_come_before_nearer_ones_and_connected_ones_not_at_all(head: User) -> None:
    near, far = eye("gần", 15), eye("xa", 900)
    seeing = eye("nhìn", 25, bearing_deg=270.0, hfov_deg=90.0)
    camera(position=HERE)
    eye("bỏ", archived=True)
    found = listed_near(incident(head), NOW)
    assert [(one.eye, one.sees) for one in found] == [(seeing, True), (near, False)]
    assert far not in [one.eye for one in found]
    assert {one.eye for one in listed_near(incident(head, position=None, hamlet=near.site.hamlet), NOW)} == {near, far, seeing}


def test_one_request_a_camera_with_its_first_step(head: User) -> None:
    made = ask(head, incident(head), wanted(eye("a"), eye("b"), spans=(SPAN, (SPAN[0] - DAY, SPAN[1] - DAY))), NOW)
    assert [one.spans.count() for one in made] == [2, 2]
    assert [codes(one) for one in made] == [["asked"], ["asked"]]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("eyes", {"eyes": ()}),
        ("why", {"why": " \n "}),
        ("why", {"why": "x" * 1001}),
        ("answer_by", {"answer_by": NOW}),
        ("answer_by", {"answer_by": NOW + 31 * DAY}),
        ("spans", {"spans": ()}),
        ("spans", {"spans": (SPAN,) * 7}),
        ("spans", {"spans": ((SPAN[1], SPAN[0]),)}),
        ("spans", {"spans": ((NOW - timedelta(hours=7), NOW - timedelta(minutes=59)),)}),
        ("spans", {"spans": ((NOW + timedelta(minutes=1), NOW + timedelta(hours=1)),)}),
        ("spans", {"spans": ((NOW - 91 * DAY, NOW - 91 * DAY + timedelta(hours=1)),)}),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(head: User, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        ask(head, incident(head), replace(wanted(eye()), **changes), NOW)
    assert set(caught.value.message_dict) == {field}
    assert not Appeal.objects.exists()


def test_a_connected_camera_and_a_closed_incident_are_not_asked_about(head: User) -> None:
    found, connected = incident(head), camera().eye
    with pytest.raises(ValidationError, match="connected"):
        ask(head, found, wanted(connected), NOW)
    end_incident(found)
    with pytest.raises(ValidationError, match="closed"):
        ask(head, found, wanted(eye()), NOW)


# --- the link and the answer --------------------------------------------------------------------------------------------
def test_a_link_is_kept_as_a_digest_dies_when_made_anew_and_ends(head: User) -> None:
    appeal = asked(head)
    old = links.make_link(head, appeal, NOW)
    assert links.by_link(old, NOW) == appeal
    new = links.make_link(head, appeal, NOW)
    assert links.by_link(old, NOW) is None
    assert links.by_link(new, NOW + 8 * DAY - timedelta(seconds=1)) == appeal
    assert links.by_link(new, NOW + 8 * DAY) is None
    assert new not in str(list(Appeal.objects.values()))
    assert [links.by_link(bad, NOW) for bad in ("", "0" * 31, "x" * 32, "0" * 32, "' OR 1=1 --")] == [None] * 5
    assert codes(appeal) == ["asked", "link", "link"]


def test_opening_is_written_once_and_answers_change_until_a_file_is_here(head: User, shelf: Shelf) -> None:
    appeal = asked(head)
    answering.open_appeal(appeal, NOW)
    answering.open_appeal(appeal, NOW)
    answering.answer(appeal, Answer.DECLINED, "", NOW)
    answering.answer(appeal, Answer.AGREED, "", NOW)
    answering.answer(appeal, Answer.AGREED, "tối nay", NOW)
    assert codes(appeal) == ["asked", "opened", "declined", "agreed"]
    appeal.refresh_from_db()
    assert answering.words_of(appeal) == "tối nay"
    assert "tối" not in appeal.sealed_words
    arrived(appeal, shelf)
    with pytest.raises(ValidationError, match="arrived"):
        answering.answer(appeal, Answer.DECLINED, "", NOW)
    answering.answer(appeal, Answer.FETCH, "còn một thẻ nhớ, 0912 345 678", NOW)


LACKING = [("", "", "answer"), ("fetch", " ", "words"), ("agreed", "x" * 401, "words")]


@pytest.mark.parametrize(("said", "words", "field"), LACKING)
def test_an_answer_that_lacks_something(head: User, said: str, words: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        answering.answer(asked(head), said, words, NOW)
    assert set(caught.value.message_dict) == {field}


def test_a_request_that_ended_takes_nothing_more(head: User, shelf: Shelf) -> None:
    appeal = asked(head)
    custody.close(head, appeal, "đã tìm thấy xe", NOW)
    for do in (
        lambda: answering.answer(appeal, Answer.AGREED, "", NOW),
        lambda: links.make_link(head, appeal, NOW),
        lambda: custody.close(head, appeal, "", NOW),
        lambda: arrived(appeal, shelf),
    ):
        with pytest.raises(ValidationError, match="has ended"):
            do()


def test_a_hamlet_s_people_meet_open_requests_of_their_hamlet_alone(head: User) -> None:
    appeal = asked(head)
    west = of_team(Hamlet.objects.create(name="Thôn Tây"))
    east = of_team(appeal.eye.site.hamlet)  # type: ignore[arg-type]
    assert [list(appeals_of(one, NOW)) for one in (head, east, west)] == [[appeal], [appeal], []]
    custody.close(head, appeal, "", NOW)
    assert [list(appeals_of(one, NOW)) for one in (head, east)] == [[appeal], []]


# --- custody ----------------------------------------------------------------------------------------------------------
def test_a_look_is_in_both_logs_and_handing_on_says_to_whom(head: User, shelf: Shelf) -> None:
    file = arrived(asked(head), shelf)
    custody.record(head, file, StepCode.VIEWED, Reason("crime", "1/2026", ""), NOW)
    look = Look.objects.get()
    assert look.camera == f"eye:{file.appeal.eye.key}"
    assert (look.kind, look.reference, look.span_start) == ("history", "1/2026", SPAN[0])
    with pytest.raises(ValidationError) as caught:
        custody.hand(head, file, "viewed", "", NOW)
    assert set(caught.value.message_dict) == {"how", "to"}
    custody.hand(head, file, StepCode.HANDED, "Cơ quan điều tra, 12/QĐ", NOW)
    assert [step.code for step in files.steps_of_file(file)] == ["begun", "arrived", "viewed", "handed"]


def test_files_go_a_while_after_their_incident_unless_it_is_held(head: User, shelf: Shelf) -> None:
    appeal = asked(head)
    answering.answer(appeal, Answer.AGREED, "gọi 0912 345 678", NOW)
    links.make_link(head, appeal, NOW)
    file = arrived(appeal, shelf)
    assert end_old(NOW + 999 * DAY, 180, shelf) == 0  # the incident is open
    end_incident(appeal.incident)
    assert end_old(NOW + 179 * DAY, 180, shelf) == 0
    late = NOW + 200 * DAY
    hold = WantedHold((camera().key,), late - DAY, late, appeal.incident.sign, "chờ xét xử", (late + 5 * DAY).date())
    set_hold(head, hold, late)
    assert end_old(late, 180, shelf) == 0
    assert shelf.kept(file.sha256).exists()
    assert end_old(late + 9 * DAY, 180, shelf) == 1
    assert not shelf.kept(file.sha256).exists()
    appeal.refresh_from_db()
    assert (appeal.sealed_words, appeal.link_digest) == ("", "")
    assert codes(appeal)[-3:] == ["closed", "destroyed", "erased"]
    assert end_old(late + 99 * DAY, 180, shelf) == 0


def test_taken_back_by_its_owner_a_file_is_destroyed_with_a_reason(head: User, shelf: Shelf) -> None:
    """Not while footage is on hold; while the incident is open by a second press alone; what another request has too stays."""
    one, two = ask(head, incident(head), wanted(eye("a"), eye("b")), NOW)
    file, other = arrived(one, shelf), arrived(two, shelf)
    shelf.watching(file.sha256).parent.mkdir(parents=True)
    shelf.watching(file.sha256).write_bytes(b"copy")
    hold = set_hold(
        head, WantedHold((camera().key,), NOW - DAY, NOW, one.incident.sign, "chờ xét xử", (NOW + 5 * DAY).date()), NOW
    )
    for sure in (False, True):
        with pytest.raises(ValidationError):
            destroy(head, file, "chủ nhà rút lại", NOW, shelf, sure=sure)
    lift_hold(head, hold, "hết cần", NOW)
    for why, field in ((" ", "destroy_why"), ("chủ nhà rút lại", "sure")):
        with pytest.raises(ValidationError) as caught:
            destroy(head, file, why, NOW, shelf)
        assert list(caught.value.message_dict) == [field]
    assert "destroyed" not in codes(one)
    destroy(head, file, "chủ nhà rút lại, đơn ngày 24/11", NOW, shelf, sure=True)
    step = AppealStep.objects.get(code="destroyed")
    assert (step.by, step.note, step.sha256) == (head, "chủ nhà rút lại, đơn ngày 24/11", file.sha256)
    assert AppealFile.objects.get(pk=file.pk).sealed_name == ""
    assert shelf.kept(file.sha256).exists()
    with pytest.raises(ValidationError):
        destroy(head, file, "lần nữa", NOW, shelf, sure=True)
    with pytest.raises(FileRefused):  # nothing comes back by the same link
        arrived(one, shelf)
    assert not list(shelf.folder.glob("coming/*"))
    end_incident(two.incident)
    destroy(head, other, "chủ nhà rút lại", NOW, shelf)
    assert not shelf.kept(file.sha256).exists()
    assert not shelf.watching(file.sha256).exists()
    assert verify(shelf).findings == ()


def test_a_file_of_two_requests_stays_while_one_needs_it(head: User, shelf: Shelf) -> None:
    one, two = ask(head, incident(head), wanted(eye("a"), eye("b")), NOW)
    file = arrived(one, shelf)
    arrived(two, shelf)
    Appeal.objects.filter(pk=two.pk).update(incident=incident(head))
    end_incident(one.incident)
    assert end_old(NOW + 181 * DAY, 180, shelf) == 1
    assert shelf.kept(file.sha256).exists()
    assert verify(shelf).findings == ()


def test_verify_goes_by_the_chain(head: User, shelf: Shelf) -> None:
    file = arrived(asked(head), shelf)
    assert (verify(shelf).files, verify(shelf).findings) == (1, ())
    path = shelf.kept(file.sha256)
    AppealFile.objects.all().delete()  # who can change rows
    stranger = path.with_name("0" * 64)
    stranger.write_bytes(b"?")
    assert [one.trouble for one in verify(shelf).findings] == [Trouble.UNKNOWN]
    stranger.unlink()
    path.chmod(0o600)
    assert [one.trouble for one in verify(shelf).findings] == [Trouble.WRITABLE]
    path.write_bytes(b"x" + path.read_bytes()[1:])
    assert [one.trouble for one in verify(shelf).findings] == [Trouble.CHANGED]
    path.unlink()
    assert [one.trouble for one in verify(shelf).findings] == [Trouble.MISSING]
    assert AppealStep.objects.filter(code=StepCode.ARRIVED).count() == 1
