"""The disk as the archive's write path sees it: a seam with the real one and one that fails on request.

Everything that changes a segment file goes through `Disk`, and nothing else does: so a test can stop the process, or
fail, at each step. `mark` names the steps between two disk operations (the index's transactions) for the same purpose.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

_WRITE_OUT = 2
"""SYNC_FILE_RANGE_WRITE of sync_file_range(2): start writing dirty pages, wait for nothing."""
_KEEP_SIZE = 1
"""FALLOC_FL_KEEP_SIZE of fallocate(2)."""
_IOV_MAX = 1024


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file a path leads to: changes when something is mounted over it, or unmounted."""

    device: int
    inode: int


class Disk(Protocol):
    """Raises OSError as the system does."""

    def create(self, path: str) -> int:
        """A new file (it must not exist), open for writing at its end."""

    def open_end(self, path: str) -> int:
        """An existing file, open for writing at its end."""

    def reserve(self, fd: int, size_bytes: int) -> None:
        """Asks for room up to this size without making the file longer: fewer pieces on the disk, cheaper syncs. A hint."""

    def write(self, fd: int, buffers: Sequence[bytes]) -> None:
        """All the buffers, in order, or OSError."""

    def start_sync(self, fd: int) -> None:
        """Asks the kernel to begin writing the file out, so that the `sync`s of many files go together."""

    def sync(self, fd: int) -> None: ...

    def sync_folder(self, path: str) -> None: ...

    def truncate(self, fd: int, size_bytes: int) -> None:
        """The file ends here; what was reserved beyond is given back."""

    def close(self, fd: int) -> None: ...

    def unlink(self, path: str) -> None:
        """Removes the file; one that is not there is no error."""

    def make_folders(self, path: str) -> None:
        """The folder and those above it, each made known to its parent durably."""

    def replace_file(self, path: str, data: bytes) -> None:
        """Puts `data` at `path` whole or not at all, durably."""

    def free_bytes(self, path: str) -> int: ...

    def total_bytes(self, path: str) -> int: ...

    def identity(self, path: str) -> FileIdentity: ...

    def mark(self, step: str) -> None:
        """A named step of the write path was reached."""


def _load(name: str, types: list[type]) -> Callable[..., int] | None:
    """A function of the C library that Python does not offer; None where there is none of that name."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    function.argtypes = types
    function.restype = ctypes.c_int
    return lambda *values: int(function(*values))


_sync_file_range = _load("sync_file_range", [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint])
_fallocate = _load("fallocate", [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64])


class RealDisk:
    """The operating system's files."""

    def create(self, path: str) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o640)

    def open_end(self, path: str) -> int:
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)

    def reserve(self, fd: int, size_bytes: int) -> None:
        if _fallocate is not None:
            _fallocate(fd, _KEEP_SIZE, 0, size_bytes)  # a hint: where it fails, writing goes on without

    def write(self, fd: int, buffers: Sequence[bytes]) -> None:
        for first in range(0, len(buffers), _IOV_MAX):
            batch = buffers[first : first + _IOV_MAX]
            wanted = sum(map(len, batch))
            done = os.writev(fd, batch)
            if done != wanted:
                self._write_rest(fd, b"".join(batch), done)

    def _write_rest(self, fd: int, data: bytes, done: int) -> None:
        """A short write is how a disk says that it is nearly full: the next one tells the error."""
        view = memoryview(data)
        while done < len(data):
            wrote = os.write(fd, view[done:])
            if wrote == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            done += wrote

    def start_sync(self, fd: int) -> None:
        if _sync_file_range is not None:
            _sync_file_range(fd, 0, 0, _WRITE_OUT)  # a hint: what fails here fails again in sync()

    def sync(self, fd: int) -> None:
        os.fdatasync(fd)

    def sync_folder(self, path: str) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def truncate(self, fd: int, size_bytes: int) -> None:
        os.ftruncate(fd, size_bytes)

    def close(self, fd: int) -> None:
        os.close(fd)

    def unlink(self, path: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def make_folders(self, path: str) -> None:
        if os.path.isdir(path):
            return
        parent = os.path.dirname(path)
        if parent and parent != path:
            self.make_folders(parent)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o750)
        self.sync_folder(parent)

    def replace_file(self, path: str, data: bytes) -> None:
        new = path + ".new"
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        try:
            self.write(fd, [data])
            self.sync(fd)
        finally:
            os.close(fd)
        os.replace(new, path)
        self.sync_folder(os.path.dirname(path))

    def free_bytes(self, path: str) -> int:
        facts = os.statvfs(path)
        return facts.f_bavail * facts.f_frsize

    def total_bytes(self, path: str) -> int:
        facts = os.statvfs(path)
        return facts.f_blocks * facts.f_frsize

    def identity(self, path: str) -> FileIdentity:
        facts = os.stat(path)
        return FileIdentity(facts.st_dev, facts.st_ino)

    def mark(self, step: str) -> None:
        pass


