"""Thumbnails for a finger on the timeline: `GET /v1/thumb`. Each key frame is decoded once and kept in memory, in bounds.

Who asks has found the key frame in the index first, so that what was erased is not shown from memory.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from luytre.base.polygons import Polygon
from luytre.media.playback import KeyFrame, thumbnail
from luytre.media.recorder.newest_first import NewestFirst

CACHE_BYTES = 32 << 20
"""Some two thousand thumbnails of 320 pixels."""
MOST_WAITING = 32
"""Of one person's pages; a page that scrubs nine cameras asks for nine at a time."""
MIN_WIDTH_PX, DEFAULT_WIDTH_PX, MAX_WIDTH_PX = 32, 240, 640
_STEP_PX = 16
"""Widths are rounded up to this: pages of nearly the same size share what was made."""

K = TypeVar("K")
Name = tuple[tuple[str, str, str, int, int], int, tuple[Polygon, ...]]


def width_of(asked_px: int) -> int:
    """The width that is made for one that was asked for; 0 or nonsense gives the default."""
    width = max(MIN_WIDTH_PX, min(asked_px or DEFAULT_WIDTH_PX, MAX_WIDTH_PX))
    return -(-width // _STEP_PX) * _STEP_PX


@dataclass(slots=True)
class Kept(Generic[K]):
    """Pictures by name, the least lately used go first when `most_bytes` is passed."""

    most_bytes: int = CACHE_BYTES
    size_bytes: int = 0
    _pictures: OrderedDict[K, bytes] = field(default_factory=OrderedDict)

    def get(self, name: K) -> bytes | None:
        found = self._pictures.get(name)
        if found is not None:
            self._pictures.move_to_end(name)
        return found

    def put(self, name: K, jpeg: bytes) -> None:
        self.size_bytes += len(jpeg) - len(self._pictures.pop(name, b""))
        self._pictures[name] = jpeg
        while self.size_bytes > self.most_bytes:
            _, oldest = self._pictures.popitem(last=False)
            self.size_bytes -= len(oldest)


class Thumbnails:
    """One for the recorder; used on its loop. Threads are started when the first picture is wanted."""

    def __init__(self) -> None:
        self.kept: Kept[Name] = Kept()
        self._makers: NewestFirst | None = None

    async def of(
        self, key: KeyFrame, width_px: int, viewer: str, still_wanted: Callable[[], bool], hidden: tuple[Polygon, ...] = ()
    ) -> bytes:
        """The key frame's JPEG with these polygons burned in, from memory or made. ArchiveError, Superseded."""
        name = (key.identity, width_px, hidden)
        jpeg = self.kept.get(name)
        if jpeg is None:
            if self._makers is None:
                self._makers = NewestFirst(max(1, min(4, os.cpu_count() or 1)), MOST_WAITING)
            jpeg = await self._makers.run(viewer, partial(thumbnail, key, width_px, hidden), still_wanted)
            self.kept.put(name, jpeg)
        return jpeg

    def close(self) -> None:
        if self._makers is not None:
            self._makers.close()
