"""Pictures looked at while a recorder records: a camera that goes black is told, a child that is killed is missed by nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp.test_utils import TestClient, TestServer

from luytre.base.clock import SystemClock
from luytre.base.polygons import polygons_of
from luytre.base.verdicts import Verdict
from luytre.media.archive import Archive
from luytre.media.look.messages import Seen
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.cameras import CameraConfig, CameraList
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import Desk, make_app
from luytre.media.recorder.looking import Looker, Pace, Watched
from luytre.media.recorder.looking_files import ViewFiles
from luytre.media.recorder.status import StatusBoard
from luytre.media.recorder.tokens import Gatekeeper
from luytre.media.source.ticker import Ticker
from luytre.media.unit.masks import Masks
from luytre.simulate.encode import EncoderOptions, Picture, encode_clip
from luytre.simulate.scene import Scene
from luytre.simulate.source import Clip, LoopedSource, Subscription, Take, TimedUnit
from luytre.simulate.units import VideoDescription
from tests.media.recorder.test_http import KEY, Client, token

QUICK = Pace(every_s=0.4, again_s=0.1, first_s=0.0, idle_s=0.02, wait_for_key_s=0.05, after_end_s=0.1)
MASKS = Masks(3, polygons_of([[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]]))


class Curtain:
    """A camera before a street; `is_black` draws a curtain. Both clips run in step, so that times go on."""

    def __init__(self) -> None:
        scene = Scene(0, 640, 360)
        street = [scene.picture(number, number / 5, 0) for number in range(10)]
        self._clips = [self._coded(street), self._coded([_black(street[0])] * 10)]
        self.is_black = False

    def _coded(self, pictures: list[Picture]) -> Clip:
        return encode_clip(EncoderOptions("h264", 640, 360, 10, 5), pictures)

    def describe(self) -> VideoDescription:
        return self._clips[0].description

    def subscribe(self, take: Take) -> Subscription:
        def only(mine: bool) -> Callable[[TimedUnit], None]:
            return lambda unit: take(unit) if mine == self.is_black else None

        both = [LoopedSource(clip).subscribe(only(index == 1)) for index, clip in enumerate(self._clips)]
        return _Both(both)


@dataclass
class _Both:
    parts: list[Subscription]

    def stop(self) -> None:
        for part in self.parts:
            part.stop()


def _black(like: Picture) -> Picture:
    made = np.full_like(like, 128)
    made[: like.shape[0] * 2 // 3] = 17
    return made


@dataclass
class Post:
    client: Client
    fleet: Fleet
    looker: Looker
    curtain: Curtain
    files: ViewFiles
    running: asyncio.Task[None]
    heard: list[Verdict | None] = field(default_factory=list)

    async def ask(self, method: str, path: str, right: str = "manage", **claims: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token(SystemClock(), right, **claims)}", "Accept-Language": "en"}
        async with self.client.request(method, path, headers=headers) as answer:
            return answer.status, await (answer.json() if "json" in answer.content_type else answer.read())

    async def picture(self) -> dict[str, Any]:
        _status, told = await self.ask("GET", "/v1/status", "status")
        return told["cameras"][0]["picture"] or {}

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """The recorder is killed, and another one is there before the same disk; what the one knew in memory is gone."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        if self.looker.child_pid is not None:
            os.kill(self.looker.child_pid, signal.SIGKILL)
        self.files = ViewFiles(self.files.memory.path.parent)
        self.looker = Looker(self.fleet, self.files, SystemClock(), pace=QUICK)

    def run(self) -> None:
        self.running = asyncio.create_task(self.looker.run())

    def told(self, verdict: Verdict) -> Callable[[], bool]:
        return lambda: (self.looker.told("cho") or {}).get("verdict") == verdict.value


@pytest.fixture
async def post(tmp_path: Path, camera_server: Any) -> AsyncIterator[Post]:
    curtain, clock = Curtain(), SystemClock()
    camera = camera_server(curtain)
    archive = Archive.open(tmp_path / "archive", clock=clock)
    ticker = Ticker()
    ticker.after(archive.flush_tick)
    fleet = Fleet(archive, ticker, clock)
    await fleet.apply(CameraList((CameraConfig("cho", "Chợ", True, camera.url(login=False), None, "", "", masks=MASKS),)))
    files = ViewFiles(tmp_path / "views")
    looker = Looker(fleet, files, clock, pace=QUICK)
    gate, board = Gatekeeper(KEY, clock), StatusBoard(fleet, looker)
    desk = Desk(fleet, gate, board, None, frozenset(), asyncio.Semaphore(2), looker=looker)
    client: Client = TestClient(TestServer(make_app(desk, archive_routes())))
    await client.start_server()
    made = Post(client, fleet, looker, curtain, files, asyncio.create_task(looker.run()))
    yield made
    made.running.cancel()
    await asyncio.gather(made.running, return_exceptions=True)
    await made.looker.close()
    await client.close()
    await fleet.stop()
    ticker.close()
    await asyncio.to_thread(archive.close)


