"""A camera by script: what it delivers and how it fails, without a network. Beside the `session.Source` seam."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from luytre.base.errors import CameraError, Problem
from luytre.media.source.reception import Reception
from luytre.media.unit import FormatChange, Item, Sample, Sink, StreamFormat
from luytre.media.unit.parameter_sets import nal_type, video_format
from tests.media.encode import encode


def scripted_items(frames: int = 50, codec: str = "h264") -> list[Item]:
    """A format and so many pictures at 25 a second, a key frame each ten."""
    units = encode(codec)
    items: list[Item] = [FormatChange(StreamFormat(video_format(codec, units[0].nals)))]
    for index in range(frames):
        unit = units[index % len(units)]
        nals = [nal for nal in unit.nals if nal_type(codec, nal) not in (7, 8, 32, 33, 34)]
        chunks = [part for nal in nals for part in (len(nal).to_bytes(4, "big"), nal)]
        items.append(Sample(unit.is_key, index * 3600, index * 3600, sum(map(len, chunks)), chunks))
    return items


class ScriptedSource:
    """Delivers `items` at once, then fails with `problem`, or waits for `close` when there is none."""

    def __init__(
        self, clock: object, items: Sequence[Item], problem: Problem | None = None, fault: Exception | None = None
    ) -> None:
        self._clock, self._items, self._problem, self._fault = clock, items, problem, fault
        self._closed = asyncio.Event()
        self.watched: list[bool] = []
        self.received: Reception | None = None

    async def run(self, sink: Sink) -> None:
        clock = self._clock
        if self._items:
            sink.deliver(self._items, clock.utc_90k(), clock.mono_s())  # type: ignore[attr-defined]
        if self._fault is not None:
            raise self._fault
        if self._problem is not None:
            raise CameraError(self._problem, subject="camera")
        await self._closed.wait()

    def watch(self, watched: bool) -> None:
        self.watched.append(watched)

    def reception(self) -> Reception | None:
        return self.received

    def close(self) -> None:
        self._closed.set()
