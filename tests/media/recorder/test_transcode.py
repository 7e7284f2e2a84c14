"""H.265 for browsers that cannot show it: coded again live and looking back, in bounds, and recording does not notice."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from bisect import bisect_right
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from luytre.base.clock import TICKS_PER_S, FakeClock, SystemClock, from_iso
from luytre.media.archive import Archive
from luytre.media.recorder import transcoders as room
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraConfig, CameraList
from luytre.media.recorder.coding_child import CodingChild
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import DESK, Desk, make_app
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.tokens import Gatekeeper
from luytre.media.recorder.transcoders import LiveTranscode, Transcoders
from luytre.media.source.ticker import Ticker
from tests.media.recorder.test_http import KEY, Client, Station
from tests.media.transcode.test_recode import judged_clean, run_of, times_of
from tests.support.clips import ClipLibrary

KEYS = ("mot", "hai", "ba")


@pytest.fixture
async def station(tmp_path: Path, camera_server: Any, clips: ClipLibrary) -> AsyncIterator[Station]:
    """Three H.265 cameras, two of which may be coded again at once."""
    camera = camera_server(clips("h265"))
    clock = SystemClock()
    archive = Archive.open(tmp_path / "archive", clock=clock)
    ticker = Ticker()
    ticker.after(archive.flush_tick)
    fleet = Fleet(archive, ticker, clock)
    await fleet.apply(CameraList(tuple(CameraConfig(key, key, True, camera.url(), "", "", "") for key in KEYS)))
    desk = Desk(
        fleet, Gatekeeper(KEY, clock), StatusBoard(fleet), None, frozenset(), asyncio.Semaphore(2), transcoders=Transcoders(2)
    )
    client: Client = TestClient(TestServer(make_app(desk, archive_routes())))
    await client.start_server()
    yield Station(client, fleet, clock, camera, desk.thumbs)
    await client.close()
    assert desk.transcoders.pids() == []
    await fleet.stop()
    ticker.close()
    await asyncio.to_thread(archive.close)


def transcoders(station: Station) -> Transcoders:
    assert station.client.app is not None
    return station.client.app[DESK].transcoders


def is_whole(station: Station) -> bool:
    """Every camera records, and nothing is missing."""
    sessions = [camera.main.session for camera in station.fleet.cameras.values()]
    return all(session is not None and session.frames and not session.gaps and not session.faults for session in sessions)


class Heard:
    """What a page was told on its channels."""

    def __init__(self, page: aiohttp.ClientWebSocketResponse) -> None:
        self.page = page
        self.inits: dict[int, tuple[str, bytes]] = {}
        self.fragments: dict[int, list[bytes]] = {}
        self.closed: dict[int, dict[str, Any]] = {}
        self.refused: list[dict[str, Any]] = []
        self.masked: set[int] = set()
        self._mime: dict[int, str] = {}

    async def open(self, channel: int, camera: str, **more: str) -> None:
        await self.page.send_json({"op": "open", "ch": channel, "camera": camera, "stream": "sub"} | more)

    async def until(self, true: Any, seconds: float = 40) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                self._note(await self.page.receive())

    def count(self, channel: int) -> int:
        return len(self.fragments.get(channel, []))

    def _note(self, message: aiohttp.WSMessage) -> None:
        if message.type is aiohttp.WSMsgType.TEXT:
            told = message.json()
            if told["event"] == "init":
                self._mime[told["ch"]] = told["mime"]
                self.masked |= {told["ch"]} if told.get("masked") else set()
            elif told["event"] == "closed":
                self.closed[told["ch"]] = told
            elif told["event"] == "refused":
                self.refused.append(told)
            return
        assert message.type is aiohttp.WSMsgType.BINARY, message
        kind, channel = message.data[0], int.from_bytes(message.data[2:4], "big")
        if kind == 1:
            self.inits[channel] = (self._mime[channel], message.data[8:])
            self.fragments[channel] = []
        else:
            self.fragments[channel].append(message.data[8:])


async def test_live_coded_again_keeps_its_times_and_the_third_is_refused(station: Station) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live')}") as page:
        heard = Heard(page)
        await heard.open(1, "mot", **{"as": "h264"})
        await heard.open(2, "hai", **{"as": "h264"})
        await heard.open(3, "ba", **{"as": "h264"})
        await heard.open(4, "mot")
        await heard.open(5, "mot", **{"as": "vp9"})
        await heard.until(lambda: heard.count(1) > 30 and heard.count(2) > 30)
        before = heard.count(1), heard.count(2)
        await heard.until(lambda: heard.count(1) > before[0] + 20 and heard.count(2) > before[1] + 20)
        assert (heard.closed[3]["reason"], heard.count(3), len(heard.refused)) == ("transcode_limit", 0, 1)
        assert "H.265" in heard.closed[3]["sentence"]
    assert "avc1" in heard.inits[1][0]
    assert "hvc1" in heard.inits[4][0]
    assert judged_clean(heard.inits[1][1] + b"".join(heard.fragments[1])) > 40
    source, coded = times_of(heard.fragments[4]), times_of(heard.fragments[1])
    both = [time for time in source if coded[0] <= time <= coded[-1]]
    assert both == [time for time in coded if source[0] <= time <= source[-1]]
    assert len(both) > 30
    assert (transcoders(station).refused, transcoders(station).failures) == (1, 0)
    assert is_whole(station)


async def test_one_transcode_serves_all_and_ends_after_the_last(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LINGER_S", 0.2)
    async with station.client.ws_connect(f"/v1/live?token={station.token('live')}") as first:
        one = Heard(first)
        await one.open(1, "mot", **{"as": "h264"})
        await one.until(lambda: one.count(1) > 5)
        (pid,) = transcoders(station).pids()
        assert os.getpriority(os.PRIO_PROCESS, pid) >= 10
        async with station.client.ws_connect(f"/v1/live?token={station.token('live')}") as second:
            two = Heard(second)
            await two.open(7, "mot", **{"as": "h264"})
            await two.until(lambda: two.count(7) > 5)
            assert transcoders(station).pids() == [pid]
            await second.send_json({"op": "close", "ch": 7})
        before = one.count(1)
        await one.until(lambda: one.count(1) > before + 20)
    await station.until(lambda: not transcoders(station).seats)
    await station.until(lambda: not Path(f"/proc/{pid}").exists())
    assert transcoders(station).failures == 0


async def test_a_killed_child_is_told_and_recording_has_no_gap(station: Station) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live')}") as page:
        heard = Heard(page)
        await heard.open(1, "mot", **{"as": "h264"})
        await heard.until(lambda: heard.count(1) > 5)
        os.kill(transcoders(station).pids()[0], signal.SIGKILL)
        await heard.until(lambda: 1 in heard.closed)
        assert heard.closed[1]["reason"] == "transcode_failed"
        await heard.open(2, "mot", **{"as": "h264"})
        await heard.until(lambda: heard.count(2) > 5)
    assert transcoders(station).failures == 1
    assert is_whole(station)


class SlowChild:
    """Takes a fragment whenever `ready` says so."""

    def __init__(self) -> None:
        self.ready = asyncio.Semaphore(0)
        self.fed: list[bytes] = []

    async def begin(self, init: bytes, order: object) -> None: ...

    async def feed(self, fragments: bytes) -> None:
        self.fed.append(fragments)
        await self.ready.acquire()


async def test_what_comes_to_its_turn_too_late_is_left_out_by_whole_gops() -> None:
    kept, clock, child = run_of(batch=5), FakeClock(), SlowChild()
    assert kept.init is not None
    live = LiveTranscode(lambda: None, clock)
    giving = asyncio.ensure_future(live._give(cast(CodingChild, child)))
    live._taken.begin(kept.init)
    begin = clock.utc_90k()
    starts = [index for index, fragment in enumerate(kept.fragments) if fragment.starts_gop]
    assert len(starts) == 5
    for index, fragment in enumerate(kept.fragments):  # each GOP begins 1.5 s after the one before
        at = begin + (bisect_right(starts, index) - 1) * 3 * TICKS_PER_S // 2
        live._taken.push(replace(fragment, data=bytes([index]), start_utc_90k=at))
    clock.advance(6.0)
    for _ in kept.fragments:
        child.ready.release()
    live._taken.close()
    await giving
    left_out = set(range(starts[1], starts[3]))  # 4.5 s and 3 s late; the fourth and fifth are not
    assert [data[0] for data in child.fed] == [index for index in range(len(kept.fragments)) if index not in left_out]


async def footage(station: Station, seconds: float = 4) -> tuple[float, float]:
    """Waits until all have so much in common; the span."""

    def common() -> tuple[int, int]:
        found = station.fleet.archive.streams()
        if len(found) < 3:
            return 0, 0
        return max(one.oldest_utc_90k for one in found), min(one.newest_utc_90k for one in found)

    await station.until(lambda: common()[1] - common()[0] > seconds * TICKS_PER_S, 40)
    start, end = common()
    return start / TICKS_PER_S, end / TICKS_PER_S


async def get(station: Station, path: str, head: dict[str, str]) -> tuple[int, bytes]:
    async with station.client.session.get(station.client.make_url(path), headers=head) as answer:
        return answer.status, await answer.read()


async def playlist(station: Station, camera: str, span: tuple[float, float], head: dict[str, str]) -> str:
    status, text = await get(station, f"/v1/hls/{camera}/main/index.m3u8?from={span[0]}&to={span[1]}&as=h264", head)
    assert status == 200
    return text.decode()


async def test_a_playlist_of_pieces_made_on_request(station: Station) -> None:
    span = await footage(station)
    head = {"Authorization": f"Bearer {station.token('history', ['mot'], span)}"}
    text = await playlist(station, "mot", span, head)
    addresses = [line for line in text.splitlines() if line.startswith("/v1/h264/mot/main/")]
    told_s = [from_iso(one) / TICKS_PER_S for one in re.findall(r"PROGRAM-DATE-TIME:(\S+)", text)]
    lengths_s = [float(one) for one in re.findall(r"#EXTINF:([\d.]+)", text)]
    status, init = await get(station, re.findall(r'MAP:URI="([^"]+)"', text)[0], head)
    pieces = [await get(station, address, head) for address in addresses]
    assert (status, {one[0] for one in pieces}, len(pieces)) == (200, {200}, len(told_s))
    assert judged_clean(init + b"".join(data for _, data in pieces)) == round(sum(lengths_s) * 25)
    begins = [times_of([data])[0] / TICKS_PER_S for _, data in pieces]
    segments = station.fleet.archive.segments("mot", "main", *(round(edge * TICKS_PER_S) for edge in span))
    gops = [gop for segment in segments for gop in segment.gops]
    named = [min(gops, key=lambda gop: abs(gop.utc_90k / TICKS_PER_S - told)) for told in told_s]
    assert [gop.utc_90k / TICKS_PER_S for gop in named] == pytest.approx(told_s, abs=0.0011)
    assert begins == pytest.approx([gop.dts_90k / TICKS_PER_S for gop in named], abs=0.0001), "each where its GOP was"
    assert max(lengths_s) <= 3
    assert is_whole(station)
    assert [await get(station, address, head) for address in addresses] == pieces


async def test_beyond_the_limit_a_sentence_and_what_is_kept_is_still_given(station: Station) -> None:
    span = await footage(station, 3)
    head = {"Authorization": f"Bearer {station.token('history', list(KEYS), span)}"}
    first = {}
    for camera in KEYS:
        text = await playlist(station, camera, span, head)
        first[camera] = next(line for line in text.splitlines() if line.startswith("/v1/h264/"))
    good = [await get(station, first[camera], head) for camera in KEYS[:2]]
    assert [status for status, _ in good] == [200, 200]
    for language, words in (("vi", "H.265"), ("en", "as many pictures as it may at once")):
        status, body = await get(station, first["ba"], head | {"Accept-Language": language})
        assert (status, b"TranscodeLimit" in body, words in body.decode()) == (503, True, True)
    assert (await get(station, first["mot"], head)) == good[0]
    metrics = await get(station, "/metrics", {"Authorization": f"Bearer {station.token('metrics')}"})
    assert b"luytre_transcodes 2.0" in metrics[1]
    assert b"luytre_transcodes_refused_total 2.0" in metrics[1]


async def test_a_child_killed_between_pieces_is_told_and_the_next_request_has_a_new_one(station: Station) -> None:
    span = await footage(station, 5)
    head = {"Authorization": f"Bearer {station.token('history', ['mot'], span)}"}
    addresses = [line for line in (await playlist(station, "mot", span, head)).splitlines() if line.startswith("/v1/h264/")]
    assert (await get(station, addresses[0], head))[0] == 200
    os.kill(transcoders(station).pids()[0], signal.SIGKILL)
    status, body = await get(station, addresses[1], head)
    assert (status, b"TranscodeFailed" in body) == (503, True)
    assert (await get(station, addresses[1], head))[0] == 200
    assert is_whole(station)


async def test_only_what_a_playlist_names_is_coded(station: Station) -> None:
    span = await footage(station, 3)
    head = {"Authorization": f"Bearer {station.token('history', ['mot'], span)}"}
    address = next(line for line in (await playlist(station, "mot", span, head)).splitlines() if line.startswith("/v1/h264/"))
    folder, _, place = address.rpartition("/")
    start, end = place.removesuffix(".mp4").split("-")
    for odd in (f"{int(start) + 1}-{end}", f"{start}-{start}", f"{end}-{start}", f"{start}-{10**11}", f"0-{end}"):
        assert (await get(station, f"{folder}/{odd}.mp4", head))[0] == 404, odd
    assert (await get(station, f"{folder}/{start}-{int(end) - 1}.mp4", head))[0] == 503, "not at a fragment's end"
    assert (await get(station, address.replace("/mot/", "/hai/"), head))[0] == 403
    earlier = {"Authorization": f"Bearer {station.token('history', ['mot'], (span[0] - 9000, span[0] - 8000))}"}
    assert (await get(station, address, earlier))[0] == 403
    status, _ = await get(station, f"/v1/hls/mot/main/index.m3u8?from={span[0]}&to={span[1]}&as=vp9", head)
    assert status == 400
