"""One JPEG of a key frame: for a probe, a snapshot, a thumbnail. PyAV is loaded only when one is asked for."""

from __future__ import annotations

import io
from fractions import Fraction

from luytre.media.unit import VideoFormat


def jpeg_of(video: VideoFormat, samples: bytes, *, width_px: int = 0, quality: int = 4) -> bytes:
    """The first picture of `samples` (NAL units behind 4-byte lengths, from a key frame on) as JPEG.

    `width_px` 0 keeps the size; `quality` is FFmpeg's scale, 2 (best) to 31. Raises ValueError when nothing can be decoded.
    """
    import av
    import av.error

    decoder = av.CodecContext.create("h264" if video.codec == "h264" else "hevc", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    start = b"\x00\x00\x00\x01"
    stream = b"".join(start + nal for nal in video.parameter_sets) + _byte_stream(samples)
    try:
        frames = [*decoder.decode(av.Packet(stream)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"the key frame cannot be decoded: {error}") from error
    if not frames:
        raise ValueError("no picture in the key frame")
    return encode_jpeg(frames[0], width_px=width_px, quality=quality)


def _byte_stream(samples: bytes) -> bytes:
    parts, at = [], 0
    while at + 4 <= len(samples):
        size = int.from_bytes(samples[at : at + 4], "big")
        parts.append(b"\x00\x00\x00\x01" + samples[at + 4 : at + 4 + size])
        at += 4 + size
    return b"".join(parts)


def encode_jpeg(frame: object, *, width_px: int = 0, quality: int = 4) -> bytes:
    """A decoded `av.VideoFrame` as JPEG, scaled to `width_px` when that is smaller than it is."""
    import av

    assert isinstance(frame, av.VideoFrame)
    width = max(2, min(width_px or frame.width, frame.width) & ~1)
    height = max(2, round(frame.height * width / frame.width) & ~1)
    plain = frame.reformat(width=width, height=height, format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = plain.time_base = Fraction(1, 1)
    encoder.options = {"qmin": str(quality), "qmax": str(quality)}
    plain.pts = 0
    out = io.BytesIO()
    for packet in [*encoder.encode(plain), *encoder.encode(None)]:
        out.write(bytes(packet))
    return out.getvalue()
