"""One stream's session: connect, deliver, and when it breaks say why, wait (jittered, longer each time) and try again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

from luytre.base.clock import Clock
from luytre.base.errors import CameraError, GapReason, Problem
from luytre.media.fragment import Fragmenter
from luytre.media.source.reception import Reception
from luytre.media.unit import CameraClock, FormatChange, FragmentSink, Item, Sink, StreamFormat

log = structlog.get_logger(__name__)


class State(StrEnum):
    CONNECTING = "connecting"
    RECORDING = "recording"
    WAITING = "waiting"
    """Between two tries."""
    STOPPED = "stopped"


class Source(Protocol):
    """A camera as `media.source` gives it: runs once, ends with an error or by `close`."""

    async def run(self, sink: Sink) -> None: ...

    def watch(self, watched: bool) -> None: ...

    def reception(self) -> Reception | None:
        """How its packets come; None: it does not know. Also after `run` has ended."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waits in seconds before the next try. `password_s` is never undercut: cameras lock themselves."""

    first_s: float = 1.0
    factor: float = 2.0
    longest_s: float = 30.0
    password_s: float = 60.0
    steady_s: float = 20.0
    """A session that lasted so long starts the waits anew."""

    def wait_s(self, tries: int, problem: Problem, chance: float) -> float:
        """`tries`: failures in a row, from 1; `chance` in [0, 1) spreads cameras that failed together over ±25 %."""
        if problem in (Problem.WRONG_PASSWORD, Problem.PASSWORD_NEEDED):
            return self.password_s * (1 + 0.25 * chance)
        wait = min(self.first_s * self.factor ** min(tries - 1, 16), self.longest_s)
        return wait * (0.75 + 0.5 * chance)


_GAPS = {
    Problem.LOST: GapReason.CAMERA_LOST,
    Problem.FROZEN: GapReason.CAMERA_FROZEN,
    Problem.NO_PICTURE: GapReason.CAMERA_FROZEN,
    Problem.WRONG_PASSWORD: GapReason.WRONG_PASSWORD,
    Problem.PASSWORD_NEEDED: GapReason.WRONG_PASSWORD,
    Problem.UNKNOWN_HOST: GapReason.CAMERA_UNREACHABLE,
    Problem.UNREACHABLE: GapReason.CAMERA_UNREACHABLE,
    Problem.PORT_CLOSED: GapReason.CAMERA_UNREACHABLE,
    Problem.TIMEOUT: GapReason.CAMERA_UNREACHABLE,
    Problem.DAMAGED: GapReason.STREAM_DAMAGED,
}


def gap_reason(problem: Problem) -> GapReason:
    return _GAPS.get(problem, GapReason.CAMERA_REFUSED)


