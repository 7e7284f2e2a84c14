"""Cameras that do not speak RTSP: RTMP and HTTP from ffmpeg, a server that is not ours; MJPEG as webcams send it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from luytre.base.errors import CameraError, Problem
from luytre.media.source.any import Assembler
from luytre.media.source.picture import encode_jpeg
from luytre.media.unit import Sample
from tests.media.encode import encode
from tests.media.source.collect import Collector
from tests.media.source.test_real_servers import through_ffmpeg
from tests.support.clips import ClipLibrary
from tests.support.ports import free_port


@asynccontextmanager
async def ffmpeg_serves(file: Path, kind: str, url: str) -> AsyncIterator[None]:
    """ffmpeg waits for one client at the address and sends it the file, round and round, in real time."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(file), "-c", "copy", "-f", kind]
    process = await asyncio.create_subprocess_exec(*command, "-listen", "1", url, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def reach(url: str, frames: int) -> tuple[Collector, CameraError | None]:
    """Tries until ffmpeg listens."""
    async with asyncio.timeout(40):
        while True:
            kept, error = await through_ffmpeg(url, frames)
            if error is None or error.problem is not Problem.PORT_CLOSED:
                return kept, error
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("kind", "url"), [("flv", "rtmp://127.0.0.1:{port}/live/cho"), ("mpegts", "http://127.0.0.1:{port}/cho.ts")]
)
async def test_rtmp_and_http_keep_every_byte(kind: str, url: str, clips: ClipLibrary) -> None:
    address = url.format(port=free_port())
    async with ffmpeg_serves(clips.file("h264", ".mp4"), kind, address):
        kept, error = await reach(address, 60)
    assert error is None
    sent = [unit.vcl_sha256 for unit in clips("h264").units]
    start = sent.index(kept.units[0].sha256)
    got = [unit.sha256 for unit in kept.units]
    assert got == [sent[(start + place) % len(sent)] for place in range(len(got))]


@pytest.mark.parametrize(("login", "problem"), [("", Problem.PASSWORD_NEEDED), ("admin:sai-mat-khau@", Problem.WRONG_PASSWORD)])
async def test_a_password_that_is_missing_or_wrong_is_told_and_hidden(login: str, problem: Problem) -> None:
    """PyAV's error for 401 is neither an OSError nor a ValueError, and names the address with its password."""

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    app = web.Application()
    app.add_routes([web.get("/cho.ts", refuse)])
    async with TestServer(app) as server:
        _, error = await through_ffmpeg(f"http://{login}127.0.0.1:{server.port}/cho.ts", 1)
    assert error is not None
    assert error.problem is problem
    assert "sai-mat-khau" not in f"{error} {error.detail} {error.subject}"


@asynccontextmanager
async def webcam(clips: ClipLibrary, pause_s: float) -> AsyncIterator[str]:
    """MJPEG over HTTP, a picture each so often; its address."""
    with av.open(str(clips.file("h264", ".mp4"))) as container:
        pictures = [encode_jpeg(frame) for frame in container.decode(video=0)]

    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "multipart/x-mixed-replace; boundary=frame"})
        await answer.prepare(request)
        for picture in pictures * 4:
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
            await answer.write(head + picture + b"\r\n")
            await asyncio.sleep(pause_s)
        return answer

    app = web.Application()
    app.add_routes([web.get("/video.mjpg", stream)])
    async with TestServer(app) as server:
        yield str(server.make_url("/video.mjpg"))


async def test_mjpeg_over_http_becomes_h264(clips: ClipLibrary) -> None:
    async with webcam(clips, 0.02) as url:
        kept, error = await through_ffmpeg(url, 40)
    assert error is None
    assert len(kept.units) >= 40
    assert (kept.formats[0].format.video.codec, kept.formats[0].format.video.width_px) == ("h264", 320)


async def test_pictures_without_times_are_stamped_as_they_come(clips: ClipLibrary) -> None:
    """Ten pictures a second, which FFmpeg would tell as twenty-five."""
    began_s = time.monotonic()
    async with webcam(clips, 0.1) as url:
        kept, error = await through_ffmpeg(url, 40)
    passed_s = time.monotonic() - began_s
    assert error is None
    told_s = (kept.units[39].dts_90k - kept.units[0].dts_90k) / 90_000
    assert 3.5 < told_s <= passed_s + 0.1


def test_a_clock_that_is_set_back_does_not_stop_the_line() -> None:
    """Stamped times follow this machine's clock; so do those of cameras that set theirs."""
    unit = encode("h264", frames=1)[0]
    data = b"".join(b"\x00\x00\x01" + nal for nal in unit.nals)
    made = Assembler("h264", b"")
    hour_90k = 3600 * 90_000
    told = [hour_90k + index * 9000 for index in range(5)] + [index * 9000 for index in range(5)]
    times = [item.dts_90k for at in told for item in made.items(data, at, at, True) if isinstance(item, Sample)]
    assert [after - before for before, after in pairwise(times)] == [9000] * 9
