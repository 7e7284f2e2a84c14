"""One JPEG of a key frame: for a probe, a snapshot, a thumbnail. PyAV is loaded only when one is asked for.

The only maker of JPEGs in the house: probes, the live picture and playback all come here. One thread a picture: whoever
wants many at once has many to make.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from luytre.base.polygons import Polygon
from luytre.media.source.covered import cover
from luytre.media.unit import VideoFormat
from luytre.media.unit.byte_stream import START_CODE, byte_stream_of

if TYPE_CHECKING:
    import av

GOOD, SMALL = 4, 6
"""FFmpeg's scale of JPEG quality, 2 (best) to 31: for a picture that is looked at, and for one to find a moment by."""


def jpeg_of(
    video: VideoFormat,
    samples: bytes,
    *,
    width_px: int = 0,
    quality: int = GOOD,
    quick: bool = False,
    hidden: tuple[Polygon, ...] = (),
) -> bytes:
    """The first picture of `samples` (NAL units behind 4-byte lengths, from a key frame on) as JPEG.

    `width_px` 0 keeps the size. `quick` leaves out the smoothing of block edges, which nobody sees in a thumbnail and which
    takes a sixth of the time. `hidden`: polygons that are burned in. Raises ValueError when nothing can be decoded.
    """
    import av
    import av.error

    decoder = av.CodecContext.create("h264" if video.codec == "h264" else "hevc", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.options = {"threads": "1"} | ({"skip_loop_filter": "all"} if quick else {})
    stream = b"".join(START_CODE + nal for nal in video.parameter_sets) + byte_stream_of(samples)
    try:
        frames = [*decoder.decode(av.Packet(stream)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"the key frame cannot be decoded: {error}") from error
    if not frames:
        raise ValueError("no picture in the key frame")
    return encode_jpeg(frames[0], width_px=width_px, quality=quality, hidden=hidden)


def masked_jpeg(data: bytes, *, hidden: tuple[Polygon, ...]) -> bytes:
    """A JPEG of ours with polygons burned in. Raises ValueError when it does not decode."""
    import av
    import av.error

    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.options = {"threads": "1"}
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"the picture cannot be decoded: {error}") from error
    if not frames:
        raise ValueError("no picture in it")
    return encode_jpeg(frames[0], hidden=hidden)


def encode_jpeg(frame: av.VideoFrame, *, width_px: int = 0, quality: int = GOOD, hidden: tuple[Polygon, ...] = ()) -> bytes:
    """A decoded picture as JPEG, scaled to `width_px` when that is smaller than it is."""
    import av
    from av.video.reformatter import Interpolation

    width = max(2, min(width_px or frame.width, frame.width) & ~1)
    height = max(2, round(frame.height * width / frame.width) & ~1)
    # AREA: each pixel of the source counts once, so that small things do not flicker from one thumbnail to the next
    plain = frame.reformat(
        width=width, height=height, format="yuvj420p", dst_color_range="JPEG", interpolation=Interpolation.AREA
    )
    if hidden:
        cover(plain, hidden)
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = plain.time_base = Fraction(1, 1)
    encoder.options = {"qmin": str(quality), "qmax": str(quality), "threads": "1"}
    plain.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(plain), *encoder.encode(None)])
