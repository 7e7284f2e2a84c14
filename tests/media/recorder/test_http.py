"""The recorder's HTTP with a real archive and a simulated camera: who may, who may not, and what comes."""

from __future__ import annotations

import asyncio
import io
import json
import struct
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import av
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from luytre.base.clock import TICKS_PER_S, SystemClock, from_iso, to_iso
from luytre.media.archive import Archive
from luytre.media.playback import KeyFrame
from luytre.media.recorder import thumbs
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraConfig, CameraList
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import Desk, make_app
from luytre.media.recorder.session import State
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.thumbs import Thumbnails
from luytre.media.recorder.tokens import Gatekeeper
from luytre.media.source.ticker import Ticker
from luytre.simulate.auth import Auth
from tests.support.cameras import CameraThread
from tests.support.clips import ClipLibrary

KEY = "k" * 64
PASSWORD = "bí-mật-7731"
Client = TestClient[web.Request, web.Application]


def token(
    clock: SystemClock,
    right: str,
    cams: list[str] | None = None,
    span_s: tuple[float, float] | None = None,
    life_s: float = 60,
    **more: Any,
) -> str:
    now = clock.utc_90k() / TICKS_PER_S
    claims = {
        "iss": "luytre-web",
        "aud": "luytre-recorder",
        "sub": "7",
        "iat": now,
        "exp": now + life_s,
        "jti": "x",
        "right": right,
        "cams": cams or ["*"],
    }
    if span_s is not None:
        claims |= {"from": span_s[0], "to": span_s[1]}
    return jwt.encode(claims | more, KEY, algorithm="HS256")


@dataclass
class Station:
    client: Client
    fleet: Fleet
    clock: SystemClock
    camera: CameraThread
    thumbs: Thumbnails

    def token(self, right: str, *args: Any, **kwargs: Any) -> str:
        return token(self.clock, right, *args, **kwargs)

    async def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)


@pytest.fixture
async def station(tmp_path: Path, camera_server: Any, clips: ClipLibrary) -> AsyncIterator[Station]:
    camera = camera_server(clips("h264-large"), auth=Auth("admin", PASSWORD), sub=clips("h264"))
    clock = SystemClock()
    archive = Archive.open(tmp_path / "archive", clock=clock)
    ticker = Ticker()
    ticker.after(archive.flush_tick)
    fleet = Fleet(archive, ticker, clock)
    config = CameraConfig("cho", "Chợ", True, camera.url(login=False), camera.url("/cam1/sub", login=False), "admin", PASSWORD)
    await fleet.apply(CameraList((config,)))
    desk = Desk(fleet, Gatekeeper(KEY, clock), StatusBoard(fleet), None, frozenset({"http://trang.xa"}), asyncio.Semaphore(2))
    client: Client = TestClient(TestServer(make_app(desk, archive_routes())))
    await client.start_server()
    yield Station(client, fleet, clock, camera, desk.thumbs)
    await client.close()
    await fleet.stop()
    ticker.close()
    await asyncio.to_thread(archive.close)


def recording(station: Station, frames: int = 30) -> Callable[[], bool]:
    def true() -> bool:
        session = station.fleet.cameras["cho"].main.session
        return session is not None and session.state is State.RECORDING and session.frames >= frames

    return true


async def span(station: Station) -> tuple[float, float]:
    """Waits for published footage; (from, to) in UTC seconds."""

    def published() -> bool:
        found = station.fleet.archive.streams()
        return bool(found) and found[0].newest_utc_90k - found[0].oldest_utc_90k > 2 * TICKS_PER_S

    await station.until(published)
    facts = station.fleet.archive.streams()[0]
    return facts.oldest_utc_90k / TICKS_PER_S, facts.newest_utc_90k / TICKS_PER_S


