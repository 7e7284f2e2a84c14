"""The recorder's process: opens the archive, starts the cameras from the kept list, serves HTTP, stops cleanly on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web

from luytre.base.clock import Clock, SystemClock
from luytre.base.environment import Environment
from luytre.base.secret_files import node_key
from luytre.media.archive import Archive, ArchiveState
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraList, KeptList
from luytre.media.recorder.door import Doorkeeper
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import MAX_PROBES, Desk, make_app
from luytre.media.recorder.looking import Looker
from luytre.media.recorder.looking_files import ViewFiles
from luytre.media.recorder.puller import Puller
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.tokens import Gatekeeper
from luytre.media.recorder.transcoders import Transcoders
from luytre.media.source.ticker import Ticker

log = structlog.get_logger(__name__)
BOARD_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class ExpectedArchive:
    """Remembers which archive this node writes to, so that an empty mount point is not taken for it."""

    path: Path

    def load(self) -> str | None:
        try:
            return str(json.loads(self.path.read_text("utf-8"))["archive"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, identity: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps({"archive": identity}), "utf-8")
        draft.replace(self.path)


def _alarm(state: ArchiveState) -> None:
    """From the writer's thread."""
    log.error("archive.state", state=state.kind.value, detail=state.detail)


def open_archive(env: Environment, clock: Clock) -> Archive:
    """The node's archive; one that is not there now is waited for. A path that was never this node's starts a new one."""
    remembered = ExpectedArchive(env.data / "recorder" / "archive.json")
    expected = remembered.load()
    archive = Archive.open(
        env.archive, clock=clock, expected_id=expected, create=expected is None, on_alarm=_alarm, patient=expected is not None
    )
    if expected is None:
        remembered.save(archive.id)
    return archive


class Node:
    """Everything of one recorder. `start`, then `stop`."""

    def __init__(self, env: Environment, clock: Clock | None = None) -> None:
        self.env, self.clock = env, clock or SystemClock()
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.door = Doorkeeper(self.clock)

    async def start(self) -> None:
        key = node_key(self.env.secrets)
        self.archive = await asyncio.to_thread(open_archive, self.env, self.clock)
        self.ticker = Ticker()
        self.ticker.after(self.archive.flush_tick)
        self.fleet = Fleet(self.archive, self.ticker, self.clock)
        self.looker = Looker(self.fleet, ViewFiles(self.env.data / "recorder" / "views"), self.clock, self.env.time_zone)
        self.board = StatusBoard(self.fleet, self.looker)
        kept = KeptList(self.env.data / "recorder" / "cameras.enc", key)
        url = f"http://{self.env.web.for_url}/internal/recorder/config"
        self.gate = Gatekeeper(key, self.clock)
        self.puller = Puller(url, key, kept, self._apply, self.clock)
        await self.puller.start_from_copy()
        desk = Desk(
            self.fleet,
            self.gate,
            self.board,
            self.puller,
            frozenset(self.env.origins),
            asyncio.Semaphore(MAX_PROBES),
            transcoders=Transcoders(self.env.transcode_at_once, self.env.masked_at_once),
            looker=self.looker,
        )
        self._running = desk.running
        app = make_app(desk, archive_routes())
        app.middlewares.insert(0, self.door.middleware())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.env.media.host, self.env.media.port).start()
        loop = asyncio.get_running_loop()
        running = (self.puller.run(), self._keep_board(), self.looker.run())
        self._tasks = [loop.create_task(each) for each in running]
        log.info("recorder.ready", address=self.env.media.for_url, archive=self.archive.id)

    async def _apply(self, wanted: CameraList) -> None:
        """Rights that ended come first: cameras may take a while."""
        self.gate.end_before(dict(wanted.not_before_s))
        await self.fleet.apply(wanted)

    async def _keep_board(self) -> None:
        while True:
            self.board.tick()
            self._running.sweep()
            if self._runner is not None and self._runner.server is not None:
                self.door.sweep(self._runner.server.connections)
            await asyncio.sleep(BOARD_EVERY_S)

    async def stop(self) -> None:
        """Cameras are told, runs closed, the index published."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.looker.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.fleet.stop()
        self.ticker.close()
        await asyncio.to_thread(self.archive.close)
        log.info("recorder.stopped")


async def run(env: Environment) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    node = Node(env)
    await node.start()
    try:
        await stop.wait()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await node.stop()
