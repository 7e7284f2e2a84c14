"""A stream's session: tries, waits, gaps and their reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason, Problem
from luytre.media.recorder.session import BackOff, Session, State, gap_reason
from luytre.media.source.reception import Reception
from luytre.media.unit import Break
from tests.media.fragment.test_roundtrip import Kept
from tests.media.recorder.fakes import ScriptedSource, scripted_items

SWIFT = BackOff(first_s=0.001, longest_s=0.002, password_s=0.003)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


def session(clock: FakeClock, sources: list[ScriptedSource], sink: Kept, gaps: list[GapReason]) -> Session:
    left = list(sources)
    return Session("cho", lambda: left.pop(0), sink, clock=clock, back_off=SWIFT, chance=lambda: 0.5, on_gap=gaps.append)


async def test_a_camera_that_goes_and_comes_back() -> None:
    clock, sink, gaps = FakeClock(), Kept(), list[GapReason]()
    items = scripted_items(20)
    lost, refused, back = (
        ScriptedSource(clock, items, Problem.LOST),
        ScriptedSource(clock, [], Problem.WRONG_PASSWORD),
        ScriptedSource(clock, items),
    )
    live = session(clock, [lost, refused, back], sink, gaps)
    live.start()
    await until(lambda: live.frames == 40)
    assert (live.state, live.reconnects, live.gaps, live.error) == (State.RECORDING, 1, 1, None)
    await live.stop(GapReason.CAMERA_DISABLED)
    assert gaps[:2] == [GapReason.CAMERA_LOST, GapReason.WRONG_PASSWORD]
    assert [reason for _, _, reason, _ in sink.runs] == [GapReason.RECORDER_STOPPED, GapReason.CAMERA_LOST]
    assert sink.ends == [GapReason.CAMERA_LOST, GapReason.CAMERA_DISABLED]
    assert live.state is State.STOPPED


async def test_packets_are_counted_over_connections_and_jitter_is_of_the_present_one() -> None:
    clock, sink, gaps = FakeClock(), Kept(), list[GapReason]()
    lost, silent, back = (
        ScriptedSource(clock, scripted_items(20), Problem.LOST),
        ScriptedSource(clock, [], Problem.TIMEOUT),
        ScriptedSource(clock, scripted_items(20)),
    )
    lost.received, back.received = Reception(100, 2, 90.0), Reception(50, 1, 45.0)
    live = session(clock, [lost, silent, back], sink, gaps)
    assert live.reception is None
    live.start()
    await until(lambda: live.frames == 40)
    assert live.reception == Reception(150, 3, 45.0)
    await live.stop()
    assert live.reception == Reception(150, 3)


async def test_a_stream_that_breaks_too_often_says_so_and_goes_on() -> None:
    clock, sink, gaps = FakeClock(), Kept(), list[GapReason]()
    fmt, *pictures = scripted_items(1)
    broken = [item for _ in range(100) for item in (Break(GapReason.STREAM_DAMAGED), *pictures)]
    source = ScriptedSource(clock, [fmt, *broken])
    live = session(clock, [source], sink, gaps)
    live.start()
    await until(lambda: live.frames == 60)
    assert (live.state, live.problem, live.error) == (State.RECORDING, Problem.UNSTABLE, None)
    assert (len(sink.runs), gaps) == (60, [GapReason.STREAM_UNSTABLE])
    clock.advance(120)
    live.deliver([*broken[:2]], clock.utc_90k(), clock.mono_s())
    assert (live.frames, live.problem, live.unstable_since_utc_90k) == (61, None, None)
    assert sink.runs[-1][2] is GapReason.STREAM_UNSTABLE
    await live.stop()


async def test_a_fault_of_ours_costs_one_session_not_the_camera() -> None:
    clock, sink = FakeClock(), Kept()
    live = session(
        clock, [ScriptedSource(clock, [], fault=ZeroDivisionError()), ScriptedSource(clock, scripted_items(5))], sink, []
    )
    live.start()
    await until(lambda: live.frames == 5)
    assert live.faults == 1
    await live.stop()


async def test_a_healthy_camera_reports_no_gap_and_stops_at_once() -> None:
    clock, sink, gaps = FakeClock(), Kept(), list[GapReason]()
    live = session(clock, [ScriptedSource(clock, scripted_items(50))], sink, gaps)
    live.start()
    await until(lambda: live.frames == 50)
    assert (live.gaps, live.reconnects) == (0, 0)
    await live.stop()
    assert len(sink.runs) == 1


async def test_since_is_when_the_camera_went_not_when_it_was_last_tried() -> None:
    clock, sink = FakeClock(), Kept()
    down = [ScriptedSource(clock, [], Problem.PORT_CLOSED) for _ in range(500)]
    live = session(clock, [ScriptedSource(clock, scripted_items(5), Problem.LOST), *down], sink, [])
    live.start()
    await until(lambda: live.state is State.WAITING)
    went = live.since_utc_90k
    tries = live.tries
    clock.advance(30)
    await until(lambda: live.tries > tries + 2)
    assert live.since_utc_90k == went
    await live.stop()


async def test_watching_is_passed_on_to_each_new_source() -> None:
    clock, sink = FakeClock(), Kept()
    first, second = ScriptedSource(clock, scripted_items(5), Problem.LOST), ScriptedSource(clock, scripted_items(5))
    live = session(clock, [first, second], sink, [])
    live.watch(True)
    live.start()
    await until(lambda: live.frames == 10)
    assert (first.watched, second.watched) == ([True], [True])
    await live.stop()


@given(st.integers(1, 1000), st.sampled_from(list(Problem)), st.floats(0, 1, exclude_max=True))
def test_waits_are_bounded_and_passwords_are_not_hammered(tries: int, problem: Problem, chance: float) -> None:
    wait = BackOff().wait_s(tries, problem, chance)
    if problem in (Problem.WRONG_PASSWORD, Problem.PASSWORD_NEEDED):
        assert wait >= 60
    else:
        assert 0.75 <= wait <= 37.5


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_has_its_reason(problem: Problem) -> None:
    assert gap_reason(problem) in GapReason