@dataclass
class FakeDisk(RealDisk):
    """A real folder that misbehaves on request. For tests of this package and of those above it.

    `fail_with[operation]` is an errno that the operation raises from now on; `capacity_bytes` is the size of the disk;
    `vanished` is a mount that is gone; `on_step` is called with the name of every operation and mark.
    """

    fail_with: dict[str, int] = field(default_factory=dict)
    capacity_bytes: int | None = None
    used_bytes: int = 0
    vanished: bool = False
    on_step: Callable[[str], None] = lambda step: None
    steps: list[str] = field(default_factory=list)

    def _step(self, operation: str) -> None:
        self.steps.append(operation)
        self.on_step(operation)
        if self.vanished:
            raise OSError(errno.ENOENT if operation in ("identity", "create", "open_end") else errno.EIO, operation)
        if operation in self.fail_with:
            code = self.fail_with[operation]
            raise OSError(code, os.strerror(code))

    def create(self, path: str) -> int:
        self._step("create")
        return super().create(path)

    def open_end(self, path: str) -> int:
        self._step("open_end")
        return super().open_end(path)

    def reserve(self, fd: int, size_bytes: int) -> None:
        self._step("reserve")
        super().reserve(fd, size_bytes)

    def write(self, fd: int, buffers: Sequence[bytes]) -> None:
        self._step("write")
        size = sum(map(len, buffers))
        if self.capacity_bytes is not None and self.used_bytes + size > self.capacity_bytes:
            room = max(0, self.capacity_bytes - self.used_bytes)
            super().write(fd, [b"".join(buffers)[:room]])
            self.used_bytes += room
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(fd, buffers)
        self.used_bytes += size

    def start_sync(self, fd: int) -> None:
        self._step("start_sync")
        super().start_sync(fd)

    def sync(self, fd: int) -> None:
        self._step("sync")
        super().sync(fd)

    def sync_folder(self, path: str) -> None:
        self._step("sync_folder")
        super().sync_folder(path)

    def truncate(self, fd: int, size_bytes: int) -> None:
        self._step("truncate")
        self.used_bytes -= os.fstat(fd).st_size - size_bytes
        super().truncate(fd, size_bytes)

    def unlink(self, path: str) -> None:
        self._step("unlink")
        with contextlib.suppress(FileNotFoundError):
            self.used_bytes -= os.stat(path).st_size
        super().unlink(path)

    def replace_file(self, path: str, data: bytes) -> None:
        self._step("replace_file")
        super().replace_file(path, data)

    def free_bytes(self, path: str) -> int:
        self._step("free_bytes")
        if self.capacity_bytes is None:
            return super().free_bytes(path)
        return max(0, self.capacity_bytes - self.used_bytes)

    def total_bytes(self, path: str) -> int:
        return super().total_bytes(path) if self.capacity_bytes is None else self.capacity_bytes

    def identity(self, path: str) -> FileIdentity:
        self._step("identity")
        return super().identity(path)

    def mark(self, step: str) -> None:
        self._step(step)
