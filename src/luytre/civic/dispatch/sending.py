"""Deliveries go out: claimed, sent, written down; by one process alone (jobs). Goes on where a killed one stopped.

A claim is committed before anything leaves the machine, so a kill can lose the answer of a few, and repeat none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from luytre.base.errors import LuytreError
from luytre.civic.dispatch.channels import Channel, ChannelName, End, Letter, Outcome, Why
from luytre.civic.dispatch.desk import finish
from luytre.civic.dispatch.models import Delivery, DeliveryState, Message, State, Subscriber
from luytre.civic.dispatch.quiet import Quiet, quiet_until
from luytre.civic.registry.seal import unseal

RATES = {ChannelName.PUSH: 200.0, ChannelName.MAIL: 5.0, ChannelName.SMS: 5.0, ChannelName.ZALO: 5.0}
"""So many a second."""
MOST_TRIES = 8
LONGEST_WAIT = timedelta(hours=1)
AT_ONCE = 16
"""So many of one channel are on their way at a time: what a kill leaves unknown at most, a channel."""
_STATES = {
    End.SENT: DeliveryState.SENT,
    End.GONE: DeliveryState.GONE,
    End.REFUSED: DeliveryState.FAILED,
    End.UNKNOWN: DeliveryState.UNKNOWN,
}
MakeLetter = Callable[[Message, Subscriber], Letter]


def take_up() -> int:
    """At the start of the process that sends: what another one left claimed is not known, and never sent again."""
    return Delivery.objects.filter(state=DeliveryState.CLAIMED).update(state=DeliveryState.UNKNOWN)


@dataclass
class Budget:
    """A bucket that holds one second of a rate. `mono`: seconds of a clock that only goes forward."""

    rate: float
    mono: Callable[[], float]
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at = self.rate, self.mono()

    def take(self, wanted: int) -> int:
        now = self.mono()
        self._left = min(max(self.rate, 1.0), self._left + (now - self._at) * self.rate)
        self._at = now
        given = min(wanted, int(self._left))
        self._left -= given
        return given


@dataclass(frozen=True, slots=True)
class Job:
    delivery: Delivery
    address: str
    letter: Letter


@dataclass
class Sender:
    """Sends what is due. `channels`: those that are set up; deliveries of others wait until they end with their message.

    Quiet hours are asked for at each claim, not only at the approval: tries and slow channels reach into the night too.
    """

    channels: Mapping[ChannelName, Channel]
    letter: MakeLetter
    mono: Callable[[], float]
    quiet: Quiet
    zone: ZoneInfo
    rates: Mapping[ChannelName, float] = field(default_factory=lambda: RATES)

    def __post_init__(self) -> None:
        self._budgets = {name: Budget(self.rates[name], self.mono) for name in self.channels}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dispatch")

    def tick(self, at: datetime) -> int:
        """One round; returns how many were tried. Ends messages of which nothing is left. Errors: django.db.Error."""
        tried = sum(self._round(name, at) for name in self.channels)
        for message in Message.objects.filter(state=State.SENDING):
            finish(message, at)
        return tried

    def _round(self, name: ChannelName, at: datetime) -> int:
        jobs = [job for one in self._claim(name, at) if (job := self._job(one, at)) is not None]
        channel = self.channels[name]
        outcomes = self._pool.map(lambda job: channel.send(job.address, job.letter), jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            settle(job.delivery, outcome, at)
        return len(jobs)

    def _claim(self, name: ChannelName, at: datetime) -> list[Delivery]:
        wanted = {"message__urgent": True} if quiet_until(at, self.quiet, self.zone) is not None else {}
        with transaction.atomic():
            waiting = (
                Delivery.objects.select_for_update(of=("self",))
                .filter(channel=name, state=DeliveryState.WAITING, due__lte=at)
                .filter(message__state=State.SENDING, message__until__gt=at, **wanted)
                .order_by("-message__urgent", "due", "pk")
            )
            keys = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
            keys = keys[: self._budgets[name].take(len(keys))]
            Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.CLAIMED)
        return list(Delivery.objects.filter(pk__in=keys).select_related("message", "subscriber"))

    def _job(self, one: Delivery, at: datetime) -> Job | None:
        """None: nobody is there any more, or what is sealed cannot be read; then it is settled already."""
        if one.subscriber is None:
            _set(one, DeliveryState.DROPPED, Why.NONE)
            return None
        try:
            return Job(one, unseal(one.subscriber.sealed_address), self.letter(one.message, one.subscriber))
        except LuytreError:
            _set(one, DeliveryState.FAILED, Why.STRANGE)
            return None


def settle(one: Delivery, outcome: Outcome, at: datetime) -> None:
    """Writes down what came of it. An address that is gone ends its subscription in the same transaction."""
    with transaction.atomic():
        if outcome.end is not End.LATER:
            _set(one, _STATES[outcome.end], outcome.why)
            if outcome.end is End.GONE and one.subscriber_id is not None:
                Subscriber.objects.filter(pk=one.subscriber_id).delete()
            return
        tries = one.tries + 1
        still = Message.objects.filter(pk=one.message_id, state=State.SENDING).exists()
        state = DeliveryState.FAILED if tries >= MOST_TRIES else DeliveryState.WAITING if still else DeliveryState.DROPPED
        Delivery.objects.filter(pk=one.pk, state=DeliveryState.CLAIMED).update(
            state=state, tries=tries, why=outcome.why, due=at + wait_after(tries, outcome.again_s)
        )


def wait_after(tries: int, again_s: int = 0) -> timedelta:
    """1, 2, 4 … 60 minutes, or as long as the server asks for, up to an hour."""
    return min(max(timedelta(minutes=2 ** min(tries - 1, 6)), timedelta(seconds=min(again_s, 86_400))), LONGEST_WAIT)


def _set(one: Delivery, state: str, why: str) -> None:
    Delivery.objects.filter(pk=one.pk, state=DeliveryState.CLAIMED).update(state=state, why=why, tries=one.tries + 1)


@dataclass(frozen=True, slots=True)
class Line:
    """Counts of one hamlet (None: the whole commune) and channel."""

    hamlet: str | None
    channel: ChannelName
    waiting: int
    sent: int
    failed: int
    unknown: int
    whys: tuple[Why, ...]


def counted(message: Message) -> list[Line]:
    """By hamlet and channel, never by person. One query."""
    rows = message.deliveries.order_by("hamlet__name", "channel").values_list("hamlet__name", "channel", "state", "why")
    found: dict[tuple[str | None, str], list[tuple[str, str]]] = {}
    for hamlet, channel, state, why in rows:
        found.setdefault((hamlet, channel), []).append((state, why))
    return [_line(hamlet, channel, states) for (hamlet, channel), states in found.items()]


def _line(hamlet: str | None, channel: str, states: Iterable[tuple[str, str]]) -> Line:
    states = list(states)
    going = (DeliveryState.WAITING, DeliveryState.CLAIMED)
    bad = (DeliveryState.GONE, DeliveryState.FAILED, DeliveryState.DROPPED)

    def many(of: Iterable[str]) -> int:
        return sum(state in of for state, _why in states)

    whys = tuple(sorted({Why(why) for state, why in states if why and state != DeliveryState.SENT}))
    return Line(hamlet, ChannelName(channel), many(going), many((DeliveryState.SENT,)), many(bad),
                many((DeliveryState.UNKNOWN,)), whys)  # fmt: skip


def read_in(message: Message, language: str) -> Iterator[str]:
    """Title and words: in English where there are, for who wished for it; else Vietnamese."""
    english = language == "en" and bool(message.words_en)
    yield message.title_en if english else message.title
    yield message.words_en if english else message.words
