"""The child process that codes again (`luytre.media.transcode`), seen from the recorder's loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import structlog

from luytre.media.transcode.messages import END, HEAD, PLAIN, UNKNOWN_END, Kind, Order, pack, unpack_head

log = structlog.get_logger(__name__)
COMMAND = (sys.executable, "-m", "luytre.media.transcode")
_ENDED = (ConnectionError, asyncio.IncompleteReadError, RuntimeError)


class ChildEnded(Exception):
    """The child is gone, or speaks nonsense."""


class CodingChild:
    """One process. Whoever starts it ends it with `close`; it also ends by itself when this process does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> CodingChild:
        """Raises ChildEnded where no process can be started."""
        try:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe, start_new_session=True)
        except OSError as error:
            raise ChildEnded(str(error)) from error
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def begin(self, init: bytes, order: Order = PLAIN) -> None:
        await self._send(Kind.BEGIN, order.pack() + init)

    async def feed(self, fragments: bytes) -> None:
        await self._send(Kind.FRAGMENTS, fragments)

    async def finish(self, fragments: bytes, end_dts_90k: int | None) -> None:
        await self._send(Kind.FINISH, END.pack(UNKNOWN_END if end_dts_90k is None else end_dts_90k) + fragments)

    async def _send(self, kind: Kind, payload: bytes) -> None:
        """Waits while the child is behind. Raises ChildEnded."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(pack(kind, payload))
            await self._process.stdin.drain()
        except _ENDED as error:
            raise ChildEnded("it takes nothing any longer") from error

    async def heard(self) -> tuple[Kind, bytes]:
        """What it says next; its faults go to the log. Raises ChildEnded."""
        assert self._process.stdout is not None
        try:
            kind, size = unpack_head(await self._process.stdout.readexactly(HEAD.size))
            payload = await self._process.stdout.readexactly(size)
        except (*_ENDED, ValueError) as error:
            raise ChildEnded("it says nothing any longer") from error
        if kind is Kind.FAULT:
            log.warning("transcode.fault", detail=payload.decode("utf-8", "replace")[:300])
        return kind, payload

    async def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
