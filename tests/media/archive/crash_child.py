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
from dataclasses import dataclass
from pathlib import Path

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason
from luytre.media.archive import FakeDisk
from tests.media.archive.helpers import Camera, open_archive, record


class PowerDisk(FakeDisk):
    """Knows how much of each file is on the platter, and which files their folders know durably."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        super().__init__(on_step=on_step)
        self.paths: dict[int, str] = {}
        self.synced: dict[str, int] = {}
        self.named: set[str] = set()

    def create(self, path: str) -> int:
        fd = super().create(path)
        self.paths[fd] = path
        return fd

    def open_end(self, path: str) -> int:
        fd = super().open_end(path)
        self.paths[fd] = path
        return fd

    def sync(self, fd: int) -> None:
        super().sync(fd)
        if fd in self.paths:
            self.synced[self.paths[fd]] = os.fstat(fd).st_size

    def sync_folder(self, path: str) -> None:
        super().sync_folder(path)
        self.named.update(entry.path for entry in os.scandir(path))

    def close(self, fd: int) -> None:
        super().close(fd)
        self.paths.pop(fd, None)


def life(root: Path, on_step: Callable[[str], None], disk: FakeDisk | None = None) -> None:
    clock = FakeClock()
    disk = disk or FakeDisk(on_step=on_step)
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


@dataclass(frozen=True, slots=True)
class Death:
    """How a life ended: exit status (as `os.waitstatus_to_exitcode`), frames published by then, what was on the platter."""

    status: int
    published: int
    durable: dict[str, int]


def live_and_die(root: Path, fatal_step: int) -> Death:
    """A forked life up to the step."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _die_at(root, fatal_step, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    lines = told.splitlines()
    durable = {path: int(size) for size, path in (line.split(" ", 1) for line in lines[1:])}
    return Death(os.waitstatus_to_exitcode(status), int(lines[0]) if lines else 0, durable)


def cut_power(root: Path, durable: dict[str, int]) -> None:
    """What was not synced is gone; the index keeps all it said, which is the harder half."""
    for path in (root / "media").rglob("*.mp4"):
        size = durable.get(str(path))
        if size is None:
            path.unlink()
        else:
            os.truncate(path, min(size, path.stat().st_size))


def _die_at(root: Path, fatal_step: int, writing: int) -> None:
    count = 0

    def on_step(step: str) -> None:
        nonlocal count
        count += 1
        if count == fatal_step:
            durable = [f"{size} {path}" for path, size in disk.synced.items() if path in disk.named]
            os.write(writing, "\n".join([str(published(root)), *durable]).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    disk = PowerDisk(on_step)
    try:
        life(root, on_step, disk)
    finally:
        os._exit(0)
