"""The simulated cameras' RTSP server: one port, a stream at each path."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from luytre.base.clock import Clock, SystemClock
from luytre.simulate.auth import Auth
from luytre.simulate.connection import Connection, Stream
from luytre.simulate.ledger import Ledger
from luytre.simulate.quirks import WELL_BEHAVED, Quirks

__all__ = ["SimulatedServer", "Stream"]


class _Closes(Protocol):
    def close(self) -> None: ...


class SimulatedServer:
    """`streams`: path (`/cam1/main`) → what stands there. Port 0 takes a free one; `port` tells which after `start`.

    All methods belong on the event loop that `start` was called on; `ledger` may be read from anywhere.
    """

    def __init__(
        self,
        streams: Mapping[str, Stream],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        auth: Auth | None = None,
        quirks: Quirks = WELL_BEHAVED,
        clock: Clock | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.streams = dict(streams)
        self.host, self.port, self.auth, self.quirks = host, port, auth, quirks
        self.clock: Clock = clock or SystemClock()
        self.ledger = ledger or Ledger()
        self.asked_methods: dict[tuple[int, int], str] = {}
        self.connections: set[Connection] = set()
        self._accepted = 0
        self._listener: asyncio.Server | None = None
        self._back: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def url(self, path: str, user: str = "", password: str = "") -> str:
        """The address of a stream, with user and password (percent-encoded) where they are given."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        return f"rtsp://{login}{self.authority}{path.replace(' ', '%20')}"

    async def start(self) -> None:
        """OSError where the port is taken."""
        self._listener = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Closes the port and all connections."""
        if self._back is not None:
            self._back.cancel()
        self._close_listener()
        for connection in list(self.connections):
            connection.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks)

    def go_away(self, seconds: float) -> None:
        """The port closes, and opens again after so long: a camera that restarts. Connections are left alone."""
        if seconds <= 0:
            return
        self._close_listener()
        self._back = asyncio.create_task(self._come_back(seconds))

    def close_connections(self) -> None:
        """Every client is cut off: a cable that is pulled."""
        for connection in list(self.connections):
            connection.close()

    async def _come_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.start()

    def _close_listener(self) -> None:
        listener: _Closes | None = self._listener
        if listener is not None:
            listener.close()
        self._listener = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, self._accepted, reader, writer)
        self._accepted += 1
        self.connections.add(connection)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await connection.run()
        finally:
            self.connections.discard(connection)
