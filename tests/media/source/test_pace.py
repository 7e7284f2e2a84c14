"""Cameras whose clock counts another rate than they send: a minute of the recording is a minute all the same, and honest
cameras on bad networks are left alone."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import TICKS_PER_S
from luytre.media.fragment.cut import WallLine
from luytre.media.source.pace import Pace
from luytre.media.source.timeline import RtpLine

TICK_S = 0.2
Delay = Callable[[float], float]


class Watched:
    """`seconds` of 25 ticks of the camera's clock a second, at `rate`, read each 200 ms: where the line and its wall time
    stood at each tick."""

    def __init__(self, rate: float, seconds: float, delay: Delay = lambda now_s: 0.0, fps: float = 20.0) -> None:
        self.line, self.wall = RtpLine(), WallLine(0, 0)
        self.seen: list[tuple[float, int, int]] = []
        dice, number, pts = random.Random(3), 0, 0
        queue: list[tuple[float, int]] = []
        latest_s = 0.0
        for tick in range(1, int(seconds / TICK_S)):
            now_s = tick * TICK_S
            while number / fps <= now_s:
                sent_s = number / fps
                latest_s = max(latest_s, sent_s + delay(sent_s) + dice.uniform(0, 0.03))
                queue.append((latest_s, round(sent_s * rate * TICKS_PER_S) & 0xFFFFFFFF))
                number += 1
            while queue and queue[0][0] <= now_s:
                pts = self.line.pts(queue.pop(0)[1], now_s)
                self.wall.note(pts, round(now_s * TICKS_PER_S))
            self.seen.append((now_s, pts, self.wall.at(pts)))

    @property
    def scale(self) -> float:
        return self.line._pace.scale

    def after(self, from_s: float) -> list[tuple[float, int, int]]:
        return [one for one in self.seen if one[0] >= from_s]


@pytest.mark.parametrize("rate", [0.5, 0.8, 0.95, 1.05, 1.25, 2.0])
def test_a_minute_is_a_minute(rate: float) -> None:
    told = Watched(rate, 900)
    assert told.scale == pytest.approx(1 / rate, rel=0.001)
    settled = told.after(150)
    for (start_s, start, _), (end_s, end, _) in zip(settled, settled[300:], strict=False):
        assert (end - start) / TICKS_PER_S == pytest.approx(end_s - start_s, rel=0.01)
    assert max(abs(wall / TICKS_PER_S - now_s) for now_s, _, wall in settled) < 0.35, "no sawing"
    assert all(after[2] >= before[2] for before, after in zip(told.seen, told.seen[1:], strict=False))


@pytest.mark.parametrize("rate", [1.0, 1.0005, 0.9995, 1.02, 0.98])
def test_a_camera_that_counts_time_is_left_alone(rate: float) -> None:
    assert Watched(rate, 600).scale == 1.0


def queue_that_grows(now_s: float) -> float:
    """For half a minute the network takes a tenth less than is sent; then it catches up."""
    return max(0.0, min((now_s - 60) * 0.1, 3.0, (130 - now_s) * 0.1))


def comes_and_goes(now_s: float) -> float:
    return 1.5 if int(now_s / 7) % 3 == 0 else 0.0


def late_start(now_s: float) -> float:
    return max(0.0, 4.0 - now_s)


@pytest.mark.parametrize("delay", [queue_that_grows, comes_and_goes, late_start])
def test_a_network_is_not_taken_for_a_clock(delay: Delay) -> None:
    told = Watched(1.0, 290, delay)
    assert (told.scale, told.line.jumps) == (1.0, 0)
    assert told.seen[-1][1] == pytest.approx(290 * TICKS_PER_S, abs=TICKS_PER_S // 2)


def test_a_camera_that_counts_frames_by_night_only() -> None:
    """20 frames a second that are told as 25 for five minutes, then 25: what it says is taken again as it is."""
    line = RtpLine()
    ts, now_s = 0, 0.0
    for frames, fps in ((6000, 20), (25 * 300, 25)):
        for _ in range(frames):
            line.pts(ts, now_s)
            ts, now_s = ts + 3600, now_s + 1 / fps
    assert line._pace.scale == pytest.approx(1.0, abs=0.0005)
    start, begin_s = line.pts(ts, now_s), now_s
    for _ in range(2500):
        ts, now_s = ts + 3600, now_s + 1 / 25
        last = line.pts(ts, now_s)
    assert (last - start) / TICKS_PER_S == pytest.approx(now_s - begin_s, rel=0.002)


def test_a_stretched_line_keeps_the_camera_clocks_place() -> None:
    line = Watched(1.25, 100).line
    newest = line.pts(round(99.9 * 1.25 * TICKS_PER_S), 100)
    assert line.near(round(99.9 * 1.25 * TICKS_PER_S) + 4500) == pytest.approx(newest + 3600, abs=40)


@given(st.floats(0.13, 8), st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=50))
def test_order_and_sums_are_kept(scale: float, steps: list[int]) -> None:
    pace = Pace()
    pace.scale = scale
    made = [pace.stretch(step) for step in steps]
    for before, after in zip(steps, made, strict=True):
        assert (before > 0) == (after > 0)
        assert (before < 0) == (after < 0)
    large = [step for step in steps if abs(step) > 100]
    if len(large) == len(steps):
        assert sum(made) == pytest.approx(sum(steps) * scale, abs=2)
