"""Access units on the camera's side, and the NAL unit arithmetic that the simulated camera needs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Codec = Literal["h264", "h265"]

_START_CODE = re.compile(rb"\x00\x00\x01")
_H264_PARAMETER_SETS = {7, 8, 13, 15}
_H265_PARAMETER_SETS = {32, 33, 34}
_H264_DELIMITERS = {9, 10, 11, 12}
_H265_DELIMITERS = {35, 36, 37, 38}


def nal_type(codec: Codec, nal: bytes) -> int:
    """`nal_unit_type` (ITU-T H.264 §7.3.1, H.265 §7.3.1.2)."""
    return nal[0] & 0x1F if codec == "h264" else nal[0] >> 1 & 0x3F


def is_vcl(codec: Codec, nal: bytes) -> bool:
    """True for the NAL units that hold coded picture: H.264 types 1 to 5, H.265 types 0 to 31."""
    kind = nal_type(codec, nal)
    return 1 <= kind <= 5 if codec == "h264" else kind < 32


def is_parameter_set(codec: Codec, nal: bytes) -> bool:
    return nal_type(codec, nal) in (_H264_PARAMETER_SETS if codec == "h264" else _H265_PARAMETER_SETS)


def is_delimiter(codec: Codec, nal: bytes) -> bool:
    """Access unit delimiters, ends of sequence and stream, filler: nothing that a decoder needs over RTP."""
    return nal_type(codec, nal) in (_H264_DELIMITERS if codec == "h264" else _H265_DELIMITERS)


def split_annexb(data: bytes) -> list[bytes]:
    """The NAL units of a byte stream (ITU-T H.264 annex B), without start codes and trailing zeros."""
    starts = [match.end() for match in _START_CODE.finditer(data)]
    ends = [*(start - 3 for start in starts[1:]), len(data)]
    nals = (data[start:end].rstrip(b"\x00") for start, end in zip(starts, ends, strict=False))
    return [nal for nal in nals if nal]


def vcl_digest(codec: Codec, nals: Iterable[bytes]) -> str:
    """SHA-256 over the VCL NAL units of one access unit, each behind its length in 4 bytes: what must arrive unchanged."""
    digest = hashlib.sha256()
    for nal in nals:
        if is_vcl(codec, nal):
            digest.update(len(nal).to_bytes(4, "big"))
            digest.update(nal)
    return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class AccessUnit:
    """One coded picture. `nals` without start codes, parameter sets and delimiters; times in 90 kHz on the source's line.

    `parameter_sets` are those in force (SPS, PPS; VPS, SPS, PPS), carried by key frames only. Two units are equal only
    when they are the same object: packets made of one are kept as long as it lives.
    """

    codec: Codec
    nals: tuple[bytes, ...]
    pts_90k: int
    dts_90k: int
    is_key: bool
    parameter_sets: tuple[bytes, ...] = ()

    @cached_property
    def vcl_sha256(self) -> str:
        return vcl_digest(self.codec, self.nals)

    @property
    def size_bytes(self) -> int:
        return sum(map(len, self.nals))


@dataclass(frozen=True)
class AudioUnit:
    """One AAC frame without ADTS header; `pts` counts in samples of `sample_rate_hz`."""

    data: bytes
    pts: int


@dataclass(frozen=True)
class VideoDescription:
    """What a camera can tell of its picture before it sends one; SDP is made of it."""

    codec: Codec
    width_px: int
    height_px: int
    fps: float
    parameter_sets: tuple[bytes, ...]


@dataclass(frozen=True)
class AudioDescription:
    """AAC-LC: rate, channels and AudioSpecificConfig (ISO/IEC 14496-3), with the frames that are looped."""

    sample_rate_hz: int
    channels: int
    config: bytes
    frames: tuple[bytes, ...] = field(default=(), repr=False)
