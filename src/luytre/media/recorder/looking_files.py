"""The views that pictures are compared with, on disk: `views/<camera>/<id>.view`, beside the kept list of cameras.

One file a view: a line of JSON, its signature, its JPEG, a SHA-256 over all before. Written beside and renamed; a file whose hash
is not its own is left out, told in the log and left where it is. Called in threads; one call waits for the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from luytre.base.ids import CAMERA_KEY
from luytre.base.verdicts import Light
from luytre.media.look.keeping import surplus
from luytre.media.look.messages import ViewHead
from luytre.media.look.sizes import PACKED_BYTES
from luytre.media.recorder.looking_memory import MemoryFile

log = structlog.get_logger(__name__)
_MAGIC = b"LtV1"
_TOLD = struct.Struct(">4sI")
_HASH_BYTES = 32
LARGEST_BYTES = 8 << 20
MOST_ACCEPTED = 20
"""Acceptances of a camera that are kept to be shown; learnt views only of the one in force."""
GONE_DAYS = 30
"""A camera that is in no list any more keeps its views so long."""


@dataclass(frozen=True, slots=True)
class View:
    """One kept view. `acceptance` counts the camera's acceptances from 1; the highest is in force."""

    camera: str
    head: ViewHead
    acceptance: int

    @property
    def id(self) -> str:
        return self.head.id


class ViewFiles:
    """All views of a recorder. What was read once is remembered, pictures and signatures are not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._views: dict[str, tuple[View, ...]] = {}
        self._lock = threading.RLock()

    @property
    def memory(self) -> MemoryFile:
        """Beside them."""
        return MemoryFile(self._folder)

    def of(self, camera: str) -> tuple[View, ...]:
        """The newest first. Reads the folder at the first time. Raises OSError."""
        with self._lock:
            if camera not in self._views:
                found = [view for path in self._paths(camera) if (view := self._read(path)) is not None]
                self._views[camera] = tuple(sorted(found, key=lambda view: (-view.acceptance, -view.head.at_s)))
            return self._views[camera]

    def in_force(self, camera: str) -> list[tuple[ViewHead, bytes]]:
        """Heads and packed signatures of what pictures are compared with."""
        with self._lock:
            views = self.of(camera)
            newest = views[0].acceptance if views else 0
            found = [(view, self._content(view)) for view in views if view.acceptance == newest]
            return [(view.head, content[0]) for view, content in found if content is not None]

    def picture(self, camera: str, view: str) -> bytes | None:
        """Its JPEG, without masks; None where there is none."""
        with self._lock:
            found = next((one for one in self.of(camera) if one.id == view), None)
            content = self._content(found) if found is not None else None
            return content[1] if content is not None else None

    def add(self, camera: str, head: ViewHead, signature: bytes, jpeg: bytes) -> View:
        """Keeps a view: an accepted one begins a new acceptance, a learnt one belongs to the newest. Raises OSError."""
        with self._lock:
            before = self.of(camera)
            newest = before[0].acceptance if before else 0
            number = newest + 1 if head.is_accepted else newest
            taken = {view.id for view in before}
            stem = f"{number}-{head.light.value}-{int(head.at_s)}"
            name = next(name for name in (stem, *(f"{stem}.{n}" for n in range(1, len(taken) + 2))) if name not in taken)
            view = View(camera, replace(head, id=name), number)
            self._write(view, signature, jpeg)
            self._views[camera] = (view, *before)
            self._give_up(camera)
            return view

    def forget(self, camera: str, view: str) -> bool:
        """False where there is none. Raises OSError."""
        with self._lock:
            found = next((one for one in self.of(camera) if one.id == view), None)
            if found is None:
                return False
            self._path(found).unlink(missing_ok=True)
            self._views[camera] = tuple(one for one in self._views[camera] if one.id != view)
            return True

    def sweep(self, cameras: set[str], now_s: float) -> None:
        """Erases the views of cameras that are in no list and have had none for so long."""
        with self._lock:
            for folder in sorted(path for path in self._folder.glob("*") if path.is_dir()):
                newest_s = max((path.stat().st_mtime for path in folder.glob("*.view")), default=0.0)
                if folder.name not in cameras and now_s - max(newest_s, folder.stat().st_mtime) > GONE_DAYS * 86_400:
                    shutil.rmtree(folder, ignore_errors=True)
                    self._views.pop(folder.name, None)

    def _give_up(self, camera: str) -> None:
        """Learnt views that are too many of one light, or of an acceptance that is over; and the oldest acceptances."""
        views = self._views[camera]
        newest = views[0].acceptance
        too_many = set(surplus([view.head for view in views if view.acceptance == newest]))
        for view in views:
            is_over = view.acceptance < newest and not view.head.is_accepted
            if is_over or view.id in too_many or view.acceptance <= newest - MOST_ACCEPTED:
                self.forget(camera, view.id)

    def _paths(self, camera: str) -> list[Path]:
        if not CAMERA_KEY.fullmatch(camera):
            return []
        return sorted((self._folder / camera).glob("*.view"))

    def _path(self, view: View) -> Path:
        return self._folder / view.camera / f"{view.id}.view"

    def _read(self, path: Path) -> View | None:
        try:
            told, _signature, _jpeg = _unpack(path)
            head = ViewHead(
                path.stem, Light(told["light"]), told["why"] == "accepted", float(told["at"]), int(told["dx"]), int(told["dy"])
            )
            return View(path.parent.name, head, int(told["acceptance"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("view.unreadable", path=str(path), detail=repr(error))
            return None

    def _content(self, view: View) -> tuple[bytes, bytes] | None:
        try:
            _told, signature, jpeg = _unpack(self._path(view))
        except (OSError, ValueError) as error:
            log.warning("view.unreadable", camera=view.camera, view=view.id, detail=repr(error))
            return None
        return signature, jpeg

    def _write(self, view: View, signature: bytes, jpeg: bytes) -> None:
        path, head = self._path(view), view.head
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = {
            "light": head.light.value, "why": "accepted" if head.is_accepted else "learnt", "at": head.at_s, "dx": head.dx,
            "dy": head.dy, "acceptance": view.acceptance,
        }  # fmt: skip
        text = json.dumps(told).encode()
        data = _TOLD.pack(_MAGIC, len(text)) + text + signature + jpeg
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data + hashlib.sha256(data).digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _unpack(path: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """What is told, signature, JPEG. Raises ValueError for a file that is not whole, OSError."""
    with path.open("rb") as file:
        whole = file.read(LARGEST_BYTES + 1)
    data, digest = whole[:-_HASH_BYTES], whole[-_HASH_BYTES:]
    if len(whole) > LARGEST_BYTES or len(data) < _TOLD.size or hashlib.sha256(data).digest() != digest:
        raise ValueError("the file is not whole")
    magic, size = _TOLD.unpack_from(data)
    at = _TOLD.size + size
    told = json.loads(data[_TOLD.size : at])
    if magic != _MAGIC or not isinstance(told, dict) or len(data) < at + PACKED_BYTES:
        raise ValueError("no view of ours")
    return told, data[at : at + PACKED_BYTES], data[at + PACKED_BYTES :]
