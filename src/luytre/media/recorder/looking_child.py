"""The child process that looks at pictures (`luytre.media.look`), seen from the recorder's loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from luytre.media.look.messages import HEAD, Kind, Look, Seen, ViewHead, pack_views, unpack_head, unpack_seen
from luytre.media.recorder.coding_child import ChildEnded

COMMAND = (sys.executable, "-m", "luytre.media.look")
ANSWER_S = 15.0
"""Longer than any picture takes; on a machine that is overloaded it stands back for everything else."""
_ENDED = (ConnectionError, asyncio.IncompleteReadError, RuntimeError, TimeoutError)


class LookingChild:
    """One process; one look at a time. Whoever starts it ends it with `close`; it also ends by itself when this process does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> LookingChild:
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

    async def know(self, camera: str, views: list[tuple[ViewHead, bytes]]) -> None:
        """The camera's references from now on. Raises ChildEnded."""
        await self._send(pack_views(camera, views))

    async def look(self, look: Look) -> Seen:
        """Raises ChildEnded: it is gone, too slow, or speaks nonsense."""
        await self._send(look.pack())
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(ANSWER_S):
                kind, size = unpack_head(await self._process.stdout.readexactly(HEAD.size))
                payload = await self._process.stdout.readexactly(size)
            if kind is not Kind.SEEN:
                raise ChildEnded("it says what nobody asked")
            return unpack_seen(payload)
        except (*_ENDED, ValueError) as error:
            raise ChildEnded("it says nothing any longer") from error

    async def _send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        try:
            async with asyncio.timeout(ANSWER_S):
                self._process.stdin.write(message)
                await self._process.stdin.drain()
        except _ENDED as error:
            raise ChildEnded("it takes nothing any longer") from error

    async def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
