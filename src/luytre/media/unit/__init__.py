"""unit: the values that pass between the rooms of the media plane. No behaviour but what follows from the value itself.

Owns: formats, samples, breaks, fragments, init segments, runs. Never: does I/O, imports another media room.
Runs in: the recorder, `luytre record`, the CLI.
Invariants:
- A sample's bytes are as the camera sent them (NAL units behind 4-byte lengths, ISO/IEC 14496-15 §5.3), never re-encoded.
- Within a run decode times rise strictly; a run has one init segment and no hole.
- A fragment that holds a key frame starts with it, and then `starts_gop` is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol, TypeAlias

from luytre.base.errors import GapReason

Buffer: TypeAlias = bytes | bytearray | memoryview


class StreamKind(StrEnum):
    MAIN = "main"
    SUB = "sub"


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """How a picture track is coded. `parameter_sets`: H.264 SPS…, PPS…; H.265 VPS…, SPS…, PPS… (no length, no start code).

    `reorder_depth` is the number of frames that may come before one that is shown earlier (0: no B-frames).
    """

    codec: Literal["h264", "h265"]
    width_px: int
    height_px: int
    parameter_sets: tuple[bytes, ...]
    rfc6381: str
    reorder_depth: int = 0
    fps_nominal: float = 0.0


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """AAC-LC as RFC 3640 carries it; `config` is the AudioSpecificConfig (ISO/IEC 14496-3)."""

    sample_rate_hz: int
    channels: int
    config: bytes
    rfc6381: str = "mp4a.40.2"


@dataclass(frozen=True, slots=True)
class StreamFormat:
    video: VideoFormat
    audio: AudioFormat | None = None


@dataclass(frozen=True, slots=True)
class FormatChange:
    """From here on samples are of this format. First item of every session."""

    format: StreamFormat


class Sample(NamedTuple):
    """One access unit. Times on the session's own line, 90 kHz for pictures (audio: its sample rate), first picture at 0.

    A NamedTuple, not a dataclass: there are a thousand a second, and making one takes a quarter of the time.
    `chunks` joined are the sample's bytes; they may be views of a receive buffer and are valid only until the sink's
    `deliver` returns. `received_utc_90k`/`received_mono_s` of the batch tell when it was read.
    """

    is_key: bool
    pts_90k: int
    dts_90k: int
    size_bytes: int
    chunks: Sequence[Buffer]
    is_audio: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A hole in the session: what follows starts on a key frame, as a new run. `frames_lost` as far as it is known."""

    reason: GapReason
    frames_lost: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CameraClock:
    """An RTCP sender report (RFC 3550 §6.4.1): the camera's wall clock at a point of the session's line."""

    camera_utc_90k: int
    pts_90k: int
    offset_90k: int
    """Camera's clock minus ours at arrival: positive when the camera is ahead."""


Item: TypeAlias = FormatChange | Sample | Break | CameraClock


class Sink(Protocol):
    """Who takes a source's items. Called on the event loop; must not block and must not keep views of `chunks`."""

    def deliver(self, items: Sequence[Item], received_utc_90k: int, received_mono_s: float) -> None: ...


@dataclass(frozen=True, slots=True)
class InitSegment:
    """ftyp+moov of a run (ISO/IEC 14496-12). `mime` is for MediaSource: `video/mp4; codecs="avc1.640028"`."""

    data: bytes
    format: StreamFormat
    mime: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """moof+mdat: the most a crash may lose. `dts_90k` is its decode time on the run's line (the tfdt inside).

    `start_utc_90k` is the wall time of its first sample. `pts_min_90k` is the earliest presentation time inside.
    """

    data: bytes
    dts_90k: int
    duration_90k: int
    sample_count: int
    starts_gop: bool
    start_utc_90k: int


class FragmentSink(Protocol):
    """Who takes fragments from the hub: the archive's writer, a viewer. Called on the event loop; never blocks."""

    def begin_run(self, init: InitSegment, start_utc_90k: int, gap_reason: GapReason) -> None:
        """A new run starts. `gap_reason` tells why there is a hole before it (if there is one)."""

    def append(self, fragment: Fragment) -> None: ...

    def end_run(self, reason: GapReason) -> None:
        """The run ends; `reason` is why nothing follows (as known now)."""
