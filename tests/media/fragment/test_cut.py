"""Runs, fragments and wall time: drift is followed slowly, a step of the clock is a new run, no hole goes unmarked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.errors import GapReason
from luytre.media.fragment import Fragmenter, build_init, parse_fragment_head, parse_init
from luytre.media.fragment.cut import WallLine
from luytre.media.source.ticker import IDLE_S, WATCHED_S
from luytre.media.unit import Break, FormatChange, Fragment, Item, Sample, StreamFormat
from luytre.media.unit.parameter_sets import ParameterSetError, video_format
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


def test_first_frames_that_came_late_are_set_right_within_seconds() -> None:
    """A camera's first second is held up on its way; the frames after it come in time."""
    wall = WallLine(0, TICKS_PER_S)
    for tick in range(0, 20 * 5):
        line = tick * TICKS_PER_S // 5
        wall.note(line, line + max(0, TICKS_PER_S - line))
    assert abs(wall.at(line) - line) < TICKS_PER_S // 10


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.25, 2.0])
def test_a_camera_that_counts_another_rate_than_it_sends_stays_near_our_clock(rate: float) -> None:
    """Its times run at `rate`: as of one that counts 25 frames a second by night and sends 20."""
    feed = Feed(rate)
    feed.frames(25 * 300)
    fragments = feed.kept.runs[0][3]
    assert len(feed.kept.runs) == 1
    assert all(after.start_utc_90k > before.start_utc_90k for before, after in pairwise(fragments))
    assert abs(fragments[-1].start_utc_90k - feed.clock.utc_90k()) < 60 * TICKS_PER_S


