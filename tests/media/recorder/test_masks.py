"""Homes stay hidden: every route of the recorder, walked as somebody who may see a camera with its masks alone.

What comes is decoded, and its pixels are looked at; the same walk with a token that sees everything proves that the eye works.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from luytre.base.clock import FakeClock, SystemClock
from luytre.base.polygons import Polygon
from luytre.media.archive import Archive
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraConfig, CameraList, parse_list
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import DESK, Desk, make_app
from luytre.media.recorder.rights import RULES, Names
from luytre.media.recorder.running import Running
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.tokens import Gatekeeper, Grant
from luytre.media.recorder.transcoders import Transcoders
from luytre.media.source.ticker import Ticker
from luytre.media.unit.masks import Masks
from tests.media.recorder.test_http import KEY, Client, Station, span
from tests.media.recorder.test_transcode import Heard, get
from tests.support.clips import ClipLibrary

LEFT: Polygon = ((1000, 2000), (4500, 2000), (4500, 9000), (1000, 9000))
RIGHT: Polygon = ((5500, 2000), (9000, 2000), (9000, 9000), (5500, 9000))
NO_PICTURE = {"application/json", "text/plain"}
SEES_ALL = {"unmasked": ["*"]}


@dataclass
class Walk:
    """What one token was given."""

    flat: dict[str, tuple[float, float]]
    """By what was asked: how much the pixels of the left and of the right differ from each other, at most over all pictures."""
    refused: dict[str, int]


def config(camera: Any, masks: Masks | None, key: str = "cho", **more: Any) -> CameraConfig:
    return CameraConfig(key, key, True, camera.url(), camera.url("/cam1/sub"), "", "", masks=masks, **more)


@pytest.fixture
async def station(tmp_path: Path, camera_server: Any, clips: ClipLibrary) -> AsyncIterator[Station]:
    """A camera with a mask on the left of it, one picture of which at a time may be masked beside one that looks back."""
    camera = camera_server(clips("h264-large"), sub=clips("h264"))
    clock = SystemClock()
    archive = Archive.open(tmp_path / "archive", clock=clock)
    ticker = Ticker()
    ticker.after(archive.flush_tick)
    fleet = Fleet(archive, ticker, clock)
    await fleet.apply(CameraList((config(camera, Masks(1, (LEFT,))), config(camera, None, "hai"))))
    desk = Desk(
        fleet, Gatekeeper(KEY, clock), StatusBoard(fleet), None, frozenset(), asyncio.Semaphore(2), transcoders=Transcoders(2, 4)
    )
    client: Client = TestClient(TestServer(make_app(desk, archive_routes())))
    await client.start_server()
    yield Station(client, fleet, clock, camera, desk.thumbs)
    await client.close()
    assert desk.transcoders.pids() == []
    await fleet.stop()
    ticker.close()
    await asyncio.to_thread(archive.close)


def desk(station: Station) -> Desk:
    assert station.client.app is not None
    return station.client.app[DESK]


@pytest.fixture
async def h265(tmp_path: Path, camera_server: Any, clips: ClipLibrary, station: Station) -> Station:
    """The same with an H.265 camera in the first one's place."""
    camera = camera_server(clips("h265"))
    await station.fleet.apply(CameraList((config(station.camera, None, "hai"),)))
    changed = replace(config(camera, Masks(1, (LEFT,))), sub_url=None)
    await station.fleet.apply(CameraList((changed, config(station.camera, None, "hai"))))
    return station


async def put_masks(station: Station, masks: Masks | None, **more: Any) -> None:
    await station.fleet.apply(CameraList((config(station.camera, masks, **more), config(station.camera, None, "hai"))))


def spread(luma: np.ndarray[Any, Any], home: Polygon) -> float:
    """Of the pixels well within the home: 0 to some for grey, dozens for a street."""
    height, width = luma.shape
    (left, top), (right, bottom) = home[0], home[2]
    inset = 16
    cut = luma[
        top * height // 10_000 + inset : bottom * height // 10_000 - inset,
        left * width // 10_000 + inset : right * width // 10_000 - inset,
    ]
    return float(cut.astype(float).std())


