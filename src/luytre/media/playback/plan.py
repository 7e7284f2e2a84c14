"""An MP4 that is not written down: its head in memory, its samples where they lie in the archive.

The file is `ftyp moov [free] mdat`; inside the one `mdat` stand stretches of segment files as they are, `moof` boxes
included as bytes that nothing points to: so a segment is one copy, and a byte range of the export is a few file ranges.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import ArchiveError
from luytre.base.i18n import N_
from luytre.media.archive import Queries, Segment
from luytre.media.fragment import BoxError
from luytre.media.playback.movie import MOVIE_HEAD_BYTES, Shown, build_movie, file_type, track_templates
from luytre.media.playback.spans import RunPart, gop_end_bytes, gop_index_at, line_at, run_parts, utc_at
from luytre.media.playback.tables import SegmentTables, Track, read_tables

_MDAT_HEAD = struct.Struct(">I4sQ")
_BYTES_A_SAMPLE = 44
"""What a sample takes in the tables at most: stsz 4, stts 8, ctts 8, stss 4, stsc 12, co64 8."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes in memory (`data`), or a stretch of a file (`path`)."""

    size_bytes: int
    data: bytes = b""
    path: str = ""
    offset_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """One progressive MP4. `key_utc_90k`: where the copied bytes begin (the key frame); `from`/`to`: what is shown."""

    camera: str
    stream: str
    slices: tuple[Slice, ...]
    size_bytes: int
    key_utc_90k: int
    from_utc_90k: int
    to_utc_90k: int
    samples: int
    codec: str
    mime: str
    segments: tuple[Segment, ...] = ()
    """Whose bytes the slices after the first are, one each; without their GOP tables."""

    def read_ranges(self, start_bytes: int, end_bytes: int) -> list[Slice]:
        """The slices that make up [start, end) of the file, cut to it. Beyond its end there is nothing."""
        found: list[Slice] = []
        at = 0
        for piece in self.slices:
            low, high = max(start_bytes - at, 0), min(end_bytes - at, piece.size_bytes)
            if low < high and piece.path:
                found.append(Slice(high - low, path=piece.path, offset_bytes=piece.offset_bytes + low))
            elif low < high:
                found.append(Slice(high - low, data=piece.data[low:high]))
            at += piece.size_bytes
        return found


@dataclass(slots=True)
class Stretch:
    """What is copied of one segment file."""

    segment: Segment
    start_bytes: int
    end_bytes: int
    tables: SegmentTables | None = None


