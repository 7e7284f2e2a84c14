"""Access units made by a real encoder (PyAV's x264 and x265), for tests of the media plane."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import numpy as np


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """NAL units without start codes, in decode order; presentation time on a 90 kHz line."""

    nals: tuple[bytes, ...]
    pts_90k: int
    is_key: bool


def split_annex_b(data: bytes) -> tuple[bytes, ...]:
    parts = data.replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").split(b"\x00\x00\x01")
    return tuple(part for part in parts if part)


@lru_cache(maxsize=32)
def encode(
    codec: str = "h264",
    frames: int = 50,
    width: int = 320,
    height: int = 240,
    gop: int = 10,
    bframes: int = 0,
    extra: str = "",
) -> tuple[AccessUnit, ...]:
    """`frames` pictures of moving noise at 25 a second, parameter sets in band before each key frame."""
    name = "libx264" if codec == "h264" else "libx265"
    context = av.CodecContext.create(name, "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base = Fraction(1, 25)
    context.framerate = Fraction(25)
    common = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={bframes}:repeat-headers=1:annexb=1" + extra
    key = "x264-params" if codec == "h264" else "x265-params"
    quiet = "" if codec == "h264" else ":log-level=none:open-gop=0:pools=1"
    context.options = {"preset": "veryfast", key: common + quiet}
    noise = np.random.default_rng(7).integers(0, 255, (height * 3 // 2, width), dtype=np.uint8)
    units = []
    for index in range(frames):
        picture = np.roll(noise, index * 3, axis=1)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="yuv420p")
        frame.pts = index
        units += [_unit(packet) for packet in context.encode(frame)]
    units += [_unit(packet) for packet in context.encode(None)]
    return tuple(units)


def _unit(packet: av.Packet) -> AccessUnit:
    return AccessUnit(split_annex_b(bytes(packet)), int(packet.pts or 0) * 3600, bool(packet.is_keyframe))