def of_video(data: bytes, home: Polygon) -> float:
    with av.open(io.BytesIO(data)) as container:
        found = [spread(frame.to_ndarray(format="gray"), home) for frame in container.decode(video=0)]
    assert found, "no picture"
    return max(found)


def of_jpeg(data: bytes, home: Polygon) -> float:
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    return spread(decoder.decode(av.Packet(data))[0].to_ndarray(format="gray"), home)


def addresses(route: str, at: tuple[float, float], segments: list[tuple[int, list[int]]]) -> list[str]:
    """Every way in which somebody might ask of a route."""
    ends = f"from={at[0]}&to={at[1]}&part=1&cams=cho"
    queries = [f"{ends}&at={at[0] + 1}&w=320", f"{ends}&as=h264&lang=en", "w=0"]
    paths = [route.replace("{cam}", "cho").replace("{stream}", stream) for stream in ("main", "sub")]
    if "{id}" in route:
        made = []
        for number, starts in segments:
            whole = [path.replace("{id}", str(number)) for path in paths]
            if "{from}" in route:
                whole = [one.replace("{from}-{to}", f"{starts[0]}-{starts[1]}") for one in whole]
            made += whole
        paths, queries = made, ["as=h264&lang=vi"]
    assert not any("{" in path for path in paths), f"how is {route} asked?"
    return [f"{path}?{query}" for path in paths for query in queries]


async def walk(station: Station, at: tuple[float, float], **claims: Any) -> Walk:
    """Every route that names a camera in its path, in every way, with each right that a token may have."""
    found = await asyncio.to_thread(
        station.fleet.archive.queries.segments, "cho", "main", round(at[0] * 90_000), round(at[1] * 90_000)
    )
    segments = [(one.id, [gop.offset_bytes for gop in one.gops] + [one.size_bytes]) for one in found]
    walked = Walk({}, {})
    for (method, route), rule in RULES.items():
        if rule.names is not Names.PATH:
            continue
        for right in ("live", "history", "export"):
            head = {"Authorization": f"Bearer {station.token(right, ['cho'], at, **claims)}"}
            for address in addresses(route, at, segments):
                for more in ({}, {"Range": "bytes=3000-"}):
                    await ask(station, walked, (method, address), head | more)
    return walked


async def ask(station: Station, walked: Walk, what: tuple[str, str], head: dict[str, str]) -> None:
    url = station.client.make_url(what[1])
    async with station.client.session.request(what[0], url, headers=head) as answer:
        body, kind = await answer.read(), answer.content_type
    name = f"{what[1]} {head.get('Range', '')}"
    if answer.status >= 400:
        assert kind in NO_PICTURE, name
        walked.refused[name] = max(answer.status, walked.refused.get(name, 0))
    elif kind == "image/jpeg":
        walked.flat[name] = of_jpeg(body, LEFT), of_jpeg(body, RIGHT)
    elif kind == "application/vnd.apple.mpegurl":
        for address in re.findall(r'^(/v1/\S+)|URI="([^"]+)"', body.decode(), re.MULTILINE):
            if (one := "".join(address)).endswith("/init.mp4") or "/segment/" in one:
                await ask(station, walked, ("GET", one), head)
    elif kind == "video/mp4":
        if answer.status == 206 and "bytes=3000" in name:
            walked.flat[name] = 255.0, 255.0  # a part of what lies there
        elif "/init.mp4" not in what[1]:
            init = await init_of(station, what[1], head) if "/h264/" in what[1] else b""
            walked.flat[name] = of_video(init + body, LEFT), of_video(init + body, RIGHT)
    else:
        assert kind in NO_PICTURE, f"{name}: {kind} is nothing that this walk can look into"