@dataclass(slots=True)
class Layout:
    """What is copied and what is shown of a part; known after reading the tables of its two ends only."""

    part: RunPart
    stretches: list[Stretch]
    shown: Shown
    key_utc_90k: int
    init: bytes
    video: Track = field(default_factory=Track)
    audio: Track = field(default_factory=Track)

    @property
    def payload_bytes(self) -> int:
        return sum(stretch.end_bytes - stretch.start_bytes for stretch in self.stretches)

    def head_bound_bytes(self) -> int:
        """No head of this layout is larger."""
        samples = sum(stretch.segment.samples for stretch in self.stretches)
        seconds = (self.part.segments[-1].end_dts_90k - self.part.segments[0].start_dts_90k) // TICKS_PER_S + 60
        sound = sum(seconds * one.timescale // 512 for one in track_templates(self.init) if one.handler != b"vide")
        return MOVIE_HEAD_BYTES + len(self.init) + (samples + sound) * _BYTES_A_SAMPLE

    def gather(self) -> Iterator[int]:
        """Reads and joins the tables that are not read yet; yields the bytes looked at after each stretch."""
        at = 0
        for stretch in self.stretches:
            tables = stretch.tables or read_tables(stretch.segment.path, stretch.start_bytes, stretch.end_bytes)
            stretch.tables = None
            self.video.join(tables.video, at - stretch.start_bytes)
            self.audio.join(tables.audio, at - stretch.start_bytes)
            at += stretch.end_bytes - stretch.start_bytes
            yield at

    def head(self, reserved_bytes: int | None = None) -> bytes:
        """Everything before the samples; padded to `reserved_bytes` if given. ValueError if it does not fit."""
        ftyp = file_type(self.part.segments[0].codec)
        if reserved_bytes is None:
            sized = build_movie(self.init, self.video, self.audio, self.shown, 0)
            reserved_bytes = len(ftyp) + len(sized) + _MDAT_HEAD.size
        movie = build_movie(self.init, self.video, self.audio, self.shown, reserved_bytes)
        padding = reserved_bytes - len(ftyp) - len(movie) - _MDAT_HEAD.size
        if padding and padding < 8:
            raise ValueError("the reserved head is too small")
        free = struct.pack(">I4s", padding, b"free") + bytes(padding - 8) if padding else b""
        return ftyp + movie + free + _MDAT_HEAD.pack(1, b"mdat", _MDAT_HEAD.size + self.payload_bytes)


def lay_out(part: RunPart) -> Layout:
    """Which bytes of which files, and what is shown of them. ArchiveError where a file cannot be read as it should."""
    try:
        return _lay_out(part)
    except FileNotFoundError as error:
        raise _unreadable(part, N_("a file of this recording is no longer there"), error) from error
    except (OSError, BoxError, ValueError, IndexError) as error:
        raise _unreadable(part, N_("a file of this recording cannot be read"), error) from error


def _unreadable(part: RunPart, cause: str, error: Exception) -> ArchiveError:
    return ArchiveError(
        cause, operation=N_("Playback"), subject=f"{part.segments[0].camera}: {error}",
        hint=N_("It may have just been erased; run `luytre archive check` if this stays."),
    )  # fmt: skip


def _lay_out(part: RunPart) -> Layout:
    first, last = part.segments[0], part.segments[-1]
    start_gop = gop_index_at(first, part.from_utc_90k)
    stretches = [Stretch(segment, segment.media_offset_bytes, segment.size_bytes) for segment in part.segments]
    stretches[0].start_bytes = first.gops[start_gop].offset_bytes
    stretches[-1].end_bytes = gop_end_bytes(last, gop_index_at(last, part.to_utc_90k - 1))
    for stretch in {id(one): one for one in (stretches[0], stretches[-1])}.values():
        stretch.tables = read_tables(stretch.segment.path, stretch.start_bytes, stretch.end_bytes)
    head, tail = stretches[0].tables, stretches[-1].tables
    if head is None or tail is None or not head.video.sizes or not tail.video.sizes:
        raise ValueError("no whole fragment where the index says there is one")
    delay = head.video.cts_offsets[0]
    start = _start_of(head.video, line_at(first, part.from_utc_90k) + delay)
    end = _shown_until(tail) if part.to_its_end else _cut_tail(tail, line_at(last, part.to_utc_90k) + delay)
    stretches[-1].end_bytes = max(track.end_offset_bytes() for track in (tail.video, tail.audio) if track.sizes)
    with open(first.path, "rb") as file:
        init = file.read(first.init_bytes)
    shown = Shown(start, max(end, start + 1), utc_at(first, start - delay))
    return Layout(part, stretches, shown, first.gops[start_gop].utc_90k, init)


def _start_of(video: Track, target_90k: int) -> int:
    """When the picture that stands at the target began to be shown."""
    times = video.shown_times()
    return max((time for time in times if time <= target_90k), default=min(times))


def _shown_until(tail: SegmentTables) -> int:
    return max(time + length for time, length in zip(tail.video.shown_times(), tail.video.durations, strict=True))


def _cut_tail(tail: SegmentTables, target_90k: int) -> int:
    """Drops the samples that come after the last one shown before the target; until when what is kept is shown."""
    times = tail.video.shown_times()
    ends = [time + length for time, length in zip(times, tail.video.durations, strict=True)]
    kept = max((index for index, time in enumerate(times) if time < target_90k), default=0) + 1
    tail.video.cut_after(kept)
    return min(max(ends), target_90k)


def _cut_sound(layout: Layout) -> None:
    """Sound after the last picture is not shown (the edit list ends it) and need not be there."""
    if not layout.audio.sizes:
        return
    scale = next(one.timescale for one in track_templates(layout.init) if one.handler != b"vide")
    limit = layout.shown.end_90k * scale // TICKS_PER_S
    kept = sum(1 for time in layout.audio.decode_times() if time < limit)
    layout.audio.cut_after(max(1, kept))


def finish(layout: Layout) -> None:
    """After `gather`: drops what lies outside the copied bytes."""
    _cut_sound(layout)


def copy_slices(layout: Layout) -> tuple[Slice, ...]:
    return tuple(
        Slice(one.end_bytes - one.start_bytes, path=one.segment.path, offset_bytes=one.start_bytes) for one in layout.stretches
    )


def plan_of(layout: Layout, head: bytes) -> ExportPlan:
    first, shown = layout.part.segments[0], layout.shown
    slices = (Slice(len(head), data=head), *copy_slices(layout))
    return ExportPlan(
        first.camera, first.stream, slices, sum(one.size_bytes for one in slices), layout.key_utc_90k,
        shown.start_utc_90k, shown.start_utc_90k + shown.duration_90k, len(layout.video.sizes), first.codec, first.mime,
        tuple(stretch.segment._replace(gops=()) for stretch in layout.stretches),
    )  # fmt: skip


def plan_export(queries: Queries, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> tuple[ExportPlan, ...]:
    """One plan for each run that the span touches. NotFound where there is no footage, ArchiveError from the files."""
    plans = []
    for part in run_parts(queries, camera, stream, from_utc_90k, to_utc_90k):
        layout = lay_out(part)
        try:
            for _ in layout.gather():
                pass
        except OSError as error:
            raise _unreadable(part, N_("a file of this recording is no longer there"), error) from error
        finish(layout)
        plans.append(plan_of(layout, layout.head()))
    return tuple(plans)
