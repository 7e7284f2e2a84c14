"""Where the bytes of an export come from: which segment files, and what stands before their media, so that whoever has the
export can compute the hash that the archive wrote down when it closed the segment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from luytre.base.errors import NotFound
from luytre.base.i18n import N_
from luytre.media.archive import Segment
from luytre.media.playback.plan import ExportPlan


@dataclass(frozen=True, slots=True)
class Origin:
    """One segment's share in an export."""

    segment: Segment
    media_bytes: int
    """How many of its bytes are in the export."""
    is_whole: bool
    """All its media is, up to its seal."""
    head: bytes
    """What the hash covers before the media; empty where it cannot be computed from the export."""


def origins_of(plan: ExportPlan) -> tuple[Origin, ...]:
    """In the order in which they stand in the export, from `media_offset_bytes` on. NotFound where a file is gone."""
    try:
        return tuple(_origin(plan, number, segment) for number, segment in enumerate(plan.segments, 1))
    except OSError as error:
        raise NotFound(N_("a file of this recording is no longer there"), subject=plan.camera) from error


def media_offset_bytes(plan: ExportPlan) -> int:
    """Where the archive's bytes begin in the export."""
    return plan.slices[0].size_bytes


def _origin(plan: ExportPlan, number: int, segment: Segment) -> Origin:
    piece = plan.slices[number]
    is_whole = segment.is_closed and (piece.offset_bytes, piece.size_bytes) == (
        segment.media_offset_bytes, segment.size_bytes - segment.media_offset_bytes,
    )  # fmt: skip
    return Origin(segment, piece.size_bytes, is_whole, _head(segment) if is_whole and segment.sha256 else b"")


def _head(segment: Segment) -> bytes:
    fd = os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(fd, segment.media_offset_bytes, 0)
    finally:
        os.close(fd)
