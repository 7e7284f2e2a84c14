"""A single picture of a moment: the key frame at or before it, found by the index, read alone, made a JPEG by `source.picture`.

Of a GOP only the key frame's own bytes are read and decoded: a tenth of what a player would fetch.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from luytre.base.clock import to_iso
from luytre.base.errors import ArchiveError, NotFound
from luytre.base.i18n import N_
from luytre.base.polygons import Polygon
from luytre.media.archive import Queries
from luytre.media.fragment import BoxError, parse_fragment_head, parse_init
from luytre.media.playback.spans import gop_end_bytes, gop_index_at
from luytre.media.source.picture import SMALL, jpeg_of
from luytre.media.unit import VideoFormat

_FIRST_READ_BYTES = 384 << 10
"""Nearly always the tables and the whole key frame in one read."""


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """Where a key frame lies. `identity` names it for good: the same one never names another picture."""

    camera: str
    utc_90k: int
    path: str
    init_bytes: int
    offset_bytes: int
    end_bytes: int
    """Where its GOP ends."""
    identity: tuple[str, str, str, int, int]


def key_frame_at(queries: Queries, camera: str, stream: str, utc_90k: int) -> KeyFrame:
    """The nearest key frame at or before the moment. NotFound in a hole: what was before it is no picture of the moment."""
    segment = queries.find(camera, stream, utc_90k)
    if segment is None or not segment.gops:
        raise NotFound(
            N_("there is no picture of this moment"), operation=N_("Playback"), subject=f"{camera} {to_iso(utc_90k)}",
            hint=N_("Look at the timeline: its gaps say why nothing was recorded."),
        )  # fmt: skip
    index = gop_index_at(segment, utc_90k)
    gop = segment.gops[index]
    identity = (camera, stream, segment.run_key, segment.seq, gop.offset_bytes)
    end = gop_end_bytes(segment, index)
    return KeyFrame(camera, gop.utc_90k, segment.path, segment.init_bytes, gop.offset_bytes, end, identity)


def read_key_frame(key: KeyFrame) -> tuple[VideoFormat, bytes]:
    """Its format and its bytes (NAL units behind 4-byte lengths). ArchiveError where the file does not have it."""
    try:
        fd = os.open(key.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            video = parse_init(os.pread(fd, key.init_bytes, 0)).format.video
            return video, _first_sample(fd, key.offset_bytes, key.end_bytes)
        finally:
            os.close(fd)
    except (OSError, BoxError) as error:
        raise ArchiveError(
            N_("a file of this recording cannot be read"), operation=N_("Playback"), subject=f"{key.camera}: {error}",
            hint=N_("It may have just been erased; run `luytre archive check` if this stays."),
        ) from error  # fmt: skip


def _first_sample(fd: int, start_bytes: int, end_bytes: int) -> bytes:
    read = os.pread(fd, min(_FIRST_READ_BYTES, end_bytes - start_bytes), start_bytes)
    picture = parse_fragment_head(read, 0, start_bytes).tracks[0]
    at, size = picture.data_offset_bytes - start_bytes, picture.sizes[0]
    if at + size <= len(read):
        return read[at : at + size]
    return read[at:] + os.pread(fd, at + size - len(read), start_bytes + len(read))


def picture_at(
    queries: Queries, camera: str, stream: str, utc_90k: int, *, width_px: int = 0, hidden: tuple[Polygon, ...] = ()
) -> bytes:
    """JPEG of the nearest key frame at or before the moment. NotFound in a hole, ArchiveError where it does not decode.

    `width_px`: scaled down to it, the height in proportion; 0: as it is. `hidden`: polygons that are burned in.
    """
    return _decoded(key_frame_at(queries, camera, stream, utc_90k), partial(jpeg_of, width_px=width_px, hidden=hidden))


def thumbnail(key: KeyFrame, width_px: int, hidden: tuple[Polygon, ...] = ()) -> bytes:
    """A small JPEG, made at the smallest cost. ArchiveError where the key frame cannot be read or does not decode."""
    return _decoded(key, partial(jpeg_of, width_px=width_px, quality=SMALL, quick=True, hidden=hidden))


def _decoded(key: KeyFrame, make: Callable[[VideoFormat, bytes], bytes]) -> bytes:
    video, samples = read_key_frame(key)
    try:
        return make(video, samples)
    except ValueError as error:
        raise ArchiveError(
            N_("the picture does not decode"), operation=N_("Playback"), subject=key.camera,
            hint=N_("The camera may have sent it damaged; try a moment later."),
        ) from error  # fmt: skip
