"""Where packages lie: `packages/KEY.zip` (mode 0400), and `making/KEY/` while one is being made."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from luytre.civic.filed import sync_folder
from luytre.civic.registry.models import Commune

FOLDER = "evidence"


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Shelf:
    """`floor_bytes`: so many stay free on its disk. `free`: how many are, asked of the disk."""

    folder: Path
    floor_bytes: int
    free: Callable[[Path], int] = field(default=_free)

    def kept(self, key: str) -> Path:
        return self.folder / "packages" / f"{key}.zip"

    def making(self, key: str) -> Path:
        return self.folder / "making" / key

    def left_bytes(self) -> int:
        """Above the floor; negative below it. Errors: OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.free(self.folder) - self.floor_bytes

    def begin(self, key: str) -> Path:
        """An empty folder to make a package in. Errors: OSError."""
        self.clear(key)
        folder = self.making(key)
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def clear(self, key: str) -> None:
        """What a making left behind is raw footage: it goes, whole. Errors: OSError."""
        if self.making(key).exists():
            shutil.rmtree(self.making(key))

    def clear_left(self) -> None:
        """Every folder of a making that no living process holds. Errors: OSError."""
        for one in (self.folder / "making").glob("*"):
            with self.held(one.name) as mine:
                if mine:
                    shutil.rmtree(one)

    @contextlib.contextmanager
    def held(self, key: str) -> Iterator[bool]:
        """While one process makes this package no other does, and none clears up after it; the kernel lets go of a killed one's.
        False where another has it. Errors: OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.folder / f".making-{key}"
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.stat(lock)  # gone where the one who had it ended just now: it is made already
            except (BlockingIOError, FileNotFoundError):
                yield False
                return
            try:
                yield True
            finally:
                lock.unlink(missing_ok=True)

    def put(self, key: str, made: Path) -> None:
        """A package that is whole and synced goes to its place. Errors: OSError."""
        target = self.kept(key)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made.chmod(0o400)
        made.replace(target)
        for folder in (target.parent, target.parent.parent):
            sync_folder(folder)

    def destroy(self, key: str) -> None:
        """Errors: OSError."""
        self.kept(key).unlink(missing_ok=True)
        if self.kept(key).parent.is_dir():
            sync_folder(self.kept(key).parent)


def shelf_here() -> Shelf:
    """In the data folder, with the commune's floor of free bytes."""
    return Shelf(Path(settings.ENVIRONMENT.data) / FOLDER, Commune.here().free_floor_bytes)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A file in a package, by its place in the zip."""

    name: str
    offset_bytes: int
    size_bytes: int


def inside(package: Path, beginning: str) -> tuple[Stretch, ...]:
    """The stored files of a package whose names begin so; none where it cannot be read."""
    try:
        with zipfile.ZipFile(package) as archive:
            found = [
                one
                for one in archive.infolist()
                if one.filename.startswith(beginning) and one.compress_type == zipfile.ZIP_STORED
            ]
        with package.open("rb") as file:
            return tuple(Stretch(one.filename, _data_offset(file, one.header_offset), one.file_size) for one in found)
    except (OSError, zipfile.BadZipFile, struct.error):
        return ()


def _data_offset(file: BinaryIO, header_offset: int) -> int:
    """Behind the local header, whose name and extra field have lengths of their own (APPNOTE 4.3.7)."""
    file.seek(header_offset + 26)
    name_bytes, extra_bytes = struct.unpack("<HH", file.read(4))
    return int(header_offset + 30 + name_bytes + extra_bytes)
