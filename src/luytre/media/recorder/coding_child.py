"""The child process that codes again (`luytre.media.transcode`), seen from the recorder's loop."""

from __future__ import annotations

import structlog

from luytre.media.recorder.child import ChildProcess, python
from luytre.media.transcode.messages import END, HEAD, PLAIN, UNKNOWN_END, Kind, Order, pack, unpack_head

log = structlog.get_logger(__name__)


class CodingChild(ChildProcess):
    """It is fed a run and says what it makes of it. It is waited for: how long is the affair of who asks."""

    command = python("luytre.media.transcode")

    async def begin(self, init: bytes, order: Order = PLAIN) -> None:
        await self.send(pack(Kind.BEGIN, order.pack() + init))

    async def feed(self, fragments: bytes) -> None:
        await self.send(pack(Kind.FRAGMENTS, fragments))

    async def finish(self, fragments: bytes, end_dts_90k: int | None) -> None:
        await self.send(pack(Kind.FINISH, END.pack(UNKNOWN_END if end_dts_90k is None else end_dts_90k) + fragments))

    async def heard(self) -> tuple[Kind, bytes]:
        """What it says next; its faults go to the log. Raises ChildEnded."""
        kind, payload = await self.receive(HEAD.size, unpack_head)
        if kind is Kind.FAULT:
            log.warning("transcode.fault", detail=payload.decode("utf-8", "replace")[:300])
        return kind, payload
