"""Who may stay at the door of the recorder's HTTP: a connection on which nothing is asked is closed, and there are not too many.

aiohttp waits for ever for the rest of a request's head. Connections that are opened and left so would take all descriptors
of the process, and cameras could not be connected again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from luytre.base.clock import Clock

IDLE_S = 30.0
MAX_IDLE = 256


class Connection(Protocol):
    def force_close(self) -> None: ...


class Doorkeeper:
    """`middleware` sees what is asked; `sweep`, called every few seconds, closes what has been idle for `idle_s`."""

    def __init__(self, clock: Clock, *, idle_s: float = IDLE_S, most_idle: int = MAX_IDLE) -> None:
        self._clock, self._idle_s, self._most_idle = clock, idle_s, most_idle
        self._busy: set[Connection] = set()
        self._idle_since: dict[Connection, float] = {}

    def middleware(self) -> Middleware:
        @web.middleware
        async def at_the_door(request: web.Request, handler: Handler) -> web.StreamResponse:
            connection = request.protocol
            self._busy.add(connection)
            self._idle_since.pop(connection, None)
            try:
                return await handler(request)
            finally:
                self._busy.discard(connection)

        return at_the_door

    def sweep(self, connections: Iterable[Connection]) -> int:
        """Closes idle connections: those of too long, and the oldest of too many. How many."""
        now_s = self._clock.mono_s()
        idle = {one: self._idle_since.get(one, now_s) for one in connections if one not in self._busy}
        oldest_first = sorted(idle, key=lambda one: idle[one])
        spare = max(0, len(idle) - self._most_idle)
        closing = [one for place, one in enumerate(oldest_first) if place < spare or now_s - idle[one] >= self._idle_s]
        for one in closing:
            one.force_close()
            del idle[one]
        self._idle_since = idle
        return len(closing)
