"""The child that makes a copy for watching of a span, with masks and moving regions hidden in every picture.

    python -m luytre.media.transcode.viewing IN OUT [BOUNDS] < ORDER

IN is an MP4 as the archive gives it. The order (`read_order`) comes first over stdin; the child ends itself when its stdin does
before it is done: then nobody waits for it. It bounds its time, memory and what it writes before it reads anything. Pictures
alone, as large as they were, each at its time to the tick and with the mark at its lower edge. Nothing of a source's picture
comes out but its pixels: no metadata, no captions. Prints seconds, pictures and regions that were hidden. Exit 0: made;
3: nothing of it can be read; 4: too large; 5: the order is not understood, or cannot be carried out; 6: its time is over. What
stands at OUT after any exit but 0 is no copy.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import av.error
import av.logging
import numpy as np
from av.container import InputContainer, OutputContainer
from PIL import Image, ImageDraw, ImageFont

from luytre.base.clock import TICKS_PER_S
from luytre.base.polygons import Polygon, polygons_of
from luytre.base.tracks import Track, tracks_of
from luytre.media.source.covered import cover
from luytre.media.transcode.line import UtcLine, anchors_of
from luytre.media.transcode.mosaic import Mosaic, Plane, planes_of
from luytre.media.transcode.size import even

UNREADABLE, LARGE, ORDER, TIME = 3, 4, 5, 6
NICE = 10
MEMORY_BYTES = 2 * 1024**3
MOST_PIXELS = 8192 * 4320
MOST_ORDER_BYTES = 8 << 20
LONGEST_MARK = 100
BESIDE_MS = 50.0
"""By at most so much, and half a picture's time, may a key lie beside the picture that it was drawn on."""
USUAL_STEP = TICKS_PER_S // 25
_LINE = Fraction(1, TICKS_PER_S)
_TICKS_PER_MS = TICKS_PER_S / 1000
_MOST_BPS = "6000000"


class OrderError(ValueError):
    """What is to be hidden is not understood, or cannot be hidden."""


class TooLarge(ValueError):
    """More pixels in a picture, or more bytes of the copy, than there may be."""


class TimeOver(Exception):
    """The copy would take longer than it may."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A copy that would be beyond them is not made. `cpu_s`: of this process."""

    cpu_s: float = 3 * 3600.0
    written_bytes: int = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an order says. `start_ms`: UTC of the first shown picture, for a file that does not say it itself (`line`)."""

    start_ms: int
    masks: tuple[Polygon, ...]
    tracks: tuple[Track, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Made:
    """`regions`: how many of the order's tracks hid something."""

    seconds: float
    pictures: int
    regions: int


def read_order(data: bytes) -> Hidden:
    """JSON `{"start_ms", "masks", "tracks", "mark"}`, no more and no less. Errors: OrderError."""
    try:
        said = json.loads(data)
        if not isinstance(said, dict) or set(said) != {"start_ms", "masks", "tracks", "mark"}:
            raise OrderError("no order")
        start_ms, mark = said["start_ms"], said["mark"]
        if isinstance(start_ms, bool) or not isinstance(start_ms, int) or not isinstance(mark, str):
            raise OrderError("no order")
        if not (mark.isascii() and (mark.isprintable() or not mark)) or len(mark) > LONGEST_MARK:
            raise OrderError("no mark")
        return Hidden(start_ms, polygons_of(said["masks"]), tracks_of(said["tracks"]), mark)
    except (ValueError, RecursionError) as error:
        raise OrderError(str(error)) from error


def copy(source: Path, target: Path, order: Hidden, bounds: Bounds) -> Made:
    """Errors: av.error.FFmpegError, ValueError where nothing can be read; OrderError, TooLarge, TimeOver."""
    with av.open(str(source), format="mp4", options={"protocol_whitelist": "file"}) as found:
        if not found.streams.video:
            raise ValueError("no film")
        with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as made:
            anchors = anchors_of(source)
            return _Maker(made, order, bounds, UtcLine(anchors) if anchors else None).run(found)