ROUTES = [
    ("GET", "/metrics"),
    ("GET", "/v1/status"),
    ("POST", "/v1/refresh"),
    ("POST", "/v1/probe"),
    ("GET", "/v1/live"),
    ("GET", "/v1/timeline/cho/main"),
    ("GET", "/v1/timelines"),
    ("GET", "/v1/days/cho/main"),
    ("GET", "/v1/erased"),
    ("GET", "/v1/thumb/cho/main"),
    ("GET", "/v1/hls/cho/main/index.m3u8"),
    ("GET", "/v1/segment/cho/main/1.mp4"),
    ("GET", "/v1/h264/cho/main/1/init.mp4"),
    ("GET", "/v1/h264/cho/main/1/0-9.mp4"),
    ("GET", "/v1/export/cho/main"),
    ("GET", "/v1/footage/cho/main"),
    ("GET", "/v1/mp4/cho/main"),
    ("GET", "/v1/picture/cho/main"),
    ("POST", "/v1/views/cho"),
    ("GET", "/v1/views/cho"),
    ("GET", "/v1/views/cho/1.jpg"),
    ("DELETE", "/v1/views/cho/1.jpg"),
]


async def test_every_route_is_in_the_list_and_wants_a_token(station: Station) -> None:
    routes = (
        {
            (
                r.method,
                r.resource.canonical.replace("{cam}", "cho")
                .replace("{stream}", "main")
                .replace("{id}", "1")
                .replace("{from}-{to}", "0-9"),
            )
            for r in station.client.app.router.routes()
            if r.resource
        }
        if station.client.app
        else set()
    )
    real = {(method, path) for method, path in routes if method not in ("HEAD", "OPTIONS")}
    assert real == {*ROUTES, ("GET", "/v1/health")}
    for method, path in ROUTES:
        for query in (
            "",
            "?token=nonsense",
            "?token=" + station.token("live", life_s=-1),
            "?token=" + station.token("live", aud="luytre-web"),
        ):
            answer = await station.client.request(method, path + query)
            assert answer.status == 401, (method, path, query)
            assert "message" in await answer.json()


WRONG_RIGHTS = [
    ("/metrics", "status"), ("/v1/live", "history"), ("/v1/timeline/cho/main", "live"), ("/v1/hls/cho/main/index.m3u8", "live"),
    ("/v1/segment/cho/main/1.mp4", "live"), ("/v1/export/cho/main", "history"), ("/v1/mp4/cho/main", "history"),
    ("/v1/footage/cho/main", "history"),
    ("/v1/picture/cho/main?at=5", "live"), ("/v1/status", "history"), ("/v1/timelines?cams=cho&from=1&to=2", "live"),
    ("/v1/timelines?cams=cho&from=1&to=2", "status"), ("/v1/days/cho/main?from=1&to=2", "live"),
    ("/v1/thumb/cho/main?at=5", "live"), ("/v1/thumb/cho/main?at=5", "status"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "right"), WRONG_RIGHTS)
async def test_a_wrong_right_is_refused(station: Station, path: str, right: str) -> None:
    answer = await station.client.get(path, headers={"Authorization": f"Bearer {station.token(right, span_s=(0, 2e9))}"})
    assert answer.status == 403


