"""A sink that keeps what a source delivered, and a way to run a source until it has enough."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from luytre.base.clock import SystemClock
from luytre.base.errors import CameraError
from luytre.media.source.rtsp import Limits, RtspSource
from luytre.media.source.ticker import Ticker
from luytre.media.unit import Break, CameraClock, FormatChange, Item, Sample


@dataclass(frozen=True, slots=True)
class Got:
    sha256: str
    is_key: bool
    pts_90k: int
    dts_90k: int
    size_bytes: int


@dataclass(slots=True)
class Collector:
    """`units` pictures, `sound` units, in order; `runs` splits the pictures' digests at breaks."""

    units: list[Got] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    formats: list[FormatChange] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    clocks: list[CameraClock] = field(default_factory=list)
    runs: list[list[str]] = field(default_factory=lambda: [[]])
    on_items: Callable[[], None] = lambda: None

    def deliver(self, items: Sequence[Item], received_utc_90k: int, received_mono_s: float) -> None:
        for item in items:
            if isinstance(item, Sample):
                self._sample(item)
            elif isinstance(item, FormatChange):
                self.formats.append(item)
            elif isinstance(item, Break):
                self.breaks.append(item)
                self.runs.append([])
            else:
                self.clocks.append(item)
        self.on_items()

    def _sample(self, item: Sample) -> None:
        data = b"".join(item.chunks)
        assert len(data) == item.size_bytes
        if item.is_audio:
            self.sound.append(data)
            return
        codec = self.formats[-1].format.video.codec
        digest = vcl_digest(codec, data)
        if not self.runs[-1]:
            assert item.is_key, "what follows a break starts with a key frame"
        self.runs[-1].append(digest)
        self.units.append(Got(digest, item.is_key, item.pts_90k, item.dts_90k, item.size_bytes))


def vcl_digest(codec: str, data: bytes) -> str:
    digest, at = hashlib.sha256(), 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4] & 31 if codec == "h264" else (data[at + 4] >> 1) & 63
        if 1 <= kind <= 5 if codec == "h264" else kind < 32:
            digest.update(data[at:end])
        at = end
    assert at == len(data)
    return digest.hexdigest()


async def collect(
    url: str, frames: int = 60, *, sound: bool = False, limits: Limits | None = None, user: str = "", password: str = ""
) -> tuple[Collector, CameraError | None]:
    """Runs an RtspSource until so many pictures came, or it failed."""
    kept = Collector()
    ticker = Ticker(idle_s=0.02, watched_s=0.02)
    source = RtspSource(url, clock=SystemClock(), ticker=ticker, sound=sound, limits=limits, user=user, password=password)
    kept.on_items = lambda: source.close() if len(kept.units) >= frames else None
    try:
        async with asyncio.timeout(30):
            await source.run(kept)
    except CameraError as error:
        return kept, error
    finally:
        ticker.close()
    return kept, None
