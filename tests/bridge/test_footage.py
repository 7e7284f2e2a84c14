"""Footage for evidence from a real archive over the recorder's HTTP: what the camera sent, to the last byte, and its hashes."""

from __future__ import annotations

import asyncio
import hashlib
import os
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from luytre.base.clock import FakeClock, to_datetime
from luytre.base.environment import Listen
from luytre.base.errors import NotFound
from luytre.bridge.footage import RecorderFootage
from luytre.bridge.tokens import TokenMint
from luytre.civic.evidence.package.boxes import export_boxes
from luytre.civic.footage import Footage
from luytre.civic.ports import FootageDamaged, RecorderDown
from luytre.media.archive import Archive
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraList
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import Desk, make_app
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.tokens import Gatekeeper
from luytre.media.source.ticker import Ticker
from tests.media.archive.helpers import Camera, open_archive, record
from tests.media.playback.test_export import decode
from tests.support.evidence import facts

KEY = "k" * 64
ONE_TICK = timedelta(microseconds=12)


@dataclass
class Station:
    archive: Archive
    clock: FakeClock
    camera: Camera
    taker: RecorderFootage
    start: datetime

    def at(self, seconds: float) -> datetime:
        return to_datetime(self.camera_start + round(seconds * 90_000))

    @property
    def camera_start(self) -> int:
        return round(self.start.timestamp() * 90_000)

    async def take(self, since: float, until: float, folder: Path, camera: str = "gate") -> Footage:
        return await asyncio.to_thread(self.taker.take, camera, self.at(since), self.at(until), folder)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    """Ten seconds in segments of four, a hole of five, then H.265 that is still being written."""
    clock = FakeClock()
    archive = open_archive(tmp_path / "archive", clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 10)
    camera.end()
    clock.advance(5)
    newer = Camera(camera.sink, clock, "h265")
    newer.begin()
    record(archive, newer, 3)
    archive.run_pending()
    ticker = Ticker()
    fleet = Fleet(archive, ticker, clock)
    await fleet.apply(CameraList(()))
    desk = Desk(fleet, Gatekeeper(KEY, clock), StatusBoard(fleet), None, frozenset(), asyncio.Semaphore(2))
    server = TestServer(make_app(desk, archive_routes()))
    await server.start_server()
    mint = TokenMint(KEY, lambda: clock.utc_90k() / 90_000)
    taker = RecorderFootage(Listen(str(server.host), int(server.port or 0)), mint)
    yield Station(archive, clock, camera, taker, to_datetime(camera.start_utc_90k))
    await server.close()
    await fleet.stop()
    ticker.close()
    archive.close()


def nal_hashes(data: bytes) -> list[str]:
    """Of a sample with lengths of four bytes; parameter sets stand in the file's head."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append(hashlib.sha256(data[at + 4 : at + 4 + size]).hexdigest())
        at += 4 + size
    return found


async def test_what_is_taken_is_what_the_camera_sent(station: Station, tmp_path: Path) -> None:
    found = await station.take(1.5, 30, tmp_path)
    assert [(part.name, part.codec) for part in found.parts] == [("original.mp4", "h264"), ("original.2.mp4", "h265")]
    assert [gap.reason for gap in found.gaps][:1] == ["camera_lost"]
    assert found.gaps[0].words
    first, second = found.parts
    assert (first.start, first.key_start, first.samples) == (station.at(1.48), station.at(1), 225)
    assert [(one.seq, one.whole, one.sha256 is None) for one in first.segments] == [
        (0, False, False), (1, True, False), (2, True, False),
    ]  # fmt: skip
    assert [(one.whole, one.sha256) for one in second.segments] == [(False, None)]
    data = (tmp_path / "original.mp4").read_bytes()
    at = first.media_offset_bytes
    for one in first.segments:
        if one.whole:
            assert hashlib.sha256(b64decode(one.head_b64) + data[at : at + one.media_bytes]).hexdigest() == one.sha256
        at += one.media_bytes
    assert at == len(data)
    with av.open(str(tmp_path / "original.mp4")) as film:
        got = [nal for packet in film.demux(video=0) if packet.size for nal in nal_hashes(bytes(packet))]
    sent = [nal for sample, _is_key, _shift in station.camera.samples for nal in nal_hashes(sample)]
    assert got == sent * 9  # pictures and what stands beside them (SEI), from the key frame on
    assert b"x264 - core" in data, "the messages that a camera puts beside its pictures stay"
    with (tmp_path / "original.mp4").open("r+b") as whole:
        boxes = export_boxes(whole, facts(), first, b"DER")
        whole.seek(0, os.SEEK_END)
        whole.write(boxes)
    at = boxes.index(b"cstb") + 12
    ticks = int.from_bytes(boxes[at : at + 8], "big")  # of what the media begins with: the key frame, before what is shown
    assert datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10) == pytest.approx(first.key_start, abs=ONE_TICK)
    assert decode(tmp_path / "original.mp4") > 200


def damage(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


async def test_nothing_stays_of_what_failed(station: Station, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(NotFound):
        await station.take(11, 14, folder)
    with pytest.raises(NotFound):
        await station.take(1, 2, folder, "nobody")
    second = station.archive.segments("gate", "main", 1, 1 << 60)[1]
    damage(Path(second.path), second.media_offset_bytes + 4000)
    with pytest.raises(FootageDamaged):
        await station.take(1, 30, folder)
    assert os.listdir(folder) == []
    await station.take(8.5, 9.5, folder)  # what is whole is still given


@pytest.mark.parametrize(
    "said", [b"", b"[]", b'{"parts": [{"part": 1}], "gaps": []}', b'{"parts": [{"part": 2}], "gaps": []}', b"\xff", b"{" * 2000]
)
async def test_an_answer_that_is_none_is_a_recorder_that_does_not_answer(said: bytes, tmp_path: Path) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=said)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        taker = RecorderFootage(Listen(str(server.host), int(server.port or 0)), TokenMint(KEY))
        now = datetime.fromisoformat("2026-11-24T07:05:00Z")
        with pytest.raises(RecorderDown):
            await asyncio.to_thread(taker.take, "gate", now, now.replace(hour=8), tmp_path)
    assert os.listdir(tmp_path) == []
