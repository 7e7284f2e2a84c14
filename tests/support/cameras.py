"""Simulated cameras in a thread of their own, so that a test may block or run its own event loop beside them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from luytre.simulate.auth import Auth
from luytre.simulate.ledger import Ledger
from luytre.simulate.quirks import WELL_BEHAVED, Quirks
from luytre.simulate.server import SimulatedServer, Stream
from luytre.simulate.source import Clip, FrameSource, LoopedSource
from luytre.simulate.units import AudioDescription

MAIN, SUB = "/cam1/main", "/cam1/sub"
_T = TypeVar("_T")


class CameraThread:
    """A running server. `url` has user and password in it unless told otherwise; `ledger` tells what was sent."""

    def __init__(self, server: SimulatedServer) -> None:
        self.server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated cameras", daemon=True)
        self._thread.start()
        self.do(server.start())

    @property
    def ledger(self) -> Ledger:
        """Complete: a unit is entered just after it was sent, so a client may have it before its entry is there. One turn of
        the server's loop later it is."""
        if self._loop.is_running():
            self.do(asyncio.sleep(0))
        return self.server.ledger

    @property
    def port(self) -> int:
        return self.server.port

    def url(self, path: str = MAIN, *, login: bool = True) -> str:
        auth = self.server.auth if login else None
        return self.server.url(path, auth.user, auth.password) if auth else self.server.url(path)

    def do(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Runs a coroutine on the server's loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    def cut(self) -> None:
        """Pulls the cable of every client."""
        self.do(self._call(self.server.close_connections))

    def go_away(self, seconds: float) -> None:
        """The port closes for so long and the clients are cut off: the camera restarts."""
        self.do(self._call(lambda: self.server.go_away(seconds)))
        self.cut()

    def stop(self) -> None:
        self.do(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    @staticmethod
    async def _call(work: Callable[[], None]) -> None:
        work()


def as_source(source: Clip | FrameSource) -> FrameSource:
    return LoopedSource(source) if isinstance(source, Clip) else source


def start_camera(
    source: Clip | FrameSource,
    quirks: Quirks = WELL_BEHAVED,
    auth: Auth | None = None,
    *,
    sub: Clip | FrameSource | None = None,
    audio: AudioDescription | None = None,
    paths: Mapping[str, Clip | FrameSource] | None = None,
) -> CameraThread:
    """A camera at `/cam1/main` (and `/cam1/sub`), on a free port; `paths` adds or replaces streams."""
    sources = {MAIN: source, **({SUB: sub} if sub is not None else {}), **(paths or {})}
    streams = {path: Stream(as_source(each), audio=audio) for path, each in sources.items()}
    return CameraThread(SimulatedServer(streams, auth=auth, quirks=quirks))


@contextmanager
def running_camera(*args: Any, **kwargs: Any) -> Iterator[CameraThread]:
    """`start_camera` for a `with`."""
    camera = start_camera(*args, **kwargs)
    try:
        yield camera
    finally:
        camera.stop()
