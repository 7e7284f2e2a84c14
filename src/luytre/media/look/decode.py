"""A key frame to the small planes that are looked at (PyAV). Loaded in the child alone."""

from __future__ import annotations

import av
import av.error
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import Interpolation

from luytre.media.look.signature import Grey, Signature, signature_of
from luytre.media.look.sizes import LARGE_HEIGHT_PX, LARGE_WIDTH_PX
from luytre.media.unit import VideoFormat
from luytre.media.unit.byte_stream import START_CODE, byte_stream_of


def decode(video: VideoFormat, samples: bytes) -> av.VideoFrame:
    """The first picture of `samples` (NAL units behind 4-byte lengths, from a key frame on). Raises ValueError."""
    decoder = av.CodecContext.create("h264" if video.codec == "h264" else "hevc", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.options = {"threads": "1", "skip_loop_filter": "all"}
    stream = b"".join(START_CODE + nal for nal in video.parameter_sets) + byte_stream_of(samples)
    try:
        frames = [*decoder.decode(av.Packet(stream)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"the key frame cannot be decoded: {error}") from error
    if not frames:
        raise ValueError("no picture in the key frame")
    return frames[0]


def look_at(frame: av.VideoFrame) -> Signature:
    """What is kept of a decoded picture."""
    small = frame.reformat(
        width=LARGE_WIDTH_PX,
        height=LARGE_HEIGHT_PX,
        format="yuvj420p",
        dst_color_range="JPEG",
        interpolation=Interpolation.AREA,
    )
    luma, *colours = (_plane(plane) for plane in small.planes)
    far = [plane.astype(np.float32) - 128 for plane in colours]
    colour = float(np.hypot(far[0], far[1]).mean())
    return signature_of(luma, colour, frame.width)


def luma_of(frame: av.VideoFrame) -> Grey:
    """The picture as large as it came."""
    if frame.format.name not in ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "gray"):
        frame = frame.reformat(format="yuv420p")
    return _plane(frame.planes[0])


def _plane(plane: VideoPlane) -> Grey:
    rows: Grey = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
