"""Which wish is made next: newest first, people in turn, nothing that nobody waits for, never more than may wait."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from luytre.media.recorder.newest_first import NICE, NewestFirst, Superseded
from luytre.media.recorder.thumbs import Kept, width_of


@pytest.fixture
async def makers() -> AsyncIterator[NewestFirst]:
    made = NewestFirst(workers=1, most_waiting=4)
    yield made
    made.close()


class Bench:
    """Wishes that write down their name when they are made; the first one keeps the only worker busy until `go`."""

    def __init__(self, makers: NewestFirst) -> None:
        self.makers, self.go = makers, threading.Event()
        self.tasks: list[asyncio.Task[str]] = []
        self.done: list[str] = []

    def wish(self, viewer: str, name: str, wanted: Callable[[], bool] = lambda: True) -> asyncio.Task[str]:
        task = asyncio.get_running_loop().create_task(self.makers.run(viewer, lambda: self._make(name), wanted))
        self.tasks.append(task)
        return task

    def _make(self, name: str) -> str:
        if name == "first":
            assert self.go.wait(10)
        self.done.append(name)
        return name

    async def settle(self) -> list[str | BaseException]:
        await asyncio.sleep(0)
        self.go.set()
        async with asyncio.timeout(10):
            return await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_the_newest_of_each_person_in_turn(makers: NewestFirst) -> None:
    bench = Bench(makers)
    for viewer, name in (("a", "first"), ("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")):
        bench.wish(viewer, name)
    assert await bench.settle() == ["first", "a1", "a2", "b1", "b2"], "each gets its own answer"
    assert bench.done == ["first", "a2", "b2", "a1", "b1"]


async def test_too_many_of_one_person_drop_the_oldest_and_nobody_elses(makers: NewestFirst) -> None:
    bench = Bench(makers)
    bench.wish("a", "first")
    await asyncio.sleep(0)
    bench.wish("b", "b1")
    for number in range(6):
        bench.wish("a", f"a{number}")
    results = await bench.settle()
    assert [type(result) is Superseded for result in results] == [False, False, True, True, False, False, False, False]
    assert bench.done == ["first", "b1", "a5", "a4", "a3", "a2"]


async def test_what_nobody_waits_for_is_not_made(makers: NewestFirst) -> None:
    bench = Bench(makers)
    bench.wish("a", "first")
    await asyncio.sleep(0)
    bench.wish("a", "closed", lambda: False)
    bench.wish("a", "cancelled")
    bench.wish("a", "wanted")
    await asyncio.sleep(0)
    bench.tasks[2].cancel()
    results = await bench.settle()
    assert bench.done == ["first", "wanted"]
    assert isinstance(results[1], Superseded)


async def test_an_error_reaches_its_own_wish_and_the_next_one_is_made(makers: NewestFirst) -> None:
    def fails() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await makers.run("a", fails, lambda: True)
    assert await makers.run("a", lambda: "next", lambda: True) == "next"


async def test_at_the_end_what_waits_is_dropped() -> None:
    makers = NewestFirst(workers=1, most_waiting=4)
    bench = Bench(makers)
    bench.wish("a", "first")
    await asyncio.sleep(0)
    bench.wish("a", "second")
    await asyncio.sleep(0)
    makers.close()
    assert [type(result) for result in await bench.settle()] == [str, Superseded]


async def test_workers_step_back_behind_recording(makers: NewestFirst) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    there = await makers.run("a", lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), lambda: True)
    assert (there, os.getpriority(os.PRIO_PROCESS, 0)) == (NICE, here)


def test_what_is_kept_is_bounded_and_the_least_used_goes() -> None:
    kept = Kept(most_bytes=100)
    names = [(("cho", "main", "run", 0, number), 240) for number in range(4)]
    for name in names[:3]:
        kept.put(name, bytes(30))
    assert kept.get(names[0]) == bytes(30)
    kept.put(names[3], bytes(30))
    assert [kept.get(name) is not None for name in names] == [True, False, True, True]
    kept.put(names[0], bytes(20))
    assert kept.size_bytes == 80
    kept.put(names[1], bytes(200))
    assert kept.size_bytes == 0, "one that is larger than all the room is not kept"


def test_widths_are_few_and_in_bounds() -> None:
    assert [width_of(asked) for asked in (0, 1, 33, 240, 241, 10_000)] == [240, 32, 48, 240, 256, 640]
