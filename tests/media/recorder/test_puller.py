"""The camera list: pulled, kept on disk encrypted, and used when the web is gone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import SystemClock
from luytre.media.recorder.cameras import CameraList, KeptList, ListError, parse_list
from luytre.media.recorder.puller import Puller

KEY = "a" * 64
PASSWORD = "bí-mật-9081"
CAMERA = {
    "key": "cho1",
    "name": "Chợ",
    "enabled": True,
    "main_url": "rtsp://10.0.0.1/s",
    "sub_url": None,
    "username": "admin",
    "password": PASSWORD,
}
HOLD = {"id": "h1", "camera": "cho1", "from": "2026-11-24T00:00:00Z", "to": "2026-11-25T00:00:00+07:00"}
LIST = {"cameras": [CAMERA], "holds": [HOLD], "settings": {"retention_days": 30}}


class ControlPlane:
    """A web that answers with a list, or fails as told."""

    def __init__(self) -> None:
        self.answer: web.Response | None = None
        self.asked: list[dict[str, str]] = []
        self.app = web.Application()
        self.app.add_routes([web.get("/internal/recorder/config", self._config)])

    async def _config(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.headers))
        claims = jwt.decode(
            request.headers["Authorization"].removeprefix("Bearer "), KEY, algorithms=["HS256"], audience="luytre-web"
        )
        assert claims["right"] == "manage"
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.json_response(LIST, headers={"ETag": '"1"'})


async def test_pulled_once_kept_encrypted_and_used_without_the_web(tmp_path: Path) -> None:
    plane, got = ControlPlane(), list[CameraList]()

    async def apply(wanted: CameraList) -> None:
        got.append(wanted)

    async with TestServer(plane.app) as server:
        url = str(server.make_url("/internal/recorder/config"))
        puller = Puller(url, KEY, KeptList(tmp_path / "recorder" / "cameras.enc", KEY), apply, SystemClock())
        await puller.start_from_copy()
        assert got == [], "nothing is known yet"
        task = asyncio.create_task(puller.run())
        while not (tmp_path / "recorder" / "cameras.enc").exists():
            await asyncio.sleep(0.01)
        await puller.refresh()
        assert (len(got), len(plane.asked)) == (1, 2), "the same list is not applied again"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    copy = (tmp_path / "recorder" / "cameras.enc").read_bytes()
    assert PASSWORD.encode() not in copy
    assert (tmp_path / "recorder" / "cameras.enc").stat().st_mode & 0o777 == 0o600
    lonely = Puller(url, KEY, KeptList(tmp_path / "recorder" / "cameras.enc", KEY), apply, SystemClock())
    await lonely.start_from_copy()
    task = asyncio.create_task(lonely.run())
    await lonely.refresh()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [found.cameras[0].password for found in got] == [PASSWORD, PASSWORD]
    assert PASSWORD not in repr(got)


async def test_who_asks_during_a_pull_is_answered_by_the_next(tmp_path: Path) -> None:
    """A camera saved while a pull was on its way is not in that pull's answer."""
    plane, begun, go_on = ControlPlane(), asyncio.Event(), asyncio.Event()
    asked_when_applied: list[int] = []

    async def apply(_wanted: CameraList) -> None:
        asked_when_applied.append(len(plane.asked))
        begun.set()
        await go_on.wait()

    async with TestServer(plane.app) as server:
        url = str(server.make_url("/internal/recorder/config"))
        puller = Puller(url, KEY, KeptList(tmp_path / "cameras.enc", KEY), apply, SystemClock())
        task = asyncio.create_task(puller.run())
        await begun.wait()
        asking = asyncio.create_task(puller.refresh())
        await asyncio.sleep(0)
        go_on.set()
        await asking
        assert (asked_when_applied, len(plane.asked)) == ([1], 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_a_copy_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    kept = KeptList(tmp_path / "cameras.enc", KEY)
    assert kept.load() is None
    kept.save(json.dumps(LIST).encode())
    loaded = kept.load()
    assert loaded is not None
    assert loaded.cameras[0].name == "Chợ"
    with pytest.raises(ListError):
        KeptList(tmp_path / "cameras.enc", "b" * 64).load()
    (tmp_path / "cameras.enc").write_bytes(b"torn")
    with pytest.raises(ListError):
        kept.load()


BAD_KEY = {**CAMERA, "key": "../x"}
WRONG: list[Any] = [[], {}, {"cameras": None}, {"cameras": [{}]}, {"cameras": [CAMERA, CAMERA]}, {"cameras": [BAD_KEY]}]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_list_changes_nothing(wrong: Any) -> None:
    with pytest.raises(ListError):
        parse_list(json.dumps(wrong))


KEYS = ["cameras", "holds", "settings", "key", "enabled", "main_url", "from", "to", "id", "camera", "retention_days"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
)


@given(anything)
def test_no_json_raises_anything_else(value: Any) -> None:
    for document in (value, {"cameras": value}, {"cameras": [], "holds": value}, {"cameras": [], "settings": value}):
        try:
            parse_list(json.dumps(document))
        except ListError:
            continue


def test_holds_and_settings_are_read() -> None:
    found = parse_list(json.dumps(LIST))
    assert (found.retention_days, found.free_floor_bytes) == (30.0, None)
    assert found.holds[0].to_utc_90k - found.holds[0].from_utc_90k == 17 * 3600 * 90_000
