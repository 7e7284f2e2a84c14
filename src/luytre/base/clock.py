"""Time as the product keeps it: UTC in ticks of 1/90000 s, and a monotonic clock for durations.

90 kHz is the clock of RTP video (RFC 6184 §8.2.1), so a sample's time needs no rounding. Names tell the scale:
`_utc_90k` ticks since 1970-01-01T00:00:00Z, `_90k` a length in ticks, `_mono_s` seconds of a monotonic clock.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

TICKS_PER_S = 90_000


class Clock(Protocol):
    """What varies: the wall clock may step, the monotonic clock may not."""

    def utc_90k(self) -> int:
        """UTC now, in 1/90000 s since the epoch."""

    def mono_s(self) -> float:
        """Seconds of a clock that only goes forward."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    def utc_90k(self) -> int:
        return time.time_ns() * 9 // 100_000

    def mono_s(self) -> float:
        return time.monotonic()


@dataclass(slots=True)
class FakeClock:
    """A clock for tests: moves only when told. `step_utc` is somebody setting the wall clock."""

    now_utc_90k: int = 1_795_500_000 * TICKS_PER_S
    now_mono_s: float = 1000.0
    steps: list[int] = field(default_factory=list)

    def utc_90k(self) -> int:
        return self.now_utc_90k

    def mono_s(self) -> float:
        return self.now_mono_s

    def advance(self, seconds: float) -> None:
        self.now_mono_s += seconds
        self.now_utc_90k += round(seconds * TICKS_PER_S)

    def step_utc(self, seconds: float) -> None:
        self.steps.append(round(seconds * TICKS_PER_S))
        self.now_utc_90k += round(seconds * TICKS_PER_S)


def to_datetime(utc_90k: int) -> datetime:
    """Aware UTC datetime, rounded down to the microsecond."""
    seconds, ticks = divmod(utc_90k, TICKS_PER_S)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=ticks * 100 // 9)


def from_datetime(moment: datetime) -> int:
    """Ticks since the epoch. A naive datetime is refused: nobody knows what it means."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without its zone: {moment.isoformat()}")
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    whole_s = delta.days * 86_400 + delta.seconds
    return whole_s * TICKS_PER_S + delta.microseconds * 9 // 100


def to_iso(utc_90k: int) -> str:
    """`2026-11-24T07:05:00.040Z`: ISO 8601, milliseconds."""
    return to_datetime(utc_90k).strftime("%Y-%m-%dT%H:%M:%S.") + f"{to_datetime(utc_90k).microsecond // 1000:03d}Z"


def from_iso(text: str) -> int:
    """ISO 8601 with a zone (`Z` or an offset) to ticks; ValueError otherwise."""
    return from_datetime(datetime.fromisoformat(text))