async def test_another_camera_another_span(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    elsewhere = station.token("export", ["khac"], (start, end))
    outside = station.token("export", ["cho"], (start + 1, end))
    long_ago = station.token("export", ["cho"], (start - 90_000, start - 80_000))
    for path in ("/v1/timeline/cho/main", "/v1/hls/cho/main/index.m3u8", "/v1/mp4/cho/main", "/v1/export/cho/main"):
        for bad in (elsewhere, outside):
            answer = await station.client.get(f"{path}?from={start}&to={end}", headers={"Authorization": f"Bearer {bad}"})
            assert answer.status == 403, path
    number = station.fleet.archive.segments("cho", "main", round(start * TICKS_PER_S), round(end * TICKS_PER_S))[0].id
    answer = await station.client.get(f"/v1/segment/cho/main/{number}.mp4?token={long_ago}")
    assert answer.status == 403


async def test_timeline_hls_mp4_and_picture(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    good = {"Authorization": f"Bearer {station.token('export', ['cho'], (start, end))}"}
    line = await (await station.client.get(f"/v1/timeline/cho/main?from={start}&to={end}", headers=good)).json()
    assert (len(line["runs"]), line["gaps"]) == (1, [])
    parts = (await (await station.client.get(f"/v1/export/cho/main?from={start}&to={end}", headers=good)).json())["parts"]
    whole = await station.client.get(f"/v1/mp4/cho/main?from={start + 0.5}&to={end - 0.5}", headers=good)
    data = await whole.read()
    assert (whole.status, len(parts)) == (200, 1)
    with av.open(io.BytesIO(data)) as container:
        assert len(list(container.decode(video=0))) > 20
    piece = await station.client.get(
        f"/v1/mp4/cho/main?from={start + 0.5}&to={end - 0.5}", headers=good | {"Range": "bytes=100-1099"}
    )
    assert (piece.status, await piece.read()) == (206, data[100:1100])
    jpeg = await station.client.get(f"/v1/picture/cho/main?at={start + 1}&w=160", headers=good)
    assert (await jpeg.read())[:2] == b"\xff\xd8"
    nothing = await station.client.get(f"/v1/mp4/cho/main?from={end - 0.1}&to={start}", headers=good)
    assert nothing.status == 400


def size_of(jpeg: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        picture = next(container.decode(video=0))
        return picture.width, picture.height


async def test_thumbnails_name_their_moment_and_come_from_memory_the_second_time(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    good = {"Authorization": f"Bearer {station.token('history', ['cho'], (start - 9, end))}", "Origin": "http://trang.xa"}
    first = await station.client.get(f"/v1/thumb/cho/main?at={start + 1.5}&w=150", headers=good)
    jpeg = await first.read()
    assert (first.status, first.content_type, size_of(jpeg)) == (200, "image/jpeg", (160, 120))
    assert "X-Luytre-At" in first.headers["Access-Control-Expose-Headers"]
    shown = from_iso(first.headers["X-Luytre-At"]) / TICKS_PER_S
    assert start - 0.001 <= shown <= start + 1.5
    assert await (await station.client.get(f"/v1/thumb/cho/main?at={shown + 0.001}&w=150", headers=good)).read() == jpeg
    assert station.thumbs.kept.size_bytes == len(jpeg)
    for bad, status in (
        (f"at={start - 5}", 404), ("at=", 400), ("at=ba", 400), (f"at={end + 99}", 403), (f"at={start - 50}", 403)
    ):  # fmt: skip
        answer = await station.client.get(f"/v1/thumb/cho/main?{bad}", headers=good)
        assert (answer.status, bool((await answer.json())["message"])) == (status, True), bad


async def test_a_flood_of_thumbnails_is_answered_and_recording_goes_on(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    good = {"Authorization": f"Bearer {station.token('history', ['cho'], (start, end))}"}

    async def one(width: int) -> int:
        answer = await station.client.get(f"/v1/thumb/cho/main?at={start + 1}&w={width}", headers=good)
        await answer.read()
        return answer.status

    statuses = await asyncio.gather(*(one(32 + 16 * (number % 38)) for number in range(120)))
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= 30
    session = station.fleet.cameras["cho"].main.session
    assert session is not None
    assert (session.gaps, session.faults) == (0, 0)


async def test_a_thumbnail_is_not_made_for_a_page_that_moved_on(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    good = {"Authorization": f"Bearer {station.token('history', ['cho'], (start, end))}"}
    go, made = threading.Event(), list[int]()

    def slowly(key: KeyFrame, width_px: int, hidden: object) -> bytes:
        made.append(width_px)
        assert go.wait(10)
        return b"\xff\xd8"

    monkeypatch.setattr(thumbs, "thumbnail", slowly)
    monkeypatch.setattr(thumbs.os, "cpu_count", lambda: 1)

    async def ask(session: aiohttp.ClientSession, width_px: int) -> None:
        address = station.client.make_url(f"/v1/thumb/cho/main?at={start + 1}&w={width_px}")
        async with session.get(address, headers=good) as answer:
            await answer.read()

    async with aiohttp.ClientSession() as stays:
        first = asyncio.ensure_future(ask(stays, 64))
        await station.until(lambda: made == [64])
        async with aiohttp.ClientSession() as leaves:
            moved_on = asyncio.ensure_future(ask(leaves, 128))
            waiting = station.thumbs._makers._waiting  # type: ignore[union-attr]
            await station.until(lambda: bool(waiting))
            moved_on.cancel()
        wish = waiting["7"][0]
        await station.until(lambda: not wish.still_wanted())
        go.set()
        await first
        await station.until(lambda: not waiting)
        await ask(stays, 256)
    assert made == [64, 256]


async def test_timelines_of_several_cameras(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    good = {"Authorization": f"Bearer {station.token('history', ['cho', 'chua-ghi'], (start, end))}"}
    query = f"from={start}&to={end}"
    both = await (await station.client.get(f"/v1/timelines?cams=cho,chua-ghi,cho&{query}&detail_s=5", headers=good)).json()
    alone = await (await station.client.get(f"/v1/timeline/cho/main?{query}", headers=good)).json()
    assert both == {"cameras": {"cho": alone, "chua-ghi": {"runs": [], "gaps": []}}}
    many = ",".join(f"c{number}" for number in range(101))
    everything = {"Authorization": f"Bearer {station.token('history', ['*'], (start, end))}"}
    for cameras, header, status in (("cho,khac", good, 403), ("", good, 400), (",", good, 400), (many, everything, 400)):
        answer = await station.client.get(f"/v1/timelines?cams={cameras}&{query}", headers=header)
        assert answer.status == status, cameras


async def test_days_are_told_by_status_and_by_history(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    history = {"Authorization": f"Bearer {station.token('history', ['cho'], (start, end))}"}
    status = {"Authorization": f"Bearer {station.token('status', ['cho'])}"}
    told = await (await station.client.get(f"/v1/days/cho/main?from={start}&to={end}", headers=history)).json()
    assert sum(day["covered_s"] for day in told["days"]) == pytest.approx(end - start, abs=0.3)
    assert all(day["bytes"] > 0 and day["gaps"] == 0 for day in told["days"])
    wide = f"from={start - 5 * 86_400}&to={end}"
    days = (await (await station.client.get(f"/v1/days/cho/main?{wide}&zone=UTC", headers=status)).json())["days"]
    assert len(days) in (6, 7)
    assert days[0] | {"day": ""} == {"day": "", "covered_s": 0, "gaps": 0, "longest_gap_s": 0, "bytes": 0}
    for path, header, code in (
        (f"/v1/days/cho/main?{wide}", history, 403), (f"/v1/days/khac/main?{wide}", status, 403),
        (f"/v1/days/cho/main?{wide}&zone=Xa/La", status, 400), (f"/v1/days/cho/main?{wide}&zone=../../etc", status, 400),
        (f"/v1/days/cho/main?{wide}&zone=", status, 400), ("/v1/days/cho/main?from=1&to=99999999", status, 400),
        (f"/v1/days/cho/sub?{wide}", status, 200),
    ):  # fmt: skip
        assert (await station.client.get(path, headers=header)).status == code, path


async def test_hls_plays_in_ffmpegs_eyes(station: Station) -> None:
    await station.until(recording(station))
    start, end = await span(station)
    allowed = station.token("history", ["cho"], (start, end))
    playlist = str(station.client.make_url(f"/v1/hls/cho/main/index.m3u8?from={start}&to={end}&token={allowed}"))

    def frames() -> int:
        with av.open(playlist, options={"allowed_extensions": "ALL"}) as container:
            return sum(1 for _ in container.decode(video=0))

    assert await asyncio.to_thread(frames) >= 40


async def read_channel(
    socket: aiohttp.ClientWebSocketResponse, fragments: int
) -> tuple[list[dict[str, Any]], list[tuple[int, int, int, bytes]]]:
    told: list[dict[str, Any]] = []
    got: list[tuple[int, int, int, bytes]] = []
    async with asyncio.timeout(15):
        while sum(kind == 2 for kind, _, _, _ in got) < fragments:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                told.append(json.loads(message.data))
            elif message.type is aiohttp.WSMsgType.BINARY:
                kind, flags, channel, _ = struct.unpack_from(">BBHI", message.data)
                got.append((kind, flags, channel, message.data[8:]))
            else:
                raise AssertionError(message)
    return told, got


async def test_live_of_two_streams_over_one_socket(station: Station) -> None:
    await station.until(recording(station))
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}", origin="http://trang.xa") as socket:
        await socket.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "main"})
        await socket.send_json({"op": "open", "ch": 2, "camera": "cho", "stream": "sub"})
        await socket.send_json({"op": "open", "ch": 3, "camera": "khac", "stream": "sub"})
        told, got = await read_channel(socket, 30)
    assert any(item.get("event") == "refused" for item in told)
    for channel, width in ((1, 640), (2, 320)):
        mine = [(kind, flags, data) for kind, flags, number, data in got if number == channel]
        assert mine[0][0] == 1
        assert mine[1][1] & 1, "the first fragment starts a GOP"
        with av.open(io.BytesIO(b"".join(data for _, _, data in mine))) as container:
            frames = list(container.decode(video=0))
        assert (frames[0].width, len(frames) > 5) == (width, True)
    assert len(station.camera.ledger.connections("/cam1/main")) == 1


async def test_a_sub_stream_is_opened_for_watching_and_closed_after(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luytre.media.recorder.fleet.LINGER_S", 0.05)
    await station.until(recording(station, 5))
    sub = station.fleet.cameras["cho"].sub
    assert sub is not None
    assert (sub.session, station.camera.ledger.connections("/cam1/sub")) == (None, [])
    url = f"/v1/live?token={station.token('live', ['cho'])}"
    async with station.client.ws_connect(url) as one, station.client.ws_connect(url) as two:
        for socket in (one, two):
            await socket.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "sub"})
            await read_channel(socket, 3)
        assert sub.hub.viewers == 2
        assert len(station.camera.ledger.connections("/cam1/sub")) == 1, "one connection however many watch"
    await station.until(lambda: sub.session is None)
    await span(station)
    assert [facts.stream for facts in station.fleet.archive.streams()] == ["main"], "what is only watched is not recorded"


async def test_a_foreign_page_gets_no_live(station: Station) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await station.client.ws_connect(f"/v1/live?token={station.token('live')}", origin="http://evil.example")
    assert refused.value.status == 403


async def test_a_token_that_runs_out_ends_a_running_stream(station: Station) -> None:
    await station.until(recording(station))
    socket = await station.client.ws_connect(f"/v1/live?token={station.token('live', life_s=2)}")
    await socket.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "main"})
    async with asyncio.timeout(15):
        while not socket.closed:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.CLOSE:
                break
    assert socket.close_code == 4401


async def told_until(socket: aiohttp.ClientWebSocketResponse, event: str) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            message = await socket.receive()
            assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
            if message.type is aiohttp.WSMsgType.TEXT and json.loads(message.data)["event"] == event:
                told: dict[str, Any] = json.loads(message.data)
                return told


async def test_a_short_token_is_told_at_the_last_quarter_of_its_life(station: Station) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', life_s=12)}") as socket:
        began_s = station.clock.mono_s()
        told = await told_until(socket, "token_expires")
        assert told["in_s"] <= 3
        assert station.clock.mono_s() - began_s > 7


async def test_a_renewed_token_that_covers_less_closes_what_it_does_not_and_says_why(station: Station) -> None:
    await station.until(recording(station))
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}") as socket:
        await socket.send_json({"op": "open", "ch": 4, "camera": "cho", "stream": "main"})
        await read_channel(socket, 1)
        await socket.send_json({"op": "token", "token": station.token("live", ["khac"])})
        assert await told_until(socket, "closed") == {"ch": 4, "event": "closed", "reason": "scope"}
        await socket.send_json({"op": "open", "ch": 9, "camera": "cho", "stream": "main"})
        refused = await told_until(socket, "refused")
        assert (refused["ch"], bool(refused["sentence"])) == (9, True)
        await socket.send_json({"op": "nonsense"})
        await socket.send_str("[")
        assert "ch" not in await told_until(socket, "refused")


async def test_status_and_metrics_and_no_password_anywhere(station: Station) -> None:
    await station.until(recording(station))
    status = await (await station.client.get("/v1/status", headers={"Authorization": f"Bearer {station.token('status')}"})).text()
    camera = json.loads(status)["cameras"][0]
    assert (camera["state"], camera["width"], camera["problem"]) == ("recording", 640, None)
    metrics = await (await station.client.get(f"/metrics?token={station.token('metrics')}")).text()
    assert 'luytre_camera_up{camera="cho",stream="main"} 1.0' in metrics
    for name in ("luytre_packets_total", "luytre_packets_lost_total"):
        assert f'{name}{{camera="cho",stream="main"}}' in metrics
    assert PASSWORD not in status + metrics


async def test_probe_shows_a_picture_or_says_what_is_wrong(station: Station) -> None:
    head = {"Authorization": f"Bearer {station.token('manage')}"}
    url = station.camera.url(login=False)
    good = await (
        await station.client.post("/v1/probe", json={"url": url, "username": "admin", "password": PASSWORD}, headers=head)
    ).json()
    assert (good["ok"], good["width"], good["codec"]) == (True, 640, "h264")
    assert good["picture_jpeg_base64"].startswith("/9j/")
    bad = await station.client.post("/v1/probe", json={"url": url, "username": "admin", "password": "sai"}, headers=head)
    said = await bad.json()
    assert (said["ok"], said["problem"]) == (False, "wrong_password")
    assert "sai" not in await bad.text()
    assert (await station.client.post("/v1/probe", data=b"[", headers=head)).status == 400


async def test_a_changed_camera_keeps_its_viewers_and_an_unchanged_one_its_run(station: Station) -> None:
    await station.until(recording(station))
    before = station.fleet.cameras["cho"]
    await station.fleet.apply(CameraList((before.config,), (), 30.0))
    assert station.fleet.cameras["cho"] is before
    async with station.client.ws_connect(f"/v1/live?token={station.token('live')}") as socket:
        await socket.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "main"})
        await read_channel(socket, 3)
        changed = CameraConfig("cho", "Chợ", True, station.camera.url("/cam1/sub", login=False), None, "admin", PASSWORD)
        await station.fleet.apply(CameraList((changed,)))
        _, got = await read_channel(socket, 5)
    assert any(kind == 1 for kind, _, _, _ in got), "a new init segment for the new stream"


async def test_times_are_iso_or_seconds(station: Station) -> None:
    await span(station)
    head = {"Authorization": f"Bearer {station.token('history', ['cho'], (0, 2e9))}"}
    for start in ("2026-11-24T14:05:00+07:00", to_iso(90_000), "12.5"):
        answer = await station.client.get("/v1/timeline/cho/main", params={"from": start, "to": "1999999999"}, headers=head)
        assert answer.status == 200
    for start in ("hôm qua", "2026-11-24T14:05:00", ""):
        answer = await station.client.get("/v1/timeline/cho/main", params={"from": start, "to": "1999999999"}, headers=head)
        assert answer.status == 400
