"""Runs, fragments and wall time: drift is followed slowly, a step of the clock is a new run, no hole goes unmarked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.errors import GapReason
from luytre.media.fragment import Fragmenter
from luytre.media.fragment.cut import WallLine
from luytre.media.unit import Break, FormatChange, Item, Sample
from tests.media.encode import encode
from tests.media.fragment.test_roundtrip import Kept, samples, stream_format


class Feed:
    """A camera whose frames arrive on a fake clock, `per_batch` at a time; `rate` is its clock against ours."""

    def __init__(self, rate: float = 1.0, per_batch: int = 5) -> None:
        self.clock, self.kept, self.rate, self.per_batch = FakeClock(), Kept(), rate, per_batch
        self.cutter = Fragmenter(self.kept, gap_reason=GapReason.RECORDER_STOPPED)
        units = encode("h264")
        self.line, self.sent = samples("h264", units), 0
        self.give([FormatChange(stream_format("h264", units))])

    def give(self, items: list[Item]) -> None:
        self.cutter.deliver(items, self.clock.utc_90k(), self.clock.mono_s())

    def frames(self, count: int) -> None:
        for _ in range(count // self.per_batch):
            self.clock.advance(self.per_batch / 25 / self.rate)
            batch: list[Item] = []
            for _ in range(self.per_batch):
                like = self.line[self.sent % len(self.line)]
                at = self.sent * 3600
                batch.append(Sample(like.is_key, at, at, like.size_bytes, like.chunks))
                self.sent += 1
            self.give(batch)


@pytest.mark.parametrize("rate", [1.0, 1.0003, 0.9997])
def test_an_hour_of_drift_is_followed_without_a_jump(rate: float) -> None:
    feed = Feed(rate)
    feed.frames(25 * 3600)
    assert len(feed.kept.runs) == 1
    fragments = feed.kept.runs[0][3]
    ends = [fragment.start_utc_90k + fragment.duration_90k for fragment in fragments]
    for end, after in zip(ends, fragments[1:], strict=False):
        assert abs(after.start_utc_90k - end) <= fragments[0].duration_90k * 600 // 1_000_000 + 2
    assert abs(ends[-1] - feed.clock.utc_90k()) < TICKS_PER_S // 4
    assert [after.dts_90k - before.dts_90k for before, after in pairwise(fragments)] == [18_000] * (len(fragments) - 1)


@pytest.mark.parametrize("step_s", [3600.0, -3600.0, 5.0, -5.0])
def test_a_step_of_our_clock_is_a_new_run_at_the_next_key_frame(step_s: float) -> None:
    feed = Feed()
    feed.frames(105)
    feed.clock.step_utc(step_s)
    feed.frames(95)
    assert [reason for _, _, reason, _ in feed.kept.runs] == [GapReason.RECORDER_STOPPED, GapReason.CLOCK_STEP]
    assert sum(fragment.sample_count for run in feed.kept.runs for fragment in run[3]) == 200, "no frame is lost to a clock"
    assert feed.cutter.gaps == 0
    start = feed.kept.runs[1][1]
    assert abs(start - (feed.clock.utc_90k() - 90 * 3600)) < TICKS_PER_S // 2


def test_small_corrections_of_the_clock_are_no_step() -> None:
    feed = Feed()
    feed.frames(100)
    feed.clock.step_utc(0.4)
    feed.frames(2500)
    assert len(feed.kept.runs) == 1


def test_a_break_ends_the_run_and_the_next_begins_on_a_key_frame() -> None:
    feed = Feed()
    feed.frames(15)
    feed.give([Break(GapReason.STREAM_DAMAGED)])
    feed.frames(35)
    first, second = feed.kept.runs
    assert (second[2], feed.cutter.gaps) == (GapReason.STREAM_DAMAGED, 1)
    assert second[3][0].starts_gop
    assert sum(fragment.sample_count for fragment in first[3]) == 15
    assert sum(fragment.sample_count for fragment in second[3]) == 30, "from the key frame at 20 on"
    assert second[3][0].dts_90k == 0


def test_a_format_that_changes_opens_a_new_init_segment() -> None:
    feed = Feed()
    feed.frames(20)
    feed.give([FormatChange(stream_format("h264", encode("h264", width=640, height=480)))])
    feed.frames(20)
    assert [run[0].format.video.width_px for run in feed.kept.runs] == [320, 640]
    assert (feed.kept.runs[1][2], feed.cutter.gaps) == (GapReason.FORMAT_CHANGED, 0)


def test_the_same_format_again_changes_nothing() -> None:
    feed = Feed()
    feed.frames(20)
    feed.give([FormatChange(stream_format("h264", encode("h264")))])
    feed.frames(20)
    assert len(feed.kept.runs) == 1


def test_a_wall_line_never_goes_back() -> None:
    wall = WallLine(0, 1_000_000)
    last = None
    for second in range(400):
        line = second * TICKS_PER_S
        now = wall.at(line)
        assert last is None or now > last
        last = now
        wall.note(line, 1_000_000 + line - second * 40 + (second % 7) * 900)
