"""One timer for all cameras of a process: wakes, lets each that is due empty its socket, then tells who waits for the end.

Waking once for all instead of once a packet is most of what this recorder saves. Those that somebody watches are woken
every 41 ms, the others every 211 ms, and one with a full receive buffer again after 20 ms.

A frame is noticed when its camera is next woken. Were that a multiple of the time between two pictures, a camera would be read
at the same distance after its pictures for ever and its times be late by up to a picture, each camera's by another. Both
intervals are primes of milliseconds: with any usual rate the distance goes through all values within a second or five, and
the least of them is what counts (`fragment.cut.WallLine`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

IDLE_S = 0.211
WATCHED_S = 0.041
BACKLOG_S = 0.020
_SLACK_S = 0.002


@dataclass(slots=True, eq=False)
class Entry:
    poll: Callable[[float], bool]
    """Called with the loop's time; true when more is waiting than was read."""
    on_fault: Callable[[Exception], None]
    """Called when `poll` raised: one camera's fault must not stop the ticker for the others."""
    interval_s: float
    due_s: float


class Ticker:
    def __init__(self, *, idle_s: float = IDLE_S, watched_s: float = WATCHED_S) -> None:
        self._loop = asyncio.get_running_loop()
        self._entries: list[Entry] = []
        self._after: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.idle_s, self.watched_s = idle_s, watched_s

    def add(self, poll: Callable[[float], bool], on_fault: Callable[[Exception], None]) -> Entry:
        entry = Entry(poll, on_fault, self.idle_s, self._loop.time())
        self._entries.append(entry)
        self._arm()
        return entry

    def remove(self, entry: Entry) -> None:
        if entry in self._entries:
            self._entries.remove(entry)

    def watch(self, entry: Entry, watched: bool) -> None:
        """Sets how often this one is woken."""
        entry.interval_s = self.watched_s if watched else self.idle_s
        entry.due_s = min(entry.due_s, self._loop.time() + entry.interval_s)
        self._arm()

    def after(self, call: Callable[[], None]) -> None:
        """`call` runs at the end of every wake; from now on the ticker wakes even when no camera is there."""
        if not self._after:
            self.add(lambda now_s: False, lambda fault: None)
        self._after.append(call)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._entries:
            self._timer = self._loop.call_at(min(entry.due_s for entry in self._entries), self._wake)

    def _wake(self) -> None:
        now = self._loop.time()
        for entry in [entry for entry in self._entries if entry.due_s <= now + _SLACK_S]:
            try:
                backlog = entry.poll(now)
            except Exception as fault:  # noqa: BLE001 - handed to its owner, who logs and counts it
                backlog = False
                self.remove(entry)
                entry.on_fault(fault)
            if backlog:
                entry.due_s = now + BACKLOG_S
            else:  # on a common grid, so that all wake together
                entry.due_s = (now // entry.interval_s + 1) * entry.interval_s
        for call in self._after:
            call()
        self._arm()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._entries.clear()
