"""Fragments of one run decoded, scaled down, masked and coded again as H.264 (PyAV: FFmpeg's decoder, libx264), times kept."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import av.error
from av.codec.context import Flags
from av.video.frame import PictureType
from av.video.reformatter import Interpolation

from luytre.base.clock import TICKS_PER_S
from luytre.media.fragment import BoxError, LongestStep, build_fragment, build_init, parse_fragment_head
from luytre.media.source.covered import cover
from luytre.media.transcode.messages import PLAIN, Order
from luytre.media.transcode.size import even, shrunk
from luytre.media.unit import Fragment, InitSegment, Sample, StreamFormat, VideoFormat
from luytre.media.unit.byte_stream import START_CODE, byte_stream_of, split_byte_stream
from luytre.media.unit.parameter_sets import nal_type, video_format

MOST_BPS, MOST_WHOLE_BPS = "2500000", "6000000"
"""Rain and noise at night would else take more than the camera's own stream."""
_LINE = Fraction(1, TICKS_PER_S)
_NOT_SAMPLES = frozenset((6, 7, 8, 9))
"""SEI (the encoder's name), parameter sets (they stand in the init segment), delimiters."""


def _encoder(size: tuple[int, int], most_bps: str) -> av.VideoCodecContext:
    """Always the same for a size, so that one init segment fits all pieces of it."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = size
    encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", _LINE, Fraction(25)
    encoder.flags |= Flags.global_header
    encoder.options = {
        "preset": "veryfast", "tune": "zerolatency", "crf": "25", "threads": "1", "forced-idr": "1",
        "maxrate": most_bps, "bufsize": most_bps,
        "x264-params": "keyint=infinite:scenecut=0",
    }  # fmt: skip
    encoder.open()
    return encoder


def _decoder(video: VideoFormat) -> av.VideoCodecContext:
    decoder = av.CodecContext.create("h264" if video.codec == "h264" else "hevc", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.options = {"threads": "1"}  # more would hold pictures back
    return decoder


class Recoder:
    """One run. `feed` whole fragments; what can come out comes out at once. Raises ValueError where PyAV cannot begin."""

    def __init__(self, source: InitSegment, order: Order = PLAIN) -> None:
        video = source.format.video
        self._order = order
        self._size = (even if order.whole_size else shrunk)(video.width_px, video.height_px)
        try:
            self._decoder = _decoder(video)
            self._encoder = _encoder(self._size, MOST_WHOLE_BPS if order.whole_size else MOST_BPS)
        except av.error.FFmpegError as error:
            raise ValueError(f"cannot be coded again: {error}") from error
        self._parameter_sets = b"".join(START_CODE + nal for nal in video.parameter_sets)
        out = video_format("h264", split_byte_stream(bytes(self._encoder.extradata or b"")))
        self.init = build_init(StreamFormat(out))
        self._shown_after: int | None = None
        self._utc_less_line = 0
        self._keys: set[int] = set()
        self._last_pts: int | None = None
        self._longest, self._sequence = LongestStep(), 0
        self._last_dts: int | None = None
        self.damaged = 0
        """Samples that did not decode."""

    def feed(self, data: bytes) -> Fragment | None:
        """What came of whole fragments, one behind the other. Raises BoxError on anything else."""
        samples = [out for sample in self._samples(data) for out in self._through(sample)]
        return self._fragment(samples, None)

    def whole(self, data: bytes, end_dts_90k: int | None) -> Fragment | None:
        """A span that ends here, and all that is still inside, as one fragment; its last picture is shown until the end given.

        Nothing can be fed afterwards.
        """
        samples = [out for sample in self._samples(data) for out in self._through(sample)]
        samples += [out for frame in self._decode(None) for out in self._encode(frame)] + self._packets(None)
        return self._fragment(samples, end_dts_90k)

    def _samples(self, data: bytes) -> Iterator[tuple[bool, int, int, bytes]]:
        """(is it a key frame, pts, dts, bytes) of each picture."""
        at = 0
        while at < len(data):
            head = parse_fragment_head(data, at, at)
            if at + head.size_bytes > len(data):
                raise BoxError("a fragment is cut off")
            picture = head.tracks[0]
            self._utc_less_line = head.start_utc_90k - head.dts_90k
            dts, place = picture.dts, picture.data_offset_bytes
            for index, size in enumerate(picture.sizes):
                offset = picture.cts_offsets[index] if picture.cts_offsets is not None else 0
                yield index == 0 and head.starts_gop, dts + offset, dts, data[place : place + size]
                dts += picture.durations[index]
                place += size
            at += head.size_bytes

    def _through(self, sample: tuple[bool, int, int, bytes]) -> list[Sample]:
        is_key, pts, dts, data = sample
        if self._shown_after is None:
            if not is_key:
                return []
            self._shown_after = pts - dts
        if is_key:
            self._keys.add(pts)
        packet = av.Packet((self._parameter_sets if is_key else b"") + byte_stream_of(data))
        packet.pts, packet.dts, packet.time_base = pts, dts, _LINE
        return [out for frame in self._decode(packet) for out in self._encode(frame)]

    def _decode(self, packet: av.Packet[Any] | None) -> list[av.VideoFrame]:
        try:
            return self._decoder.decode(packet)
        except av.error.FFmpegError:
            self.damaged += 1
            return []

    def _encode(self, frame: av.VideoFrame) -> list[Sample]:
        pts = frame.pts
        if pts is None or (self._last_pts is not None and pts <= self._last_pts) or not self._is_wanted(pts):
            return []
        is_first, self._last_pts = self._last_pts is None, pts
        small = frame.reformat(
            width=self._size[0], height=self._size[1], format="yuv420p", interpolation=Interpolation.FAST_BILINEAR
        )
        if self._order.polygons:
            cover(small, self._order.polygons)
        small.pts, small.time_base = pts, _LINE
        small.pict_type = PictureType.I if is_first or pts in self._keys else PictureType.NONE
        self._keys = {key for key in self._keys if key > pts}
        return self._packets(small)

    def _is_wanted(self, pts_90k: int) -> bool:
        start, end = self._order.from_90k, self._order.to_90k
        return (start is None or pts_90k >= start) and (end is None or pts_90k < end)

    def _packets(self, frame: av.VideoFrame | None) -> list[Sample]:
        return [self._sample(packet) for packet in self._encoder.encode(frame)]

    def _sample(self, packet: av.Packet[Any]) -> Sample:
        nals = [nal for nal in split_byte_stream(bytes(packet)) if nal_type("h264", nal) not in _NOT_SAMPLES]
        chunks = [part for nal in nals for part in (len(nal).to_bytes(4, "big"), nal)]
        pts = int(packet.pts or 0)
        # shown as long after its decoding as the source's: so the line of decode times is the source's own
        return Sample(bool(packet.is_keyframe), pts, pts - (self._shown_after or 0), sum(map(len, chunks)), chunks)

    def _fragment(self, samples: list[Sample], end_dts_90k: int | None) -> Fragment | None:
        if not samples:
            return None
        last = samples[-1].dts_90k
        self._longest.note_fragment(samples, self._last_dts)
        self._last_dts = last
        if end_dts_90k is not None and self._order.to_90k is not None:
            end_dts_90k = min(end_dts_90k, self._order.to_90k)
        duration = end_dts_90k - last if end_dts_90k is not None and end_dts_90k > last else self._longest.guess_90k()
        self._sequence += 1
        return build_fragment(
            samples,
            sequence=self._sequence,
            dts_base_90k=self._order.from_90k or 0,
            last_duration_90k=duration,
            start_utc_90k=samples[0].dts_90k + self._utc_less_line,
        )
