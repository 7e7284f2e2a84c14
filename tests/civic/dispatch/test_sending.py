"""Deliveries: once at most, again only what surely did not arrive, ended by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luytre.civic.access.models import Role
from luytre.civic.dispatch import desk, subscribing
from luytre.civic.dispatch.channels import ChannelName, End, Outcome, Why
from luytre.civic.dispatch.models import Delivery, DispatchStep, Message, State, StepCode, Subscriber
from luytre.civic.dispatch.quiet import Quiet
from luytre.civic.dispatch.sending import AT_ONCE, MOST_TRIES, Budget, Sender, counted, take_up, wait_after
from tests.civic.dispatch.cast import NIGHT, NOON, FakeChannel, draft, hamlet, letter, subscriber
from tests.web.cast import person

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RATES = dict.fromkeys(ChannelName, 1000.0)


def approved(**changes: Any) -> Message:
    return desk.approve(person(Role.HEAD), desk.write(person(Role.DUTY), draft(**changes), NOON), 1, NOON, Quiet())


def sender(channel: FakeChannel, **changes: Any) -> Sender:
    return Sender({ChannelName.MAIL: channel}, letter, lambda: 0.0, Quiet(), ZONE, **{"rates": RATES, **changes})


def test_each_gets_it_once_in_the_own_language_and_it_ends() -> None:
    subscriber(1), subscriber(2, language="en")
    one, channel = approved(title_en="Flood", words_en="Do not cross."), FakeChannel()
    sending = sender(channel)
    assert [sending.tick(NOON), sending.tick(NOON)] == [2, 0]
    assert sorted(each.title for _to, each in channel.sent) == ["Flood", "Nước lên ở bến đò"]
    one.refresh_from_db()
    last = DispatchStep.objects.last()
    assert last is not None
    assert (one.state, last.code, last.sent, last.failed) == (State.SENT, StepCode.SENT, 2, 0)


def test_what_a_killed_process_left_is_never_sent_again() -> None:
    subscriber(1), subscriber(2)
    one, channel = approved(), FakeChannel()
    Delivery.objects.filter(pk=one.deliveries.all()[0].pk).update(state="claimed")
    assert take_up() == 1
    assert sender(channel).tick(NOON) == 1
    assert [line.unknown for line in counted(one)] == [1]


@pytest.mark.parametrize(
    ("outcome", "state", "left"),
    [
        (Outcome(End.GONE, Why.ADDRESS), "gone", 0), (Outcome(End.REFUSED, Why.LETTER), "failed", 1),
        (Outcome(End.UNKNOWN, Why.NO_ANSWER), "unknown", 1),
    ],
)  # fmt: skip
def test_what_came_of_it_is_kept_and_who_is_gone_is_erased(outcome: Outcome, state: str, left: int) -> None:
    subscriber(1)
    one = approved()
    sending = sender(FakeChannel(lambda _to: outcome))
    assert [sending.tick(NOON), sending.tick(NOON + timedelta(hours=2))] == [1, 0]
    assert (one.deliveries.get().state, Subscriber.objects.count()) == (state, left)


def test_later_is_tried_again_after_growing_times_until_it_fails() -> None:
    subscriber(1)
    one, channel, now = approved(), FakeChannel(lambda _to: Outcome(End.LATER, Why.BUSY)), NOON
    sending = sender(channel)
    for _ in range(MOST_TRIES):
        assert sending.tick(now) == 1
        assert sending.tick(now) == 0
        now = one.deliveries.get().due
    assert (one.deliveries.get().state, len(channel.sent)) == ("failed", MOST_TRIES)
    assert counted(one)[0].whys == (Why.BUSY,)


def test_waiting_grows_and_heeds_the_server() -> None:
    assert [wait_after(tries).seconds // 60 for tries in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert wait_after(1, 300) == timedelta(minutes=5)
    assert wait_after(1, 10**12) == timedelta(hours=1)


def test_over_is_over() -> None:
    subscriber(1)
    one, channel = approved(), FakeChannel()
    assert sender(channel).tick(one.until) == 0
    one.refresh_from_db()
    assert (one.state, one.deliveries.get().state) == (State.SENT, "dropped")


def test_stopped_and_ended_meanwhile_are_not_sent() -> None:
    gone, channel = subscriber(1), FakeChannel()
    one = approved()
    subscribing.end(gone)
    sender(channel).tick(NOON)
    assert (channel.sent, one.deliveries.get().state) == ([], "dropped")


def test_a_channel_that_is_not_set_up_waits() -> None:
    subscriber(1, channel=ChannelName.SMS, address="0912345678")
    one = approved()
    assert sender(FakeChannel()).tick(NOON) == 0
    one.refresh_from_db()
    assert one.state == State.SENDING


def test_rates_hold() -> None:
    now = [0.0]
    budget = Budget(5.0, lambda: now[0])
    assert [budget.take(10), budget.take(10)] == [5, 0]
    now[0] = 0.5
    assert budget.take(10) == 2
    now[0] = 100.0
    assert budget.take(10) == 5


def test_counts_by_hamlet_and_channel_in_rounds() -> None:
    east = hamlet("Thôn Đông")
    for number in range(AT_ONCE + 2):
        subscriber(number, *([east] if number % 2 else []))
    one, channel = approved(), FakeChannel()
    sending = sender(channel)
    assert [sending.tick(NOON), sending.tick(NOON)] == [AT_ONCE, 2]
    assert {(line.hamlet, line.sent) for line in counted(one)} == {(None, 9), ("Thôn Đông", 9)}
    assert len({to for to, _letter in channel.sent}) == AT_ONCE + 2


def test_the_moment_of_a_try_is_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    subscriber(1)
    one = approved(until=NOON + timedelta(minutes=3))
    sending, tries = sender(FakeChannel(lambda _to: Outcome(End.LATER))), list[datetime]()
    for minute in range(5):
        if sending.tick(NOON + timedelta(minutes=minute)):
            tries.append(NOON + timedelta(minutes=minute))
    assert tries == [NOON, NOON + timedelta(minutes=1)]
    assert one.deliveries.get().state == "dropped"


def test_what_is_tried_again_waits_for_the_morning_but_for_life() -> None:
    subscriber(1)
    head, duty = person(Role.HEAD), person(Role.DUTY)
    calm, urgent = (desk.write(duty, draft(urgent=each, why_urgent="vỡ đê"), NOON) for each in (False, True))
    for one in (calm, urgent):
        desk.approve(head, one, 1, NOON, Quiet())  # by day; their channel was away until the night
    channel = FakeChannel()
    sending = sender(channel)
    assert [sending.tick(NIGHT), sending.tick(NIGHT + timedelta(hours=7))] == [1, 1]
    assert [each.tag for _to, each in channel.sent] == [urgent.key, calm.key]
