"""Clips that tests send: made by libx264 and libx265 once a session from real street footage, or from a moving pattern
where Debian's `opencv-doc` is not installed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from luytre.simulate.encode import EncoderOptions, Picture, encode_clip
from luytre.simulate.source import Clip
from luytre.simulate.units import Codec

FOOTAGE = (
    Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi"),
    Path(__file__).parents[2] / ".cache/footage/vtest.avi",  # where tools/test-packages puts it when /usr/share/doc is empty
)
FPS = 25
FRAMES = 50


def street_pictures(width_px: int, height_px: int, frames: int) -> Iterator[Picture]:
    """People crossing a street (vtest.avi), scaled; the moving pattern where the file is missing."""
    footage = next((path for path in FOOTAGE if path.exists()), None)
    if footage is None:
        yield from moving_pictures(width_px, height_px, frames)
        return
    with av.open(str(footage)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == frames:
                return
            yield frame.reformat(width_px, height_px, "yuv420p").to_ndarray()


def moving_pictures(width_px: int, height_px: int, frames: int) -> Iterator[Picture]:
    """A coarse random pattern that slides two pixels a frame."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(30, 220, (height_px * 3 // 2 // 8 + 1, width_px // 8 + 1), dtype=np.uint8)
    still = np.kron(coarse, np.ones((8, 8), dtype=np.uint8))[: height_px * 3 // 2, :width_px]
    for index in range(frames):
        yield np.ascontiguousarray(np.roll(still, 2 * index, axis=1))


def noise_pictures(width_px: int, height_px: int, frames: int) -> Iterator[Picture]:
    """One picture of pure noise that stands still: key frames of some megabytes, next to nothing between."""
    still = np.random.default_rng(11).integers(0, 255, (height_px * 3 // 2, width_px), dtype=np.uint8)
    return (still for _ in range(frames))


def _street(codec: Codec, width_px: int = 320, height_px: int = 240, **more: int) -> Clip:
    options = EncoderOptions(codec, width_px, height_px, FPS, FPS, b_frames=more.get("b", 0), slices=more.get("slices", 1))
    return encode_clip(options, street_pictures(width_px, height_px, FRAMES))


def _uneven() -> Clip:
    """A camera that sends fewer frames in the dark: 25 pictures a second, then 5, then 25 again."""
    times, now = [], 0
    for index in range(FRAMES):
        times.append(now)
        now += 18_000 if 20 <= index < 30 else 3_600
    options = EncoderOptions("h264", 320, 240, FPS, FPS)
    return encode_clip(options, street_pictures(320, 240, FRAMES), times)


def _big_key() -> Clip:
    options = EncoderOptions("h264", 2048, 1152, 5, 10, crf=1)
    return encode_clip(options, noise_pictures(2048, 1152, 10))


MAKERS: dict[str, Callable[[], Clip]] = {
    "h264": lambda: _street("h264"),
    "h264-b": lambda: _street("h264", b=2),
    "h264-slices": lambda: _street("h264", slices=4),
    "h264-large": lambda: _street("h264", 640, 480),
    "h264-vfr": _uneven,
    "h264-big-key": _big_key,
    "h265": lambda: _street("h265"),
    "h265-b": lambda: _street("h265", b=2),
    "h265-slices": lambda: _street("h265", 640, 480, slices=3),
    "h265-large": lambda: _street("h265", 640, 480),
}


class ClipLibrary:
    """Clips by name (`MAKERS`), and by two names with `>` between: the second follows the first (a change of size)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clips: dict[str, Clip] = {}

    def __call__(self, name: str) -> Clip:
        if name not in self._clips:
            first, _, second = name.partition(">")
            self._clips[name] = self(first).then(self(second)) if second else MAKERS[name]()
        return self._clips[name]

    def file(self, name: str, suffix: str = ".mp4") -> Path:
        """The clip as a file that ffmpeg muxed (`.mp4`, `.mkv`, `.ts`): for sources that are files."""
        path = self.folder / f"{name}{suffix}"
        if not path.exists():
            clip = self(name)
            kind = "h264" if clip.description.codec == "h264" else "hevc"
            command = ["ffmpeg", "-v", "error", "-y", "-r", str(FPS), "-f", kind, "-i", "-", "-c", "copy", str(path)]
            subprocess.run(command, input=byte_stream(clip), check=True, timeout=60)
        return path


def byte_stream(clip: Clip) -> bytes:
    """All NAL units of a clip behind start codes, parameter sets before each key frame."""
    nals = (nal for unit in clip.units for nal in (*unit.parameter_sets, *unit.nals))
    return b"".join(b"\x00\x00\x00\x01" + nal for nal in nals)
