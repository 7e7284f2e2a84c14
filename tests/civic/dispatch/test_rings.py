"""Staff's telephones: rung at most five times, a minute apart, removed when they are gone or the person's rights are over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.models import Role, User
from luytre.civic.dispatch import rings
from luytre.civic.dispatch.channels import End, Letter, Outcome
from luytre.civic.dispatch.models import Device, Ring
from luytre.civic.dispatch.rings import Browser, Call, add_device
from tests.civic.dispatch.cast import KEY, NOON, FakeChannel
from tests.civic.dispatch.test_addresses import push
from tests.web.cast import person

pytestmark = pytest.mark.django_db
CALL = Call("k1", Letter("Vụ 1/2026: cháy, nổ", "Thôn Đông"))


def device(user: User, number: int = 1, session: str = "s1") -> Device:
    return add_device(user, Browser(push(f"https://push.example.net/{number}"), "Chrome, Android", session), KEY, NOON)


def test_it_rings_each_minute_five_times_at_most_and_anew_for_a_new_call() -> None:
    device(person(Role.DUTY))
    channel = FakeChannel()
    rang = [second for second in range(0, 600, 5) if rings.ring(lambda _user: [CALL], channel, NOON + timedelta(seconds=second))]
    assert rang == [0, 60, 120, 180, 240]
    rings.ring(lambda _user: [], channel, NOON + timedelta(minutes=11))  # somebody went
    assert not Ring.objects.exists()
    assert rings.ring(lambda _user: [CALL], channel, NOON + timedelta(minutes=12)) == 1


def test_who_is_gone_is_removed_and_who_fails_stays() -> None:
    duty = person(Role.DUTY)
    gone, stays = device(duty, 1), device(duty, 2)
    ends = {"1": Outcome(End.GONE), "2": Outcome(End.LATER)}
    channel = FakeChannel(lambda address: next(end for name, end in ends.items() if f"net/{name}" in address))
    assert rings.ring(lambda _user: [CALL], channel, NOON) == 0
    assert list(Device.objects.all()) == [stays]
    assert gone.pk != stays.pk


def test_rights_that_ended_take_the_devices_along() -> None:
    switched_off, over, there = person(Role.DUTY), person(Role.HEAD), person(Role.HEAD, "head2")
    for number, user in enumerate((switched_off, over, there)):
        device(user, number)
    User.objects.filter(pk=switched_off.pk).update(is_active=False)
    over.assignments.update(ended=NOON)
    assert list(rings.devices_by_user(NOON)) == [there]
    assert Device.objects.count() == 1


def test_a_browser_rings_for_who_added_it_last_and_goes_with_the_session() -> None:
    duty, head = person(Role.DUTY), person(Role.HEAD)
    device(duty), device(duty), device(head, session="s2")
    assert [one.user for one in Device.objects.all()] == [head]
    rings.forget_session(KEY, "s1")
    assert Device.objects.count() == 1
    rings.forget_session(KEY, "s2")
    assert not Device.objects.exists()


def test_bad_addresses_and_too_many_devices_are_refused() -> None:
    duty = person(Role.DUTY)
    with pytest.raises(ValidationError):
        add_device(duty, Browser(push("https://192.168.1.2/"), "x", "s"), KEY, NOON)
    for number in range(rings.MOST_DEVICES):
        device(duty, number)
    device(duty, 0)
    with pytest.raises(ValidationError):
        device(duty, 99)


def test_the_summary_comes_once_a_day_to_who_wishes_it() -> None:
    duty = person(Role.DUTY)
    Device.objects.filter(pk=device(duty, 1).pk).update(morning=True)
    device(duty, 2)
    channel, letter = FakeChannel(), Letter("Camera", "1 hỏng mới")
    today = NOON.date()
    sent = [rings.send_mornings(lambda _user: letter, channel, day, NOON) for day in (today, today, today + timedelta(days=1))]
    assert sent == [1, 0, 1]
