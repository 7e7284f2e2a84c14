"""Cuts a session's sample line into runs and fragments: at every key frame, at the end of every batch, at every hole.

Time: within a run the line follows the camera's timestamps. Each fragment also says its wall time: our clock at the run's
start plus the line, kept at the least delay that was seen: a frame that comes earlier than the line has it sets it right
within seconds (a second, while a run is young), one that comes later moves it by at most 500 ppm; it never goes back. So a
camera whose clock runs fast or slow stays in step with ours, and cameras with each other. Steps of our clock beyond 2 s are a
new run (`clock_step`).
"""

from __future__ import annotations

from collections.abc import Sequence

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import GapReason
from luytre.media.fragment.budget import RunBudget
from luytre.media.fragment.init import build_init
from luytre.media.fragment.moof import build_fragment
from luytre.media.unit import Break, CameraClock, FormatChange, FragmentSink, Item, Sample, StreamFormat

SLEW_PPM = 500
STEP_90K = 2 * TICKS_PER_S
MAX_FRAGMENT_SAMPLES = 512
_UNKNOWN_FRAME_90K = TICKS_PER_S // 10
"""How long a session's first picture is said to last: rather too long than too short (see `LongestStep`)."""
_FIRST_WINDOW_90K = TICKS_PER_S
_FIRST_WINDOWS = 5
_WINDOW_90K = 5 * TICKS_PER_S
_WRONG_90K = TICKS_PER_S // 5
_LATE_WINDOWS = 4


