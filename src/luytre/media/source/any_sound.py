"""Sound of cameras that come through PyAV: AAC-LC passes untouched, every other kind is left out and told in the log.

Sources: ISO/IEC 14496-3 (AudioSpecificConfig §1.6.2.1, ADTS §1.A.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import av
import structlog
from av.audio.stream import AudioStream

from luytre.media.source.aac import MAX_UNIT_BYTES
from luytre.media.unit import AudioFormat, Sample

log = structlog.get_logger(__name__)
AAC_LC = 2
FRAME_SAMPLES = 1024
MAX_CONFIG_BYTES, MAX_CHANNELS = 64, 8
_RATES_HZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_NEAR_S = 0.05
"""Times of FLV are whole milliseconds: frames that are no further from their place follow each other without a seam."""


def sound_format(codec: str, rate_hz: int, channels: int, config: bytes) -> AudioFormat | None:
    """The track's format; None where it is not AAC-LC as our fragments carry it. `config` may be empty (MPEG-TS)."""
    if codec != "aac" or rate_hz not in _RATES_HZ or not 0 < channels <= MAX_CHANNELS or len(config) > MAX_CONFIG_BYTES:
        return None
    if not config:
        if channels == MAX_CHANNELS:
            return None  # configuration 7 means eight channels in another order
        config = (AAC_LC << 11 | _RATES_HZ.index(rate_hz) << 7 | channels << 3).to_bytes(2, "big")
    return AudioFormat(rate_hz, channels, config) if config[0] >> 3 == AAC_LC else None


def raw_frame(data: bytes) -> bytes:
    """A frame without its ADTS header, where it has one; empty where the header does not fit the frame."""
    if len(data) < 2 or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:
        return data
    head_bytes = 7 if data[1] & 1 else 9
    if len(data) < head_bytes or data[6] & 3:  # several frames behind one header: nobody sends them
        return b""
    size = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    return data[head_bytes:size] if head_bytes < size <= len(data) else b""


@dataclass(slots=True)
class SoundTrack:
    """A track that is recorded: its packets into samples, times on a line of its own from 0, rising."""

    stream: AudioStream
    format: AudioFormat
    _first_s: float | None = field(default=None)
    _next: int = 0

    def sample(self, packet: av.Packet[Any]) -> Sample | None:
        """None for what is no frame."""
        data = raw_frame(bytes(packet))
        if not 0 < len(data) <= MAX_UNIT_BYTES:
            return None
        line = self._place(float(packet.pts * packet.time_base) if packet.pts is not None and packet.time_base else None)
        self._next = line + FRAME_SAMPLES
        return Sample(True, line, line, len(data), (data,), True)

    def _place(self, at_s: float | None) -> int:
        if at_s is None:
            return self._next
        if self._first_s is None:
            self._first_s = at_s
        told = round((at_s - self._first_s) * self.format.sample_rate_hz)
        is_near = abs(told - self._next) <= _NEAR_S * self.format.sample_rate_hz
        return self._next if is_near else max(told, self._next)


def choose_sound(container: av.container.InputContainer, subject: str) -> SoundTrack | None:
    """The first track that can be recorded; what cannot is told once in the log."""
    for stream in container.streams.audio:
        codec = stream.codec_context
        extra = bytes(codec.extradata or b"")
        if (found := sound_format(codec.name, codec.sample_rate, codec.channels, extra)) is not None:
            return SoundTrack(stream, found)
        log.warning("camera.sound_left_out", camera=subject, codec=codec.name, rate_hz=codec.sample_rate)
    return None
