"""A span of a recording as parts that may be played without a seam: each of one run, with no file missing in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from luytre.base.clock import to_iso
from luytre.base.errors import NotFound
from luytre.base.i18n import N_
from luytre.media.archive import Gop, Queries, Segment


@dataclass(frozen=True, slots=True)
class RunPart:
    """Segments that follow each other in a run, and the span of UTC that is asked of them."""

    segments: tuple[Segment, ...]
    from_utc_90k: int
    to_utc_90k: int
    to_its_end: bool = False
    """The span goes on beyond the part: all that was recorded belongs to it, also what is shown later than it was decoded."""


def run_parts(queries: Queries, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> tuple[RunPart, ...]:
    """The footage of [from, to), in the order of its beginnings. NotFound where there is none.

    After our clock was set back two runs cover the same time: each stays one part.
    """
    groups: list[list[Segment]] = []
    newest: dict[str, list[Segment]] = {}
    for segment in queries.segments(camera, stream, from_utc_90k, to_utc_90k):
        if segment.samples == 0 or not segment.gops:
            continue
        group = newest.get(segment.run_key)
        if group is not None and _continues(group[-1], segment):
            group.append(segment)
        else:
            newest[segment.run_key] = [segment]
            groups.append(newest[segment.run_key])
    parts = [
        RunPart(
            tuple(group),
            max(from_utc_90k, group[0].start_utc_90k),
            min(to_utc_90k, group[-1].end_utc_90k),
            to_utc_90k > group[-1].end_utc_90k,
        )
        for group in groups
    ]
    parts = [part for part in parts if part.to_utc_90k > part.from_utc_90k]
    if not parts:
        raise no_footage(camera, from_utc_90k)
    return tuple(parts)


def no_footage(camera: str, from_utc_90k: int) -> NotFound:
    return NotFound(
        N_("there is no footage in this span"), operation=N_("Playback"), subject=f"{camera} {to_iso(from_utc_90k)}",
        hint=N_("Look at the timeline: its gaps say why nothing was recorded."),
    )  # fmt: skip


def _continues(before: Segment, after: Segment) -> bool:
    return (before.run_key, before.seq + 1, before.end_dts_90k) == (after.run_key, after.seq, after.start_dts_90k)


def gop_index_at(segment: Segment, utc_90k: int) -> int:
    """Of the GOP that is shown at this moment; the first or last where the moment lies outside."""
    return max(0, bisect_right(segment.gops, utc_90k, key=_utc_of) - 1)


def _utc_of(gop: Gop) -> int:
    return gop.utc_90k


def line_at(segment: Segment, utc_90k: int) -> int:
    """The run's line (90 kHz) at this moment of UTC."""
    gop = segment.gops[gop_index_at(segment, utc_90k)]
    return gop.dts_90k + utc_90k - gop.utc_90k


def utc_at(segment: Segment, line_90k: int) -> int:
    """UTC at this point of the run's line."""
    at = max(0, bisect_right(segment.gops, line_90k, key=lambda gop: gop.dts_90k) - 1)
    gop = segment.gops[at]
    return gop.utc_90k + line_90k - gop.dts_90k


def gop_end_bytes(segment: Segment, index: int) -> int:
    """Where the GOP ends in the file."""
    return segment.gops[index + 1].offset_bytes if index + 1 < len(segment.gops) else segment.size_bytes
