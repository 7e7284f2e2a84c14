"""All cameras of this node: the list in force turned into sessions, hubs and archive writers.

Main streams are recorded always, sub streams opened when somebody watches and closed a little after the last has gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TypeAlias

import structlog

from luytre.base.clock import Clock
from luytre.base.errors import GapReason
from luytre.media.archive import Archive, Hold
from luytre.media.live import Hub, Viewer
from luytre.media.recorder.cameras import CameraConfig, CameraList
from luytre.media.recorder.session import Session, Source
from luytre.media.recorder.sources import make_source
from luytre.media.source.ticker import Ticker
from luytre.media.unit import FragmentSink, StreamKind
from luytre.media.unit.masks import Masks

log = structlog.get_logger(__name__)
LINGER_S = 8.0
"""A stream that is only watched stays open so long after the last viewer: pages reload."""

KnownMasks: TypeAlias = tuple[Masks | None, bool]
"""A camera's masks, and whether they are known."""
MakeSource = Callable[[CameraConfig, StreamKind], Source]


class Stream:
    """One stream of one camera. `session` is None while nothing is connected (a sub stream that nobody watches)."""

    def __init__(self, fleet: Fleet, config: CameraConfig, kind: StreamKind) -> None:
        self._fleet, self.config, self.kind = fleet, config, kind
        self.recorded = kind is StreamKind.MAIN
        sinks: list[FragmentSink] = [fleet.archive.writer(config.key, kind.value)] if self.recorded else []
        self.hub = Hub(sinks)
        self.hub.on_watched = self._on_watched
        self.session: Session | None = None
        self._linger: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        if self.session is not None:
            return
        on_gap = self._note_gap if self.recorded else (lambda reason: None)
        make = partial(self._fleet.make_source, self.config, self.kind)
        self.session = Session(f"{self.config.key}/{self.kind.value}", make, self.hub, clock=self._fleet.clock, on_gap=on_gap)
        self.session.watch(self.hub.viewers > 0)
        self.session.start()

    def _note_gap(self, reason: GapReason) -> None:
        self._fleet.archive.note_gap_reason(self.config.key, self.kind.value, reason)

    async def stop(self, reason: GapReason) -> None:
        if self._linger is not None:
            self._linger.cancel()
        session, self.session = self.session, None
        if session is not None:
            await session.stop(reason)

    def join(self, viewer: Viewer) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        self.hub.join(viewer)
        if self.config.enabled:
            self.start()

    def _on_watched(self, watched: bool) -> None:
        if self.session is not None:
            self.session.watch(watched)
        if not watched and not self.recorded:
            self._linger = asyncio.get_running_loop().call_later(LINGER_S, self._close_unwatched)

    def _close_unwatched(self) -> None:
        self._linger = None
        if self.hub.viewers == 0 and self.session is not None:
            task = asyncio.get_running_loop().create_task(self.stop(GapReason.RECORDER_STOPPED))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


class Camera:
    def __init__(self, fleet: Fleet, config: CameraConfig) -> None:
        self.config = config
        self.main = Stream(fleet, config, StreamKind.MAIN)
        self.sub = Stream(fleet, config, StreamKind.SUB) if config.sub_url else None

    def stream(self, kind: str) -> Stream:
        """The stream asked for; the main one where the camera has no sub stream."""
        return self.sub if kind == StreamKind.SUB and self.sub is not None else self.main

    def streams(self) -> Iterator[Stream]:
        yield self.main
        if self.sub is not None:
            yield self.sub

    async def stop(self, reason: GapReason) -> None:
        await asyncio.gather(*(stream.stop(reason) for stream in self.streams()))


class Fleet:
    def __init__(self, archive: Archive, ticker: Ticker, clock: Clock, make: MakeSource | None = None) -> None:
        self.archive, self.ticker, self.clock = archive, ticker, clock
        self.make_source: MakeSource = make or self._make_source
        self.cameras: dict[str, Camera] = {}
        self.list = CameraList()
        self.masks: dict[str, KnownMasks] = {}
        """Of every camera of the list, from the moment it came; a camera that is not here is shown to nobody masked."""
        self.on_masks: Callable[[AbstractSet[str]], object] = lambda cameras: None
        """Told which cameras' masks are others than before."""
        self._lock = asyncio.Lock()

    def _make_source(self, config: CameraConfig, kind: StreamKind) -> Source:
        url = config.sub_url if kind is StreamKind.SUB and config.sub_url else config.main_url
        return make_source(
            url,
            clock=self.clock,
            ticker=self.ticker,
            user=config.username,
            password=config.password,
            sound=config.sound,
            other=config.kind == "other",
        )

    def stream(self, key: str, kind: str) -> Stream | None:
        """The stream in force for a camera's key; None when there is no such camera."""
        camera = self.cameras.get(key)
        return camera.stream(kind) if camera is not None else None

    async def apply(self, wanted: CameraList) -> None:
        """Brings what runs in line with the list: what did not change goes on without a gap. Masks come first.

        Holds come before what shortens retention and end after what lengthens it: no list erases what it wants kept.
        """
        self._take_masks(wanted)
        held = [Hold(hold.id, hold.camera, hold.from_utc_90k, hold.to_utc_90k, hold.reason) for hold in wanted.holds]
        async with self._lock:
            self.archive.sync_holds([*self.archive.holds(), *held])
            keep = {camera.key: camera for camera in wanted.cameras}
            for key in [key for key in self.cameras if key not in keep]:
                await self.cameras.pop(key).stop(GapReason.CAMERA_DISABLED)
            for config in wanted.cameras:
                await self._apply_one(config)
                days = config.retention_days if config.retention_days is not None else wanted.retention_days
                self.archive.set_policy(config.key, StreamKind.MAIN.value, days, config.retention_bytes)
            self.archive.set_free_floor(wanted.free_floor_bytes)
            self.archive.sync_holds(held)
            self.list = wanted

    def _take_masks(self, wanted: CameraList) -> None:
        before, self.masks = self.masks, {config.key: (config.masks, config.masks_known) for config in wanted.cameras}
        changed = {key for key in before.keys() | self.masks.keys() if before.get(key) != self.masks.get(key)}
        if changed:
            self.on_masks(changed)

    async def _apply_one(self, config: CameraConfig) -> None:
        running = self.cameras.get(config.key)
        if running is not None and running.config.same_source(config):
            running.config = config
            return
        watching: list[tuple[str, Viewer]] = []
        if running is not None:
            await running.stop(GapReason.RECORDER_STOPPED if config.enabled else GapReason.CAMERA_DISABLED)
            watching = [(stream.kind.value, viewer) for stream in running.streams() for viewer in stream.hub.detach()]
        camera = self.cameras[config.key] = Camera(self, config)
        if config.enabled:
            camera.main.start()
        for kind, viewer in watching:
            camera.stream(kind).join(viewer)
        log.info("camera.applied", camera=config.key, enabled=config.enabled)

    async def stop(self) -> None:
        await asyncio.gather(*(camera.stop(GapReason.RECORDER_STOPPED) for camera in self.cameras.values()))
