"""A small camera without a network: real pictures from an encoder, cut into fragments, on a line that tests move by hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.errors import GapReason
from luytre.media.archive import Archive, ArchiveSettings, Disk
from luytre.media.fragment import build_fragment, build_init
from luytre.media.unit import Fragment, FragmentSink, InitSegment, Sample, StreamFormat
from luytre.media.unit.parameter_sets import nal_type, video_format
from tests.media.encode import encode

FRAME_90K = 3600
GOP_FRAMES = 25
SMALL = ArchiveSettings(segment_s=4.0, free_floor_bytes=0, resume_margin_bytes=0, probe_every_s=3.0, segment_max_bytes=64 << 20)


@lru_cache(maxsize=8)
def pictures(codec: str = "h264", bframes: int = 0, width: int = 320) -> tuple[StreamFormat, tuple[tuple[bytes, bool, int], ...]]:
    """A format and one GOP's samples: (bytes with 4-byte lengths, is_key, pts - dts)."""
    units = encode(codec, frames=GOP_FRAMES, width=width, height=width * 3 // 4, gop=GOP_FRAMES, bframes=bframes)
    samples = []
    for index, unit in enumerate(units):
        nals = [nal for nal in unit.nals if nal_type(codec, nal) not in (7, 8, 32, 33, 34)]
        data = b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)
        samples.append((data, unit.is_key, unit.pts_90k - index * FRAME_90K))
    return StreamFormat(video_format("h264" if codec == "h264" else "h265", units[0].nals)), tuple(samples)


class Camera:
    """Sends GOPs of one second at 25 pictures a second, `per_fragment` to a fragment, into a sink."""

    def __init__(
        self, sink: FragmentSink, clock: FakeClock, codec: str = "h264", bframes: int = 0, per_fragment: int = 5, width: int = 320
    ) -> None:
        self.sink, self.clock, self.per_fragment = sink, clock, per_fragment
        self.format, self.samples = pictures(codec, bframes, width)
        self.init: InitSegment = build_init(self.format)
        self.frame = 0
        self.sequence = 0
        self.start_utc_90k = 0

    def begin(self, reason: GapReason = GapReason.UNKNOWN) -> None:
        self.frame = 0
        self.start_utc_90k = self.clock.utc_90k()
        self.sink.begin_run(self.init, self.start_utc_90k, reason)

    def fragment(self) -> Fragment:
        """The next one."""
        batch = []
        for index in range(self.frame, self.frame + self.per_fragment):
            data, is_key, shift = self.samples[index % GOP_FRAMES]
            dts = index * FRAME_90K
            batch.append(Sample(is_key, dts + shift, dts, len(data), [data]))
        dts = self.frame * FRAME_90K
        self.frame += self.per_fragment
        self.sequence += 1
        return build_fragment(
            batch, sequence=self.sequence, dts_base_90k=0, last_duration_90k=FRAME_90K,
            start_utc_90k=self.start_utc_90k + dts,
        )  # fmt: skip

    def send(self, fragments: int = 1) -> None:
        """So many fragments; the clock goes along."""
        for _ in range(fragments):
            self.sink.append(self.fragment())
            self.clock.advance(self.per_fragment / 25)

    def end(self, reason: GapReason = GapReason.CAMERA_LOST) -> None:
        self.sink.end_run(reason)


def open_archive(root: Path, clock: FakeClock, disk: Disk | None = None, **settings: object) -> Archive:
    """Without a thread: tests drive it by `run_pending`."""
    chosen = {name: getattr(SMALL, name) for name in ArchiveSettings.__dataclass_fields__} | settings
    return Archive.open(root, clock=clock, disk=disk, settings=ArchiveSettings(**chosen), threaded=False)  # type: ignore[arg-type]


def record(archive: Archive, camera: Camera, seconds: int) -> None:
    """So many seconds of pictures, written and published as they come."""
    for _ in range(seconds):
        camera.send(25 // camera.per_fragment)
        archive.run_pending()


def all_time() -> tuple[int, int]:
    return 1, 4_000_000_000 * TICKS_PER_S


def segment_files(root: Path) -> Iterator[Path]:
    yield from sorted((root / "media").rglob("*.mp4"))
