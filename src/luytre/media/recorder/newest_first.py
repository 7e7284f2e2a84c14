"""Work for a person who moves a finger over a timeline: what was asked last is wanted first, the rest perhaps not at all.

A few threads of low priority beside the loop (`nice`: recording goes first); viewers in turn, of each the newest wish first;
a wish whose page has gone is dropped unmade, and so are a viewer's oldest when too many wait.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_

T = TypeVar("T")
NICE = 10


class Superseded(LuytreError):
    """A wish that was dropped for newer ones (503)."""

    def __init__(self) -> None:
        super().__init__(
            N_("too many pictures are being asked for at once"), hint=N_("Wait a moment; the newest ones come first.")
        )


@dataclass(frozen=True, slots=True)
class _Wish:
    work: Callable[[], Any]
    still_wanted: Callable[[], bool]
    answer: asyncio.Future[Any]


def _step_back() -> None:
    """In a worker thread at its start: Linux keeps a priority for each thread."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


class NewestFirst:
    """Used on one event loop. `workers` threads; at most `most_waiting` wishes of one viewer wait."""

    def __init__(self, workers: int, most_waiting: int) -> None:
        self._workers, self._most_waiting = workers, most_waiting
        self._pool = ThreadPoolExecutor(workers, "thumbnail", initializer=_step_back)
        self._waiting: OrderedDict[str, list[_Wish]] = OrderedDict()
        self._running = 0

    async def run(self, viewer: str, work: Callable[[], T], still_wanted: Callable[[], bool]) -> T:
        """The work's result, or its error; Superseded when it was dropped."""
        wish = _Wish(work, still_wanted, asyncio.get_running_loop().create_future())
        wishes = self._waiting.setdefault(viewer, [])
        wishes.append(wish)
        if len(wishes) > self._most_waiting:
            _drop(wishes.pop(0))
        self._start()
        result: T = await wish.answer
        return result

    def close(self) -> None:
        """What runs is finished; what waits is dropped."""
        for wishes in self._waiting.values():
            for wish in wishes:
                _drop(wish)
        self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> None:
        while self._running < self._workers and (wish := self._next()) is not None:
            self._running += 1
            made = asyncio.get_running_loop().run_in_executor(self._pool, wish.work)
            made.add_done_callback(partial(self._made, wish))

    def _next(self) -> _Wish | None:
        while self._waiting:
            viewer, wishes = self._waiting.popitem(last=False)
            wish = wishes.pop()
            if wishes:
                self._waiting[viewer] = wishes  # at the end: the others' turn comes first
            if wish.answer.done():
                continue
            if wish.still_wanted():
                return wish
            _drop(wish)
        return None

    def _made(self, wish: _Wish, made: asyncio.Future[Any]) -> None:
        self._running -= 1
        error = None if made.cancelled() else made.exception()
        if not wish.answer.done():
            if made.cancelled():
                _drop(wish)
            elif error is not None:
                wish.answer.set_exception(error)
            else:
                wish.answer.set_result(made.result())
        self._start()


def _drop(wish: _Wish) -> None:
    if not wish.answer.done():
        wish.answer.set_exception(Superseded())
