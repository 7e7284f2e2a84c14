"""Writes a span of a recording into files: `OUT.mp4`, and `OUT.2.mp4`, … where parameters change or a hole stands.

Reading the tables and copying the bytes go on at the same time: the head's place is kept free (its size is bounded by the
index) and filled last. Copies are the kernel's (`copy_file_range`) where it can. A file gets its name only when it is whole.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

from luytre.base.errors import ArchiveError, UsageError
from luytre.base.i18n import N_
from luytre.media.archive import Queries
from luytre.media.playback.plan import ExportPlan, Layout, Slice, copy_slices, finish, lay_out, plan_of
from luytre.media.playback.spans import run_parts

_CHUNK_BYTES = 32 << 20
_SMALL_BYTES = 32 << 20
"""Below this the tables are read first, and the head takes no more room than it needs."""
_NOT_SUPPORTED = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM}

Progress = Callable[[int, int], None]
"""Told (bytes copied, bytes in all)."""


@dataclass(frozen=True, slots=True)
class ExportPart:
    path: str
    plan: ExportPlan


@dataclass(frozen=True, slots=True)
class ExportResult:
    parts: tuple[ExportPart, ...]


class _Copier:
    """Copies slices to a file from an offset on, and tells how far it is."""

    def __init__(self, out_fd: int, slices: tuple[Slice, ...], at_bytes: int, tell: Callable[[int], None]) -> None:
        self._out, self._slices, self._at, self._tell = out_fd, slices, at_bytes, tell
        self.error: OSError | None = None
        self.is_stopped = False

    def run(self) -> None:
        try:
            for piece in self._slices:
                self._copy(piece)
        except OSError as error:
            self.error = error

    def _copy(self, piece: Slice) -> None:
        fd = os.open(piece.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            done = 0
            while done < piece.size_bytes and not self.is_stopped:
                wanted = min(_CHUNK_BYTES, piece.size_bytes - done)
                moved = copy_range(fd, self._out, wanted, piece.offset_bytes + done, self._at)
                if moved == 0:
                    raise OSError(errno.EIO, "the file ends too early", piece.path)
                done += moved
                self._at += moved
                self._tell(moved)
        finally:
            os.close(fd)


def copy_range(source: int, target: int, count_bytes: int, source_at: int, target_at: int) -> int:
    """Copies up to `count_bytes` between files; by hand where the kernel does not. How many were copied."""
    try:
        return os.copy_file_range(source, target, count_bytes, source_at, target_at)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
    data = os.pread(source, min(count_bytes, 1 << 20), source_at)
    view = memoryview(data)
    done = 0
    while done < len(data):
        done += os.pwrite(target, view[done:], target_at + done)
    return len(data)


def export(
    queries: Queries, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int, out: str | os.PathLike[str],
    progress: Progress = lambda done, total: None,
) -> ExportResult:  # fmt: skip
    """Writes the span. NotFound without footage, UsageError if a file is already there, ArchiveError from the disk.

    Nothing is left behind by an export that fails.
    """
    parts = run_parts(queries, camera, stream, from_utc_90k, to_utc_90k)
    paths = [part_path(os.fspath(out), number) for number in range(1, len(parts) + 1)]
    _require_new(paths)
    layouts = [lay_out(part) for part in parts]
    total, told = sum(layout.payload_bytes for layout in layouts), 0

    def tell(moved: int) -> None:
        nonlocal told
        told += moved
        progress(told, total)

    written: list[ExportPart] = []
    temporary = [f"{path}.part" for path in paths]
    try:
        for layout, path in zip(layouts, temporary, strict=True):
            written.append(ExportPart(path, _write(layout, path, tell)))
        for old, new in zip(temporary, paths, strict=True):
            os.replace(old, new)
    except OSError as error:
        raise _failed(os.fspath(out), error) from error
    finally:
        for path in temporary:
            if os.path.exists(path):
                os.unlink(path)
    return ExportResult(tuple(ExportPart(path, one.plan) for path, one in zip(paths, written, strict=True)))


def part_path(out: str, number: int) -> str:
    """`OUT.mp4`, `OUT.2.mp4`, …"""
    if number == 1:
        return out
    stem, suffix = os.path.splitext(out)
    return f"{stem}.{number}{suffix}"


def _require_new(paths: list[str]) -> None:
    folder = os.path.dirname(os.path.abspath(paths[0]))
    operation = N_("Exporting")
    if not os.path.isdir(folder):
        raise UsageError(
            N_("there is no such folder"),
            operation=operation,
            subject=folder,
            hint=N_("Make the folder first, or choose another one."),
        )
    for path in paths:
        if os.path.exists(path):
            raise UsageError(
                N_("there is already a file of this name"), operation=operation, subject=path,
                hint=N_("Choose another name; nothing is overwritten."),
            )  # fmt: skip


def _failed(out: str, error: OSError) -> ArchiveError:
    return ArchiveError(
        error.strerror or str(error), operation=N_("Exporting"), subject=out,
        hint=N_("Check that there is room, and that the folder can be written."),
    )  # fmt: skip


def _write(layout: Layout, path: str, tell: Callable[[int], None]) -> ExportPlan:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    try:
        if layout.payload_bytes <= _SMALL_BYTES:
            return _write_small(layout, fd, tell)
        return _write_large(layout, fd, tell)
    finally:
        os.close(fd)


def _write_small(layout: Layout, fd: int, tell: Callable[[int], None]) -> ExportPlan:
    for _ in layout.gather():
        pass
    finish(layout)
    head = layout.head()
    os.pwrite(fd, head, 0)
    copier = _Copier(fd, copy_slices(layout), len(head), tell)
    copier.run()
    if copier.error is not None:
        raise copier.error
    return plan_of(layout, head)


def _write_large(layout: Layout, fd: int, tell: Callable[[int], None]) -> ExportPlan:
    """Copies in a second thread (the kernel does the work) while this one reads the tables."""
    reserved = layout.head_bound_bytes()
    copier = _Copier(fd, copy_slices(layout), reserved, tell)
    thread = threading.Thread(target=copier.run, name="export-copy", daemon=True)
    thread.start()
    try:
        for _ in layout.gather():
            if copier.error is not None:
                break
        else:
            finish(layout)
            head = layout.head(reserved)
    except BaseException:
        copier.is_stopped = True
        raise
    finally:
        thread.join()
    if copier.error is not None:
        raise copier.error
    at = 0
    while at < len(head):
        at += os.pwrite(fd, memoryview(head)[at:], at)
    return plan_of(layout, head)
