"""The table of rights against the recorder's real routes: every route, no token, a wrong one, another camera's."""

from __future__ import annotations

import asyncio
from typing import cast

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.http import DESK, Desk, make_app
from luytre.media.recorder.rights import RULES, Names, Rule, routes_without_rule
from tests.docs.reference import first_cells, page, sections
from tests.media.recorder.test_http import Station, station

__all__ = ["station"]
RIGHTS = ("live", "history", "export", "status", "manage", "metrics")
INCLUDED = {"history": {"history", "export"}, "status": {"status", "manage"}}
CLOSED = sorted(key for key, rule in RULES.items() if not rule.is_open)
WITH_CAMERA = sorted(key for key, rule in RULES.items() if rule.names in (Names.PATH, Names.QUERY))
SPAN = (1_000_000.0, 1_003_600.0)
QUERY = "from=1000000&to=1003600&at=1000060&cams=cho&part=1"


def address(route: str) -> str:
    path = route.replace("{cam}", "cho").replace("{stream}", "main").replace("{id}", "1").replace("{from}-{to}", "0-9")
    return f"{path}?{QUERY}"


def opening(rule: Rule) -> set[str]:
    """Rights that a token may have to get through."""
    return {right for wanted in rule.rights for right in INCLUDED.get(wanted, {wanted})}


async def status(station: Station, key: tuple[str, str], token: str) -> int:
    async with station.client.session.request(
        key[0], station.client.make_url(address(key[1])), headers={"Authorization": f"Bearer {token}"} if token else {}
    ) as answer:
        return answer.status


def test_the_table_has_every_route_and_no_other() -> None:
    app = make_app(cast(Desk, None), archive_routes())
    assert routes_without_rule(app) == []
    routes = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    assert {key for key in routes if key[0] != "HEAD"} == set(RULES)


async def test_a_route_without_a_rule_is_told_at_start_and_answers_nobody(station: Station) -> None:
    reached = []

    async def forgotten(request: web.Request) -> web.Response:
        reached.append(request)
        return web.Response()

    assert station.client.app is not None
    with structlog.testing.capture_logs() as lines:
        app = make_app(station.client.app[DESK], [web.get("/v1/forgotten", forgotten)])
    assert [(line["event"], line["route"]) for line in lines] == [
        ("http.route_without_rule", "GET /v1/forgotten"),
        ("http.route_without_rule", "HEAD /v1/forgotten"),
    ]
    async with TestClient(TestServer(app)) as client:
        for right in RIGHTS:
            answer = await client.get("/v1/forgotten", headers={"Authorization": f"Bearer {station.token(right, ['*'], SPAN)}"})
            assert answer.status == 500
    assert not reached


@pytest.mark.parametrize("key", CLOSED, ids=" ".join)
async def test_without_a_good_token_no_route_opens(station: Station, key: tuple[str, str]) -> None:
    right = sorted(opening(RULES[key]))[0]
    for token in (
        "",
        "nonsense",
        station.token(right, ["cho"], SPAN, life_s=-1),
        station.token(right, ["cho"], SPAN, aud="luytre-web"),
        station.token(right, ["cho"], SPAN, iss="somebody"),
        station.token(right, ["cho"], SPAN, life_s=4000) if right != "metrics" else "x.y.z",
    ):
        assert await status(station, key, token) == 401


@pytest.mark.parametrize("key", CLOSED, ids=" ".join)
async def test_only_the_rights_of_the_table_open_a_route(station: Station, key: tuple[str, str]) -> None:
    for right in RIGHTS:
        answer = await status(station, key, station.token(right, ["cho"], SPAN))
        if right in opening(RULES[key]):
            assert answer != 401
            if key[1] != "/v1/picture/{cam}/{stream}":  # which of its two rights it wants is its handler's matter
                assert answer != 403, right
        else:
            assert answer == 403, right


@pytest.mark.parametrize("key", WITH_CAMERA, ids=" ".join)
async def test_another_cameras_token_opens_nothing(station: Station, key: tuple[str, str]) -> None:
    for right in sorted(opening(RULES[key])):
        for cameras in (["khac"], ["ch"], ["cho2"], ["CHO"], ["main"]):
            assert await status(station, key, station.token(right, cameras, SPAN)) == 403
    if RULES[key].names is Names.QUERY:
        token = station.token("history", ["khac"], SPAN)
        url = station.client.make_url(address(key[1]).replace("cams=cho", "cams=khac,cho"))
        async with station.client.session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == 403


async def told(page: aiohttp.ClientWebSocketResponse) -> dict[str, object]:
    async with asyncio.timeout(10):
        return cast(dict[str, object], await page.receive_json())


async def test_a_websocket_opens_no_camera_of_others(station: Station) -> None:
    async with station.client.ws_connect(f"/v1/live?token={station.token('live', ['khac'])}") as page:
        for channel, order in enumerate(
            ({"camera": "cho"}, {"camera": "cho", "stream": "main"}, {"camera": "cho", "as": "h264"})
        ):
            await page.send_json({"op": "open", "ch": channel, **order})
            assert (await told(page))["event"] == "refused"
        await page.send_json({"op": "token", "token": station.token("history", ["cho"], SPAN)})
        assert (await told(page))["event"] == "refused"
        await page.send_json({"op": "token", "token": station.token("live", ["cho"], sub="another person")})
        assert (await told(page))["event"] == "refused"
    assert station.fleet.cameras["cho"].main.hub.viewers == 0


def test_the_reference_tells_the_same_rights() -> None:
    rows = [row for row in sections(page("ref/api.md"))["Routes of the recorder"].splitlines() if row.startswith("| `")]
    told = {}
    for row in rows:
        route, right = [cell.strip() for cell in row.split("|")[1:3]]
        method, path = route.strip("`").split(" ")
        told[(method, path)] = {word for word in RIGHTS if f"`{word}`" in right}
    assert told == {key: set(rule.rights) for key, rule in RULES.items()}
    assert len(first_cells("\n".join(rows))) == len(RULES)
