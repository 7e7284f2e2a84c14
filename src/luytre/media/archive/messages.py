"""What the event loop leaves in the writer's inbox. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from luytre.base.errors import GapReason
from luytre.media.unit import Fragment, InitSegment


@dataclass(frozen=True, slots=True)
class Begin:
    init: InitSegment
    start_utc_90k: int
    reason: GapReason


@dataclass(frozen=True, slots=True)
class End:
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Skip:
    """The queue is full: fragments are missing from here to the next GOP that comes."""


@dataclass(frozen=True, slots=True)
class Note:
    reason: GapReason
    at_utc_90k: int


@dataclass(frozen=True, slots=True)
class Policy:
    keep_days: float | None
    keep_bytes: int | None


Message: TypeAlias = Fragment | Begin | End | Skip | Note | Policy
