"""Export plans that are kept for a while: a download by ranges asks for the same span again and again, and planning an hour
takes half a second.

Kept: `KEEP_S` since the last use, at most `LONGEST_S` in all (what is being recorded goes on growing), and at most
`MOST_BYTES` of heads. The same plan also means the same size at each range. Rights are checked by who asks, each time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from luytre.media.playback import ExportPlan

KEEP_S, LONGEST_S = 60.0, 600.0
MOST_BYTES = 64 << 20

Plans = tuple[ExportPlan, ...]
Span = tuple[str, str, int, int]
"""Camera, stream, from, to."""


@dataclass(slots=True)
class _Kept:
    making: asyncio.Future[Plans]
    made_s: float
    used_s: float
    size_bytes: int = 0


class PlanBook:
    """Used on one event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Span, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, span: Span, now_s: float, make: Callable[[], Plans]) -> Plans:
        """The span's plans; `make` runs in a thread where they are not kept, once for all who ask meanwhile. Its errors pass."""
        self._tidy(now_s)
        kept = self._kept.get(span)
        if kept is None:
            making = asyncio.ensure_future(asyncio.to_thread(make))
            making.add_done_callback(partial(self._made, span))
            kept = self._kept[span] = _Kept(making, now_s, now_s)
        kept.used_s = now_s
        self._kept.move_to_end(span)
        plans = await asyncio.shield(kept.making)
        kept.size_bytes = sum(len(piece.data) for plan in plans for piece in plan.slices)
        self._bound()
        return plans

    def _made(self, span: Span, making: asyncio.Future[Plans]) -> None:
        if making.cancelled() or making.exception() is not None:
            self._kept.pop(span, None)

    def _tidy(self, now_s: float) -> None:
        for span, kept in list(self._kept.items()):
            if kept.making.done() and (now_s - kept.used_s > KEEP_S or now_s - kept.made_s > LONGEST_S):
                del self._kept[span]

    def _bound(self) -> None:
        """The least lately used go first; one that is too large for all the room is not kept at all."""
        total = sum(kept.size_bytes for kept in self._kept.values())
        for span in list(self._kept):
            if total <= MOST_BYTES:
                return
            if self._kept[span].making.done():
                total -= self._kept.pop(span).size_bytes
