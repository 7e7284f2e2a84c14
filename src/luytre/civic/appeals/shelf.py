"""Where owners' files lie: `coming/KEY` while they are sent, `kept/ab/SHA256` (mode 0400) once they have arrived,
`watching/ab/SHA256` for a copy that browsers play."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from luytre.civic.filed import sync_folder
from luytre.civic.registry.models import Commune

FOLDER = "appeals"


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Shelf:
    """`floor_bytes`: so many stay free on its disk. `free`: how many are, asked of the disk."""

    folder: Path
    floor_bytes: int
    free: Callable[[Path], int] = field(default=_free)

    def coming(self, key: str) -> Path:
        return self.folder / "coming" / key

    def kept(self, sha256: str) -> Path:
        return self.folder / "kept" / sha256[:2] / sha256

    def watching(self, sha256: str) -> Path:
        """`sha256`: of the file that it is a copy of."""
        return self.folder / "watching" / sha256[:2] / sha256

    def drop_watching(self, sha256: str) -> None:
        self.watching(sha256).unlink(missing_ok=True)

    def left_bytes(self) -> int:
        """Above the floor; negative below it. Errors: OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.free(self.folder) - self.floor_bytes

    def put(self, key: str, offset: int, data: bytes) -> None:
        """Synced when it returns. Errors: OSError."""
        path = self.coming(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(descriptor, data[written:], offset + written)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def keep(self, key: str, sha256: str) -> None:
        """To its last place, where nobody writes to it any more. Errors: OSError."""
        target = self.kept(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = self.coming(key)
        if source.exists():
            source.chmod(0o400)
            source.replace(target)
        for folder in (target.parent, target.parent.parent, source.parent):
            sync_folder(folder)

    def drop_coming(self, key: str) -> None:
        self.coming(key).unlink(missing_ok=True)


def shelf_here() -> Shelf:
    """In the data folder, with the commune's floor of free bytes."""
    return Shelf(Path(settings.ENVIRONMENT.data) / FOLDER, Commune.here().free_floor_bytes)


def hash_of(path: Path) -> str:
    """SHA-256, read from the disk. Errors: OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
