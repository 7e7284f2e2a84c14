"""Connections on which nothing is asked are closed; those that work are not."""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from luytre.base.clock import FakeClock
from luytre.media.recorder.door import Doorkeeper


class Idle:
    def __init__(self) -> None:
        self.closed = False

    def force_close(self) -> None:
        self.closed = True


def test_the_oldest_of_too_many_go_first() -> None:
    clock = FakeClock()
    door = Doorkeeper(clock, idle_s=30, most_idle=3)
    first = [Idle() for _ in range(3)]
    assert door.sweep(first) == 0
    clock.advance(5)
    assert door.sweep([Idle(), *first]) == 1
    assert sum(one.closed for one in first) == 1
    clock.advance(25)
    door.sweep(first)
    assert all(one.closed for one in first)


async def test_half_a_question_is_not_waited_for() -> None:
    clock = FakeClock()
    door = Doorkeeper(clock, idle_s=30)
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def long_answer(request: web.Request) -> web.Response:
        asked.set()
        await go_on.wait()
        return web.Response(text="done")

    app = web.Application(middlewares=[door.middleware()])
    app.router.add_get("/", long_answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        working = asyncio.ensure_future(session.get(server.make_url("/")))
        await asked.wait()
        connections = server.handler.connections  # type: ignore[union-attr]
        assert len(connections) == 2
        assert door.sweep(connections) == 0
        clock.advance(31)
        assert door.sweep(connections) == 1
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        go_on.set()
        assert await (await working).text() == "done"
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