async def init_of(station: Station, address: str, head: dict[str, str]) -> bytes:
    status, init = await get(station, re.sub(r"/[^/]*$", "/init.mp4", address), head)
    assert status == 200
    return init


async def test_no_route_shows_what_a_mask_hides(station: Station) -> None:
    at = await span(station)
    seen, masked = await walk(station, at, **SEES_ALL), await walk(station, at)
    assert {name: flat for name, flat in masked.flat.items() if flat[0] > 3} == {}
    assert {status for name, status in masked.refused.items() if "/v1/segment/" in name} == {403, 404}
    kinds = {name.split("/")[2] for name in masked.flat}
    assert kinds == {"thumb", "picture", "h264", "mp4"}, "each is shown, as a picture"
    assert min(flat[1] for flat in masked.flat.values()) > 10, "and what is beside it can be seen"
    assert min(flat[0] for flat in seen.flat.values()) > 10, "the walk sees what is there to be seen"
    assert {name.split("/")[2] for name in seen.flat} == kinds | {"segment"}


async def test_who_sees_without_masks_gets_the_bytes_of_the_archive_and_nothing_is_coded(station: Station) -> None:
    at = await span(station)
    head = {"Authorization": f"Bearer {station.token('export', ['cho'], at, unmasked=['cho'])}"}
    status, text = await get(station, f"/v1/hls/cho/main/index.m3u8?from={at[0]}&to={at[1]}", head)
    assert (status, b"/v1/segment/cho/main/" in text, b"/v1/h264/" in text) == (200, True, False)
    async with station.client.session.get(
        station.client.make_url(f"/v1/mp4/cho/main?from={at[0]}&to={at[1]}"), headers=head | {"Range": "bytes=0-99"}
    ) as answer:
        assert (answer.status, len(await answer.read())) == (206, 100)
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', unmasked=['khac', 'cho'])}") as page:
        heard = Heard(page)
        await heard.open(1, "cho")
        await heard.until(lambda: heard.count(1) > 5)
    assert desk(station).transcoders.seats == {}


@pytest.mark.parametrize("claim", [[], ["hai"], ["cho "], ["CHO"]])
async def test_only_a_claim_for_this_camera_shows_it_without(station: Station, claim: list[str]) -> None:
    at = await span(station)
    head = {"Authorization": f"Bearer {station.token('history', ['cho'], at, unmasked=claim)}"}
    status, jpeg = await get(station, f"/v1/picture/cho/main?at={at[0] + 1}", head)
    assert (status, of_jpeg(jpeg, LEFT) < 3) == (200, True)
    number = station.fleet.archive.segments("cho", "main", round(at[0] * 90_000), round(at[1] * 90_000))[0].id
    assert (await get(station, f"/v1/segment/cho/main/{number}.mp4", head))[0] == 403


@pytest.mark.parametrize("claim", [True, "cho", {"cho": True}, [1], None])
async def test_a_claim_that_is_no_list_of_keys_opens_nothing(station: Station, claim: object) -> None:
    status, _ = await get(
        station, "/v1/picture/cho/main", {"Authorization": f"Bearer {station.token('live', ['cho'], unmasked=claim)}"}
    )
    assert status == 401


@pytest.mark.parametrize(("stream", "coded"), [("main", {}), ("sub", {}), ("main", {"as": "h264"}), ("sub", {"as": "h264"})])
async def test_live_is_masked_in_every_way_it_is_asked_for(station: Station, stream: str, coded: dict[str, str]) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}") as page:
        heard = Heard(page)
        await page.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": stream, **coded})
        await heard.until(lambda: heard.count(1) > 30)
        assert heard.masked == {1}
        data = heard.inits[1][1] + b"".join(heard.fragments[1])
        assert of_video(data, LEFT) < 3
        assert of_video(data, RIGHT) > 10


