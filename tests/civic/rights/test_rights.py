"""Claims to data and the breach file: clocks of the law, taken once, sealed, decided on a ground, erased in the end."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from luytre.civic.access.models import Role, User
from luytre.civic.petitions.following import find as find_petition
from luytre.civic.rights import breaches, desk, figures
from luytre.civic.rights.breaches import Account
from luytre.civic.rights.clocks import ACT_DAYS, clocks_of, extended
from luytre.civic.rights.desk import Deciding
from luytre.civic.rights.erasing import erase_old
from luytre.civic.rights.kinds import Decision, End, Ground, Right, State, Subject, decisions_for
from luytre.civic.rights.models import Breach, BreachStep, Claim, ClaimStep
from luytre.civic.rights.paper import answer_of, extension_of, notice_of, receipt_of
from luytre.civic.rights.taking import ClaimDraft, Taken, find, take
from luytre.civic.rights.waiting import Asked, asked_open, pressing, restrictions, to_notify
from luytre.civic.tips.erasing import KEPT_DAYS
from luytre.civic.tips.following import find as find_tip
from luytre.civic.tips.taking import TipDraft
from luytre.civic.tips.taking import take as take_tip
from luytre.civic.workdays.days import Holidays, between, built_in, is_working
from tests.civic.petitions.cast import HOLIDAYS, NOW, TIPS_KEY
from tests.civic.petitions.cast import asked as petition_asked
from tests.web.cast import camera, person

NAME, PHONE = "Nguyễn Thị Mận", "0912 345 678"
DRAFT = ClaimDraft(Right.DELETE, Subject.LEDGER, "Xin xóa tên tôi.", name=NAME, phone=PHONE)
ACCOUNT = Account(NOW - timedelta(hours=2), "Máy tính bị mất.", "Hình ba camera.", None, "Đã khóa tài khoản.")
VIEW = Deciding(Decision.VIEW, "Mời xem.", meet_at=NOW + timedelta(days=1), meet_place="Trụ sở Công an xã")
days = st.dates(date(2026, 1, 1), date(2027, 10, 1))
moments = st.integers(0, 510 * 1440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
calendars = st.builds(
    Holidays, st.frozensets(days, max_size=20), st.frozensets(days.filter(lambda day: day.weekday() >= 5), max_size=5)
)


def claimed(number: int = 1, at: datetime = NOW, by: User | None = None, **changes: Any) -> Taken:
    return take(replace(DRAFT, **changes), f"{number:032x}", TIPS_KEY, HOLIDAYS, at, by)


def footage(**changes: Any) -> dict[str, Any]:
    span = {"start": NOW - timedelta(hours=3), "end": NOW - timedelta(hours=2), "place": "trước chợ"}
    return {"right": Right.ACCESS, "subject": Subject.CAMERA, **span, **changes}


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


@given(st.sampled_from(list(Right)), moments, calendars)
def test_a_clock_is_exactly_the_laws_working_days(right: Right, at: datetime, holidays: Holidays) -> None:
    clocks, day = clocks_of(right, at, holidays), localdate(at)
    for moment, count in ((clocks.reply, 2), (clocks.act, {"restrict": 15, "object": 15, "delete": 20}.get(right, 10))):
        assert between(day, localdate(moment), holidays) == count
        assert is_working(localdate(moment), holidays)
        assert (localdate(moment) - day).days >= count
    later = extended(right, clocks.act, holidays)
    assert between(localdate(clocks.act), localdate(later), holidays) == ACT_DAYS[right]
    assert at < clocks.reply <= clocks.act < later


def test_the_clock_of_tet_passes_over_its_holidays() -> None:
    clocks = clocks_of(Right.DELETE, datetime(2027, 2, 4, 3, tzinfo=UTC), built_in([2027]))
    assert localdate(clocks.reply) == date(2027, 2, 15)


@pytest.mark.django_db
def test_sent_again_it_is_the_same_and_nothing_of_who_asked_lies_in_the_clear(head: User) -> None:
    first, again = claimed(), claimed()
    assert (again.again, again.code, again.claim.pk) == (True, first.code, first.claim.pk)
    assert Claim.objects.count() == ClaimStep.objects.count() == 1
    assert find(first.code.lower(), TIPS_KEY) == first.claim
    assert find_tip(first.code, TIPS_KEY) is None
    assert find_petition(first.code, TIPS_KEY) is None
    assert desk.look_at_sender(head, first.claim, NOW).name == NAME
    with connection.cursor() as cursor:
        kept = "".join(
            str(cursor.execute(f'SELECT * FROM "{table}"').fetchall())
            for table in ("rights_claim", "rights_claimstep", "rights_claimmessage")
        )
    assert "Mận" not in kept
    assert PHONE not in kept
    assert first.code not in kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"right": "war"}, "right"), ({"subject": "x"}, "subject"), ({"name": " "}, "name"), ({"phone": "số"}, "phone"),
        ({"words": "a" * 2001}, "words"), ({"right": Right.OBJECT, "words": ""}, "words"),
        ({"subject": Subject.TIP, "code": "hỏng"}, "code"), ({"subject": Subject.PETITION, "code": ""}, "code"),
        (footage(place=""), "place"), (footage(start=None), "start"), (footage(end=NOW - timedelta(hours=4)), "end"),
        (footage(end=NOW + timedelta(hours=4)), "end"), (footage(start=NOW - timedelta(days=2)), "end"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_takes_no_number(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        claimed(**changes)
    assert field in refused.value.message_dict
    assert not Claim.objects.exists()


@pytest.mark.django_db
def test_by_the_code_of_a_tip_or_a_petition_no_name_is_asked_for_and_the_code_is_not_kept(tmp_path: Any) -> None:
    told = take_tip(TipDraft("other", "Có người lạ.", True, place="chợ"), "a" * 32, TIPS_KEY, tmp_path, NOW)
    asked = petition_asked(7)
    by_tip = claimed(1, subject=Subject.TIP, code=told.code, name=NAME, phone="").claim
    by_petition = claimed(2, subject=Subject.PETITION, code=asked.code, name="", phone="").claim
    assert (by_tip.thing, by_petition.thing) == (told.tip.key, asked.petition.key)
    assert by_tip.sealed_name == ""  # typed without need: not kept
    with pytest.raises(ValidationError):
        claimed(3, subject=Subject.TIP, code=asked.code)


@pytest.mark.django_db
def test_footage_is_shown_or_refused_and_the_table_itself_refuses_more(head: User) -> None:
    assert decisions_for(Right.ACCESS, Subject.CAMERA) == (Decision.VIEW, Decision.COPY, Decision.REFUSED)
    claim = claimed(**footage(camera=camera())).claim
    with pytest.raises(ValidationError) as refused:
        desk.decide(head, claim, Deciding(Decision.GRANTED, "Được."), NOW)
    assert "decision" in refused.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(decision=Decision.GRANTED, decided=NOW, decided_by=head)
    desk.decide(head, claim, VIEW, NOW)
    for finish, words in ((End.DONE, "x"), (End.SHOWN, " "), (End.ABSENT, "")):
        with pytest.raises(ValidationError):
            desk.carry(head, claim, finish, words, NOW)
    desk.carry(head, claim, End.SHOWN, "Đã cho xem 10 phút.", NOW)
    assert fresh(claim).finish == End.SHOWN
    with pytest.raises(ValidationError):
        desk.carry(head, claim, End.SHOWN, "Đã cho xem.", NOW)


@pytest.mark.django_db
def test_a_blurred_copy_is_fetched_at_an_appointment(head: User) -> None:
    claim = claimed(**footage(camera=camera())).claim
    with pytest.raises(ValidationError) as refused:
        desk.decide(head, claim, replace(VIEW, decision=Decision.COPY, meet_at=None), NOW)
    assert set(refused.value.message_dict) == {"meet_at"}
    desk.decide(head, claim, replace(VIEW, decision=Decision.COPY), NOW)
    assert fresh(claim).meet_at == VIEW.meet_at
    for finish in (End.SHOWN, End.DONE):
        with pytest.raises(ValidationError):
            desk.carry(head, claim, finish, "Đã cho xem.", NOW)
    desk.carry(head, claim, End.HANDED, "Đã giao gói CC 4/2026.", NOW)
    assert fresh(claim).finish == End.HANDED


@pytest.mark.django_db
def test_refused_on_a_ground_extended_once_and_late_ones_first(head: User) -> None:
    early, late = claimed(1, at=NOW - timedelta(days=9)).claim, claimed(2).claim
    assert [(one.claim.pk, one.late) for one in pressing(NOW)] == [(early.pk, True), (late.pk, False)]
    petition_asked(7)
    assert asked_open() == Asked(1, 2)
    before = late.act_due
    desk.extend(head, late, "Cần hỏi thêm.", HOLIDAYS, NOW)
    assert fresh(late).due == fresh(late).act_due > before
    with pytest.raises(ValidationError):
        desk.extend(head, late, "Lần nữa.", HOLIDAYS, NOW)
    with pytest.raises(ValidationError):
        desk.extend(head, early, "Muộn.", HOLIDAYS, early.act_due + timedelta(minutes=1))
    with pytest.raises(ValidationError) as refused:
        desk.decide(head, early, Deciding(Decision.REFUSED, " "), NOW)
    assert set(refused.value.message_dict) == {"reason", "ground"}
    desk.decide(head, early, Deciding(Decision.REFUSED, "Sổ phải giữ.", Ground.BY_LAW), NOW)
    assert (fresh(early).state, fresh(early).due) == (State.CLOSED, None)
    assert ClaimStep.objects.filter(claim=early.key, ground=Ground.BY_LAW, by=head).exists()
    assert asked_open() == Asked(1, 1)
    with pytest.raises(ValidationError):
        desk.withdraw(early, NOW)


@pytest.mark.django_db
def test_a_restriction_is_a_mark_until_it_is_lifted(head: User, tmp_path: Any) -> None:
    told = take_tip(TipDraft("other", "Có người lạ.", True, place="chợ"), "a" * 32, TIPS_KEY, tmp_path, NOW)
    claim = claimed(right=Right.RESTRICT, subject=Subject.TIP, code=told.code).claim
    desk.decide(head, claim, Deciding(Decision.GRANTED, "Được."), NOW)
    assert restrictions(Subject.TIP, told.tip.key) == []
    desk.carry(head, claim, End.DONE, "Đã đánh dấu.", NOW)
    assert restrictions(Subject.TIP, told.tip.key) == [claim]
    assert restrictions(Subject.TIP, "") == []
    desk.lift(head, claim, "Đã làm rõ.", NOW)
    assert restrictions(Subject.TIP, told.tip.key) == []
    with pytest.raises(ValidationError):
        desk.lift(head, claim, "Lần nữa.", NOW)


@pytest.mark.django_db
def test_after_its_term_all_that_is_of_who_asked_is_gone(head: User) -> None:
    claim = claimed().claim
    desk.write(head, claim, "Mời bà chờ.", NOW)
    desk.decide(head, claim, Deciding(Decision.REFUSED, "Sổ phải giữ.", Ground.BY_LAW), NOW)
    assert erase_old(NOW + timedelta(days=KEPT_DAYS - 1)) == 0
    assert erase_old(NOW + timedelta(days=KEPT_DAYS)) == 1
    assert erase_old(NOW + timedelta(days=KEPT_DAYS)) == 0
    gone = fresh(claim)
    assert (gone.words, gone.reason, gone.sealed_name, gone.sealed_phone, gone.messages.count()) == ("", "", "", "", 0)
    assert (gone.number, gone.decision) == (1, Decision.REFUSED)


@pytest.mark.django_db
def test_letters_say_what_was_asked_and_decided(head: User) -> None:
    claim = claimed().claim
    desk.extend(head, claim, "Cần hỏi thêm.", HOLIDAYS, NOW)
    desk.decide(head, claim, Deciding(Decision.REFUSED, "Sổ phải giữ.", Ground.BY_LAW), NOW)
    claim = fresh(claim)
    texts = [
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
        for made in (receipt_of(claim, NAME, NOW), extension_of(claim, NAME, NOW), answer_of(claim, NAME, NOW))
    ]
    for said, text in zip(("BIÊN NHẬN", "Cần hỏi thêm.", "Sổ phải giữ."), texts, strict=True):
        assert said in text
        assert claim.sign in text
        assert "đề xuất" in text


@pytest.mark.django_db
def test_figures_count_each_claim_at_the_moment_it_is_counted_by(head: User) -> None:
    open_late = claimed(1, at=NOW - timedelta(days=61)).claim
    late, granted, refused = claimed(2, at=NOW - timedelta(days=57)).claim, claimed(3).claim, claimed(4).claim
    given_up = claimed(5, at=NOW - timedelta(days=56)).claim
    desk.withdraw(given_up, given_up.act_due - timedelta(days=1))
    desk.decide(head, late, Deciding(Decision.GRANTED, "Được."), NOW)
    desk.decide(head, granted, Deciding(Decision.GRANTED, "Được."), NOW)
    desk.decide(head, refused, Deciding(Decision.REFUSED, "Không.", Ground.OTHERS), NOW)
    desk.decide(head, granted, Deciding(Decision.GRANTED, "Được, sửa lời."), granted.act_due + timedelta(days=1))
    begin, today, end = NOW - timedelta(days=62), NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    assert [one.key for one in figures.received(begin, today)] == [open_late.key, late.key, given_up.key]
    assert [(one.key, one.refused, one.in_time) for one in figures.decided(today, end)] == [
        (late.key, False, False), (granted.key, False, True), (refused.key, True, True),
    ]  # fmt: skip
    assert [one.key for one in figures.ran_out(begin, end)] == [open_late.key, late.key]
    assert figures.ran_out(begin, late.act_due) == figures.ran_out(begin, end)[:1]
    assert figures.decided(begin, today) == []
    assert figures.ran_out(today, granted.act_due + timedelta(days=1)) == []  # decided anew after its term: answered before


@pytest.mark.django_db
def test_a_breach_runs_72_hours_and_is_closed_with_its_notice_and_lessons(head: User) -> None:
    one = breaches.open_file(head, ACCOUNT, "a", NOW)
    assert breaches.open_file(head, ACCOUNT, "a", NOW) == one
    assert one.notice_due - one.noticed == timedelta(hours=72)
    assert to_notify() == [one]
    breaches.change(head, one, replace(ACCOUNT, people=3, what="Máy tính bị lấy cắp."), NOW)
    assert [step.people for step in BreachStep.objects.all()] == [None, 3]
    assert "Máy tính bị mất." in BreachStep.objects.all()[0].note
    with pytest.raises(ValidationError):
        breaches.close(head, one, "confirmed", "Khóa tủ.", NOW)
    with pytest.raises(ValidationError):
        breaches.notify(head, one, NOW - timedelta(days=1), "Công văn 12", NOW)
    breaches.notify(head, one, NOW, "Công văn 12", NOW)
    assert to_notify() == []
    with pytest.raises(ValidationError) as refused:  # it would have been told before it was noticed
        breaches.change(head, one, replace(ACCOUNT, noticed=NOW + timedelta(seconds=30)), NOW)
    assert set(refused.value.message_dict) == {"noticed"}
    for press in (lambda: breaches.notify(head, one, NOW, "Lần nữa", NOW), lambda: breaches.close(head, one, "", "x", NOW)):
        with pytest.raises(ValidationError):
            press()
    breaches.decide_telling(head, one, "told", "Gọi điện cho ba hộ.", NOW)
    end = NOW + timedelta(minutes=1)
    assert figures.confirmed(NOW, end) == []
    breaches.close(head, one, "confirmed", "Khóa tủ.", NOW)
    assert [(found.key, found.in_time, found.place) for found in figures.confirmed(NOW, end)] == [(one.key, True, "")]
    assert figures.confirmed(NOW - timedelta(days=1), NOW) == []  # by when it was confirmed, not noticed
    with pytest.raises(ValidationError):
        breaches.change(head, one, ACCOUNT, NOW)
    text = PdfReader(io.BytesIO(notice_of(Breach.objects.get(), NOW))).pages[0].extract_text()
    for said in (one.sign, "dự thảo", "72 giờ", "Máy tính bị lấy cắp."):
        assert said in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"), ({"data": ""}, "data"), ({"measures": "a" * 2001}, "measures"), ({"people": -1}, "people"),
        ({"noticed": None}, "noticed"), ({"noticed": NOW + timedelta(hours=1)}, "noticed"),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_told_at_its_field(head: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        breaches.open_file(head, replace(ACCOUNT, **changes), "a", NOW)
    assert list(refused.value.message_dict) == [field]
    assert not Breach.objects.exists()