class Session:
    """Runs until `stop`. `on_gap` is told each reason why nothing is recorded, so that an open gap says the newest."""

    def __init__(
        self,
        name: str,
        make_source: Callable[[], Source],
        sink: FragmentSink,
        *,
        clock: Clock,
        back_off: BackOff | None = None,
        chance: Callable[[], float] = random.random,
        on_gap: Callable[[GapReason], None] = lambda reason: None,
    ) -> None:
        self.name = name
        self._make_source, self._clock = make_source, clock
        self._back_off, self._chance, self._on_gap = back_off or BackOff(), chance, on_gap
        self._fragmenter = Fragmenter(sink, gap_reason=GapReason.RECORDER_STOPPED)
        self._source: Source | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._stopping = self._watched = False
        self._stop_reason = GapReason.RECORDER_STOPPED
        self._failures = 0
        self.state = State.CONNECTING
        self.error: CameraError | None = None
        self.since_utc_90k = clock.utc_90k()
        self.reconnects = self.faults = self.tries = 0
        self.format: StreamFormat | None = None
        self.last_frame_utc_90k: int | None = None
        self.clock_offset_90k: int | None = None
        self.unstable_since_utc_90k: int | None = None
        """Since when GOPs are left out, because runs would begin too often."""
        self._sessions_played = self._left_out = 0
        self._received: Reception | None = None
        """By connections that have ended."""

    @property
    def problem(self) -> Problem | None:
        """What is wrong now: why there is no picture, or why the picture that comes is not recorded whole."""
        if self.error is not None:
            return self.error.problem
        return Problem.UNSTABLE if self.unstable_since_utc_90k is not None else None

    @property
    def frames(self) -> int:
        return self._fragmenter.frames

    @property
    def bytes(self) -> int:
        return self._fragmenter.bytes

    @property
    def gaps(self) -> int:
        return self._fragmenter.gaps

    @property
    def reception(self) -> Reception | None:
        """Of all connections since it began, and the jitter of the present one; None where nothing is known."""
        return self._with(self._source.reception() if self._source is not None else None)

    def _with(self, now: Reception | None) -> Reception | None:
        if self._received is None or now is None:
            return self._received or now
        return self._received + now

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._live(), name=f"camera {self.name}")

    async def stop(self, reason: GapReason = GapReason.RECORDER_STOPPED) -> None:
        """Ends the session cleanly: the camera is told, the run is closed with the reason."""
        self._stopping, self._stop_reason = True, reason
        self._wake.set()
        if self._source is not None:
            self._source.close()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=5.0)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def watch(self, watched: bool) -> None:
        self._watched = watched
        if self._source is not None:
            self._source.watch(watched)

    def retry_now(self) -> None:
        """Ends a wait between tries (the camera's settings were changed)."""
        self._wake.set()

    async def _live(self) -> None:
        try:
            while not self._stopping:
                await self._wait(await self._try_once())
        finally:
            self._fragmenter.end(self._stop_reason)
            self._turn(State.STOPPED)

    async def _try_once(self) -> Problem:
        """One session with the camera; returns why it ended."""
        self._turn(State.CONNECTING)
        self.tries += 1
        source = self._source = self._make_source()
        source.watch(self._watched)
        started_s = self._clock.mono_s()
        played = False
        try:
            await source.run(self)
            error = CameraError(Problem.LOST, subject=self.name)
        except CameraError as failed:
            error = failed
        except Exception as fault:  # the edge of one camera: its fault must not end it
            log.exception("camera.fault", camera=self.name)
            self.faults += 1
            error = CameraError(Problem.LOST, subject=self.name, detail=repr(fault))
        finally:
            received = self._with(source.reception())
            self._received, self._source = received.over() if received is not None else None, None
            played = self.state is State.RECORDING
        self.error = error
        reason = gap_reason(error.problem)
        self._fragmenter.end(self._stop_reason if self._stopping else reason)
        self._on_gap(self._stop_reason if self._stopping else reason)
        if played and self._clock.mono_s() - started_s >= self._back_off.steady_s:
            self._failures = 0
        self._failures += 1
        if not self._stopping:
            log.warning("camera.failed", camera=self.name, problem=error.problem, detail=error.detail, tries=self._failures)
        return error.problem

    async def _wait(self, problem: Problem) -> None:
        if self._stopping:
            return
        self._turn(State.WAITING)
        self._wake.clear()
        try:
            async with asyncio.timeout(self._back_off.wait_s(self._failures, problem, self._chance())):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _turn(self, state: State) -> None:
        """`since` tells how long the camera has been up, or down: tries between do not count."""
        if (state is State.RECORDING) != (self.state is State.RECORDING) or state is State.STOPPED:
            self.since_utc_90k = self._clock.utc_90k()
        self.state = state

    # -- Sink --------------------------------------------------------------------------------------------------------

    def deliver(self, items: Sequence[Item], received_utc_90k: int, received_mono_s: float) -> None:
        """From the source; straight on to the fragmenter, noting what the status page tells."""
        for item in items:
            if type(item) is CameraClock:
                self.clock_offset_90k = item.offset_90k
            elif type(item) is FormatChange:
                self.format = item.format
        before = self._fragmenter.frames
        self._fragmenter.deliver(items, received_utc_90k, received_mono_s)
        if self._fragmenter.frames != before:
            self.last_frame_utc_90k = received_utc_90k
            if self.state is not State.RECORDING:
                self._playing()
        self._note_stability(received_mono_s)

    def _note_stability(self, now_mono_s: float) -> None:
        is_unstable = self._fragmenter.is_unstable(now_mono_s)
        left_out = self._fragmenter.frames_left_out
        if left_out != self._left_out and not self._fragmenter.running:
            self._on_gap(GapReason.STREAM_UNSTABLE)
        self._left_out = left_out
        if is_unstable == (self.unstable_since_utc_90k is not None):
            return
        self.unstable_since_utc_90k = self._clock.utc_90k() if is_unstable else None
        log.warning("camera.unstable", camera=self.name, unstable=is_unstable, left_out=left_out)

    def _playing(self) -> None:
        if self._sessions_played:
            self.reconnects += 1
        self._sessions_played += 1
        self.error = None
        self._turn(State.RECORDING)
        log.info("camera.recording", camera=self.name)