async def test_h265_is_masked_and_comes_as_h264(h265: Station) -> None:
    async with h265.client.ws_connect(f"/v1/live?token={h265.token('live', ['cho'])}") as page:
        heard = Heard(page)
        await heard.open(1, "cho")
        await heard.until(lambda: heard.count(1) > 30)
        data = heard.inits[1][1] + b"".join(heard.fragments[1])
        assert ("avc1" in heard.inits[1][0], of_video(data, LEFT) < 3, of_video(data, RIGHT) > 10) == (True, True, True)


async def test_what_a_browser_keeps_of_one_person_is_not_given_to_the_next(station: Station) -> None:
    at = await span(station)
    for claims, kept in ((SEES_ALL, "private, max-age=300"), ({}, "private, no-store")):
        head = {"Authorization": f"Bearer {station.token('history', ['cho'], at, **claims)}"}
        for path in (f"/v1/thumb/cho/main?at={at[0] + 1}", f"/v1/picture/cho/main?at={at[0] + 1}"):
            async with station.client.session.get(station.client.make_url(path), headers=head) as answer:
                assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == (kept, "Origin, Authorization")


async def test_one_masked_picture_serves_all_and_a_camera_without_masks_costs_nothing(station: Station) -> None:
    async with (
        station.client.ws_connect(f"/v1/live?token={station.token('live')}") as first,
        station.client.ws_connect(f"/v1/live?token={station.token('live', sub='9')}") as second,
    ):
        pages = [Heard(first), Heard(second)]
        for heard in pages:
            await heard.open(1, "cho")
            await heard.open(2, "hai")
        for heard in pages:
            await heard.until(lambda heard=heard: heard.count(1) > 5 and heard.count(2) > 5)  # type: ignore[misc]
            assert heard.masked == {1}
        assert len(desk(station).transcoders.pids()) == 1


async def test_beyond_the_limit_a_sentence_while_a_masked_single_picture_and_h265_are_still_given(station: Station) -> None:
    desk(station).transcoders.masked_at_once = 0
    async with station.client.ws_connect(f"/v1/live?token={station.token('live')}&lang=en") as page:
        heard = Heard(page)
        await heard.open(1, "cho")
        await heard.until(lambda: 1 in heard.closed)
        assert (heard.closed[1]["reason"], "hiding homes" in heard.closed[1]["sentence"]) == ("mask_limit", True)
        await heard.open(2, "hai", **{"as": "h264"})
        await heard.until(lambda: heard.count(2) > 5)
    head = {"Authorization": f"Bearer {station.token('live', ['cho'])}"}
    status, jpeg = await get(station, "/v1/picture/cho/main?w=320", head)
    assert (status, of_jpeg(jpeg, LEFT) < 3, of_jpeg(jpeg, RIGHT) > 10) == (200, True, True)
    at = await span(station)
    head = {"Authorization": f"Bearer {station.token('export', ['cho'], at)}"}
    status, body = await get(station, f"/v1/mp4/cho/main?from={at[0]}&to={at[1]}", head)
    assert (status, json.loads(body)["error"]) == (503, "MaskLimit")
    url = station.client.make_url(f"/v1/mp4/cho/main?from={at[0]}&to={at[1]}")
    async with station.client.session.head(url, headers=head) as answer:
        assert answer.status == 503, "so that a page can ask first"


async def test_masks_that_change_end_what_is_watched_before_another_picture_is_sent(station: Station) -> None:
    await put_masks(station, None)
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}") as page:
        heard = Heard(page)
        await heard.open(1, "cho", stream="main")
        await heard.until(lambda: heard.count(1) > 5)
        assert heard.masked == set()
        for channel, masks, hidden, free in ((2, Masks(2, (LEFT,)), LEFT, RIGHT), (3, Masks(3, (RIGHT,)), RIGHT, LEFT)):
            await put_masks(station, masks)
            await heard.until(lambda channel=channel: channel - 1 in heard.closed)  # type: ignore[misc]
            assert heard.closed[channel - 1]["reason"] == "masks_changed"
            before = heard.count(channel - 1)
            await page.send_json({"op": "open", "ch": channel, "camera": "cho", "stream": "main"})
            await heard.until(lambda channel=channel: heard.count(channel) > 30)  # type: ignore[misc]
            assert heard.count(channel - 1) == before, "nothing more on the old channel"
            data = heard.inits[channel][1] + b"".join(heard.fragments[channel])
            assert of_video(data, hidden) < 3
            assert of_video(data, free) > 10
        assert len(desk(station).transcoders.seats) == 1


