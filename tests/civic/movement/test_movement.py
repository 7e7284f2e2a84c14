"""Agreements with owners: the exact text is signed, less holds at once, every use is told, what opens on alarm, what ends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as some

from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.appeals.asking import Wanted as Asked
from luytre.civic.appeals.asking import ask, listed_near
from luytre.civic.chain.proof import prove
from luytre.civic.filed import Filed
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.incidents.models import Incident
from luytre.civic.movement import alarms, desk, erasing, links, offers
from luytre.civic.movement.desk import OtherText, Shown, Signing
from luytre.civic.movement.models import MovementStep, Offer, OwnerLink, Signature
from luytre.civic.movement.paper import agreement_pdf
from luytre.civic.movement.strokes import HEIGHT, WIDTH, NoSignature, read_strokes, write_strokes
from luytre.civic.movement.text import Owner, text_from
from luytre.civic.movement.uses import UseKind, uses_of
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.lending import openings
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera, Eye, Hamlet
from luytre.civic.registry.register import Tier
from luytre.civic.registry.terms import Terms, terms_of
from luytre.civic.regulations.rules import Hours
from luytre.civic.signals.models import Sounding
from tests.civic.test_lending import lent
from tests.web.cast import hold, person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
OWNER = Owner("Nguyễn Thị Mận", "0912 345 678")
SIGNED = json.dumps([[[x, (x * 7) % HEIGHT] for x in range(100, 600, 20)]])
EVENING = Terms(Tier.LIVE, Hours(18 * 60, 6 * 60), 7)
points = some.lists(some.integers(-2, WIDTH + 2), min_size=2, max_size=2)


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def agree(by: User, eye: Eye, wanted: Terms = EVENING, over: int = 0, at: datetime = AT) -> None:
    text = desk.text_for(eye, OWNER, wanted, at)
    desk.sign(by, eye, OWNER, wanted, Shown(text.digest, over), Signing(SIGNED), at)


@settings(max_examples=80)
@given(some.lists(some.lists(points, min_size=1, max_size=30), min_size=1, max_size=6))
def test_a_signature_is_read_as_it_was_drawn_or_not_at_all(drawn: list[list[list[int]]]) -> None:
    try:
        found = read_strokes(json.dumps(drawn))
    except NoSignature:
        return
    assert [[list(point) for point in stroke] for stroke in found] == drawn
    assert read_strokes(write_strokes(found)) == found
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for stroke in found for x, y in stroke)


@pytest.mark.parametrize(
    "sent", ["", "[]", "[[]]", "null", "[[[1,2]]]", "[[[1,2],[3,true]]]", "[" * 5000, json.dumps([[[5, 5]] * 40]), "9" * 200_000]
)
def test_what_is_no_signature_is_refused(sent: str) -> None:
    with pytest.raises(NoSignature):
        read_strokes(sent)


@settings(max_examples=60)
@given(some.text(max_size=60))
def test_any_text_is_read_as_a_signature_or_refused(sent: str) -> None:
    with pytest.raises(NoSignature):
        read_strokes(sent)


def test_what_was_shown_is_what_is_signed_and_in_force(head: User) -> None:
    eye, _camera = lent()
    text = desk.text_for(eye, OWNER, EVENING, AT)
    assert desk.text_for(eye, OWNER, EVENING, AT + timedelta(days=3)).digest == text.digest, "no hour is in it"
    assert text_from(text.as_json()) == text
    said = text.as_json()
    for part in ("18:00–06:00", "nhiều nhất 7 ngày", "Không bao giờ thu tiếng", OWNER.name, "Chưa có vùng nào"):
        assert part in said
    agree(head, eye)
    assert terms_of(eye.key) == replace(EVENING, number=1)
    kept = Signature.objects.get()
    assert (kept.digest, kept.way) == (text.digest, "screen")
    assert OWNER.name not in kept.sealed_text
    eye.refresh_from_db()
    assert (eye.owner_name, eye.owner_phone, eye.tier) == (OWNER.name, OWNER.phone, Tier.LIVE)
    step = MovementStep.objects.get()
    assert (step.code, step.text_digest, step.number) == ("signed", text.digest, 1)
    assert prove().faults == ()
    assert agreement_pdf(text, AT, signed=AT, strokes=read_strokes(SIGNED))[:5] == b"%PDF-"


def test_a_text_that_changed_between_showing_and_signing_is_refused(head: User) -> None:
    eye, one = lent()
    shown = desk.text_for(eye, OWNER, EVENING, AT)
    save_masks(head, one, [((1000, 1000), (5000, 1000), (5000, 5000))], 0, AT)
    with pytest.raises(OtherText):
        desk.sign(head, eye, OWNER, EVENING, Shown(shown.digest, 0), Signing(SIGNED), AT)
    shown = desk.text_for(eye, OWNER, EVENING, AT)
    set_commune(name="Xã An Bình")
    with pytest.raises(OtherText):
        desk.sign(head, eye, OWNER, EVENING, Shown(shown.digest, 0), Signing(SIGNED), AT)
    now = desk.text_for(eye, OWNER, EVENING, AT)
    for how, field in (
        (Signing("[]"), "strokes"),
        (Signing(scan=Filed("a" * 64, "pdf"), code=shown.code), "code"),
    ):  # the code of an older paper
        with pytest.raises(ValidationError) as wrong:
            desk.sign(head, eye, OWNER, EVENING, Shown(now.digest, 0), how, AT)
        assert set(wrong.value.message_dict) == {field}
    assert terms_of(eye.key) is None
    desk.sign(head, eye, OWNER, EVENING, Shown("", 0), Signing(scan=Filed("a" * 64, "pdf"), code=f" {now.code.lower()}"), AT)
    assert Signature.objects.get().way == "paper"


def test_the_second_of_two_signers_is_told_and_nothing_is_half_written(head: User) -> None:
    eye, _camera = lent()
    agree(head, eye)
    text = desk.text_for(eye, OWNER, Terms(Tier.LIVE), AT)
    with pytest.raises(ValidationError, match="since the page was opened"):
        desk.sign(head, eye, OWNER, Terms(Tier.LIVE), Shown(text.digest, 0), Signing(SIGNED), AT)
    assert (Signature.objects.count(), MovementStep.objects.count()) == (1, 1)


def test_less_holds_by_the_owner_s_word_and_more_does_not(head: User) -> None:
    eye, _camera = lent()
    with pytest.raises(ValidationError, match="Nothing is agreed"):
        desk.narrow(None, eye, EVENING, 0, AT)
    agree(head, eye)
    with pytest.raises(ValidationError, match="signs it"):
        desk.narrow(None, eye, replace(EVENING, hours=None), 1, AT)
    with pytest.raises(ValidationError, match="holds already"):
        desk.narrow(None, eye, EVENING, 1, AT)
    with pytest.raises(ValidationError, match="Say how"):
        desk.narrow(head, eye, replace(EVENING, days=3), 1, AT)
    desk.narrow(None, eye, replace(EVENING, days=3), 1, AT)
    desk.withdraw(head, eye, 2, AT, "qua điện thoại")
    with pytest.raises(ValidationError, match="already"):
        desk.withdraw(None, eye, 3, AT)
    assert [step.code for step in desk.steps_of(eye)] == ["withdrawn", "narrowed", "signed"]
    agree(head, eye, over=3)
    assert terms_of(eye.key) == replace(EVENING, number=4)


def test_who_never_signed_withdraws_too(head: User) -> None:
    eye, _camera = lent()
    desk.withdraw(head, eye, 0, AT, "tại buổi họp")
    found = terms_of(eye.key)
    assert found is not None
    assert found.withdrawn


def test_every_use_is_told_by_role_and_stays_after_withdrawing(head: User) -> None:
    eye, one = lent()
    agree(head, eye)
    record_look(head, LookKind.LIVE, [one.key])
    span = Span(AT - timedelta(hours=2), AT - timedelta(hours=1))
    record_look(head, LookKind.EXPORT, [one.key], span, Reason("incident", "12/2026"))
    hold([one], by=head)
    desk.withdraw(None, eye, 1, AT)
    found = uses_of(eye, datetime.now(UTC))
    assert {one.kind for one in found.page} == {UseKind.LIVE, UseKind.EXPORT, UseKind.HELD}
    assert found.count == 3
    assert all(one.roles == (str(Role.HEAD),) for one in found.page)
    [clip] = [one for one in found.page if one.kind is UseKind.EXPORT]
    assert (clip.reference, clip.start, clip.end) == ("12/2026", span.start, span.end)
    eye.camera = None
    eye.save()
    assert uses_of(eye, datetime.now(UTC)).count == 3, "also when the camera is no longer connected"
    for _again in range(60):
        record_look(head, LookKind.LIVE, [one.key])
    first, second = uses_of(eye, datetime.now(UTC)), uses_of(eye, datetime.now(UTC), 50)
    assert (len(first.page), first.more, len(second.page), second.more) == (50, True, 13, False)


def incident(by: User, hamlet: Hamlet | None) -> Incident:
    return open_incident(by, IncidentDraft("theft", "Mất xe", AT, "", hamlet, "", None, None), AT)


def test_alarms_and_incidents_of_the_place_open_it_a_drill_and_an_old_one_do_not(head: User) -> None:
    eye, one = lent()
    hamlet = one.site.hamlet
    agree(head, eye, Terms(Tier.ON_ALARM))
    alarms.tick(AT)
    assert openings(AT) == []
    incident(head, None)
    case = incident(head, hamlet)
    common = {"meaning": "cướp", "means": "gong", "sounded": AT, "written": AT, "by": head, "year": 2026}
    Sounding.objects.create(sign="ba hồi", once="1", drill=True, everywhere=True, number=1, **common)
    alarms.tick(AT)
    alarms.tick(AT)
    assert [(one.matter, one.reference) for one in openings(AT)] == [(f"i:{case.key}", case.sign)]
    real = Sounding.objects.create(sign="ba hồi", once="2", drill=False, everywhere=True, number=2, **common)
    Incident.objects.filter(pk=case.pk).update(state="closed", closed=AT, result="solved", due=None)
    later = AT + timedelta(minutes=1)
    alarms.tick(later)
    assert [one.matter for one in openings(later)] == [f"a:{real.key}"]
    over = AT + alarms.LONGEST
    alarms.tick(over)
    assert openings(over) == []


def test_an_officer_opens_one_camera_for_an_incident_that_is_handled(head: User) -> None:
    eye, _camera = lent()
    agree(head, eye, Terms(Tier.ON_ALARM))
    case = incident(head, None)
    for wrong in ("", "x", "0/2026", "1/٢٠٢٦", f"{case.sign}/1"):
        with pytest.raises(ValidationError):
            alarms.open_by_hand(head, eye, wrong, AT)
    alarms.open_by_hand(head, eye, case.sign, AT)
    alarms.tick(AT)
    assert alarms.is_open_by_hand(eye, AT)
    alarms.shut_by_hand(head, eye, AT)
    alarms.shut_by_hand(head, eye, AT)
    assert not alarms.is_open_by_hand(eye, AT)
    assert [step.code for step in desk.steps_of(eye)][:2] == ["shut", "opened"]


def test_a_link_is_kept_as_its_digest_and_made_anew_or_ended(head: User) -> None:
    eye, _camera = lent()
    first = links.make_link(head, eye, AT)
    assert links.by_link(first) == eye
    second = links.make_link(head, eye, AT)
    assert (links.by_link(first), links.by_link(second)) == (None, eye)
    assert OwnerLink.objects.get().digest != second
    links.end_link(head, eye, AT)
    assert [links.by_link(one) for one in (second, "", "x" * 32)] == [None, None, None]


def test_an_offer_lies_sealed_is_taken_once_and_leaves_nothing(head: User, tmp_path: Path) -> None:
    draft = offers.OfferDraft(None, "Trần Văn Ba", "0912 345 678", "ngõ 3", "ngã ba")
    made = offers.take(draft, "a" * 32, AT)
    assert offers.take(draft, "a" * 32, AT) == made
    assert "Văn Ba" not in made.sealed_name
    with pytest.raises(ValidationError) as wrong:
        offers.take(replace(draft, name=" ", phone="abc"), "b" * 32, AT)
    assert set(wrong.value.message_dict) == {"name", "phone"}
    assert offers.read(head, made, AT) == offers.Who("Trần Văn Ba", "0912 345 678", "ngõ 3")
    offers.finish(head, made, AT, joined=False)
    with pytest.raises(ValidationError):
        offers.finish(head, made, AT, joined=True)
    made.refresh_from_db()
    assert (made.sealed_name, made.sealed_phone, made.sealed_place, made.words) == ("", "", "", "")
    offers.take(draft, "c" * 32, AT)
    assert erasing.erase_old(AT + timedelta(days=89), tmp_path) == 0
    assert erasing.erase_old(AT + timedelta(days=91), tmp_path) == 1
    assert not Offer.objects.exclude(sealed_phone="").exists()


def test_a_signature_goes_a_year_after_others_took_its_place(head: User, tmp_path: Path) -> None:
    eye, _camera = lent()
    agree(head, eye)
    desk.narrow(None, eye, replace(EVENING, days=3), 1, AT)
    late = AT + timedelta(days=erasing.KEPT_DAYS + 1)
    assert erasing.erase_old(late, tmp_path) == 0, "it goes on under what was signed"
    eye2, _other = lent("Cổng khác", place="Chỗ khác")
    agree(head, eye2)
    desk.withdraw(None, eye2, 1, AT)
    stray = tmp_path / "ab" / "abc.pdf"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    assert erasing.erase_old(late, tmp_path) == 1
    assert Signature.objects.get(eye=eye2).sealed_text == ""
    assert Camera.objects.count() == 2


def test_a_connected_camera_lent_on_request_alone_is_asked_for_like_a_listed_one(head: User) -> None:
    (eye, one), (other, _two) = lent(), lent("Cổng khác", place="Chỗ khác")
    agree(head, eye, Terms(Tier.ON_REQUEST))
    agree(head, other)
    case = incident(head, one.site.hamlet)
    assert [found.eye for found in listed_near(case, AT)] == [eye]
    span = ((AT - timedelta(hours=2), AT - timedelta(hours=1)),)
    ask(head, case, Asked((eye,), span, "Xin đoạn hình", AT + timedelta(days=1)), AT)
    assert [use.kind for use in uses_of(eye, AT).page] == [UseKind.ASKED]
    with pytest.raises(ValidationError) as wrong:
        ask(head, case, Asked((other,), span, "Xin đoạn hình", AT + timedelta(days=1)), AT)
    assert set(wrong.value.message_dict) == {"eyes"}
