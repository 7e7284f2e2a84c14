"""The `moov` of an export: the run's sample descriptions as they were recorded, tables, edit lists, UTC of the first picture.

Version 1 boxes throughout: 64-bit times and durations. Movie timescale 90 kHz, so that an edit's length is exact.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from luytre.base.clock import TICKS_PER_S
from luytre.media.fragment import box, iter_boxes
from luytre.media.playback.tables import Track, full, sample_table

_EPOCH_1904_S = 2_082_844_800
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_EDIT = struct.Struct(">QqHH")
MOVIE_HEAD_BYTES = 4096
"""More than everything in a `moov` that does not grow with the number of samples, parameter sets aside."""


@dataclass(frozen=True, slots=True)
class TrackTemplate:
    """What is taken over from a track of the run's init segment."""

    track_id: int
    handler: bytes
    timescale: int
    size: bytes
    """`tkhd`'s width and height."""
    media_head: bytes
    dinf: bytes
    stsd: bytes


def _find(data: bytes, kind: bytes, start: int, end: int) -> tuple[int, int, int]:
    """(offset, payload offset, end) of the first box of a kind."""
    for found in iter_boxes(data, start, end):
        if found.kind == kind:
            return found.offset_bytes, found.payload_offset_bytes, found.end_bytes
    raise ValueError(f"no box {kind!r} in the init segment")


def track_templates(init: bytes) -> tuple[TrackTemplate, ...]:
    """The tracks of an init segment, in its order. BoxError or ValueError if it is none."""
    _, start, end = _find(init, b"moov", 0, len(init))
    return tuple(
        _template(init, found.payload_offset_bytes, found.end_bytes)
        for found in iter_boxes(init, start, end)
        if found.kind == b"trak"
    )


def _template(init: bytes, start: int, end: int) -> TrackTemplate:
    _, tkhd, tkhd_end = _find(init, b"tkhd", start, end)
    _, mdia, mdia_end = _find(init, b"mdia", start, end)
    _, mdhd, _ = _find(init, b"mdhd", mdia, mdia_end)
    _, hdlr, _ = _find(init, b"hdlr", mdia, mdia_end)
    _, minf, minf_end = _find(init, b"minf", mdia, mdia_end)
    handler = init[hdlr + 8 : hdlr + 12]
    head, _, head_end = _find(init, b"vmhd" if handler == b"vide" else b"smhd", minf, minf_end)
    dinf, _, dinf_end = _find(init, b"dinf", minf, minf_end)
    _, stbl, stbl_end = _find(init, b"stbl", minf, minf_end)
    stsd, _, stsd_end = _find(init, b"stsd", stbl, stbl_end)
    return TrackTemplate(
        int.from_bytes(init[tkhd + 12 : tkhd + 16], "big"),
        handler,
        int.from_bytes(init[mdhd + 12 : mdhd + 16], "big"),
        init[tkhd_end - 8 : tkhd_end],
        init[head:head_end],
        init[dinf:dinf_end],
        init[stsd:stsd_end],
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the tables is shown: [start, end) on the run's line, and the UTC of its start."""

    start_90k: int
    end_90k: int
    start_utc_90k: int

    @property
    def duration_90k(self) -> int:
        return self.end_90k - self.start_90k


def _edits(template: TrackTemplate, track: Track, shown: Shown) -> tuple[bytes, int]:
    """`edts` and the length it shows (90 kHz): from the moment asked for; a track that begins later waits."""
    scale = template.timescale
    media_start = shown.start_90k * scale // TICKS_PER_S - (track.first_dts or 0)
    media_length = sum(track.durations)
    entries = []
    if media_start < 0:
        entries.append(_EDIT.pack(-media_start * TICKS_PER_S // scale, -1, 1, 0))
    waits = max(0, -media_start) * TICKS_PER_S // scale
    is_video = template.handler == b"vide"
    left = shown.duration_90k if is_video else (media_length - max(0, media_start)) * TICKS_PER_S // scale
    length = max(0, min(shown.duration_90k - waits, left))
    entries.append(_EDIT.pack(length, max(0, media_start), 1, 0))
    return box(b"edts", full(b"elst", 1, 0, struct.pack(">I", len(entries)), *entries)), waits + length


def _trak(template: TrackTemplate, track: Track, shown: Shown, mdat_shift_bytes: int) -> bytes:
    created = shown.start_utc_90k // TICKS_PER_S + _EPOCH_1904_S
    edts, length = _edits(template, track, shown)
    volume = 0 if template.handler == b"vide" else 0x100
    tkhd = full(
        b"tkhd", 1, 3, struct.pack(">QQIIQ8xhhHH", created, created, template.track_id, 0, length, 0, 0, volume, 0),
        _MATRIX, template.size,
    )  # fmt: skip
    mdhd = full(b"mdhd", 1, 0, struct.pack(">QQIQHH", created, created, template.timescale, sum(track.durations), 0x55C4, 0))
    hdlr = full(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, template.handler), b"luytre\x00")
    stbl = sample_table(track, template.stsd, mdat_shift_bytes)
    return box(b"trak", tkhd, edts, box(b"mdia", mdhd, hdlr, box(b"minf", template.media_head, template.dinf, stbl)))


def build_movie(init: bytes, video: Track, audio: Track, shown: Shown, mdat_shift_bytes: int) -> bytes:
    """`moov`. A sound track without samples is left out."""
    created = shown.start_utc_90k // TICKS_PER_S + _EPOCH_1904_S
    traks, next_id = [], 1
    for template in track_templates(init):
        track = video if template.handler == b"vide" else audio
        if track.sizes:
            traks.append(_trak(template, track, shown, mdat_shift_bytes))
            next_id = max(next_id, template.track_id + 1)
    mvhd = full(
        b"mvhd", 1, 0, struct.pack(">QQIQIH10x", created, created, TICKS_PER_S, shown.duration_90k, 0x10000, 0x100),
        _MATRIX, bytes(24), struct.pack(">I", next_id),
    )  # fmt: skip
    return box(b"moov", mvhd, *traks)


def file_type(codec: str) -> bytes:
    brand = b"avc1" if codec == "h264" else b"hvc1"
    return box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isom", b"iso2", b"mp41", brand)
