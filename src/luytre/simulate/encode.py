"""Pictures to access units with libx264 and libx265 (through PyAV)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from numpy.typing import NDArray

from luytre.simulate.source import Clip, clip_of
from luytre.simulate.units import (
    AccessUnit,
    AudioDescription,
    Codec,
    VideoDescription,
    is_delimiter,
    is_parameter_set,
    split_annexb,
)

Picture = NDArray[np.uint8]
"""I420 as one array: Y of height × width, below it U and V (`yuv420p` of PyAV)."""

_ENCODERS: dict[Codec, str] = {"h264": "libx264", "h265": "libx265"}
TIME_BASE = Fraction(1, 90_000)


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """How a camera codes. `bitrate_bps` None: constant quality `crf`. `slices` of one picture; `b_frames` in a row."""

    codec: Codec
    width_px: int
    height_px: int
    fps: float
    gop_frames: int
    bitrate_bps: int | None = None
    crf: int = 28
    b_frames: int = 0
    slices: int = 1
    preset: str = "ultrafast"
    params: str = ""
    """More x264 or x265 parameters, `key=value` with colons between."""


def _x264_options(options: EncoderOptions) -> dict[str, str]:
    params = f"keyint={options.gop_frames}:min-keyint=1:scenecut=0:bframes={options.b_frames}:open-gop=0:threads=1"
    params += f":slices={options.slices}:force-cfr=1" + (f":{options.params}" if options.params else "")
    chosen = {"preset": options.preset, "forced-idr": "1", "x264-params": params}
    if not options.b_frames:
        chosen["tune"] = "zerolatency"
    return chosen


def _x265_options(options: EncoderOptions) -> dict[str, str]:
    params = f"keyint={options.gop_frames}:min-keyint=1:scenecut=0:bframes={options.b_frames}:open-gop=0"
    # x265 reads through a null pointer when it cuts slices without a thread pool
    pools = "none" if options.slices == 1 else "1"
    params += f":pools={pools}:frame-threads=1:log-level=none:slices={options.slices}:repeat-headers=0:info=0"
    params += f":{options.params}" if options.params else ""
    chosen = {"preset": options.preset, "forced-idr": "1", "x265-params": params}
    if not options.b_frames:
        chosen["tune"] = "zerolatency"
    return chosen


class Encoder:
    """One encoder. `encode` gives the access units that a picture completes (later ones where there are B-frames)."""

    def __init__(self, options: EncoderOptions) -> None:
        av.logging.set_level(av.logging.ERROR)
        logging.getLogger("libav").setLevel(logging.ERROR)
        self.options = options
        context: Any = av.CodecContext.create(_ENCODERS[options.codec], "w")
        context.width, context.height, context.pix_fmt = options.width_px, options.height_px, "yuv420p"
        context.framerate = Fraction(options.fps).limit_denominator(1001)
        context.time_base, context.gop_size, context.max_b_frames = TIME_BASE, options.gop_frames, options.b_frames
        context.thread_count = 1
        chosen = _x264_options(options) if options.codec == "h264" else _x265_options(options)
        if options.bitrate_bps:
            context.bit_rate = options.bitrate_bps
        else:
            chosen["crf"] = str(options.crf)
        context.options = chosen
        context.flags |= av.codec.context.Flags.global_header
        context.open()
        self._context: VideoCodecContext = context
        nals = split_annexb(bytes(context.extradata or b""))
        self.parameter_sets = tuple(nal for nal in nals if is_parameter_set(options.codec, nal))

    def describe(self) -> VideoDescription:
        chosen = self.options
        return VideoDescription(chosen.codec, chosen.width_px, chosen.height_px, chosen.fps, self.parameter_sets)

    def encode(self, picture: Picture, pts_90k: int, *, key: bool = False) -> list[AccessUnit]:
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = pts_90k, TIME_BASE
        if key:
            frame.pict_type = PictureType.I
        return [self._unit(packet) for packet in self._context.encode(frame)]

    def flush(self) -> list[AccessUnit]:
        """What is still inside; the encoder is finished then."""
        return [self._unit(packet) for packet in self._context.encode(None)]

    def _unit(self, packet: Any) -> AccessUnit:
        codec = self.options.codec
        nals = split_annexb(bytes(packet))
        kept = tuple(nal for nal in nals if not is_parameter_set(codec, nal) and not is_delimiter(codec, nal))
        sets = self.parameter_sets if packet.is_keyframe else ()
        return AccessUnit(codec, kept, int(packet.pts), int(packet.dts), bool(packet.is_keyframe), sets)


def encode_clip(options: EncoderOptions, pictures: Iterable[Picture], times_90k: Iterable[int] | None = None) -> Clip:
    """A clip of pictures, evenly spaced unless `times_90k` tells otherwise (a camera with a changing frame rate)."""
    encoder = Encoder(options)
    frame_90k = round(90_000 / options.fps)
    times = iter(times_90k) if times_90k is not None else None
    units: list[AccessUnit] = []
    for index, picture in enumerate(pictures):
        units += encoder.encode(picture, next(times) if times is not None else index * frame_90k)
    units += encoder.flush()
    return clip_of(encoder.describe(), units, frame_90k)


def encode_tone(seconds: float = 2.0, sample_rate_hz: int = 16_000) -> AudioDescription:
    """A quiet tone in AAC-LC, mono: what a camera's microphone would send."""
    context: Any = av.CodecContext.create("aac", "w")
    context.sample_rate, context.format, context.layout = sample_rate_hz, "fltp", "mono"
    context.time_base, context.bit_rate = Fraction(1, sample_rate_hz), 32_000
    context.flags |= av.codec.context.Flags.global_header
    context.open()
    frames = [bytes(packet) for frame in _tone_frames(seconds, sample_rate_hz) for packet in context.encode(frame)]
    frames += [bytes(packet) for packet in context.encode(None)]
    return AudioDescription(sample_rate_hz, 1, bytes(context.extradata or b"")[:2], tuple(frames))


def _tone_frames(seconds: float, sample_rate_hz: int) -> Iterator[av.AudioFrame]:
    for start in range(0, int(seconds * sample_rate_hz) // 1024 * 1024, 1024):
        angle = np.arange(start, start + 1024, dtype=np.float32) * (2 * np.pi * 440 / sample_rate_hz)
        frame = av.AudioFrame.from_ndarray((0.1 * np.sin(angle))[np.newaxis].astype(np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = sample_rate_hz, start, Fraction(1, sample_rate_hz)
        yield frame
