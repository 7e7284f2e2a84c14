"""Footage that is not shown as it is coded (the browser cannot, or masks are burned in): which pieces, and their bytes.

Only finds and reads; who codes is the recorder's matter (`media.transcode`, in a child process).
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import ArchiveError, NotFound
from luytre.base.i18n import N_
from luytre.media.archive import Segment
from luytre.media.playback.spans import RunPart, gop_index_at, line_at
from luytre.media.transcode import PLAIN, Order, even, shrunk
from luytre.media.unit.masks import Masks

MOST_BYTES = 32 << 20
LONGEST_90K = 60 * TICKS_PER_S
_CLIP_PIECE_90K = 4 * TICKS_PER_S
"""A clip's pieces: none is asked for alone."""


def is_h264(segment: Segment) -> bool:
    """Every browser shows it as it is."""
    return segment.codec == "h264"


@dataclass(frozen=True, slots=True)
class CodedPiece:
    """GOPs of a segment file, [start, end) in bytes; empty for an init segment alone. `identity` names them for good."""

    camera: str
    stream: str
    path: str
    init_bytes: int
    start_bytes: int
    end_bytes: int
    end_dts_90k: int | None
    """Where the piece ends on the run's line, where the index knows it."""
    size_px: tuple[int, int]
    """Of what is made of it."""
    identity: tuple[object, ...]
    order: Order = PLAIN
    masks: Masks | None = None
    """Those that are burned in; their polygons stand in the order."""

    def read(self) -> tuple[bytes, bytes]:
        """Init segment and fragments, as recorded. Raises ArchiveError."""
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.pread(fd, self.init_bytes, 0), os.pread(fd, self.end_bytes - self.start_bytes, self.start_bytes)
            finally:
                os.close(fd)
        except OSError as error:
            raise ArchiveError(
                N_("a file of this recording cannot be read"), operation=N_("Playback"), subject=f"{self.camera}: {error}",
                hint=N_("It may have just been erased; run `luytre archive check` if this stays."),
            ) from error  # fmt: skip


def coded_piece(segment: Segment, start_bytes: int, end_bytes: int, masks: Masks | None = None) -> CodedPiece:
    """The piece that a playlist named. NotFound where no GOP starts there, or it is longer than any that is ever named."""
    starts = [gop.offset_bytes for gop in segment.gops]
    first, after = bisect_left(starts, start_bytes), bisect_left(starts, end_bytes)
    is_gop = first < len(starts) and starts[first] == start_bytes
    length_90k = segment.gops[min(after, len(starts)) - 1].dts_90k - segment.gops[first].dts_90k if is_gop else 0
    if not is_gop or not start_bytes < end_bytes <= min(segment.size_bytes, start_bytes + MOST_BYTES) or length_90k > LONGEST_90K:
        raise NotFound(N_("there is no such recording"))
    known = segment.end_dts_90k if end_bytes == segment.size_bytes else None
    end = segment.gops[after].dts_90k if after < len(starts) and starts[after] == end_bytes else known
    return _masked(_piece(segment, start_bytes, end_bytes, end), masks)


def coded_init(segment: Segment, masks: Masks | None = None) -> CodedPiece:
    """For the init segment alone."""
    return _masked(_piece(segment, segment.media_offset_bytes, segment.media_offset_bytes, None), masks)


def clip_pieces(part: RunPart, masks: Masks) -> Iterator[CodedPiece]:
    """The pieces that make up a clip of one run, masked, as large as the picture is, of exactly the part's span."""
    first, last = part.segments[0], part.segments[-1]
    order = Order(masks.polygons, True, line_at(first, part.from_utc_90k), line_at(last, part.to_utc_90k))
    for segment in part.segments:
        index = gop_index_at(segment, part.from_utc_90k) if segment is first else 0
        stop = gop_index_at(segment, part.to_utc_90k - 1) + 1 if segment is last else len(segment.gops)
        while index < stop:
            after = _next_piece(segment, index, stop)
            is_end = after == len(segment.gops)
            end_bytes = segment.size_bytes if is_end else segment.gops[after].offset_bytes
            end_dts = segment.end_dts_90k if is_end else segment.gops[after].dts_90k
            made = _piece(segment, segment.gops[index].offset_bytes, end_bytes, end_dts)
            yield replace(made, size_px=even(segment.width_px, segment.height_px), order=order, masks=masks)
            index = after


def _next_piece(segment: Segment, index: int, stop: int) -> int:
    """The GOP behind the piece that begins with this one."""
    after = index + 1
    while after < stop and segment.gops[after].dts_90k - segment.gops[index].dts_90k < _CLIP_PIECE_90K:
        after += 1
    return after


def _masked(piece: CodedPiece, masks: Masks | None) -> CodedPiece:
    """Under another name than without them, or with others: what is kept of one is never given for the other."""
    if masks is None:
        return piece
    return replace(piece, identity=(*piece.identity, masks), order=Order(masks.polygons), masks=masks)


def _piece(segment: Segment, start_bytes: int, end_bytes: int, end_dts_90k: int | None) -> CodedPiece:
    return CodedPiece(
        segment.camera,
        segment.stream,
        segment.path,
        segment.init_bytes,
        start_bytes,
        end_bytes,
        end_dts_90k,
        shrunk(segment.width_px, segment.height_px),
        (segment.camera, segment.stream, segment.run_key, segment.seq, start_bytes, end_bytes, end_dts_90k),
    )
