"""The child that makes a copy for watching of a film that browsers cannot play.

    python -m luytre.media.transcode.film IN OUT MARK [BOUNDS]

The film is anybody's: the child bounds its own time, memory and what it writes before it reads anything, opens nothing but that
file, and ends the copy where a bound is reached instead of losing it. Pictures alone, no sound; no larger than browsers need,
with MARK in the corner of each. Times that jump are made even, so that a film that says it lasts ten years does not. Prints
seconds, pictures and 1 where the copy ends before the film does. Exit 0: made; 3: nothing of it can be read; 4: its pictures
are too large.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import av.logging
from av.container import InputContainer, OutputContainer
from av.video.reformatter import Interpolation
from PIL import Image, ImageDraw, ImageFont

from luytre.base.clock import TICKS_PER_S
from luytre.media.transcode.size import shrunk

UNREADABLE, LARGE = 3, 4
NICE = 10
MEMORY_BYTES = 2 * 1024**3
MOST_PIXELS = 8192 * 4320
MOST_STEP, USUAL_STEP = 10 * TICKS_PER_S, TICKS_PER_S // 25
CONTAINERS = frozenset({"mov", "matroska", "avi", "mpegts", "mpeg", "h264", "hevc", "dhav", "asf", "flv"})
"""The first of a format's names. Playlists and whatever names other files are no film here."""
_LINE = Fraction(1, TICKS_PER_S)
_MOST_BPS = "1500000"


class TooLarge(ValueError):
    """A picture has more pixels than `MOST_PIXELS`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a copy ends though its film goes on. `cpu_s`: of this process."""

    cpu_s: float = 20 * 60.0
    written_bytes: int = 1024**3
    film_s: float = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Made:
    seconds: float
    pictures: int
    cut: bool


def copy(source: Path, target: Path, mark: str, bounds: Bounds) -> Made:
    """Errors: av.error.FFmpegError, ValueError where nothing can be read; TooLarge."""
    with av.open(str(source), options={"protocol_whitelist": "file"}) as found:
        if found.format.name.split(",")[0] not in CONTAINERS or not found.streams.video:
            raise ValueError("no film")
        picture = found.streams.video[0]
        _check_size(picture.codec_context.width, picture.codec_context.height)
        options = {"movflags": "+faststart"}
        with av.open(str(target), "w", format="mp4", options=options) as made:
            made.metadata["title"] = mark
            return _Copier(made, mark, bounds).run(found)


def _check_size(width_px: int, height_px: int) -> None:
    if width_px * height_px > MOST_PIXELS:
        raise TooLarge("pictures are too large")


class _Copier:
    def __init__(self, made: OutputContainer, mark: str, bounds: Bounds) -> None:
        self._made, self._mark, self._bounds = made, mark, bounds
        self._track: av.VideoStream | None = None
        self._sign: list[bytes] = []
        self._last: int | None = None
        self._at = self._written = self._pictures = 0

    def run(self, found: InputContainer) -> Made:
        cut = False
        for frame in _frames(found):
            self._add(frame)
            if cut := self._is_over():
                break
        if self._track is None:
            raise ValueError("no picture can be read")
        self._mux(self._track.encode(None))
        return Made(self._at / TICKS_PER_S, self._pictures, cut)

    def _is_over(self) -> bool:
        bounds = self._bounds
        return (
            time.process_time() >= bounds.cpu_s or self._written >= bounds.written_bytes
            or self._at >= bounds.film_s * TICKS_PER_S
        )  # fmt: skip

    def _add(self, frame: av.VideoFrame) -> None:
        _check_size(frame.width, frame.height)
        if self._track is None:
            self._track = _track(self._made, shrunk(frame.width, frame.height))
            self._sign = _sign(self._mark, self._track.width)
        width, height = self._track.width, self._track.height
        small = frame.reformat(width=width, height=height, format="yuv420p", interpolation=Interpolation.FAST_BILINEAR)
        small.make_writable()
        self._put_sign(small)
        small.pts, small.time_base = self._next(frame), _LINE
        self._pictures += 1
        self._mux(self._track.encode(small))

    def _next(self, frame: av.VideoFrame) -> int:
        """On our own line: as far behind the last as the film has it, where that can be true."""
        said = None if frame.pts is None or frame.time_base is None else round(frame.pts * frame.time_base * TICKS_PER_S)
        if self._pictures:
            step = USUAL_STEP if said is None or self._last is None else said - self._last
            self._at += step if 0 < step <= MOST_STEP else USUAL_STEP
        self._last = said
        return self._at

    def _put_sign(self, frame: av.VideoFrame) -> None:
        luma = frame.planes[0]
        rows = memoryview(luma).cast("B")
        for number, row in enumerate(self._sign[: frame.height]):
            at = number * luma.line_size
            rows[at : at + len(row)] = row

    def _mux(self, packets: list[av.Packet]) -> None:  # type: ignore[type-arg]
        for packet in packets:
            self._written += packet.size
            self._made.mux(packet)


def _frames(found: InputContainer) -> Iterator[av.VideoFrame]:
    """What can be decoded; what is damaged is left out, and where the file breaks off it is over."""
    packets = found.demux(found.streams.video[0])
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue


def _track(made: OutputContainer, size: tuple[int, int]) -> av.VideoStream:
    track = made.add_stream("libx264", rate=25)
    track.width, track.height = size
    track.pix_fmt, track.time_base, track.codec_context.time_base = "yuv420p", _LINE, _LINE
    track.options = {
        "preset": "veryfast", "crf": "28", "threads": "1", "maxrate": _MOST_BPS, "bufsize": _MOST_BPS, "g": "50", "bf": "0",
    }  # fmt: skip
    return track


def _sign(mark: str, width_px: int) -> list[bytes]:
    """The mark's rows, light on dark, no wider than the picture."""
    font = ImageFont.load_default()
    _left, _top, right, bottom = font.getbbox(mark)
    image = Image.new("L", (min(width_px, int(right) + 6), int(bottom) + 6), 24)
    ImageDraw.Draw(image).text((3, 3), mark, fill=230, font=font)
    data = image.tobytes()
    return [data[at : at + image.width] for at in range(0, len(data), image.width)]


def main(arguments: list[str]) -> int:
    bounds = Bounds(**json.loads(arguments[3])) if len(arguments) > 3 else Bounds()
    os.nice(NICE)  # recording goes first
    hard_s = int(bounds.cpu_s * 1.2) + 10
    resource.setrlimit(resource.RLIMIT_CPU, (hard_s, hard_s))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    most = bounds.written_bytes * 2 + 1024**2
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    av.logging.set_level(None)
    try:
        made = copy(Path(arguments[0]), Path(arguments[1]), arguments[2], bounds)
    except TooLarge:
        return LARGE
    except (av.error.FFmpegError, ValueError, MemoryError):
        return UNREADABLE
    sys.stdout.write(f"{made.seconds:.1f} {made.pictures} {int(made.cut)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
