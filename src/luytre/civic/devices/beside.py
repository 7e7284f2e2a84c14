"""A question to a device asked beside whoever asks it, so that one that is slow holds up nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_a_thread(work: Callable[[], T]) -> Future[T]:
    """A thread that keeps no process from ending. The port never raises: a fault of ours ends the jobs' process (`web.jobs`)."""
    answer: Future[T] = Future()
    threading.Thread(target=lambda: answer.set_result(work()), daemon=True, name="beside").start()
    return answer
