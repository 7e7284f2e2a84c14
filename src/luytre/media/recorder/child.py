"""A child process of the recorder that is spoken to through its standard input and output: started, told, heard, ended.

What is said is the affair of who derives from `ChildProcess`; each message is a head that tells the length of what follows.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from typing import ClassVar, Self, TypeVar

_Kind = TypeVar("_Kind")
_ENDED = (ConnectionError, asyncio.IncompleteReadError, RuntimeError, TimeoutError)


class ChildEnded(Exception):
    """The child is gone, too slow, or speaks nonsense."""


def python(module: str) -> tuple[str, ...]:
    """The command of a child that is a module of ours."""
    return (sys.executable, "-m", module)


class ChildProcess:
    """One process. Whoever starts it ends it with `close`; it also ends by itself when this process does."""

    command: ClassVar[tuple[str, ...]]
    within_s: ClassVar[float | None] = None
    """So long it may take to take a message, or to say one that was begun; None: it is waited for."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> Self:
        """Raises ChildEnded where no process can be started."""
        try:
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(*cls.command, stdin=pipe, stdout=pipe, start_new_session=True)
        except OSError as error:
            raise ChildEnded(str(error)) from error
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def send(self, message: bytes) -> None:
        """Waits while the child is behind. Raises ChildEnded."""
        assert self._process.stdin is not None
        try:
            async with asyncio.timeout(self.within_s):
                self._process.stdin.write(message)
                await self._process.stdin.drain()
        except _ENDED as error:
            raise ChildEnded("it takes nothing any longer") from error

    async def receive(self, head_bytes: int, unpack_head: Callable[[bytes], tuple[_Kind, int]]) -> tuple[_Kind, bytes]:
        """What it says next: its kind and what follows. `unpack_head` raises ValueError for what is none. Raises ChildEnded."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(self.within_s):
                kind, size = unpack_head(await self._process.stdout.readexactly(head_bytes))
                return kind, await self._process.stdout.readexactly(size)
        except (*_ENDED, ValueError) as error:
            raise ChildEnded("it says nothing any longer") from error

    async def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
