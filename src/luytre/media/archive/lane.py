"""One stream on its way to the disk: its run, its open segment, and the hole since its last run.

Lives in the writer's thread; other threads read only `hole` (an immutable tuple, replaced as a whole).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from luytre.base.errors import GapReason
from luytre.media.archive.index import RunState, SegmentState
from luytre.media.archive.values import NO_GAP_90K, Gap
from luytre.media.unit import InitSegment

STAYS: frozenset[GapReason] = frozenset(
    {
        GapReason.RECORDER_STOPPED,
        GapReason.RECORDER_CRASHED,
        GapReason.RECORDER_BEHIND,
        GapReason.CAMERA_DISABLED,
        GapReason.DISK_FULL,
        GapReason.DISK_HELD,
        GapReason.DISK_READ_ONLY,
        GapReason.DISK_MISSING,
        GapReason.DISK_FAILED,
    }
)
"""Reasons on this side of the camera. What is learnt of the camera later does not explain the hole's beginning away."""


@dataclass(slots=True)
class OpenSegment(SegmentState):
    """A segment file that is being written. `bytes` includes `buffers`, which the file does not have yet."""

    fd: int = -1
    folder: str = ""
    is_new: bool = True
    is_dirty: bool = False
    buffers: list[bytes] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    counted_samples: int = 0
    counted_bytes: int = 0


def closed_hole(hole: Sequence[Gap], end_utc_90k: int, reason: GapReason) -> tuple[Gap, ...]:
    """The parts of a hole that ends now; none if it is too short to be one. `reason`: as told by who begins again."""
    if not hole or end_utc_90k - hole[0].from_utc_90k <= NO_GAP_90K:
        return ()
    last = hole[-1]
    tells_more = last.reason not in STAYS and reason not in STAYS and reason is not GapReason.UNKNOWN
    if tells_more or last.reason is GapReason.UNKNOWN:
        last = last._replace(reason=reason)
    parts = [*hole[:-1], last._replace(to_utc_90k=end_utc_90k, is_open=False)]
    return tuple(part._replace(to_utc_90k=min(part.to_utc_90k, end_utc_90k)) for part in parts if part.from_utc_90k < end_utc_90k)


def refined_hole(hole: Sequence[Gap], now_utc_90k: int, reason: GapReason) -> tuple[Gap, ...]:
    """The open hole, now for this reason: the old one is replaced, or ends here where it stays true for what was."""
    if not hole or hole[-1].reason is reason:
        return tuple(hole)
    last = hole[-1]
    if last.reason in STAYS and now_utc_90k > last.from_utc_90k:
        return (*hole[:-1], last._replace(to_utc_90k=now_utc_90k, is_open=False), Gap(now_utc_90k, now_utc_90k, reason, True))
    return (*hole[:-1], last._replace(reason=reason))


class Lane:
    """See the module."""

    __slots__ = (
        "begin_reason", "camera", "gaps", "gaps_from_utc_90k", "hole", "init", "is_loaded", "policy", "policy_is_new",
        "published_end_utc_90k", "run", "segment", "stream", "stream_id", "usual_bytes",
    )  # fmt: skip

    def __init__(self, camera: str, stream: str) -> None:
        self.camera, self.stream = camera, stream
        self.stream_id: int | None = None
        self.is_loaded = False
        self.init: InitSegment | None = None
        """Of the session's run; None while the session has none."""
        self.begin_reason = GapReason.UNKNOWN
        self.run: RunState | None = None
        self.segment: OpenSegment | None = None
        self.hole: tuple[Gap, ...] = ()
        self.gaps: list[Gap] = []
        """Holes that have ended and are not yet in the index."""
        self.gaps_from_utc_90k: int | None = None
        """From where on the index's holes are out of date; None: they are not."""
        self.published_end_utc_90k: int | None = None
        self.policy: tuple[float | None, int | None] | None = None
        self.policy_is_new = False
        self.usual_bytes = 0
        """How large a segment of the present run is: room for the next one is asked for at once."""

    def gaps_changed(self, from_utc_90k: int) -> None:
        known = self.gaps_from_utc_90k
        self.gaps_from_utc_90k = from_utc_90k if known is None else min(known, from_utc_90k)

    def open_hole(self, from_utc_90k: int, reason: GapReason) -> None:
        self.hole = (Gap(from_utc_90k, from_utc_90k, reason, True),)
        self.gaps_changed(from_utc_90k)

    def refine_hole(self, now_utc_90k: int, reason: GapReason) -> None:
        refined = refined_hole(self.hole, now_utc_90k, reason)
        if refined != self.hole:
            self.gaps_changed(self.hole[0].from_utc_90k)
            self.hole = refined

    def block_hole(self, now_utc_90k: int, reason: GapReason) -> None:
        """The camera is back, but the disk is not: the hole goes on for another reason."""
        if self.hole and self.hole[-1].reason is not reason:
            last = self.hole[-1]
            ended = (last._replace(to_utc_90k=now_utc_90k, is_open=False),) if now_utc_90k > last.from_utc_90k else ()
            self.gaps_changed(self.hole[0].from_utc_90k)
            self.hole = (*self.hole[:-1], *ended, Gap(max(now_utc_90k, last.from_utc_90k), now_utc_90k, reason, True))

    def close_hole(self, end_utc_90k: int) -> tuple[Gap, ...]:
        """A run begins: what lies before it, also for its first segment's header."""
        ended = closed_hole(self.hole, end_utc_90k, self.begin_reason)
        if self.hole:
            self.gaps_changed(self.hole[0].from_utc_90k)
        self.gaps += ended
        self.hole = ()
        return ended

    def gaps_to_publish(self) -> list[Gap]:
        return [*self.gaps, *self.hole]

    def gaps_published(self) -> None:
        self.gaps.clear()
        self.gaps_from_utc_90k = None

    def forget_volume(self, reason: GapReason) -> None:
        """The disk is gone: what was not published is a hole from there on; rows are read again when it is back."""
        if self.segment is not None and self.published_end_utc_90k is not None:
            self.hole = (Gap(self.published_end_utc_90k, self.published_end_utc_90k, reason, True),)
        self.segment, self.run = None, None
        self.stream_id, self.is_loaded = None, False
        self.gaps_published()


def counted(segment: OpenSegment) -> None:
    """Adds to the run what the segment has grown by since the last publish."""
    run = segment.run
    run.samples += segment.samples - segment.counted_samples
    run.bytes += segment.size_bytes - segment.counted_bytes
    run.end_utc_90k = max(run.end_utc_90k, segment.end_utc_90k)
    segment.counted_samples, segment.counted_bytes = segment.samples, segment.size_bytes
