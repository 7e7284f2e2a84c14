"""Which tickets open, grow, fall apart and close: from what stands now. Pure.

The rules (design/upkeep.md):
- A fault that stood for its patience (time that nobody saw left out) opens a ticket, one a camera and fault.
- Cameras that went down within `TOGETHER` and hang on one feed are one ticket of the feed, when they are at least
  `TOGETHER_LEAST` and more than half of what hangs there and did not stand still before. Of several feeds the one that explains
  most cameras is meant; of those that explain as many, the narrowest.
- A camera that goes down later joins, as long as nothing of the feed's ticket is back.
- When most are back for `STRAGGLER`, the rest becomes tickets of its own and the feed's closes.
- A ticket closes when all that it holds is over for `watch.MERGE`, so that a flap does not close and open it.
- What somebody closed by hand is opened again after `AGAIN`, when its fault goes on.
- What a person opened again stays until a person closes it, and its fault, when it comes back, joins it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from luytre.civic.upkeep.faults import PATIENCE, Fault
from luytre.civic.upkeep.watch import MERGE

TOGETHER = timedelta(minutes=3)
TOGETHER_LEAST = 3
STRAGGLER = timedelta(minutes=10)
AGAIN = timedelta(hours=24)
Span: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Standing:
    """An outage, as tickets see it. `ticket`: the number of the one that holds it."""

    number: int
    camera: str
    fault: str
    start: datetime
    end: datetime | None = None
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket. `feed` empty: of one camera, or of the machine. `closed` is told of those that were closed by hand alone."""

    number: int
    fault: str
    camera: str = ""
    feed: str = ""
    closed: datetime | None = None
    stays: bool = False
    """A person opened it again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to decide on. `outages`: those that go on, and all of open tickets. `tickets`: open ones, and those closed by
    hand. `feeds`: by key the cameras that hang on each and are switched on. `unknown`: time that nobody saw."""

    outages: Sequence[Standing] = ()
    tickets: Sequence[Held] = ()
    feeds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unknown: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket for these outages, which may leave another for it."""

    fault: str
    camera: str
    feed: str
    outages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    ticket: int
    outages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    ticket: int


@dataclass(frozen=True, slots=True)
class Reopened:
    ticket: int


Action: TypeAlias = Opened | Joined | Closed | Reopened


def decide(desk: Desk, at: datetime) -> tuple[Action, ...]:
    """What is to be done now, in order."""
    of_ticket: dict[int, list[Standing]] = {}
    for one in desk.outages:
        if one.ticket is not None:
            of_ticket.setdefault(one.ticket, []).append(one)
    actions: list[Action] = []
    for ticket in desk.tickets:
        actions.extend(_on_ticket(ticket, of_ticket.get(ticket.number, []), at))
    gone = {one.ticket for one in actions if isinstance(one, Closed)}
    feeds = [one for one in desk.tickets if one.feed and one.closed is None and one.number not in gone]
    waiting = [one for one in desk.outages if one.ticket is None and one.end is None and Fault(one.fault) in PATIENCE]
    ripe = frozenset(one.number for one in waiting if stood(one, desk.unknown, at) >= PATIENCE[Fault(one.fault)])
    down = [one for one in waiting if one.fault == Fault.DOWN]
    joined = list(_joined(feeds, of_ticket, desk.feeds, [one for one in down if one.number in ripe]))
    taken = {number for one in joined for number in one.outages}
    groups = list(_groups([one for one in down if one.number not in taken], ripe, desk))
    taken |= {number for one in groups for number in one.outages}
    there = {one.feed: one.number for one in feeds}
    grouped = [Joined(there[one.feed], one.outages) if one.feed in there else one for one in groups]
    kept = {(one.camera, one.fault): one.number for one in desk.tickets if one.stays and one.closed is None and not one.feed}
    single = [_alone(one, kept) for one in waiting if one.number in ripe and one.number not in taken]
    return (*actions, *joined, *grouped, *single)


def stood(one: Standing, unknown: Iterable[Span], at: datetime) -> timedelta:
    """How long it was seen to stand. Time that nobody saw is no patience, except of that very fault."""
    whole = at - one.start
    if one.fault == Fault.UNKNOWN:
        return whole
    unseen = (min(end, at) - max(start, one.start) for start, end in unknown)
    return whole - sum((span for span in unseen if span > timedelta(0)), timedelta(0))


def _on_ticket(ticket: Held, outages: Sequence[Standing], at: datetime) -> Iterator[Action]:
    going_on = [one for one in outages if one.end is None]
    ends = [one.end for one in outages if one.end is not None]
    if ticket.closed is not None:
        if going_on and at - ticket.closed >= AGAIN:
            yield Reopened(ticket.number)
    elif ticket.stays:
        return
    elif not going_on:
        if not ends or at - max(ends) >= MERGE:
            yield Closed(ticket.number)
    elif ticket.feed and ends and at - max(ends) >= STRAGGLER and not _are_many(len(going_on), len(outages)):
        yield from (_own(one) for one in going_on)
        yield Closed(ticket.number)


def _are_many(count: int, among: int) -> bool:
    return count >= TOGETHER_LEAST and 2 * count > among


def _own(one: Standing) -> Opened:
    return Opened(one.fault, one.camera, "", (one.number,))


def _alone(one: Standing, kept: Mapping[tuple[str, str], int]) -> Opened | Joined:
    held = kept.get((one.camera, one.fault))
    return _own(one) if held is None else Joined(held, (one.number,))


def _joined(
    feeds: Sequence[Held], of_ticket: Mapping[int, Sequence[Standing]], hanging: Mapping[str, frozenset[str]],
    ripe: Sequence[Standing],
) -> Iterator[Joined]:  # fmt: skip
    left = list(ripe)
    for ticket in feeds:
        if any(one.end is not None for one in of_ticket.get(ticket.number, ())):
            continue
        found = [one for one in left if one.camera in hanging.get(ticket.feed, frozenset())]
        left = [one for one in left if one not in found]
        if found:
            yield Joined(ticket.number, tuple(one.number for one in found))


def _groups(down: Sequence[Standing], ripe: frozenset[int], desk: Desk) -> Iterator[Opened]:
    """Groups with at least one outage that is ripe, the largest first."""
    before = {one.camera: one.start for one in desk.outages if one.fault == Fault.DOWN and one.end is None}
    left = sorted(down, key=lambda one: (one.start, one.camera))
    while left:
        best = max(
            (
                (len(group), -len(cameras), feed, group)
                for feed, cameras in desk.feeds.items()
                for group in _windows(left, cameras, before)
                if any(one.number in ripe for one in group)
            ),
            key=lambda found: found[:3], default=None,
        )  # fmt: skip
        if best is None:
            return
        _count, _breadth, feed, group = best
        yield Opened(Fault.DOWN, "", feed, tuple(one.number for one in group))
        left = [one for one in left if one not in group]


def _windows(down: Sequence[Standing], cameras: frozenset[str], before: Mapping[str, datetime]) -> Iterator[tuple[Standing, ...]]:
    """Of one feed: what went down together. What stood still before does not count for what hangs there."""
    there = [one for one in down if one.camera in cameras]
    for number, first in enumerate(there):
        group = tuple(one for one in there[number:] if one.start - first.start <= TOGETHER)
        worked = sum(before.get(camera, first.start) >= first.start for camera in cameras)
        if _are_many(len(group), worked):
            yield group