async def test_a_token_that_sees_less_ends_the_bare_picture_at_once(station: Station) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'], **SEES_ALL)}") as page:
        heard = Heard(page)
        await heard.open(1, "cho")
        await heard.until(lambda: heard.count(1) > 5)
        await page.send_json({"op": "token", "token": station.token("live", ["cho"])})
        await heard.until(lambda: 1 in heard.closed)
        assert heard.closed[1]["reason"] == "masks_changed"
        await heard.open(2, "cho")
        await heard.until(lambda: heard.count(2) > 5)
        assert heard.masked == {2}


async def test_pieces_that_were_made_under_other_masks_are_never_given_again(station: Station) -> None:
    at = await span(station)
    head = {"Authorization": f"Bearer {station.token('history', ['cho'], at)}"}
    bare = {"Authorization": f"Bearer {station.token('history', ['cho'], at, **SEES_ALL)}"}
    playlist = (await get(station, f"/v1/hls/cho/main/index.m3u8?from={at[0]}&to={at[1]}", head))[1].decode()
    address = next(line for line in playlist.splitlines() if line.startswith("/v1/h264/"))
    thumb = f"/v1/thumb/cho/main?at={at[0] + 1}&w=320"
    init = await init_of(station, address, head)
    for masks, hidden, free in ((Masks(1, (LEFT,)), LEFT, RIGHT), (Masks(2, (RIGHT,)), RIGHT, LEFT)):
        await put_masks(station, masks)
        for look, flat in ((bare, False), (head, True), (bare, False), (head, True)):
            piece, small = await get(station, address, look), await get(station, thumb, look)
            assert (piece[0], small[0]) == (200, 200)
            assert (of_video(init + piece[1], hidden) < 3, of_jpeg(small[1], hidden) < 3) == (flat, flat)
            assert of_video(init + piece[1], free) > 10


async def test_a_masked_clip_is_exactly_the_span_and_begins_at_nought(station: Station) -> None:
    at = await span(station)
    wanted = at[0] + 0.7, at[0] + 1.9
    head = {"Authorization": f"Bearer {station.token('export', ['cho'], at)}"}
    query = f"from={wanted[0]}&to={wanted[1]}"
    (part,) = json.loads((await get(station, f"/v1/export/cho/main?{query}", head))[1])["parts"]
    assert (part["masked"], part["codec"], part["bytes"]) == (True, "h264", 0)
    async with station.client.session.get(station.client.make_url(f"/v1/mp4/cho/main?{query}"), headers=head) as answer:
        clip = await answer.read()
        assert (answer.status, answer.headers["Accept-Ranges"], answer.headers["X-Luytre-Parts"]) == (200, "none", "1")
        assert ".mp4" in answer.headers["Content-Disposition"]
    with av.open(io.BytesIO(clip)) as container:
        frames = list(container.decode(video=0))
    assert (frames[0].width, frames[0].height) == (640, 480), "as large as it was"
    assert len(frames) == pytest.approx(30, abs=1)
    assert frames[0].time == pytest.approx(0, abs=0.05)
    assert max(spread(frame.to_ndarray(format="gray"), LEFT) for frame in frames) < 3
    assert [look for look in desk(station).transcoders.seats if "clip" in look[2]] == []
    async with station.client.session.head(station.client.make_url(f"/v1/mp4/cho/main?{query}"), headers=head) as answer:
        assert (answer.status, desk(station).transcoders.seats) == (200, {})
    assert (await get(station, f"/v1/mp4/cho/main?{query}&part=2", head))[0] == 404


