"""Messages: written, approved by somebody else as they were read, frozen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.civic.access.models import Role
from luytre.civic.dispatch import desk
from luytre.civic.dispatch.models import Delivery, DispatchStep, Message, State, StepCode
from luytre.civic.dispatch.quiet import Quiet
from tests.civic.dispatch.cast import NIGHT, NOON, draft, hamlet, subscriber
from tests.web.cast import person

pytestmark = pytest.mark.django_db
QUIET = Quiet()


def codes() -> list[str]:
    return [one.code for one in DispatchStep.objects.all()]


def test_written_by_one_approved_by_another_and_frozen() -> None:
    duty, head, other = person(Role.DUTY), person(Role.HEAD), person(Role.HEAD, "head2")
    one = desk.write(duty, draft(), NOON)
    for by in (duty,):
        with pytest.raises(ValidationError):
            desk.approve(by, one, 1, NOON, QUIET)
    own = desk.write(head, draft(), NOON)
    with pytest.raises(ValidationError):
        desk.approve(head, own, 1, NOON, QUIET)
    desk.approve(other, own, 1, NOON, QUIET)
    desk.approve(head, one, 1, NOON, QUIET)
    frozen = json.loads(DispatchStep.objects.filter(message=one.key, code=StepCode.APPROVED).get().text)
    assert (frozen["title"], frozen["revision"]) == ("Nước lên ở bến đò", 1)
    with pytest.raises(ValidationError, match="decided"):
        desk.change(duty, one, draft(title="Khác"), NOON)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Message.objects.filter(pk=one.pk).update(approved_by=duty)


def test_two_who_approve_at_once_send_it_once() -> None:
    heads = [person(Role.HEAD), person(Role.HEAD, "head2")]
    subscriber(1)
    one = desk.write(person(Role.DUTY), draft(), NOON)
    desk.approve(heads[0], one, 1, NOON, QUIET)
    with pytest.raises(ValidationError, match="already"):
        desk.approve(heads[1], one, 1, NOON, QUIET)
    assert Delivery.objects.count() == 1
    assert codes() == [StepCode.WRITTEN, StepCode.APPROVED]


def test_what_changed_since_it_was_read_is_not_approved() -> None:
    duty, head = person(Role.DUTY), person(Role.HEAD)
    one = desk.write(duty, draft(), NOON)
    desk.change(duty, one, draft(words="Khác"), NOON)
    with pytest.raises(ValidationError, match="changed"):
        desk.approve(head, one, 1, NOON, QUIET)
    assert desk.approve(head, one, 2, NOON, QUIET).state == State.SENDING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " \x00"}, "title"), ({"title": "x" * 81}, "title"), ({"words": "\n "}, "words"),
        ({"words": "x" * 601}, "words"),
        ({"title_en": "Flood"}, "words_en"), ({"words_en": "Flood"}, "title_en"), ({"topic": "zz"}, "topic"),
        ({"everywhere": False}, "hamlets"), ({"urgent": True}, "why_urgent"), ({"until": None}, "until"),
        ({"until": NOON}, "until"), ({"until": NOON + timedelta(days=31)}, "until"),
    ],
)  # fmt: skip
def test_bad_drafts_are_refused_at_their_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        desk.write(person(Role.DUTY), draft(**changes), NOON)
    assert set(refused.value.error_dict) == {field}
    assert codes() == []


def test_quiet_hours_hold_but_for_life() -> None:
    duty, head = person(Role.DUTY), person(Role.HEAD)
    subscriber(1)
    calm, urgent = (desk.write(duty, draft(urgent=each, why_urgent="vỡ đê"), NIGHT) for each in (False, True))
    for one in (calm, urgent):
        desk.approve(head, one, 1, NIGHT, QUIET)
    assert urgent.deliveries.get().due == NIGHT
    assert calm.deliveries.get().due == NIGHT + timedelta(hours=7)  # 06:00 in the commune


def test_who_gets_it_is_who_wished_for_it() -> None:
    east, west = hamlet("Thôn Đông"), hamlet("Thôn Tây")
    subscriber(1, east), subscriber(2, west), subscriber(3), subscriber(4, east, west), subscriber(5, east, topics=("crime",))
    one = desk.write(person(Role.DUTY), draft(everywhere=False, hamlets=[east]), NOON)
    desk.approve(person(Role.HEAD), one, 1, NOON, QUIET)
    assert [each.hamlet for each in one.deliveries.all()] == [east, None, east]


def test_refused_and_stopped_say_why() -> None:
    duty, head = person(Role.DUTY), person(Role.HEAD)
    subscriber(1)
    one, two = desk.write(duty, draft(), NOON), desk.write(duty, draft(), NOON)
    for do in (desk.refuse, desk.stop):
        with pytest.raises(ValidationError) as refused:
            do(head, one, " ", NOON)
        assert set(refused.value.error_dict) == {"why"}
    desk.refuse(head, one, "sai ngày", NOON)
    desk.approve(head, two, 1, NOON, QUIET)
    desk.stop(duty, two, "nước rút", NOON)
    last = DispatchStep.objects.last()
    assert last is not None
    assert (last.code, last.note, last.sent, last.failed) == (StepCode.STOPPED, "nước rút", 0, 1)
    assert {each.state for each in two.deliveries.all()} == {"dropped"}


def test_script_stays_text_and_lines_are_tidied() -> None:
    one = desk.write(person(Role.DUTY), draft(title="<script>x</script>\n y", words=" a \r\n\n\n\n b\x07 "), NOON)
    assert (one.title, one.words) == ("<script>x</script> y", "a\n\nb")
