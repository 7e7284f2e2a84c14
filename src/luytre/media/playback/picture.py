"""A single picture of a moment: the key frame at or before it, decoded and made a JPEG (PyAV, imported when first used)."""

from __future__ import annotations

import io
from fractions import Fraction

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import ArchiveError, NotFound
from luytre.base.i18n import N_
from luytre.media.archive import Queries, Segment
from luytre.media.playback.spans import gop_end_bytes, gop_index_at

_NEAR_90K = 10 * TICKS_PER_S


def picture_at(queries: Queries, camera: str, stream: str, utc_90k: int, *, width_px: int | None = None) -> bytes:
    """JPEG of the nearest key frame at or before the moment. NotFound in a hole, ArchiveError where it does not decode.

    `width_px`: scaled down to it, the height in proportion.
    """
    segment = queries.find(camera, stream, utc_90k)
    if segment is None or not segment.gops:
        raise NotFound(
            N_("there is no picture of this moment"), operation=N_("Playback"), subject=f"{camera} {to_iso(utc_90k)}",
            hint=N_("Look at the timeline: its gaps say why nothing was recorded."),
        )  # fmt: skip
    try:
        data = _gop_bytes(segment, gop_index_at(segment, utc_90k))
    except OSError as error:
        raise ArchiveError(
            N_("a file of this recording cannot be read"), operation=N_("Playback"), subject=f"{camera}: {error}",
            hint=N_("It may have just been erased; run `luytre archive check` if this stays."),
        ) from error  # fmt: skip
    return first_picture(data, subject=camera, width_px=width_px)


def _gop_bytes(segment: Segment, index: int) -> bytes:
    """The init segment and one GOP: playable by itself."""
    with open(segment.path, "rb") as file:
        init = file.read(segment.init_bytes)
        start = segment.gops[index].offset_bytes
        file.seek(start)
        return init + file.read(gop_end_bytes(segment, index) - start)


def first_picture(mp4: bytes, *, subject: str = "", width_px: int | None = None) -> bytes:
    """The first picture of an MP4 in memory as JPEG. ArchiveError where it does not decode."""
    import av

    try:
        with av.open(io.BytesIO(mp4), "r", format="mp4") as container:
            for frame in container.decode(video=0):
                return _jpeg(frame, width_px)
    except av.FFmpegError as error:
        raise _does_not_decode(subject) from error
    raise _does_not_decode(subject)


def _does_not_decode(subject: str) -> ArchiveError:
    return ArchiveError(
        N_("the picture does not decode"), operation=N_("Playback"), subject=subject,
        hint=N_("The camera may have sent it damaged; try a moment later."),
    )  # fmt: skip


def _jpeg(frame: object, width_px: int | None) -> bytes:
    import av

    assert isinstance(frame, av.VideoFrame), "a picture track decodes to pictures"
    width = min(width_px or frame.width, frame.width) & ~1 or 2
    height = (frame.height * width // frame.width) & ~1 or 2
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    scaled = frame.reformat(width=width, height=height, format="yuvj420p", dst_color_range="JPEG")
    scaled.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(scaled), *encoder.encode(None)])
