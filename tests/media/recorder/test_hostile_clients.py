"""Clients that mean harm: tokens that are odd, pages that do not read, messages that are none. Recording does not notice."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import struct
from typing import Any

import aiohttp
import jwt
import pytest

from luytre.base.clock import FakeClock
from luytre.media.recorder import live
from luytre.media.recorder.tokens import Gatekeeper, InvalidToken
from tests.media.recorder.test_http import KEY, Station, recording, span, station

__all__ = ["station"]
INFINITE = float("inf")


def claims(now_s: float, **more: Any) -> dict[str, Any]:
    made = {"iss": "luytre-web", "aud": "luytre-recorder", "sub": "7", "iat": now_s, "exp": now_s + 60, "right": "history"}
    return made | {"cams": ["cho"], "from": now_s - 60, "to": now_s} | more


def check(token: str, clock: FakeClock) -> None:
    Gatekeeper(KEY, clock).check(token)


@pytest.mark.parametrize(
    "odd",
    [
        {"exp": float("nan")},
        {"exp": INFINITE},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 10**30},
        {"iat": float("nan")},
        {"iat": -INFINITE},
        {"from": -INFINITE},
        {"to": INFINITE},
        {"to": float("nan")},
        {"to": "9999999999"},
        {"from": False},
        {"to": 10**400},
        {"cams": "cho"},
        {"cams": [["cho"]]},
        {"cams": None},
        {"right": None, "exp": None},
    ],
)
def test_claims_that_are_no_times_or_lists(odd: dict[str, Any]) -> None:
    clock = FakeClock()
    now_s = clock.utc_90k() / 90_000
    check(jwt.encode(claims(now_s), KEY, algorithm="HS256"), clock)
    with pytest.raises(InvalidToken):
        check(jwt.encode(claims(now_s) | odd, KEY, algorithm="HS256"), clock)


def test_a_token_from_the_far_future_does_not_live_until_then() -> None:
    clock = FakeClock()
    later_s = clock.utc_90k() / 90_000 + 10 * 365 * 86_400
    with pytest.raises(InvalidToken):
        check(jwt.encode(claims(later_s), KEY, algorithm="HS256"), clock)


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_other_algorithms(algorithm: str) -> None:
    clock = FakeClock()
    with pytest.raises(InvalidToken):
        check(jwt.encode(claims(clock.utc_90k() / 90_000), None if algorithm == "none" else KEY, algorithm=algorithm), clock)


# -- over HTTP -------------------------------------------------------------------------------------------------------------


async def test_odd_numbers_in_a_query_are_told_or_passed_over(station: Station) -> None:
    await station.until(recording(station))
    begin, end = await span(station)
    token = station.token("export", span_s=(begin - 5, end + 5))
    good = {"token": token, "from": str(begin), "to": str(end)}
    for part in ("²", "٣٣", "9" * 5000, "-1", "1e9", ""):
        assert (await station.client.get("/v1/mp4/cho/main", params=good | {"part": part})).status == 404
    live_token = station.token("live")
    for width in ("²", "9" * 5000, "0", "1", "-5"):
        answer = await station.client.get("/v1/picture/cho/main", params={"token": live_token, "w": width})
        assert answer.status == 200
    for at in ("nan", "inf", "-1", "1e5", "9" * 400, "²"):
        assert (await station.client.get("/v1/timeline/cho/main", params=good | {"from": at})).status in (400, 403)


async def test_tokens_stay_out_of_referers(station: Station) -> None:
    answer = await station.client.get("/v1/health", headers={"Origin": "null"})
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("cam", ["cho", "khac", "..%2f..%2fcho", "%00", "cho%0d%0aX-Evil:%201"])
async def test_who_may_not_does_not_learn_which_cameras_there_are(cam: str, station: Station) -> None:
    head = {"Authorization": f"Bearer {station.token('export', ['another'], span_s=(0, 9e9))}"}
    query = "?from=1000&to=2000"
    for route in ("timeline/{}/main", "hls/{}/main/index.m3u8", "segment/{}/main/1.mp4", "export/{}/main", "mp4/{}/main"):
        url = str(station.client.make_url("/v1/")) + route.format(cam) + query
        async with station.client.session.get(aiohttp.client.URL(url, encoded=True), headers=head) as answer:
            assert answer.status == 403
            assert "X-Evil" not in answer.headers


async def test_messages_that_are_none_close_nothing(station: Station) -> None:
    odd = [
        "[" * 60_000,
        '{"op":"open","ch":1e400,"camera":"cho"}',
        '{"op":"open","ch":NaN,"camera":"cho"}',
        "[]",
        "null",
        '"x"',
        "{}",
    ]
    odd += [
        '{"op":"open","ch":"' + "9" * 5000 + '","camera":"cho"}',
        '{"op":"token","token":{}}',
        '{"op":"close","ch":[]}',
        "\x00",
    ]
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}") as page:
        for text in odd:
            await page.send_str(text)
        await page.send_bytes(b"\xff" * 1000)
        await page.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "main"})
        async with asyncio.timeout(15):
            while (message := await page.receive()).type is not aiohttp.WSMsgType.BINARY:
                assert message.type is aiohttp.WSMsgType.TEXT


@pytest.mark.parametrize("body", [b"[" * 60_000, b"\xff\xfe", b"[]", b"null", b'{"url": NaN}'])
async def test_a_probe_of_what_is_no_request(body: bytes, station: Station) -> None:
    head = {"Authorization": f"Bearer {station.token('manage')}", "Content-Type": "application/json; charset=none-such"}
    answer = await station.client.post("/v1/probe", data=body, headers=head)
    assert answer.status == 400


async def connected_page(station: Station, token: str) -> socket.socket:
    """A page that asks for fifty pictures and then reads nothing, not even pings."""
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    page.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(page, ("127.0.0.1", station.client.port or 0))
    key = base64.b64encode(bytes(16)).decode()
    head = f"GET /v1/live?token={token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    await loop.sock_sendall(page, f"{head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
    for number in range(50):
        text = f'{{"op":"open","ch":{number},"camera":"cho","stream":"main"}}'.encode()
        await loop.sock_sendall(page, bytes((0x81, 0x80 | len(text))) + bytes(4) + text)
    return page


async def test_a_page_that_never_reads_is_let_go_of(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 1.0)
    await station.until(recording(station, 5))
    main = station.fleet.cameras["cho"].main
    page = await connected_page(station, station.token("live", ["cho"]))
    await station.until(lambda: main.hub.viewers == 50)
    await station.until(lambda: main.hub.viewers == 0)
    server = station.client.server.handler  # type: ignore[attr-defined]
    await station.until(lambda: not server.connections)
    assert main.session is not None
    before = main.session.frames
    await station.until(lambda: main.session is not None and main.session.frames > before + 10)
    assert main.session.gaps == 0
    page.close()


async def test_a_page_that_never_reads_keeps_no_right_that_ran_out(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "STALL_S", 0.5)
    await station.until(recording(station, 5))
    main = station.fleet.cameras["cho"].main
    page = await connected_page(station, station.token("live", ["cho"], life_s=3))
    await station.until(lambda: main.hub.viewers == 50)
    await station.until(lambda: main.hub.viewers == 0)
    page.close()


async def test_pages_that_come_and_go_leave_nothing_behind(station: Station) -> None:
    await station.until(recording(station, 5))
    main = station.fleet.cameras["cho"].main
    tasks, files = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))
    for turn in range(30):
        page = await connected_page(station, station.token("live", ["cho"]))
        if turn % 3:
            await station.until(lambda: main.hub.viewers > 0)
        if turn % 2:
            page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset instead of a goodbye
        page.close()
    await station.until(lambda: main.hub.viewers == 0)
    await station.until(lambda: len(asyncio.all_tasks()) <= tasks)
    await station.until(lambda: len(os.listdir("/proc/self/fd")) <= files + 5)  # the archive opens and closes some of its own
    assert main.session is not None
    assert main.session.gaps == 0
