"""Recording without a web: cameras given by name and URL, for a stated time. Behind `luytre record`."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import uvloop

from luytre.base.clock import Clock, SystemClock
from luytre.media.archive import Archive
from luytre.media.recorder.memory import keep_heap, peak_rss_bytes
from luytre.media.recorder.session import Session, State
from luytre.media.recorder.sources import make_source
from luytre.media.source.ticker import Ticker


@dataclass(frozen=True, slots=True)
class CameraLine:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CameraReport:
    """`state`: `recording` when pictures were coming at the end, else what it was doing; `error`: a `Problem` code, or None."""

    name: str
    frames: int
    bytes: int
    gaps: int
    reconnects: int
    state: str
    error: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    cameras: tuple[CameraReport, ...]
    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


def _camera_report(session: Session) -> CameraReport:
    failed = session.error is not None and session.state is not State.RECORDING
    return CameraReport(
        session.name,
        session.frames,
        session.bytes,
        session.gaps,
        session.reconnects,
        "failed" if failed and not session.frames else session.state.value,
        session.error.problem.value if session.error is not None and failed else None,
        str(session.error) if session.error is not None and failed else "",
    )


async def _record(
    root: str | os.PathLike[str],
    cameras: Sequence[CameraLine],
    seconds: float,
    sound: bool,
    clock: Clock,
    on_second: Callable[[], None],
) -> tuple[CameraReport, ...]:
    archive = Archive.open(root, clock=clock)
    ticker = Ticker()
    ticker.after(archive.flush_tick)
    sessions = []
    for camera in cameras:
        writer = archive.writer(camera.name, "main")
        make = partial(make_source, camera.url, clock=clock, ticker=ticker, sound=sound, files_allowed=True)
        sessions.append(Session(camera.name, make, writer, clock=clock, on_gap=writer.note_gap_reason))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    try:
        for session in sessions:
            session.start()
        await _wait(stop, seconds, on_second)
        reports = tuple(_camera_report(session) for session in sessions)
    finally:
        await asyncio.gather(*(session.stop() for session in sessions))
        ticker.close()
        await asyncio.to_thread(archive.close)
    return tuple(_final(before, session) for before, session in zip(reports, sessions, strict=True))


def _final(before: CameraReport, session: Session) -> CameraReport:
    """State as it was while recording, numbers as they are after the last frame was taken in."""
    return CameraReport(
        before.name, session.frames, session.bytes, session.gaps, session.reconnects, before.state, before.error, before.sentence
    )


async def _wait(stop: asyncio.Event, seconds: float, on_second: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not stop.is_set() and (left := end - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(left, 1.0)):
                await stop.wait()
        except TimeoutError:
            on_second()


def record_for(
    root: str | os.PathLike[str],
    cameras: Sequence[CameraLine],
    seconds: float,
    *,
    sound: bool = False,
    clock: Clock | None = None,
    on_second: Callable[[], None] | None = None,
) -> Report:
    """Records until `seconds` have passed (or SIGTERM/SIGINT). A camera that fails is reported, not raised; ArchiveError is."""
    clock = clock or SystemClock()
    began_s, used_before = clock.mono_s(), resource.getrusage(resource.RUSAGE_SELF)
    keep_heap()
    work = _record(root, cameras, seconds, sound, clock, on_second or (lambda: None))
    reports = uvloop.run(work)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime - used_before.ru_utime - used_before.ru_stime
    return Report(reports, clock.mono_s() - began_s, cpu_s, peak_rss_bytes())