async def test_a_camera_that_goes_black_is_told_within_two_looks_also_when_the_child_is_killed(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = post.looker._hear

    def heard(key: str, watched: Watched, seen: Seen) -> None:
        post.heard.append(seen.reading.verdict)
        hear(key, watched, seen)

    monkeypatch.setattr(post.looker, "_hear", heard)
    await post.until(post.told(Verdict.NO_REFERENCE))
    status, mark = await post.ask("POST", "/v1/views/cho")
    assert (status, mark["acceptance"], mark["why"], mark["in_force"]) == (200, 1, "accepted", True)
    assert (await post.picture())["verdict"] == "well"
    await post.until(lambda: post.heard.count(Verdict.WELL) >= 2)
    post.curtain.is_black = True
    await post.until(post.told(Verdict.DARK))
    assert post.heard.count(Verdict.DARK) == 2
    told = await post.picture()
    assert (told["sentence"], told["light"]) == ("the picture is black", "day")
    assert told["hint"]
    _status, whole = await post.ask("GET", "/v1/status", "status")
    assert [(alarm["code"], alarm["camera"]) for alarm in whole["alarms"]] == [("picture_dark", "cho")]

    pid, looks = post.looker.child_pid, post.looker.looks
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await post.until(lambda: post.looker.failures == 1 and post.looker.looks > looks + 1)
    assert post.looker.child_pid != pid
    assert post.told(Verdict.DARK)()
    post.curtain.is_black = False
    await post.until(post.told(Verdict.WELL))
    session = post.fleet.cameras["cho"].main.session
    assert session is not None
    assert (session.gaps, session.faults, session.reconnects) == (0, 0, 0)
    _status, metrics = await post.ask("GET", "/metrics", "metrics")
    assert b'luytre_picture{camera="cho",verdict="well"} 1.0' in metrics
    assert b"luytre_looks_failed_total 1.0" in metrics


async def test_a_recorder_that_is_killed_forgets_no_fault_and_tells_what_befell_a_camera_meanwhile(post: Post) -> None:
    await post.until(post.told(Verdict.NO_REFERENCE))
    await post.ask("POST", "/v1/views/cho")
    await post.until(lambda: post.looker.looks > 3 and post.told(Verdict.WELL)())
    await post.kill()
    post.curtain.is_black = True
    post.run()
    await post.until(post.told(Verdict.DARK))  # it went black while nobody looked
    since = (post.looker.told("cho") or {})["since"]
    await post.until(lambda: (kept := post.files.memory.read().get("cho")) is not None and kept.steady.verdict is Verdict.DARK)
    await post.kill()
    post.run()
    await post.until(lambda: post.looker.looks >= 3)
    assert (post.looker.told("cho") or {})["since"] == since
    assert "dark" in str(post.looker.faults())
    post.curtain.is_black = False
    await post.until(post.told(Verdict.WELL))


async def test_views_are_shown_masked_listed_forgotten_and_refused_where_nothing_is_to_be_seen(post: Post) -> None:
    await post.until(post.told(Verdict.NO_REFERENCE))
    _status, mark = await post.ask("POST", "/v1/views/cho")
    _status, again = await post.ask("POST", "/v1/views/cho")
    _status, listed = await post.ask("GET", "/v1/views/cho")
    assert [(view["id"], view["in_force"]) for view in listed["views"]] == [(again["id"], True), (mark["id"], False)]
    path = f"/v1/views/cho/{mark['id']}.jpg"
    _status, masked = await post.ask("GET", path)
    _status, plain = await post.ask("GET", path, unmasked=["cho"])
    assert _left_half(masked).std() < 3 < _left_half(plain).std()
    assert (await post.ask("DELETE", path))[0] == 200
    assert [(await post.ask(method, path))[0] for method in ("GET", "DELETE")] == [404, 404]
    assert (await post.ask("GET", "/v1/views/cho", "live"))[0] == 403
    assert (await post.ask("POST", "/v1/views/khac"))[0] == 404
    post.curtain.is_black = True
    await post.until(post.told(Verdict.DARK))
    status, refused = await post.ask("POST", "/v1/views/cho")
    assert (status, refused["message"]) == (409, "the picture is too dark to be the camera's view")


def _left_half(jpeg: bytes) -> Any:
    import io

    from PIL import Image

    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"))
    return grey[10:-10, 10 : grey.shape[1] // 2 - 20]
