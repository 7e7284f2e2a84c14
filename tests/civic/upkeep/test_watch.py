"""From the recorder's accounts to outages: what begins, ends, goes on, and what nobody saw. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.ports import Alarm, ArchiveState, PictureState, Status, StreamState
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.watch import (
    MERGE,
    Account,
    Began,
    Change,
    Ended,
    Explained,
    How,
    Kept,
    Missed,
    Open,
    Over,
    Resumed,
    Seen,
    SetBack,
    Watch,
    observe,
)

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ONE = (Kept("a"),)


def main(camera: str = "a", state: str = "recording", **more: object) -> StreamState:
    return StreamState(camera, "main", state, **more)  # type: ignore[arg-type]


def status(*streams: StreamState, disk: str = "ok", alarms: tuple[Alarm, ...] = ()) -> Status:
    return Status(NOON, streams, ArchiveState(disk), alarms)


def looked(*opens: Open, over: tuple[Over, ...] = ()) -> Watch:
    return Watch(NOON, opens, over)


def changes(before: Watch, found: Status | None, at: datetime = NOON + MINUTE, cameras: tuple[Kept, ...] = ONE) -> list[Change]:
    return list(observe(before, Account(found, cameras), at)[1])


def test_a_camera_goes_down_and_comes_back() -> None:
    since = NOON + timedelta(seconds=20)
    down = status(main(state="failed", problem="unreachable", since=since))
    watch, said = observe(looked(), Account(down, ONE), NOON + MINUTE)
    assert said == (Began("a", Fault.DOWN, since, "unreachable"),)
    assert observe(watch, Account(down, ONE), NOON + 2 * MINUTE)[1] == ()
    assert changes(watch, status(main()), NOON + 2 * MINUTE) == [Ended("a", Fault.DOWN, NOON + 2 * MINUTE)]
    back = NOON + timedelta(seconds=75)
    assert changes(watch, status(main(since=back)), NOON + 2 * MINUTE) == [Ended("a", Fault.DOWN, back)]
    assert changes(watch, status(main(since=NOON)), NOON + 2 * MINUTE) == [Ended("a", Fault.DOWN, NOON + MINUTE)]


def test_it_begins_neither_before_the_last_look_nor_in_the_future() -> None:
    for since, start in ((NOON - MINUTE * 9, NOON), (NOON + MINUTE * 9, NOON + MINUTE), (None, NOON + MINUTE)):
        assert changes(looked(), status(main(state="waiting", since=since))) == [Began("a", Fault.DOWN, start, "waiting")]


def test_a_camera_that_the_recorder_does_not_name_is_down() -> None:
    assert changes(looked(), status()) == [Began("a", Fault.DOWN, NOON + MINUTE, "not_listed")]


def test_a_short_return_is_the_same_outage() -> None:
    down = status(main(state="failed"))
    assert changes(looked(over=(Over("a", Fault.DOWN, NOON + MINUTE - MERGE),)), down) == [Resumed("a", Fault.DOWN, "failed")]
    later = looked(over=(Over("a", Fault.DOWN, NOON - MERGE),))
    assert changes(later, down) == [Began("a", Fault.DOWN, NOON + MINUTE, "failed")]


def test_why_it_is_down_is_written_once_it_is_known() -> None:
    watch, said = observe(looked(Open("a", Fault.DOWN, NOON, "connecting")), Account(status(main(state="connecting")), ONE), NOON)
    assert said == ()
    unreachable = Account(status(main(state="waiting", problem="unreachable")), ONE)
    watch, said = observe(watch, unreachable, NOON + MINUTE)
    assert said == (Explained("a", Fault.DOWN, "unreachable"),)
    later = Account(status(main(state="waiting", problem="timeout")), ONE)
    assert observe(watch, later, NOON + 2 * MINUTE)[1] == ()


def test_no_answer_is_unknown_from_the_last_look_on_and_ends_nothing() -> None:
    standing = looked(Open("a", Fault.DOWN, NOON - MINUTE))
    watch, said = observe(standing, Account(None, ONE), NOON + MINUTE)
    assert said == (Began("", Fault.UNKNOWN, NOON, "recorder_down"),)
    assert observe(watch, Account(None, ONE), NOON + 60 * MINUTE)[1] == ()
    back = NOON + 61 * MINUTE
    assert set(changes(watch, status(main()), back)) == {Ended("a", Fault.DOWN, back), Ended("", Fault.UNKNOWN, back)}


def test_minutes_that_nobody_looked_are_unknown() -> None:
    late = NOON + 3 * MINUTE
    assert changes(looked(), status(main()), late) == [Missed(NOON, late)]
    assert changes(looked(), status(main()), NOON + 2 * MINUTE) == []
    assert changes(looked(), None, late) == [Began("", Fault.UNKNOWN, NOON, "recorder_down")]
    assert changes(Watch(), status(main())) == []


def test_a_clock_that_goes_back_cuts_what_was_written_of_later() -> None:
    then = NOON - 60 * MINUTE
    watch, said = observe(looked(Open("a", Fault.DOWN, NOON - MINUTE)), Account(status(main(state="failed")), ONE), then)
    assert said == (SetBack(then),)
    assert watch == Watch(then, (Open("a", Fault.DOWN, then),))
    slewed, said = observe(looked(), Account(status(main(state="failed")), ONE), NOON - MINUTE)
    assert said == (Began("a", Fault.DOWN, NOON, "failed"),)
    assert slewed.looked == NOON


def test_a_clock_that_leaps_ahead_leaves_unknown_time_and_no_outage() -> None:
    leap = NOON + timedelta(days=300)
    watch, said = observe(looked(), Account(status(main()), ONE), leap)
    assert said == (Missed(NOON, leap),)
    assert changes(watch, status(main()), NOON + MINUTE) == [SetBack(NOON + MINUTE)]


def test_a_camera_that_we_switch_off_is_not_counted_and_has_no_fault() -> None:
    off = (Kept("a", on=False),)
    standing = looked(Open("a", Fault.DOWN, NOON))
    watch, said = observe(standing, Account(status(), off), NOON + MINUTE)
    assert said == (Ended("a", Fault.DOWN, NOON + MINUTE, How.OFF), Began("a", Fault.OFF, NOON + MINUTE))
    assert observe(watch, Account(None, off), NOON + 2 * MINUTE)[1] == (Began("", Fault.UNKNOWN, NOON + MINUTE, "recorder_down"),)
    assert changes(watch, status(main()), NOON + 2 * MINUTE) == [Ended("a", Fault.OFF, NOON + 2 * MINUTE)]


def picture(verdict: str, seen: datetime = NOON, since: datetime | None = NOON) -> StreamState:
    return main(picture=PictureState(verdict, since=since, seen=seen))


def test_what_a_picture_tells_and_what_it_cannot_tell() -> None:
    assert changes(looked(), status(picture("covered"))) == [Began("a", Fault.COVERED, NOON)]
    standing = looked(Open("a", Fault.COVERED, NOON))
    assert changes(standing, status(picture("well"))) == [Ended("a", Fault.COVERED, NOON + MINUTE)]
    turned = changes(standing, status(picture("turned")))
    assert turned == [Ended("a", Fault.COVERED, NOON + MINUTE), Began("a", Fault.TURNED, NOON)]
    for silent in (picture("no_reference"), picture("well", NOON - timedelta(hours=1)), main(), main(state="failed", since=NOON)):
        assert not any(isinstance(one, Ended) for one in changes(standing, status(silent))), silent


def test_a_camera_with_a_motor_looks_elsewhere_without_a_fault() -> None:
    motor = (Kept("a", turns=True),)
    assert changes(looked(), status(picture("turned")), cameras=motor) == []
    assert changes(looked(), status(picture("covered")), cameras=motor) == [Began("a", Fault.COVERED, NOON)]
    learnt_since = looked(Open("a", Fault.TURNED, NOON - MINUTE))
    assert changes(learnt_since, status(picture("turned")), cameras=motor) == [Ended("a", Fault.TURNED, NOON + MINUTE)]


def test_clock_unsteadiness_disk_and_days() -> None:
    alarms = (Alarm("camera_unstable", "", NOON, "a"), Alarm("disk_full", "", NOON))
    found = set(changes(looked(), status(main(clock_offset_s=-2.5), disk="full", alarms=alarms)))
    assert found == {
        Began("", Fault.DISK, NOON, "full"),
        Began("a", Fault.UNSTABLE, NOON),
        Began("a", Fault.CLOCK_OFF, NOON + MINUTE, "behind"),
    }
    short = Account(status(main()), ONE, {"a": Seen(Fault.DAYS_SHORT, None, "12/30")})
    watch, said = observe(looked(), short, NOON + MINUTE)
    assert said == (Began("a", Fault.DAYS_SHORT, NOON + MINUTE, "12/30"),)
    assert observe(watch, replace(short, days={}), NOON + 2 * MINUTE)[1] == ()
    assert observe(watch, replace(short, days={"a": Seen()}), NOON + 2 * MINUTE)[1] == (
        Ended("a", Fault.DAYS_SHORT, NOON + 2 * MINUTE),
    )


LOOKS = st.lists(
    st.tuples(st.integers(-200, 400), st.sampled_from(["recording", "failed", "none", "no answer"]), st.booleans()), max_size=12
)


@given(LOOKS)
def test_whatever_comes_an_outage_is_open_once_and_ends_after_it_began(looks: list[tuple[int, str, bool]]) -> None:
    """The changes told are those that lead from one watch to the next, at any pace and with any clock."""
    watch, at = Watch(), NOON
    standing: dict[tuple[str, str], datetime] = {}
    for seconds, state, on in looks:
        at += timedelta(seconds=seconds)
        found = None if state == "no answer" else status(*([] if state == "none" else [main(state=state, since=at)]))
        watch, said = observe(watch, Account(found, (Kept("a", on),)), at)
        for one in said:
            if isinstance(one, SetBack):
                standing = {key: min(start, one.to) for key, start in standing.items()}
            elif isinstance(one, Began | Resumed):
                assert (one.camera, one.fault) not in standing
                standing[one.camera, one.fault] = one.start if isinstance(one, Began) else at
            elif isinstance(one, Ended):
                assert standing.pop((one.camera, one.fault)) <= one.end
        assert {(one.camera, one.fault) for one in watch.open} == set(standing)