class _Maker:
    def __init__(self, made: OutputContainer, order: Hidden, bounds: Bounds, line: UtcLine | None) -> None:
        self._made, self._order, self._bounds, self._line = made, order, bounds, line
        self._mosaics = [Mosaic(track) for track in order.tracks]
        self._track: av.VideoStream | None = None
        self._sign: Plane | None = None
        self._first: int | None = None
        self._copied = self._end = self._written = self._pictures = 0

    def run(self, found: InputContainer) -> Made:
        before: int | None = None
        held: tuple[int, av.VideoFrame] | None = None
        pictures = _Pictures(found)
        for at, frame in pictures:  # one is held back: a region is shown by where it is at the picture after, too
            self._copied = pictures.copied
            if held is not None:
                self._add(held[1], held[0], before, at)
                before = held[0]
            held = at, frame
        if held is None:
            raise ValueError("no picture can be read")
        self._add(held[1], held[0], before, None)
        assert self._track is not None  # the picture before made it
        self._mux(self._track.encode(None))
        return Made(self._end / TICKS_PER_S, self._pictures, sum(mosaic.was_seen for mosaic in self._mosaics))

    def _add(self, frame: av.VideoFrame, at: int, before: int | None, after: int | None) -> None:
        self._keep_within()
        if self._track is None:
            self._track = _track(self._made, even(frame.width, frame.height))
            self._first, self._sign = at, sign(self._order.mark, self._track.width)
        usual = at - before if before is not None else USUAL_STEP
        after = at + usual if after is None else after
        before = at - (after - at) if before is None else before
        picture = self._hidden(frame, before, at, after)
        picture.pts, picture.time_base = at - (self._first or 0), _LINE
        self._end, self._pictures = after - (self._first or 0), self._pictures + 1
        self._mux(self._track.encode(picture))

    def _keep_within(self) -> None:
        if time.process_time() >= self._bounds.cpu_s:
            raise TimeOver
        if self._written >= self._bounds.written_bytes:
            raise TooLarge("the copy is too large")

    def _hidden(self, frame: av.VideoFrame, before: int, at: int, after: int) -> av.VideoFrame:
        """A new picture with what may be seen of this one."""
        picture = self._plain(frame)
        planes = planes_of(picture)
        if self._order.masks:
            cover(picture, self._order.masks)  # before the averages: they tell nothing of what masks hide
        was, now, will = (self._utc_ms(one) for one in (before, at, after))
        was, will = was - min(BESIDE_MS, (now - was) / 2), will + min(BESIDE_MS, (will - now) / 2)
        places = [mosaic.look(planes, was, now, will) for mosaic in self._mosaics]
        for mosaic, place in zip(self._mosaics, places, strict=True):
            if place is not None:
                mosaic.paint(planes, place)
        if self._order.masks and any(places):
            cover(picture, self._order.masks)
        self._put_sign(planes)
        return picture

    def _plain(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Its pixels in a frame of our own, without what a decoder hangs on one."""
        assert self._track is not None
        width, height = self._track.width, self._track.height
        seen = planes_of(frame.reformat(width=width, height=height, format="yuv420p"))
        picture = av.VideoFrame(width, height, "yuv420p")
        for into, plane in zip(planes_of(picture), seen, strict=True):
            np.copyto(into, plane)
        return picture

    def _utc_ms(self, tick: int) -> float:
        """As the file says it; as the order says it, where the file does not."""
        if self._line is not None:
            return self._line.utc_90k(tick - self._copied) / _TICKS_PER_MS
        return self._order.start_ms + (tick - (self._first or 0)) / _TICKS_PER_MS

    def _put_sign(self, planes: tuple[Plane, ...]) -> None:
        if self._sign is None:
            return
        luma, *colours = planes
        high, wide = (min(a, b) for a, b in zip(self._sign.shape, luma.shape, strict=True))
        left = (luma.shape[1] - wide) // 4 * 2
        luma[luma.shape[0] - high :, left : left + wide] = self._sign[:high, :wide]
        for colour in colours:
            colour[colour.shape[0] - high // 2 :, left // 2 : (left + wide) // 2] = 128

    def _mux(self, packets: list[av.Packet]) -> None:  # type: ignore[type-arg]
        for packet in packets:
            self._written += packet.size
            self._made.mux(packet)


class _Pictures:
    """(tick, picture), later and later; what is damaged is left out, and where the file breaks off it is over.

    `copied`: the tick of the first picture that the file holds, which need not be shown.
    """

    def __init__(self, found: InputContainer) -> None:
        self._found, self._last = found, -(1 << 62)
        self.copied = 0

    def __iter__(self) -> Iterator[tuple[int, av.VideoFrame]]:
        track = self._found.streams.video[0]
        if track.codec_context.width * track.codec_context.height > MOST_PIXELS:
            raise TooLarge("pictures are too large")
        packets = self._found.demux(track)
        for number, packet in enumerate(_whole(packets)):
            if number == 0:
                self.copied = _ticks(packet) or 0
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            yield from self._later(frames)

    def _later(self, frames: list[av.VideoFrame]) -> Iterator[tuple[int, av.VideoFrame]]:
        for frame in frames:
            if frame.width * frame.height > MOST_PIXELS:
                raise TooLarge("pictures are too large")
            at = _ticks(frame)
            if at is not None and at > self._last:
                self._last = at
                yield at, frame


def _whole(packets: Iterator[av.Packet]) -> Iterator[av.Packet]:  # type: ignore[type-arg]
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        yield packet


def _ticks(one: av.Packet | av.VideoFrame) -> int | None:  # type: ignore[type-arg]
    return None if one.pts is None or one.time_base is None else round(one.pts * one.time_base * TICKS_PER_S)


def _track(made: OutputContainer, size: tuple[int, int]) -> av.VideoStream:
    track = made.add_stream("libx264", rate=25)
    track.width, track.height = size
    track.pix_fmt, track.time_base, track.codec_context.time_base = "yuv420p", _LINE, _LINE
    track.options = {
        "preset": "veryfast", "crf": "23", "threads": "1", "maxrate": _MOST_BPS, "bufsize": _MOST_BPS, "g": "50", "bf": "0",
    }  # fmt: skip
    return track


def sign(mark: str, width_px: int) -> Plane | None:
    """The mark, light on dark, with even sides and no wider than the picture; as large as it can be read on a telephone."""
    if not mark:
        return None
    size = max(10, width_px // 45)
    font = ImageFont.load_default(size)
    while size > 6 and font.getbbox(mark)[2] + 8 > width_px:
        size -= 1
        font = ImageFont.load_default(size)
    _left, _top, right, bottom = font.getbbox(mark)
    image = Image.new("L", ((int(right) + 9) // 2 * 2, (int(bottom) + 7) // 2 * 2), 24)
    ImageDraw.Draw(image).text((4, 3), mark, fill=230, font=font)
    return np.asarray(image)


def _end_with_parent(orders: BinaryIO) -> None:
    if not orders.read(1):
        os._exit(TIME)


def _bounded(bounds: Bounds) -> None:
    os.nice(NICE)  # recording goes first
    hard_s = int(bounds.cpu_s * 1.2) + 10
    resource.setrlimit(resource.RLIMIT_CPU, (hard_s, hard_s))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    most = bounds.written_bytes * 2 + 1024**2
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def main(arguments: list[str]) -> int:
    bounds = Bounds(**json.loads(arguments[2])) if len(arguments) > 2 else Bounds()
    _bounded(bounds)
    av.logging.set_level(None)
    orders = sys.stdin.buffer
    try:
        order = read_order(orders.readline(MOST_ORDER_BYTES))
        threading.Thread(target=_end_with_parent, args=(orders,), daemon=True).start()
        made = copy(Path(arguments[0]), Path(arguments[1]), order, bounds)
    except OrderError:
        return ORDER
    except TooLarge:
        return LARGE
    except TimeOver:
        return TIME
    except (av.error.FFmpegError, ValueError, MemoryError):
        return UNREADABLE
    sys.stdout.write(f"{made.seconds:.3f} {made.pictures} {made.regions}\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    os._exit(code)  # the thread that waits for stdin holds nothing that has to be put away
