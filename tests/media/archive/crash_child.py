"""A recorder in a process of its own that kills itself (SIGKILL) at a given step of its disk.

It records, rotates, ends a run and begins another, deletes by age, and closes; before it dies it tells the frames that
its index has published.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason
from luytre.media.archive import FakeDisk
from tests.media.archive.helpers import Camera, open_archive, record


def life(root: Path, on_step: Callable[[str], None]) -> None:
    clock = FakeClock()
    disk = FakeDisk(on_step=on_step)
    archive = open_archive(root, clock, disk)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    camera.end(GapReason.CAMERA_LOST)
    clock.advance(3)
    archive.run_pending()
    camera.begin(GapReason.CAMERA_LOST)
    record(archive, camera, 2)
    archive.set_policy("gate", "main", 3 / 86_400, None)
    clock.advance(11)
    archive.run_pending()
    record(archive, camera, 2)
    archive.close()


def count_steps() -> int:
    steps: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        life(Path(folder) / "archive", steps.append)
    return len(steps)


def published(root: Path) -> int:
    """Frames that the index has, less what retention may take."""
    path = root / "index.sqlite3"
    if not path.exists():
        return 0
    db = sqlite3.connect(path)
    try:
        if db.execute("SELECT 1 FROM tombstone UNION SELECT 1 FROM erased").fetchone():
            return 0
        (found,) = db.execute("SELECT coalesce(sum(samples), 0) FROM segment").fetchone()
    except sqlite3.Error:
        return 0
    finally:
        db.close()
    return int(found)


def live_and_die(root: Path, fatal_step: int) -> tuple[int, int]:
    """A forked life up to the step: (exit status as `os.waitstatus_to_exitcode` tells it, frames published by then)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _die_at(root, fatal_step, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), int(told or 0)


def _die_at(root: Path, fatal_step: int, writing: int) -> None:
    count = 0

    def on_step(step: str) -> None:
        nonlocal count
        count += 1
        if count == fatal_step:
            os.write(writing, str(published(root)).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        life(root, on_step)
    finally:
        os._exit(0)
