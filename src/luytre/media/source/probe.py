"""A camera tried once: does it answer, what does it send, how does it look. Behind "test this camera"."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from luytre.base.clock import Clock, SystemClock
from luytre.base.errors import CameraError, Problem
from luytre.base.redact import split_credentials
from luytre.media.source.any import AnySource, Waits
from luytre.media.source.picture import jpeg_of
from luytre.media.source.rtsp import Limits, RtspSource
from luytre.media.source.ticker import Ticker
from luytre.media.unit import FormatChange, Item, Sample, VideoFormat

ENOUGH_FRAMES = 12


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """`problem` None: it works. `picture_jpeg` is empty where no picture could be decoded. `kind`: `rtsp`, or `other` (PyAV)."""

    problem: Problem | None
    detail: str = ""
    kind: str = "rtsp"
    codec: str = ""
    rfc6381: str = ""
    width_px: int = 0
    height_px: int = 0
    fps: float = 0.0
    audio: bool = False
    picture_jpeg: bytes = b""


class _Taster:
    """Keeps the first key frame and counts frames."""

    def __init__(self, enough: asyncio.Event) -> None:
        self.video: VideoFormat | None = None
        self.key = b""
        self.times: list[int] = []
        self._enough = enough

    def deliver(self, items: Sequence[Item], received_utc_90k: int, received_mono_s: float) -> None:
        for item in items:
            if isinstance(item, FormatChange):
                self.video = item.format.video
            elif isinstance(item, Sample) and not item.is_audio:
                self.key = self.key or b"".join(item.chunks)
                self.times.append(item.dts_90k)
        if len(self.times) >= ENOUGH_FRAMES:
            self._enough.set()

    def fps(self) -> float:
        span = self.times[-1] - self.times[0] if len(self.times) > 1 else 0
        return round((len(self.times) - 1) * 90_000 / span, 1) if span > 0 else 0.0


async def probe(
    url: str,
    username: str = "",
    password: str = "",
    timeout_s: float = 15.0,
    *,
    clock: Clock | None = None,
    files_allowed: bool = False,
) -> ProbeResult:
    """Tries the camera; never raises for what a camera can do wrong. A picture in another format is tried through PyAV."""
    clock = clock or SystemClock()
    if not url.strip().lower().startswith("rtsp://"):
        return await _through_any(url, username, password, timeout_s, clock, files_allowed)
    ticker = Ticker(idle_s=0.05)
    limits = Limits(connect_s=min(6.0, timeout_s), answer_s=min(8.0, timeout_s), first_frame_s=timeout_s)
    source = RtspSource(url, clock=clock, ticker=ticker, user=username, password=password, limits=limits)
    try:
        result = await _taste(source, timeout_s, "rtsp")
    finally:
        ticker.close()
    no_tcp = result.detail.startswith("461 ")
    if no_tcp or result.problem is Problem.UNSUPPORTED_CODEC:
        return await _through_any(url, username, password, timeout_s, clock, files_allowed, udp=no_tcp)
    return result


async def _through_any(
    url: str, user: str, password: str, timeout_s: float, clock: Clock, files_allowed: bool, *, udp: bool = False
) -> ProbeResult:
    bare, _, _ = split_credentials(url)
    if not bare.strip():
        return ProbeResult(Problem.BAD_URL)
    waits = Waits(timeout_s, timeout_s)
    source = AnySource(url, clock=clock, user=user, password=password, files_allowed=files_allowed, udp=udp, waits=waits)
    return await _taste(source, timeout_s + 2.0, "other")


async def _taste(source: RtspSource | AnySource, timeout_s: float, kind: str) -> ProbeResult:
    enough = asyncio.Event()
    taster = _Taster(enough)
    running = asyncio.ensure_future(source.run(taster))
    waiting = asyncio.ensure_future(enough.wait())
    try:
        await asyncio.wait({running, waiting}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        source.close()
        waiting.cancel()
        ended = (await asyncio.gather(running, waiting, return_exceptions=True))[0]
    if not taster.key or taster.video is None:
        if isinstance(ended, CameraError):
            return ProbeResult(ended.problem, ended.detail, kind)
        if isinstance(ended, BaseException):
            raise ended
        return ProbeResult(Problem.NO_PICTURE, kind=kind)
    return await _result(taster, taster.video, kind)


async def _result(taster: _Taster, video: VideoFormat, kind: str) -> ProbeResult:
    try:
        jpeg = await asyncio.to_thread(jpeg_of, video, taster.key, width_px=960)
    except ValueError as error:
        return ProbeResult(Problem.NO_PICTURE, str(error), kind, video.codec, video.rfc6381, video.width_px, video.height_px)
    return ProbeResult(
        None, "", kind, video.codec, video.rfc6381, video.width_px, video.height_px, taster.fps(), False, jpeg
    )  # fmt: skip
