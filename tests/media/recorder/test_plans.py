"""Plans are made once for all ranges of a download, and kept in bounds."""

from __future__ import annotations

import asyncio
import threading

import pytest

from luytre.base.errors import NotFound
from luytre.media.playback import ExportPlan, Slice
from luytre.media.recorder import plans
from luytre.media.recorder.plans import KEEP_S, LONGEST_S, PlanBook

SPAN = ("cho", "main", 0, 90_000)


class Maker:
    def __init__(self, head_bytes: int = 10) -> None:
        self.made, self._head = 0, bytes(head_bytes)
        self.go = threading.Event()
        self.go.set()

    def __call__(self) -> tuple[ExportPlan, ...]:
        assert self.go.wait(10)
        self.made += 1
        whole = (Slice(len(self._head), data=self._head), Slice(5, path="x"))
        return (ExportPlan("cho", "main", whole, len(self._head) + 5, 0, 0, 90_000, 25, "avc1", "video/mp4"),)


async def test_one_plan_for_all_who_ask_at_once_and_a_minute_on() -> None:
    book, make = PlanBook(), Maker()
    make.go.clear()
    asking = [asyncio.ensure_future(book.get(SPAN, 0.0, make)) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    make.go.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError), "who goes away takes nobody's plan along"
    assert all(one is done[1] for one in done[1:])
    now_s = 0.0
    while now_s + KEEP_S < LONGEST_S:
        now_s += KEEP_S - 1
        assert await book.get(SPAN, now_s, make) is done[1]
    assert make.made == 1
    assert await book.get(SPAN, LONGEST_S + 1, make) is not done[1], "footage that grew is seen in the end"


async def test_a_plan_that_nobody_asks_for_goes() -> None:
    book, make = PlanBook(), Maker()
    await book.get(SPAN, 0.0, make)
    await book.get(("cho", "main", 5, 9), KEEP_S + 1, make)
    assert (len(book), make.made) == (1, 2)


async def test_an_error_is_told_and_not_kept() -> None:
    book = PlanBook()

    def fails() -> tuple[ExportPlan, ...]:
        raise NotFound("nothing there")

    for _ in range(2):
        with pytest.raises(NotFound):
            await book.get(SPAN, 0.0, fails)
    assert len(book) == 0


async def test_heads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST_BYTES", 100)
    book, make = PlanBook(), Maker(40)
    spans = [("cho", "main", number, 90_000) for number in range(3)]
    for span in (spans[0], spans[1], spans[0], spans[2]):
        await book.get(span, 0.0, make)
    assert (len(book), make.made) == (2, 3)
    await book.get(spans[0], 0.0, make)
    assert make.made == 3, "the one used last is still there"
    await book.get(("cho", "main", 9, 10), 0.0, Maker(101))
    assert len(book) == 0
