"""Footage for browsers that cannot show how it is coded: which pieces of it are to be coded again, and their bytes.

Only finds and reads; who codes is the recorder's matter (`media.transcode`, in a child process).
"""

from __future__ import annotations

import os
from bisect import bisect_left
from dataclasses import dataclass

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import ArchiveError, NotFound
from luytre.base.i18n import N_
from luytre.media.archive import Segment
from luytre.media.transcode import shrunk

MOST_BYTES = 32 << 20
LONGEST_90K = 60 * TICKS_PER_S


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


def coded_piece(segment: Segment, start_bytes: int, end_bytes: int) -> CodedPiece:
    """The piece that a playlist named. NotFound where no GOP starts there, or it is longer than any that is ever named."""
    starts = [gop.offset_bytes for gop in segment.gops]
    first, after = bisect_left(starts, start_bytes), bisect_left(starts, end_bytes)
    is_gop = first < len(starts) and starts[first] == start_bytes
    length_90k = segment.gops[min(after, len(starts)) - 1].dts_90k - segment.gops[first].dts_90k if is_gop else 0
    if not is_gop or not start_bytes < end_bytes <= min(segment.size_bytes, start_bytes + MOST_BYTES) or length_90k > LONGEST_90K:
        raise NotFound(N_("there is no such recording"))
    known = segment.end_dts_90k if end_bytes == segment.size_bytes else None
    end = segment.gops[after].dts_90k if after < len(starts) and starts[after] == end_bytes else known
    return _piece(segment, start_bytes, end_bytes, end)


def coded_init(segment: Segment) -> CodedPiece:
    """For the init segment alone."""
    return _piece(segment, segment.media_offset_bytes, segment.media_offset_bytes, None)


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
