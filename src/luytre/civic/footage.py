"""Footage that was taken out of the archive as it lies there, and where each byte comes from. All moments are aware and UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """One segment of the archive from which bytes were copied."""

    id: int
    run: str
    """The recording without a break that it belongs to."""
    seq: int
    start: datetime
    end: datetime
    size_bytes: int
    """What its hash covers: every byte of the file before its seal."""
    sha256: str | None
    """As the archive wrote it down when it closed the segment; None: the segment was still being written."""
    whole: bool
    """All its media bytes are in the part: then `head_b64` and they give the hash again."""
    media_bytes: int
    """How many of its bytes stand in the part, one segment after the other from `PartFacts.media_offset_bytes` on."""
    head_b64: str
    """Base64 of the segment's bytes before its media; empty unless `whole` with a hash."""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One film of the original: a stretch without a break or a change of parameters."""

    name: str
    """`original.mp4`, `original.2.mp4`, …"""
    start: datetime
    end: datetime
    key_start: datetime
    """Where the copied bytes begin: the key frame at or before `start`. Players show from `start` on."""
    codec: str
    """`h264` or `h265`."""
    width_px: int
    height_px: int
    samples: int
    media_offset_bytes: int
    """Where the archive's bytes begin in the file."""
    segments: tuple[SegmentFacts, ...]


@dataclass(frozen=True, slots=True)
class GapFacts:
    """Nothing was recorded from `start` to `end`."""

    start: datetime
    end: datetime
    reason: str
    """The recorder's code."""
    words: str


@dataclass(frozen=True, slots=True)
class Footage:
    parts: tuple[PartFacts, ...]
    gaps: tuple[GapFacts, ...] = ()
