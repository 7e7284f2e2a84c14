"""The archive's values: settings, states, and what queries answer. All immutable.

Rows that come by the ten thousand are NamedTuples: a timeline of 35 cameras over 30 days has 30 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import GapReason, Words
from luytre.base.i18n import N_

NO_GAP_90K = TICKS_PER_S // 10
"""Two runs that are no further apart than this (100 ms) have no hole between them."""


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """Bounds of the write path. Each says what it costs to change it."""

    segment_s: float = 60.0
    """A new file at the first GOP after this: longer means fewer files and coarser retention."""
    segment_max_bytes: int = 256 << 20
    write_every_s: float = 0.5
    """How long fragments wait to be written together: what kill -9 may take. Shorter costs CPU: each write has its price."""
    sync_every_s: float = 1.0
    """What a power cut may take, together with the tick and the disk's own time."""
    queue_max_bytes: int = 64 << 20
    """What may wait for a slow disk before whole GOPs are dropped (and owned up to as a gap)."""
    free_floor_bytes: int | None = None
    """Free space below which the oldest footage is deleted, and writing stops when there is none that may be. None: 1 GiB,
    or a twentieth of a smaller disk."""
    resume_margin_bytes: int = 64 << 20
    """How far above the floor writing starts again (at most a quarter of the floor), so that it does not flutter."""
    probe_every_s: float = 3.0
    deletes_per_s: int = 8
    """Files deleted at most in a second: deleting must never delay writing."""
    clock_trust_s: float = 900.0
    """After our clock jumped forward by more than a day nothing is deleted by age for so long: it may be set back."""


def reserve_bytes(total_bytes: int) -> int:
    """How much is set aside so that a disk that others filled to the brim can still be tidied up."""
    return min(4 << 20, total_bytes // 50)


def floor_bytes(free_floor_bytes: int | None, total_bytes: int) -> int:
    """The free-space floor on a disk of this size; never so low that the index could not be written."""
    if free_floor_bytes is None:
        free_floor_bytes = min(1 << 30, total_bytes // 20)
    return max(free_floor_bytes, 2 * reserve_bytes(total_bytes))


class StateKind(StrEnum):
    OK = "ok"
    FULL = "full"
    HELD = "held"
    READ_ONLY = "read_only"
    MISSING = "missing"
    FAILED = "failed"


_SPACE_HINT = N_("Free some space or add a larger disk; recording resumes by itself.")
_HELD_HINT = N_("Release holds that are no longer needed, or add a larger disk; recording resumes by itself.")
_READ_ONLY_HINT = N_("A disk turns read-only when it is failing. Copy what matters and replace it.")
_MISSING_HINT = N_("Plug it in or mount it again; recording resumes by itself.")
_FAILED_HINT = N_("Check its cable and its health; it may have to be replaced.")

STATE_WORDS: dict[StateKind, Words] = {
    StateKind.OK: Words(N_("recording to disk"), ""),
    StateKind.FULL: Words(N_("the disk is full: nothing is being recorded"), _SPACE_HINT),
    StateKind.HELD: Words(N_("the disk is full of footage on hold: nothing is being recorded"), _HELD_HINT),
    StateKind.READ_ONLY: Words(N_("the disk can only be read: nothing is being recorded"), _READ_ONLY_HINT),
    StateKind.MISSING: Words(N_("the archive's disk is not there: nothing is being recorded"), _MISSING_HINT),
    StateKind.FAILED: Words(N_("the disk reports faults: nothing is being recorded"), _FAILED_HINT),
}

STATE_GAPS: dict[StateKind, GapReason] = {
    StateKind.FULL: GapReason.DISK_FULL,
    StateKind.HELD: GapReason.DISK_HELD,
    StateKind.READ_ONLY: GapReason.DISK_READ_ONLY,
    StateKind.MISSING: GapReason.DISK_MISSING,
    StateKind.FAILED: GapReason.DISK_FAILED,
}


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """Whether footage reaches the disk, since when. `detail` is the system's own word, for logs."""

    kind: StateKind
    since_utc_90k: int
    detail: str = ""

    @property
    def words(self) -> Words:
        return STATE_WORDS[self.kind]


AlarmCallback = Callable[[ArchiveState], None]
"""Called from the writer's thread whenever the state changes."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Footage that nobody deletes: both streams of a camera, [from, to)."""

    id: str
    camera: str
    from_utc_90k: int
    to_utc_90k: int
    reason: str


class EraseRule(StrEnum):
    """Under which rule footage was deleted."""

    DAYS = "days"
    BYTES = "bytes"
    FLOOR = "floor"


class Erased(NamedTuple):
    """A line of the erase log. It may grow within its day (UTC): `at` is when it last did, its number (`id`) stays."""

    at_utc_90k: int
    camera: str
    stream: str
    from_utc_90k: int
    to_utc_90k: int
    bytes: int
    rule: EraseRule
    id: int = 0


class Gop(NamedTuple):
    """A group of pictures in a segment: where its first fragment stands in the file, its time on the run's line, and UTC."""

    offset_bytes: int
    dts_90k: int
    utc_90k: int


class Span(NamedTuple):
    """Footage without a hole."""

    from_utc_90k: int
    to_utc_90k: int
    codec: str
    samples: int
    bytes: int


class Gap(NamedTuple):
    """A hole and why. `is_open`: it lasts until now."""

    from_utc_90k: int
    to_utc_90k: int
    reason: GapReason
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    camera: str
    stream: str
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]


class Segment(NamedTuple):
    """One segment file as the index knows it; `path` is absolute. An open one still grows."""

    id: int
    camera: str
    stream: str
    run_row: int
    run_key: str
    seq: int
    path: str
    start_utc_90k: int
    end_utc_90k: int
    start_dts_90k: int
    end_dts_90k: int
    init_bytes: int
    media_offset_bytes: int
    size_bytes: int
    """Up to where the file is published: the seal of a closed segment begins here."""
    samples: int
    is_closed: bool
    sha256: bytes | None
    gops: tuple[Gop, ...]
    codec: str
    width_px: int
    height_px: int
    mime: str


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """A stream of the archive: what it holds and what it brings in."""

    camera: str
    stream: str
    oldest_utc_90k: int
    newest_utc_90k: int
    bytes: int
    recorded_90k: int
    keep_days: float | None
    keep_bytes: int | None

    @property
    def bitrate_bps(self) -> float:
        return self.bytes * 8 * TICKS_PER_S / self.recorded_90k if self.recorded_90k else 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """The archive as a whole. `days_left`: until the free-space floor at today's rate; None where nothing is coming in."""

    bytes_used: int
    bytes_free: int
    bytes_total: int
    oldest_utc_90k: int | None
    days_left: float | None
