"""A right that was ended is over within seconds: no token from before opens anything, bodies break off, sockets are closed."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.media.recorder import live
from luytre.media.recorder.cameras import ListError, parse_list
from luytre.media.recorder.http import DESK, Desk, make_app
from luytre.media.recorder.tokens import Gatekeeper, InvalidToken
from tests.media.recorder.test_hostile_clients import claims
from tests.media.recorder.test_http import KEY, Station, recording, station, told_until

__all__ = ["station"]
NOW_S = FakeClock().utc_90k() / TICKS_PER_S


def made(at_s: float, **more: Any) -> str:
    return jwt.encode(claims(at_s, **more), KEY, algorithm="HS256")


@pytest.mark.parametrize(
    ("ended", "subject", "is_refused"),
    [
        ({"7": NOW_S - 1}, "7", True),
        ({"*": NOW_S - 1}, "7", True),
        ({"*": NOW_S - 1, "7": NOW_S - 99}, "7", True),
        ({"7": NOW_S - 2}, "7", False),  # made in that very moment: after the right had ended
        ({"7": NOW_S - 3, "*": NOW_S - 9}, "7", False),
        ({"8": NOW_S}, "7", False),
        ({"*": NOW_S}, "system", False),
        ({}, "7", False),
    ],
)
def test_a_token_from_before_is_worth_nothing(ended: dict[str, float], subject: str, is_refused: bool) -> None:
    gate = Gatekeeper(KEY, FakeClock())
    token = made(NOW_S - 2, sub=subject)
    grant = gate.check(token)
    gate.end_before(ended)
    assert (gate.is_ended(grant), gate.holds(grant)) == (is_refused, not is_refused)
    if is_refused:
        with pytest.raises(InvalidToken):
            gate.check(token)
    else:
        gate.check(token)


def test_a_clips_token_may_live_an_hour_and_no_other_longer_than_five_minutes() -> None:
    gate = Gatekeeper(KEY, FakeClock())
    gate.check(made(NOW_S, right="export", exp=NOW_S + 3600))
    for right, life_s in (("export", 3601), ("history", 301), ("live", 301)):
        with pytest.raises(InvalidToken):
            gate.check(made(NOW_S, right=right, exp=NOW_S + life_s))


def test_the_list_tells_whose_rights_ended() -> None:
    text = json.dumps({"cameras": [], "not_before": {"7": "2026-11-24T07:05:00.250Z", "*": "2026-11-24T14:05:00+07:00"}})
    found = dict(parse_list(text).not_before_s)
    assert found["7"] - found["*"] == 0.25
    assert parse_list('{"cameras": []}').not_before_s == ()


@given(st.one_of(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none()), min_size=1), st.text(min_size=1)))
def test_whatever_stands_there_is_understood_or_refused_whole(odd: object) -> None:
    try:
        found = parse_list(json.dumps({"cameras": [], "not_before": odd}))
    except ListError:
        return
    assert isinstance(odd, dict)
    assert len(found.not_before_s) == len(odd)


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 65_536)
        await asyncio.sleep(0)


@pytest.mark.parametrize("how", ["ended", "expired"])
@pytest.mark.parametrize("reads", [True, False])
async def test_a_running_body_breaks_off(how: str, reads: bool) -> None:
    """Also for somebody who reads nothing, whose writer therefore waits."""
    clock = FakeClock()
    gate, nothing = Gatekeeper(KEY, clock), cast(Any, None)
    desk = Desk(cast(Any, SimpleNamespace()), gate, nothing, None, frozenset(), asyncio.Semaphore(1))
    app = make_app(desk, [web.get("/v1/mp4/{cam}/{stream}", endless)])
    async with TestClient(TestServer(app)) as client:
        answer = await client.get(f"/v1/mp4/cho/main?token={made(NOW_S, right='export')}")
        assert await answer.content.read(10) == b"x" * 10
        assert (desk.running.sweep(), len(desk.running)) == (0, 1)
        if how == "ended":
            gate.end_before({"7": NOW_S + 0.1})
        else:
            clock.now_utc_90k += 61 * TICKS_PER_S
        assert (desk.running.sweep(), len(desk.running)) == (1, 0)
        if reads:
            with pytest.raises(aiohttp.ClientError):
                async with asyncio.timeout(10):
                    await answer.content.read()
        refused = await client.get(f"/v1/mp4/cho/main?token={made(NOW_S, right='export')}")
        assert refused.status == 401


async def test_an_open_socket_is_told_and_closed_when_it_does_not_renew(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RENEW_WITHIN_S", 2.0)
    await station.until(recording(station))
    gate, old = station.client.server.app[DESK].gate, station.token("live")  # type: ignore[attr-defined]
    stays = await station.client.ws_connect(f"/v1/live?token={station.token('live', sub='8')}")
    address = f"/v1/live?token={old}"
    async with station.client.ws_connect(address) as renews, station.client.ws_connect(address) as ends:
        gate.end_before({"7": station.clock.utc_90k() / TICKS_PER_S})
        for socket in (renews, ends):
            assert (await told_until(socket, "token_expires"))["in_s"] <= 2
            await socket.send_json({"op": "open", "ch": 1, "camera": "cho", "stream": "main"})
            await told_until(socket, "refused")  # nothing new meanwhile
        await renews.send_json({"op": "token", "token": old})
        await told_until(renews, "refused")
        await renews.send_json({"op": "token", "token": station.token("live")})
        async with asyncio.timeout(15):
            while (await ends.receive()).type is not aiohttp.WSMsgType.CLOSE:
                pass
        assert ends.close_code == 4401
        for socket in (renews, stays):
            await socket.send_json({"op": "open", "ch": 2, "camera": "cho", "stream": "main"})
            assert (await told_until(socket, "state"))["ch"] == 2
    await stays.close()
