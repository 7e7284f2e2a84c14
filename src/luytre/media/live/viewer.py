"""A viewer's queue: what waits to be sent to one browser for one stream, bounded in bytes."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from luytre.media.unit import Fragment, InitSegment

QUEUE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One message to send: an init segment or a fragment. `after_loss`: fragments were lost just before it."""

    init: InitSegment | None
    fragment: Fragment | None
    after_loss: bool = False


class Viewer:
    """Filled by the hub on the loop, emptied by `take`; both never block each other."""

    def __init__(self, *, queue_bytes: int = QUEUE_BYTES) -> None:
        self._queue: deque[Piece] = deque()
        self._queued_bytes = 0
        self._limit_bytes = queue_bytes
        self._waiting_for_gop = True
        self._lost = False
        self._ready = asyncio.Event()
        self.lost_frames = 0
        self.closed = False

    def begin(self, init: InitSegment) -> None:
        self._queue.append(Piece(init, None))
        self._waiting_for_gop = True
        self._ready.set()

    def push(self, fragment: Fragment) -> None:
        size = len(fragment.data)
        if self._queued_bytes + size > self._limit_bytes:
            self._drop_queued()
            self._waiting_for_gop = self._lost = True
        if self._waiting_for_gop and not fragment.starts_gop:
            if self._lost:
                self.lost_frames += fragment.sample_count
            return
        self._queue.append(Piece(None, fragment, self._lost))
        self._waiting_for_gop = self._lost = False
        self._queued_bytes += size
        self._ready.set()

    def _drop_queued(self) -> None:
        """Forgets queued fragments (not init segments: what follows needs the newest)."""
        self.lost_frames += sum(piece.fragment.sample_count for piece in self._queue if piece.fragment)
        inits = [piece for piece in self._queue if piece.init is not None]
        self._queue = deque(inits[-1:])
        self._queued_bytes = 0

    async def take(self) -> Piece | None:
        """The next piece, when there is one; None once closed and empty."""
        while not self._queue:
            if self.closed:
                return None
            self._ready.clear()
            await self._ready.wait()
        piece = self._queue.popleft()
        if piece.fragment is not None:
            self._queued_bytes -= len(piece.fragment.data)
        return piece

    def close(self) -> None:
        self.closed = True
        self._ready.set()
