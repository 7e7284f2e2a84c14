"""A recording with sound: AAC from a real encoder beside the pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason
from luytre.media.archive import Archive
from luytre.media.fragment import Fragmenter
from luytre.media.unit import AudioFormat, FormatChange, Item, Sample, StreamFormat
from tests.media.archive.helpers import FRAME_90K, GOP_FRAMES, open_archive, pictures

RATE_HZ = 48_000


def tone(seconds: int) -> tuple[bytes, list[bytes]]:
    """AudioSpecificConfig and AAC frames of 1024 samples."""
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE_HZ, "mono", "fltp"
    encoder.time_base = Fraction(1, RATE_HZ)
    frames: list[bytes] = []
    for index in range(seconds * RATE_HZ // 1024):
        wave = np.sin((np.arange(1024) + index * 1024) * 440 * 2 * np.pi / RATE_HZ).astype(np.float32) * 0.2
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, index * 1024
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    frames += [bytes(packet) for packet in encoder.encode(None)]
    return bytes(encoder.extradata or b""), frames


def record_with_sound(root: Path, seconds: int = 6) -> tuple[Archive, int]:
    """The archive and the UTC of the first picture."""
    clock = FakeClock()
    archive = open_archive(root, clock)
    config, frames = tone(seconds)
    video, samples = pictures()
    fragmenter = Fragmenter(archive.writer("gate"), gap_reason=GapReason.UNKNOWN)
    begin = clock.utc_90k()
    first: list[Item] = [FormatChange(StreamFormat(video.video, AudioFormat(RATE_HZ, 1, config)))]
    sent = 0
    for index in range(0, seconds * 25, 5):
        batch: list[Item] = list(first)
        first = []
        for frame in range(index, index + 5):
            data, is_key, _ = samples[frame % GOP_FRAMES]
            batch.append(Sample(is_key, frame * FRAME_90K, frame * FRAME_90K, len(data), [data]))
        while sent < len(frames) and sent * 1024 * 25 < (index + 5) * RATE_HZ:
            batch.append(Sample(True, sent * 1024, sent * 1024, len(frames[sent]), [frames[sent]], is_audio=True))
            sent += 1
        fragmenter.deliver(batch, clock.utc_90k(), clock.mono_s())
        clock.advance(0.2)
        archive.run_pending()
    fragmenter.end(GapReason.CAMERA_LOST)
    clock.advance(1)
    archive.run_pending()
    return archive, begin - 4 * FRAME_90K