@pytest.mark.parametrize("lost", ["masks that are not understood", "a camera that is not in the list"])
async def test_where_masks_are_not_known_nothing_is_shown_but_to_who_sees_all(station: Station, lost: str) -> None:
    at = await span(station)
    number = station.fleet.archive.segments("cho", "main", round(at[0] * 90_000), round(at[1] * 90_000))[0].id
    if "camera" in lost:
        await station.fleet.apply(CameraList())
    else:
        await put_masks(station, None, masks_known=False)
    asked = [
        f"/v1/segment/cho/main/{number}.mp4",
        f"/v1/h264/cho/main/{number}/init.mp4",
        f"/v1/thumb/cho/main?at={at[0] + 1}",
        f"/v1/picture/cho/main?at={at[0] + 1}",
        f"/v1/hls/cho/main/index.m3u8?from={at[0]}&to={at[1]}",
    ]
    for claims, wanted in (({}, 503), (SEES_ALL, 200)):
        head = {"Authorization": f"Bearer {station.token('history', ['cho'], at, **claims)}"}
        assert [(await get(station, address, head))[0] for address in asked] == [wanted] * 5
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['cho'])}") as page:
        heard = Heard(page)
        await heard.open(1, "cho")
        await heard.until(lambda: 1 in heard.closed)
        assert heard.closed[1]["reason"] in {"masks_unknown", "no_such_camera"}


def grant(*unmasked: str) -> Grant:
    return Grant("7", "export", frozenset({"*"}), 1e12, None, None, 0.0, frozenset(unmasked))


def test_bodies_of_a_camera_whose_masks_changed_break_off_and_no_others() -> None:
    running, cut = Running(Gatekeeper(KEY, FakeClock())), list[str]()

    class Line:
        def __init__(self, name: str) -> None:
            self.abort: Callable[[], None] = lambda: cut.append(name)

        def get_extra_info(self, _name: str) -> None: ...

    requests = []
    for name, camera, who in (
        ("masked", "cho", grant()),
        ("of another camera", "hai", grant()),
        ("sees all", "cho", grant("*")),
        ("sees this", "cho", grant("cho")),
        ("sees another", "cho", grant("hai")),
    ):
        request = make_mocked_request("GET", "/", match_info={"cam": camera}, transport=Line(name))
        running.begin(request, who)
        requests.append(request)
    assert running.cut({"cho", "ba"}) == 2
    assert (cut, len(running)) == (["masked", "sees another"], 3)


def listed(masks: object) -> CameraConfig:
    camera = {"key": "cho", "name": "Chợ", "enabled": True, "main_url": "rtsp://x/1"} | (
        {} if masks is None else {"masks": masks}
    )
    return parse_list(json.dumps({"cameras": [camera]})).cameras[0]


def test_masks_come_with_the_list() -> None:
    square = [[0.1, 0.2], [0.45, 0.2], [0.45, 0.9], [0.1, 0.9]]
    assert listed({"version": 3, "polygons": [square]}).masks == Masks(3, (LEFT,))
    for nothing in (None, {"version": 4, "polygons": []}):
        assert (listed(nothing).masks, listed(nothing).masks_known) == (None, True)
    for odd in ("x", [], 7, {}, {"version": 1}, {"version": "x", "polygons": [square]}, {"version": 1, "polygons": [square[:2]]}):
        assert (listed(odd).masks, listed(odd).masks_known) == (None, False)


def test_another_mask_is_no_other_source() -> None:
    one = listed({"version": 1, "polygons": []})
    assert one.same_source(replace(one, masks=Masks(2, (LEFT,)))), "recording goes on without a gap"


async def test_recording_has_no_gap_when_masks_change(station: Station) -> None:
    await span(station)
    session = station.fleet.cameras["cho"].main.session
    await put_masks(station, Masks(9, (RIGHT,)))
    assert station.fleet.cameras["cho"].main.session is session
