"""Sound of cameras that come through FFmpeg: AAC-LC as it was sent, nothing of other kinds, and only where it is allowed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.media.source.any_sound import FRAME_SAMPLES, raw_frame, sound_format
from luytre.media.unit import AudioFormat, Sample
from tests.media.source.collect import Collector
from tests.media.source.test_real_servers import through_ffmpeg
from tests.support.clips import ClipLibrary

RATE_HZ = 16_000


class Listener(Collector):
    """Keeps the sound's times too."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def _sample(self, item: Sample) -> None:
        if item.is_audio:
            self.lines.append(item.dts_90k)
        super()._sample(item)


async def with_sound(clips: ClipLibrary, folder: Path, suffix: str, codec: str = "aac") -> Path:
    """The clip with a tone beside it, in a file of this kind."""
    path = folder / f"tone{suffix}"
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(clips.file("h264", ".mp4"))]
    command += ["-f", "lavfi", "-i", f"sine=440:sample_rate={RATE_HZ}:duration=2", "-c:v", "copy", "-c:a", codec, str(path)]
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0
    return path


def frames_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [raw_frame(bytes(packet)) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize("suffix", [".mp4", ".ts", ".flv", ".mkv"])
async def test_aac_passes_untouched(suffix: str, clips: ClipLibrary, tmp_path: Path) -> None:
    path = await with_sound(clips, tmp_path, suffix)
    kept, error = await through_ffmpeg(str(path), 50, files_allowed=True, sound=True)
    audio = kept.formats[0].format.audio
    assert audio is not None
    assert (audio.sample_rate_hz, audio.channels, audio.config[0] >> 3, audio.config[:2].hex()) == (RATE_HZ, 1, 2, "1408")
    assert len(kept.units) == 50, error
    sent = frames_of(path)
    assert len(kept.sound) >= len(sent) - 4, "what comes before the first picture, or after the last, may be missing"
    start = sent.index(kept.sound[0])
    assert kept.sound == sent[start : start + len(kept.sound)]


async def test_sound_follows_itself_without_a_seam(clips: ClipLibrary, tmp_path: Path) -> None:
    """FLV tells times in whole milliseconds."""
    path = await with_sound(clips, tmp_path, ".flv")
    kept = Listener()
    await through_ffmpeg(str(path), 50, files_allowed=True, sound=True, kept=kept)
    assert kept.lines == list(range(0, len(kept.lines) * FRAME_SAMPLES, FRAME_SAMPLES))


@pytest.mark.parametrize(("codec", "sound"), [("mp2", True), ("aac", False)])
async def test_other_sound_and_sound_that_is_not_allowed_is_left_out(
    codec: str, sound: bool, clips: ClipLibrary, tmp_path: Path
) -> None:
    path = await with_sound(clips, tmp_path, ".ts", codec)
    kept, _ = await through_ffmpeg(str(path), 50, files_allowed=True, sound=sound)
    assert (kept.sound, kept.formats[0].format.audio, len(kept.units)) == ([], None, 50)


def test_what_is_no_aac_lc_has_no_format() -> None:
    assert sound_format("aac", 48_000, 2, b"") == AudioFormat(48_000, 2, b"\x11\x90")
    assert sound_format("aac", 44_100, 2, b"\x12\x10") is not None
    high_efficiency = bytes((5 << 3, 0))
    for codec, rate_hz, channels, config in (
        ("pcm_alaw", 8000, 1, b""), ("aac", 47_999, 2, b""), ("aac", 48_000, 0, b""), ("aac", 48_000, 9, b""),
        ("aac", 48_000, 8, b""), ("aac", 48_000, 2, high_efficiency), ("aac", 48_000, 2, bytes((0x11,)) * 65),
    ):  # fmt: skip
        assert sound_format(codec, rate_hz, channels, config) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_a_frame_or_none(data: bytes) -> None:
    frame = raw_frame(data)
    assert frame == b"" or data.endswith(frame) or frame in data


@given(st.binary(min_size=1, max_size=600), st.booleans())
def test_a_header_is_taken_off(frame: bytes, has_crc: bool) -> None:
    size = len(frame) + (9 if has_crc else 7)
    head = bytes((0xFF, 0xF0 | (not has_crc), 0x60, 0x40 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC))
    assert raw_frame(head + bytes(2 * has_crc) + frame) == frame
    assert raw_frame((head + bytes(2 * has_crc) + frame)[:-1]) == b""