def test_frames_that_come_earlier_than_the_line_has_them_set_it_right_within_one_window() -> None:
    """The first frames are late by an eighth of a second, as when many cameras begin at once."""
    wall = WallLine(0, TICKS_PER_S // 8)
    shown = []
    for tick in range(5 * 60):
        line = tick * TICKS_PER_S // 5
        wall.note(line, line + (TICKS_PER_S // 8 if tick < 5 else TICKS_PER_S // 500 * (tick % 7)))
        shown.append(wall.at(line) - line)
    assert all(late <= TICKS_PER_S // 100 for late in shown[5 * 4 :]), "right from the fourth second on"
    assert all(after + TICKS_PER_S // 5 > before for before, after in pairwise(shown)), "and it never goes back"


@pytest.mark.parametrize("fps", [12, 15, 20, 25, 30, 50])
def test_two_cameras_that_are_read_at_different_distances_after_their_pictures_agree(fps: int) -> None:
    """Each is read when the ticker wakes. What the camera's clock says of its pictures is not what is asked here."""
    for interval_s in (IDLE_S, WATCHED_S):
        late_ms = []
        for phase in range(8):
            wall = read_at_ticks(fps, interval_s, phase / 8 / fps)
            late_ms.append(1000 * wall / TICKS_PER_S)
        assert max(late_ms) - min(late_ms) < 5, (interval_s, late_ms)
        assert min(late_ms) > -1, interval_s
        assert max(late_ms) < 6, interval_s


def read_at_ticks(fps: int, interval_s: float, phase_s: float, seconds: float = 30.0) -> float:
    """How late the line is, in ticks, for a camera whose pictures leave at `phase_s` + n / fps."""
    wall, number, tick = None, 0, 1
    line = 0
    while tick * interval_s < seconds:
        now_s, before = tick * interval_s, number
        while phase_s + number / fps <= now_s:
            number += 1
        if number > before:
            line = round((number - 1) * TICKS_PER_S / fps)
            wall = wall or WallLine(line, round(now_s * TICKS_PER_S))
            wall.note(line, round(now_s * TICKS_PER_S))
        tick += 1
    assert wall is not None
    return wall.at(line) - line - phase_s * TICKS_PER_S


def test_a_network_that_stalls_for_some_seconds_moves_nothing() -> None:
    wall = WallLine(0, 0)
    for tick in range(5 * 60):
        line = tick * TICKS_PER_S // 5
        wall.note(line, line + (6 * TICKS_PER_S if 100 <= tick < 145 else 0))
        assert abs(wall.at(line) - line) < TICKS_PER_S // 20


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


def churn(feed: Feed, seconds: int) -> None:
    """A key frame each 0.4 s, each after a break."""
    for _ in range(round(seconds * 2.5)):
        feed.give([Break(GapReason.STREAM_DAMAGED)])
        feed.frames(10)


def test_a_stream_that_breaks_again_and_again_begins_a_bounded_number_of_runs() -> None:
    feed = Feed()
    churn(feed, 600)
    assert 60 + 600 * 30 / 60 - 2 <= len(feed.kept.runs) <= 60 + 600 * 30 / 60 + 2
    assert feed.cutter.is_unstable(feed.clock.mono_s())
    kept = sum(fragment.sample_count for run in feed.kept.runs for fragment in run[3])
    assert kept + feed.cutter.frames_left_out < feed.sent, "frames behind a refused key frame are lost with it"
    reasons = {run[2] for run in feed.kept.runs[80:]}
    assert reasons == {GapReason.STREAM_UNSTABLE}
    assert all(run[3][0].starts_gop for run in feed.kept.runs)


def test_a_stream_that_has_calmed_down_is_recorded_whole_again_and_called_so() -> None:
    feed = Feed()
    churn(feed, 120)
    feed.frames(100)
    assert feed.cutter.is_unstable(feed.clock.mono_s()), "not yet: it would flutter"
    before = len(feed.kept.runs)
    feed.frames(25 * 70)
    assert (len(feed.kept.runs), feed.cutter.is_unstable(feed.clock.mono_s())) == (before, False)
    feed.give([Break(GapReason.CAMERA_LOST)])
    feed.frames(10)
    assert feed.kept.runs[-1][2] is GapReason.CAMERA_LOST


def test_a_camera_on_a_bad_network_loses_nothing_to_the_bound() -> None:
    """A packet is lost in each GOP of two seconds, day and night."""
    feed = Feed()
    for _ in range(900):
        feed.give([Break(GapReason.STREAM_DAMAGED)])
        feed.frames(50)
    assert (feed.cutter.frames_left_out, len(feed.kept.runs)) == (0, 900)


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


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_parameter_sets_with_values_out_of_range_make_an_init_segment_all_the_same(codec: str) -> None:
    """A camera's broken set is the decoder's to refuse; it must not end the camera's session as a fault of ours."""
    sets = stream_format(codec, encode(codec)).video.parameter_sets
    made = 0
    for index, bit in ((i, b) for i in range(len(sets)) for b in range(8 * (2 if codec == "h265" else 1), 8 * len(sets[i]))):
        broken = [bytearray(nal) for nal in sets]
        broken[index][bit // 8] ^= 0x80 >> bit % 8
        try:
            fmt = video_format("h264" if codec == "h264" else "h265", [bytes(nal) for nal in broken])
        except ParameterSetError:
            continue
        assert parse_init(build_init(StreamFormat(fmt)).data).format.video.parameter_sets == fmt.parameter_sets
        made += 1
    assert made > 20


def last_said(fragment: Fragment) -> int:
    """How long a fragment says that its last picture lasts."""
    return parse_fragment_head(fragment.data, 0, 0).tracks[0].durations[-1]


def test_no_picture_after_a_stumble_comes_more_than_twice_as_late_as_was_said() -> None:
    """Browsers would throw everything away up to the next key frame (Media Source Extensions, coded frame processing)."""
    feed = Feed(per_batch=1)
    at = 0
    for number in range(300):
        at += 27_000 if number in (40, 90, 200) else 3600 + number % 3 * 300
        like = feed.line[0 if number % 50 == 0 else 1]
        feed.give([Sample(number % 50 == 0, at, at, like.size_bytes, like.chunks)])
    fragments = [fragment for run in feed.kept.runs for fragment in run[3]]
    late = [
        number
        for number, (before, after) in enumerate(pairwise(fragments), start=1)
        if after.dts_90k - before.dts_90k > 2 * last_said(before)
    ]
    assert late == [40]  # the first time cannot be known


def test_a_stumble_is_forgotten_after_a_while_and_a_first_picture_is_said_to_last_long_enough() -> None:
    feed = Feed(per_batch=1)
    feed.frames(30)
    fragments = feed.kept.runs[0][3]
    assert last_said(fragments[0]) >= 3600
    assert last_said(fragments[-1]) == 3600
    feed.sent += 5  # the camera leaves out 200 ms
    feed.frames(10)
    assert last_said(fragments[-1]) == 6 * 3600
    feed.frames(250)
    assert last_said(fragments[-1]) == 3600
