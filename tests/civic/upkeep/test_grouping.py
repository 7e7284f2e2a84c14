"""Which tickets open, grow, fall apart and close. Pure: a little world that applies what was decided, minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.grouping import (
    AGAIN,
    Action,
    Closed,
    Desk,
    Held,
    Joined,
    Opened,
    Reopened,
    Standing,
    decide,
)

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LINE = frozenset("abcdefgh")


class World:
    """Outages and tickets; `look` decides and does it, as `upkeep.tickets` does with the database."""

    def __init__(self, feeds: dict[str, frozenset[str]] | None = None) -> None:
        self.feeds = feeds or {}
        self.outages: dict[int, Standing] = {}
        self.tickets: dict[int, Held] = {}

    def down(self, camera: str, at: datetime, fault: str = Fault.DOWN) -> None:
        number = len(self.outages)
        self.outages[number] = Standing(number, camera, fault, at)

    def back(self, camera: str, at: datetime) -> None:
        for number, one in self.outages.items():
            if one.camera == camera and one.end is None:
                self.outages[number] = replace(one, end=at)

    def desk(self) -> Desk:
        outages = [one for one in self.outages.values() if one.end is None or one.ticket in self.tickets]
        return Desk(outages, list(self.tickets.values()), self.feeds)

    def look(self, at: datetime) -> tuple[Action, ...]:
        actions = decide(self.desk(), at)
        for action in actions:
            match action:
                case Opened(fault, camera, feed, outages):
                    number = 100 + len(self.outages) * 100 + len(self.tickets) + int((at - NOON).total_seconds())
                    self.tickets[number] = Held(number, fault, camera, feed)
                    self._hold(number, outages)
                case Joined(ticket, outages):
                    self._hold(ticket, outages)
                case Closed(ticket):
                    del self.tickets[ticket]
                case Reopened(ticket):
                    self.tickets[ticket] = replace(self.tickets[ticket], closed=None)
        return actions

    def _hold(self, ticket: int, outages: tuple[int, ...]) -> None:
        for number in outages:
            self.outages[number] = replace(self.outages[number], ticket=ticket)

    def open(self) -> list[tuple[str, str]]:
        return sorted((one.feed, one.camera) for one in self.tickets.values())


def minutes(world: World, first: int, last: int) -> None:
    for number in range(first, last + 1):
        world.look(NOON + number * MINUTE)


def test_a_power_cut_of_eight_is_one_ticket_that_closes_with_them_and_a_straggler_stays() -> None:
    world = World({"line": LINE, "wide": LINE | set("ijklmnop")})
    for number, camera in enumerate(sorted(LINE)):
        world.down(camera, NOON + timedelta(seconds=20 * number))
    minutes(world, 1, 9)
    assert world.open() == []
    minutes(world, 10, 60)
    assert world.open() == [("line", "")]
    for camera in sorted(LINE)[:7]:
        world.back(camera, NOON + 61 * MINUTE)
    minutes(world, 61, 70)
    assert world.open() == [("line", "")]
    minutes(world, 71, 75)
    assert world.open() == [("", "h")]
    world.back("h", NOON + 80 * MINUTE)
    minutes(world, 80, 82)
    assert world.open() == [("", "h")]
    minutes(world, 83, 84)
    assert world.open() == []


def test_all_back_closes_it_at_once() -> None:
    world = World({"line": LINE})
    for camera in LINE:
        world.down(camera, NOON)
    minutes(world, 10, 12)
    for camera in LINE:
        world.back(camera, NOON + 13 * MINUTE)
    minutes(world, 13, 16)
    assert (world.open(), len(world.outages)) == ([], 8)


def test_of_two_feeds_the_one_that_explains_more_and_then_the_narrowest() -> None:
    feeds = {"left": frozenset("abcd"), "right": frozenset("efgh"), "line": LINE}
    for gone, feed in (("abcdefgh", "line"), ("abcd", "left")):
        world = World(feeds)
        for camera in gone:
            world.down(camera, NOON)
        minutes(world, 10, 10)
        assert world.open() == [(feed, "")]


def test_few_or_far_apart_or_less_than_most_are_tickets_of_their_own() -> None:
    few = World({"line": LINE})
    for camera in "ab":
        few.down(camera, NOON)
    minutes(few, 10, 10)
    assert few.open() == [("", "a"), ("", "b")]
    half = World({"line": LINE})
    for camera in "abcd":
        half.down(camera, NOON)
    minutes(half, 10, 10)
    assert len(half.open()) == 4
    apart = World({"line": frozenset("abc")})
    for number, camera in enumerate("abc"):
        apart.down(camera, NOON + 5 * number * MINUTE)
    minutes(apart, 10, 30)
    assert len(apart.open()) == 3


def test_what_stood_still_before_does_not_count() -> None:
    world = World({"line": frozenset("abcdefg")})
    for camera in "abc":
        world.down(camera, NOON - timedelta(days=2))
    minutes(world, -20, 0)
    for camera in "def":
        world.down(camera, NOON)
    minutes(world, 1, 10)
    assert ("line", "") in world.open()


def test_one_that_goes_later_joins_while_nothing_is_back() -> None:
    world = World({"line": LINE})
    for camera in "abcde":
        world.down(camera, NOON)
    minutes(world, 10, 14)
    world.down("f", NOON + 15 * MINUTE)
    minutes(world, 15, 25)
    assert world.open() == [("line", "")]
    world.back("a", NOON + 26 * MINUTE)
    world.down("g", NOON + 27 * MINUTE)
    minutes(world, 27, 37)
    assert world.open() == [("", "g"), ("line", "")]


def test_patience_is_each_faults_own_and_time_that_nobody_saw_is_none() -> None:
    at = NOON + 20 * MINUTE
    one = Standing(1, "a", Fault.DOWN, NOON)
    assert decide(Desk([one], unknown=[(NOON - MINUTE, NOON + 15 * MINUTE)]), at) == ()
    assert decide(Desk([one], unknown=[(NOON - MINUTE, NOON + 5 * MINUTE)]), at) == (Opened(Fault.DOWN, "a", "", (1,)),)
    clock = Standing(2, "a", Fault.CLOCK_OFF, NOON)
    assert decide(Desk([clock]), NOON + 59 * MINUTE) == ()
    assert decide(Desk([clock]), NOON + 60 * MINUTE) == (Opened(Fault.CLOCK_OFF, "a", "", (2,)),)
    disk = Standing(3, "", Fault.DISK, NOON)
    assert decide(Desk([disk]), NOON) == (Opened(Fault.DISK, "", "", (3,)),)
    assert decide(Desk([Standing(4, "a", Fault.OFF, NOON)]), NOON + AGAIN) == ()
    silent = Standing(5, "", Fault.UNKNOWN, NOON)
    assert decide(Desk([silent], unknown=[(NOON, at)]), at) == (Opened(Fault.UNKNOWN, "", "", (5,)),)


def test_closed_by_hand_comes_back_after_a_day_when_the_fault_goes_on() -> None:
    ticket, one = Held(9, Fault.DOWN, "a", closed=NOON), Standing(1, "a", Fault.DOWN, NOON - MINUTE, ticket=9)
    assert decide(Desk([one], [ticket]), NOON + AGAIN - MINUTE) == ()
    assert decide(Desk([one], [ticket]), NOON + AGAIN) == (Reopened(9),)
    assert decide(Desk([replace(one, end=NOON)], [ticket]), NOON + AGAIN) == ()


def test_what_a_person_opened_again_is_closed_by_nobody_else_and_the_cut_that_comes_back_joins_it() -> None:
    over = [Standing(number, camera, Fault.DOWN, NOON, NOON + MINUTE, ticket=9) for number, camera in enumerate("abcd")]
    ticket, at = Held(9, Fault.DOWN, feed="line", stays=True), NOON + 60 * MINUTE
    assert decide(Desk(over, [ticket]), at) == ()
    assert decide(Desk(over, [replace(ticket, stays=False)]), at) == (Closed(9),)
    again = [Standing(10 + number, camera, Fault.DOWN, at - 11 * MINUTE) for number, camera in enumerate("abcd")]
    feeds = {"line": frozenset("abcd")}
    assert decide(Desk([*over, *again], [ticket], feeds), at) == (Joined(9, (10, 11, 12, 13)),)
    own = Held(8, Fault.DOWN, "a", stays=True)
    assert decide(Desk(again[:1], [own]), at) == (Joined(8, (10,)),)


STORY = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(sorted(LINE)), st.booleans()), max_size=14)


@given(STORY)
def test_whatever_happens_each_standing_outage_is_held_once_and_what_is_over_is_closed(
    story: list[tuple[int, str, bool]],
) -> None:
    world, minute = World({"line": LINE, "left": frozenset("abcd")}), 0
    gone: set[str] = set()
    for pause, camera, comes in story:
        for _ in range(pause):
            world.look(NOON + minute * MINUTE)
            minute += 1
        if comes and camera in gone:
            world.back(camera, NOON + minute * MINUTE)
            gone.remove(camera)
        elif not comes and camera not in gone:
            world.down(camera, NOON + minute * MINUTE)
            gone.add(camera)
    minutes(world, minute, minute + 30)
    held = {one.camera for one in world.outages.values() if one.end is None and one.ticket in world.tickets}
    assert held == gone
    feeds = [one.feed for one in world.tickets.values() if one.feed]
    assert len(feeds) == len(set(feeds))
    for camera in sorted(gone):
        world.back(camera, NOON + (minute + 30) * MINUTE)
    minutes(world, minute + 31, minute + 45)
    assert world.open() == []
