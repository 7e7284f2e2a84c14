"""Where a simulated camera's pictures come from: the seam `FrameSource`, and a loop of access units coded beforehand.

Times: a source tells each taker access units with `pts_90k` and `dts_90k` on a line that starts near 0 for that taker's
first unit and never goes back; it calls on the event loop, at the pace of the decode times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from luytre.simulate.units import AccessUnit, VideoDescription


@dataclass(frozen=True, slots=True)
class TimedUnit:
    """A unit and by how much its times are moved: a loop's units go round without being copied."""

    unit: AccessUnit
    shift_90k: int = 0

    @property
    def pts_90k(self) -> int:
        return self.unit.pts_90k + self.shift_90k

    @property
    def dts_90k(self) -> int:
        return self.unit.dts_90k + self.shift_90k


Take = Callable[[TimedUnit], None]


class Subscription(Protocol):
    def stop(self) -> None:
        """No more units from now on; may be called twice."""


class FrameSource(Protocol):
    def describe(self) -> VideoDescription:
        """What SDP needs to know. May take some ten milliseconds at its first call."""

    def subscribe(self, take: Take) -> Subscription:
        """Units go to `take` on the running event loop, a key frame first, until the subscription is stopped."""


@dataclass(frozen=True)
class Clip:
    """Access units coded once, in decoding order, and how long the whole lasts (when it loops, the second round starts there)."""

    description: VideoDescription
    units: tuple[AccessUnit, ...]
    duration_90k: int

    def then(self, other: Clip) -> Clip:
        """One after the other: `other`'s parameter sets come with its key frames, as when somebody changes a camera's setting."""
        moved = (
            replace(unit, pts_90k=unit.pts_90k + self.duration_90k, dts_90k=unit.dts_90k + self.duration_90k)
            for unit in other.units
        )
        return Clip(self.description, (*self.units, *moved), self.duration_90k + other.duration_90k)


class LoopedSource:
    """Sends a clip round and round, each taker from its beginning: a test knows what the first picture is.

    `loops`: so many rounds, then silence (None: for ever). `speed`: 1.0 is real time. `first`: index of the key frame that
    a taker starts with, so that cameras which share a clip need not be in step.
    """

    def __init__(self, clip: Clip, *, loops: int | None = None, speed: float = 1.0, first: int = 0) -> None:
        if not clip.units or not clip.units[first].is_key:
            raise ValueError("a clip starts with a key frame")
        self._clip, self._loops, self._speed, self._first = clip, loops, speed, first

    def describe(self) -> VideoDescription:
        return self._clip.description

    def subscribe(self, take: Take) -> Subscription:
        return _Round(self._clip, self._loops, self._speed, self._first, take)


class _Round:
    """One taker's way through a clip: a timer that is set anew for each unit against the time of the start."""

    def __init__(self, clip: Clip, loops: int | None, speed: float, first: int, take: Take) -> None:
        self._clip, self._loops, self._take = clip, loops, take
        self._tick_s = 1 / (90_000 * speed)
        self._loop = asyncio.get_running_loop()
        self._first_dts_90k = clip.units[first].dts_90k
        self._started_s = self._loop.time()
        self._index, self._shift_90k = first, 0
        self._timer: asyncio.TimerHandle | None = self._loop.call_later(0, self._fire)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _fire(self) -> None:
        """Sends what is due (more than one unit where the loop was held up) and sets the timer for the next."""
        now_s = self._loop.time()
        while self._timer is not None and self._due_s() <= now_s:
            timed = TimedUnit(self._clip.units[self._index], self._shift_90k)
            if not self._advance():
                self.stop()
            self._take(timed)
        if self._timer is not None:
            self._timer = self._loop.call_at(self._due_s(), self._fire)

    def _due_s(self) -> float:
        dts_90k = self._clip.units[self._index].dts_90k + self._shift_90k
        return self._started_s + (dts_90k - self._first_dts_90k) * self._tick_s

    def _advance(self) -> bool:
        self._index += 1
        if self._index < len(self._clip.units):
            return True
        self._index = 0
        self._shift_90k += self._clip.duration_90k
        return self._loops is None or self._shift_90k < self._loops * self._clip.duration_90k


def clip_of(description: VideoDescription, units: Sequence[AccessUnit], frame_90k: int) -> Clip:
    """A clip that lasts until one frame after its last picture."""
    last = max(unit.pts_90k for unit in units) - min(unit.pts_90k for unit in units)
    return Clip(description, tuple(units), last + frame_90k)
