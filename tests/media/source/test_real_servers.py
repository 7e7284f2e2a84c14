"""Against a camera that shares no code with us: GStreamer's RTSP server. Byte for byte, H.264 and H.265, with Digest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from luytre.base.clock import SystemClock
from luytre.base.errors import CameraError, Problem
from luytre.media.source.any import AnySource, Waits
from luytre.media.source.probe import probe
from luytre.simulate.quirks import NAMED
from luytre.simulate.source import LoopedSource
from tests.media.source.collect import Collector, collect
from tests.support.cameras import MAIN, CameraThread
from tests.support.clips import ClipLibrary
from tests.support.gst import GstServer
from tests.support.judge import contains_run

Gst = Callable[..., GstServer]
Start = Callable[..., CameraThread]


@pytest.mark.parametrize("clip", ["h264", "h264-b", "h264-slices", "h265", "h265-b", "h265-slices"])
async def test_gstreamer_sends_and_we_keep_every_byte(clip: str, gst_server: Gst, clips: ClipLibrary) -> None:
    server = gst_server(clips(clip), auth=("admin", "mật khẩu", "digest"))
    kept, error = await collect(server.url(), 90)
    assert (error, kept.breaks) == (None, [])
    assert len(kept.units) >= 90
    assert contains_run(server.digests(), kept.runs[0])


async def test_gstreamer_refuses_a_wrong_password(gst_server: Gst, clips: ClipLibrary) -> None:
    server = gst_server(clips("h264"), auth=("admin", "đúng", "digest"))
    _, error = await collect(server.url(login=False), user="admin", password="sai")
    assert error is not None
    assert error.problem is Problem.WRONG_PASSWORD


async def through_ffmpeg(
    url: str, frames: int, kept: Collector | None = None, **more: object
) -> tuple[Collector, CameraError | None]:
    kept = kept or Collector()
    source = AnySource(url, clock=SystemClock(), waits=Waits(5, 5), **more)  # type: ignore[arg-type]
    kept.on_items = lambda: source.close() if len(kept.units) >= frames else None
    try:
        async with asyncio.timeout(40):
            await source.run(kept)
    except CameraError as error:
        return kept, error
    return kept, None


FILES = [("h264-b", ".mp4"), ("h264", ".mkv"), ("h264", ".ts"), ("h265", ".mp4"), ("h265", ".mkv"), ("h265", ".ts")]


@pytest.mark.parametrize(("clip", "suffix"), FILES)
async def test_files_keep_every_byte_too(clip: str, suffix: str, clips: ClipLibrary) -> None:
    kept, error = await through_ffmpeg(str(clips.file(clip, suffix)), 50, files_allowed=True)
    assert len(kept.units) == 50
    assert error is None or error.problem is Problem.LOST
    assert [unit.sha256 for unit in kept.units] == [unit.vcl_sha256 for unit in clips(clip).units]


async def test_a_camera_over_udp(gst_server: Gst, clips: ClipLibrary) -> None:
    server = gst_server(clips("h264"), auth=("admin", "mật khẩu", "digest"))
    kept, error = await through_ffmpeg(server.url(), 60, udp=True)
    assert error is None
    assert len(kept.units) >= 60
    assert {unit.sha256 for unit in kept.units} <= set(server.digests())


async def test_a_picture_that_is_neither_becomes_h264(clips: ClipLibrary) -> None:
    path = clips.file("h264", ".mp4").with_suffix(".avi")
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(clips.file("h264", ".mp4")), "-c:v", "mjpeg", str(path)]
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0
    kept, _ = await through_ffmpeg(str(path), 40, files_allowed=True)
    assert len(kept.units) >= 40
    assert (kept.formats[0].format.video.codec, kept.formats[0].format.video.width_px) == ("h264", 320)


async def test_files_are_not_opened_unless_it_is_allowed(clips: ClipLibrary) -> None:
    _, error = await through_ffmpeg(str(clips.file("h264")), 1)
    assert error is not None
    assert error.problem is Problem.BAD_URL


async def test_a_file_that_is_no_video() -> None:
    _, error = await through_ffmpeg(__file__, 1, files_allowed=True)
    assert error is not None
    assert error.problem is Problem.NOT_A_VIDEO_FILE


BAD = [
    ("", Problem.BAD_URL),
    ("camera ở chợ", Problem.BAD_URL),
    ("rtsp://", Problem.BAD_URL),
    ("rtsp://127.0.0.1:99999/x", Problem.BAD_URL),
    ("ftp://127.0.0.1/x", Problem.BAD_URL),
    ("rtsp://khong-co.invalid/x", Problem.UNKNOWN_HOST),
    ("rtsp://127.0.0.1:1/x", Problem.PORT_CLOSED),
    ("http://127.0.0.1:1/x.mjpg", Problem.PORT_CLOSED),
]


@pytest.mark.parametrize(("url", "problem"), BAD)
async def test_a_probe_says_what_is_wrong(url: str, problem: Problem) -> None:
    assert (await probe(url, timeout_s=4)).problem is problem


async def test_a_probe_shows_the_picture(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h265-large"), speed=2.0))
    found = await probe(camera.url())
    assert (found.problem, found.codec, found.width_px, found.height_px) == (None, "h265", 640, 480)
    assert found.picture_jpeg.startswith(b"\xff\xd8")
    assert 24 < found.fps < 26
    camera_without = camera_server(clips("h264"), NAMED["no-video"])
    assert (await probe(camera_without.url(MAIN))).problem is Problem.NO_VIDEO
