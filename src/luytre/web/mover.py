"""Stops a camera that turns when its browser has not asked again: a telephone that lost its network leaves none turning.

Cameras are told to stop by themselves, too; many do not know of it. In the web's process, one timer a camera.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from luytre.civic.ports import DeviceAccess, DeviceControl
from luytre.web.ports import ports

AFTER_S = 1.5
AGAIN_S = 1.0
TRIES = 3


class Timer(Protocol):
    def start(self) -> None: ...

    def cancel(self) -> None: ...


def _timer(after_s: float, work: Callable[[], None]) -> Timer:
    timer = threading.Timer(after_s, work)
    timer.daemon = True
    return timer


@dataclass
class Mover:
    """`timer`: another one in tests."""

    control: DeviceControl
    timer: Callable[[float, Callable[[], None]], Timer] = _timer
    _waiting: dict[str, Timer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def moved(self, at: DeviceAccess) -> None:
        self._wait(at, AFTER_S, TRIES)

    def stopped(self, at: DeviceAccess) -> None:
        with self._lock:
            waiting = self._waiting.pop(at.address, None)
        if waiting is not None:
            waiting.cancel()

    def _wait(self, at: DeviceAccess, after_s: float, tries: int) -> None:
        timer = self.timer(after_s, lambda: self._stop(at, timer, tries))
        with self._lock:
            before = self._waiting.pop(at.address, None)
            self._waiting[at.address] = timer
        if before is not None:
            before.cancel()
        timer.start()

    def _stop(self, at: DeviceAccess, mine: Timer, tries: int) -> None:
        with self._lock:
            if self._waiting.get(at.address) is not mine:
                return  # it was turned again, or stopped
            del self._waiting[at.address]
        if not self.control.ptz_stop(at).ok and tries > 1:
            self._wait(at, AGAIN_S, tries - 1)


@lru_cache(maxsize=1)
def mover() -> Mover:
    return Mover(ports().devices)