class WallLine:
    """The wall time of a run's line. `note(line, arrival)` feeds arrivals; `at(line)` is monotonic and never jumps.

    Frames arrive late, never early: the smallest (arrival - line) of a window is the best estimate of the offset. So a frame
    that came earlier than the line has it is proof, and the line is moved by all of it during the next window; frames that
    come later may be the network's fault: they move it by 500 ppm, and only four long windows of nothing but frames that are
    late by more than 0.2 s are believed. The first windows are short, since a run begins with whatever its first frames met.
    """

    def __init__(self, line_90k: int, arrival_utc_90k: int) -> None:
        self._offset = arrival_utc_90k - line_90k
        self._from_line = line_90k
        self._window_90k = _FIRST_WINDOW_90K
        self._short_left = _FIRST_WINDOWS
        self._best: int | None = None
        self._drift_per_window = 0
        self._late: list[int] = []

    def note(self, line_90k: int, arrival_utc_90k: int) -> None:
        seen = arrival_utc_90k - line_90k
        self._best = seen if self._best is None else min(seen, self._best)
        if line_90k >= self._from_line + self._window_90k:
            self._offset = self.at(line_90k) - line_90k
            self._short_left -= self._short_left > 0
            self._window_90k = _FIRST_WINDOW_90K if self._short_left else _WINDOW_90K
            self._drift_per_window = self._drift(self._best - self._offset)
            self._from_line, self._best = line_90k, None

    def _drift(self, error_90k: int) -> int:
        """What the next window adds to the offset, when the best of the last one is so far from it."""
        self._late = [*self._late[1 - _LATE_WINDOWS :], error_90k] if error_90k > _WRONG_90K and not self._short_left else []
        if error_90k < 0:
            return max(error_90k, -self._window_90k // 2)
        if len(self._late) == _LATE_WINDOWS:
            late, self._late = min(self._late), []
            return late
        return min(SLEW_PPM * self._window_90k // 1_000_000, error_90k)

    def at(self, line_90k: int) -> int:
        done = min(line_90k - self._from_line, self._window_90k)
        return line_90k + self._offset + self._drift_per_window * done // self._window_90k


class LongestStep:
    """How long the last picture of a fragment is said to last, while nobody knows when the next one comes.

    Media Source Extensions (W3C, "coded frame processing") throw everything away up to the next key frame when a picture
    comes more than twice as late as the one before it said; one that comes earlier than said harms nothing. So the guess is
    the longest step of the last one to two hundred fragments, and a camera that stumbles now and then is not cut by browsers.
    """

    _FRAGMENTS = 100

    def __init__(self) -> None:
        self._now_90k = self._before_90k = self._count = 0

    def note_fragment(self, video: Sequence[Sample], last_dts_90k: int | None) -> None:
        """A fragment's pictures, and the decode time of the one before them (None at the line's beginning)."""
        if last_dts_90k is not None:
            self._note(video[0].dts_90k - last_dts_90k)
        if len(video) > 1:
            self._note(video[-1].dts_90k - video[-2].dts_90k)

    def _note(self, step_90k: int) -> None:
        if 0 < step_90k < TICKS_PER_S:
            self._now_90k = max(self._now_90k, step_90k)

    def guess_90k(self) -> int:
        self._count += 1
        guess = max(self._now_90k, self._before_90k) or _UNKNOWN_FRAME_90K
        if self._count >= self._FRAGMENTS:
            self._before_90k, self._now_90k, self._count = self._now_90k, 0, 0
        return guess


class Fragmenter:
    """A `unit.Sink` that turns one session's items into a `FragmentSink`'s runs and fragments.

    Each `deliver` flushes what it brought, so a fragment is as long as the reader's batch. `gap_reason` is told to the
    first run; each later one is told why the one before it ended. Where runs would begin too often (`RunBudget`) whole
    GOPs are left out, and the hole's reason is `stream_unstable`.
    """

    def __init__(self, sink: FragmentSink, *, gap_reason: GapReason) -> None:
        self._sink = sink
        self._gap_reason = gap_reason
        self._format: StreamFormat | None = None
        self._wall: WallLine | None = None
        self._arrival_mono_s = 0.0
        self._arrival_utc = 0
        self._base = 0
        self._audio_base: int | None = None
        self._sequence = 0
        self._step_pending = False
        self._longest = LongestStep()
        self._last_dts: int | None = None
        self.frames = 0
        self.bytes = 0
        self.gaps = 0
        """Holes between runs: how often a run began after another had ended for want of footage."""
        self._hole = False
        self._budget = RunBudget()
        self.frames_left_out = 0
        """Frames that came whole and were left out, because a run would have had to begin for them."""

    @property
    def running(self) -> bool:
        return self._wall is not None

    def is_unstable(self, now_mono_s: float) -> bool:
        """Frames have been left out lately."""
        return self._budget.is_short(now_mono_s)

    def deliver(self, items: Sequence[Item], received_utc_90k: int, received_mono_s: float) -> None:
        if self._wall is not None and self._clock_stepped(received_utc_90k, received_mono_s):
            self._step_pending = True  # the run goes on to the next key frame: nothing is thrown away for a clock
        self._arrival_utc, self._arrival_mono_s = received_utc_90k, received_mono_s
        video: list[Sample] = []
        audio: list[Sample] = []
        for item in items:
            if type(item) is Sample:
                if item.is_audio:
                    audio.append(item)
                    continue
                if item.is_key or len(video) >= MAX_FRAGMENT_SAMPLES:
                    self._flush(video, audio, received_utc_90k, item.dts_90k)
                    if self._step_pending and item.is_key:
                        self._end(GapReason.CLOCK_STEP)
                video.append(item)
            elif type(item) is not CameraClock:
                self._flush(video, audio, received_utc_90k, None)
                self._turn(item)
        self._flush(video, audio, received_utc_90k, None)

    def _clock_stepped(self, utc_90k: int, mono_s: float) -> bool:
        passed = round((mono_s - self._arrival_mono_s) * TICKS_PER_S)
        return abs(utc_90k - self._arrival_utc - passed) > STEP_90K

    def _turn(self, item: Item) -> None:
        if isinstance(item, FormatChange):
            if item.format != self._format:
                self._end(GapReason.FORMAT_CHANGED)
                self._format = item.format
        elif isinstance(item, Break):
            self._end(item.reason)

    def _end(self, reason: GapReason) -> None:
        if self._wall is not None:
            self._sink.end_run(reason)
            self._gap_reason = reason
            self._hole = reason not in (GapReason.FORMAT_CHANGED, GapReason.CLOCK_STEP)
        self._wall = None
        self._step_pending = False

    def end(self, reason: GapReason) -> None:
        """The session is over; nothing follows for `reason`."""
        self._end(reason)

    def _may_begin(self, frames: int) -> bool:
        if self._budget.take(self._arrival_mono_s):
            return True
        self._hole, self._gap_reason = True, GapReason.STREAM_UNSTABLE
        self.frames_left_out += frames
        return False

    def _begin(self, first: Sample, arrival_utc_90k: int, span_90k: int) -> None:
        assert self._format is not None, "a source gives its format before its first sample"
        self.gaps += self._hole
        self._hole = False
        self._base = first.dts_90k
        self._audio_base = None
        self._sequence = 0
        self._wall = WallLine(0, arrival_utc_90k - span_90k)
        self._sink.begin_run(build_init(self._format), self._wall.at(0), self._gap_reason)

    def _flush(self, video: list[Sample], audio: list[Sample], arrival_utc_90k: int, next_dts: int | None) -> None:
        if not video:
            if self._wall is None:
                audio.clear()
            return
        if self._wall is None:
            if not (video[0].is_key and self._may_begin(len(video))):
                video.clear()
                audio.clear()
                return
            self._begin(video[0], arrival_utc_90k, max(0, video[-1].dts_90k - video[0].dts_90k))
        assert self._wall is not None
        last = self._last_duration(video, next_dts)
        line = video[0].dts_90k - self._base
        sound = self._take_sound(audio, line)
        self._sequence += 1
        fragment = build_fragment(
            video,
            sequence=self._sequence,
            dts_base_90k=self._base,
            last_duration_90k=last,
            start_utc_90k=self._wall.at(line),
            audio=sound,
            audio_dts_base=self._audio_base or 0,
        )
        if not self._step_pending:
            self._wall.note(video[-1].dts_90k - self._base, arrival_utc_90k)
        self.frames += len(video)
        self.bytes += sum(sample.size_bytes for sample in video)
        video.clear()
        self._sink.append(fragment)

    def _last_duration(self, video: list[Sample], next_dts: int | None) -> int:
        """The next sample's time decides; before it is known, the longest step of late is the guess."""
        self._longest.note_fragment(video, self._last_dts)
        self._last_dts = video[-1].dts_90k
        if next_dts is not None and 0 < next_dts - video[-1].dts_90k < 10 * TICKS_PER_S:
            return next_dts - video[-1].dts_90k
        return self._longest.guess_90k()

    def _take_sound(self, audio: list[Sample], line_90k: int) -> list[Sample]:
        """Sound since the last fragment. Its line starts where the first sound came, relative to the picture at that moment."""
        if not audio or self._format is None or self._format.audio is None:
            audio.clear()
            return []
        if self._audio_base is None:
            rate_hz = self._format.audio.sample_rate_hz
            self._audio_base = audio[0].dts_90k - line_90k * rate_hz // TICKS_PER_S
        sound = list(audio)
        audio.clear()
        return sound
