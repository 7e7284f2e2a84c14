"""The list of cameras: as the control plane tells it, and as it is kept on disk for the day when the web is gone.

The copy holds passwords, so it is encrypted (Fernet, key derived from the node key) and only its owner may read it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from luytre.base.clock import TICKS_PER_S, from_datetime
from luytre.base.ids import CAMERA_KEY
from luytre.base.polygons import PolygonError, polygons_of
from luytre.media.unit.masks import Masks


@dataclass(frozen=True, slots=True)
class CameraConfig:
    """One camera as the recorder needs it. `kind` `other`: through PyAV. Passwords stay out of the repr."""

    key: str
    name: str
    enabled: bool
    main_url: str
    sub_url: str | None
    username: str
    password: str = field(repr=False)
    kind: str = "rtsp"
    sound: bool = False
    retention_days: float | None = None
    retention_bytes: int | None = None
    masks: Masks | None = None
    """What is burned in for whoever may not see without; None: nothing is."""
    masks_known: bool = True
    """False where masks came that are not understood: then only who may see without masks is shown anything."""

    def same_source(self, other: CameraConfig) -> bool:
        """Whether a running session can go on when this becomes `other`."""
        mine = (self.enabled, self.main_url, self.sub_url, self.username, self.password, self.kind, self.sound)
        return mine == (other.enabled, other.main_url, other.sub_url, other.username, other.password, other.kind, other.sound)


@dataclass(frozen=True, slots=True)
class HoldConfig:
    id: str
    camera: str
    from_utc_90k: int
    to_utc_90k: int
    reason: str


@dataclass(frozen=True, slots=True)
class CameraList:
    cameras: tuple[CameraConfig, ...] = ()
    holds: tuple[HoldConfig, ...] = ()
    retention_days: float | None = None
    free_floor_bytes: int | None = None
    not_before_s: tuple[tuple[str, float], ...] = ()
    """Subjects of tokens (`*`: everybody), and the UTC second before which a token of theirs must not have been made."""


class ListError(ValueError):
    """What came is not a camera list; the one in force stays."""


def _masks(value: object) -> tuple[Masks | None, bool]:
    """Masks, and whether they were understood. One camera's odd masks do not keep the list from being taken."""
    if value is None:
        return None, True
    try:
        masks = Masks(int(value["version"]), polygons_of(value["polygons"]))  # type: ignore[index]
    except (PolygonError, KeyError, TypeError, ValueError, OverflowError):
        return None, False
    return masks if masks.polygons else None, True


def _camera(item: Mapping[str, Any]) -> CameraConfig:
    key = str(item["key"])
    if not CAMERA_KEY.fullmatch(key):
        raise ListError(f"camera key {key!r}")
    return CameraConfig(
        key,
        str(item.get("name") or key),
        bool(item["enabled"]),
        str(item["main_url"]),
        str(item["sub_url"]) if item.get("sub_url") else None,
        str(item.get("username") or ""),
        str(item.get("password") or ""),
        str(item.get("kind") or "rtsp"),
        bool(item.get("sound")),
        float(item["retention_days"]) if item.get("retention_days") is not None else None,
        int(item["retention_bytes"]) if item.get("retention_bytes") is not None else None,
        *_masks(item.get("masks")),
    )


def _hold(item: Mapping[str, Any]) -> HoldConfig:
    span = [from_datetime(datetime.fromisoformat(str(item[key]))) for key in ("from", "to")]
    return HoldConfig(str(item["id"]), str(item["camera"]), span[0], span[1], str(item.get("reason", "")))


def _second(moment: object) -> float:
    return from_datetime(datetime.fromisoformat(str(moment))) / TICKS_PER_S


def parse_list(text: str | bytes) -> CameraList:
    """JSON as design/recorder-http.md has it. Raises ListError; nothing half-understood is returned."""
    try:
        data = json.loads(text)
        settings = data.get("settings") or {}
        cameras = tuple(_camera(item) for item in data["cameras"])
        holds = tuple(_hold(item) for item in data.get("holds") or ())
        days, floor = settings.get("retention_days"), settings.get("free_floor_bytes")
        ended = tuple((str(subject), _second(moment)) for subject, moment in (data.get("not_before") or {}).items())
        found = CameraList(
            cameras, holds, float(days) if days is not None else None, int(floor) if floor is not None else None, ended
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise error if isinstance(error, ListError) else ListError(f"not a camera list: {type(error).__name__}") from error
    if len({camera.key for camera in cameras}) != len(cameras):
        raise ListError("two cameras of one key")
    return found


class KeptList:
    """The copy on disk. A copy that cannot be read is told and treated as none: the web will send a new one."""

    def __init__(self, path: Path, node_key: str) -> None:
        self._path = path
        digest = hashlib.sha256(b"luytre camera list\0" + node_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def load(self) -> CameraList | None:
        """Raises ListError when there is a copy that cannot be read."""
        try:
            return parse_list(self._fernet.decrypt(self._path.read_bytes()))
        except FileNotFoundError:
            return None
        except (InvalidToken, OSError) as error:
            raise ListError(f"the kept camera list cannot be read: {type(error).__name__}") from error

    def save(self, text: bytes) -> None:
        """Replaces the copy as a whole, or not at all."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._fernet.encrypt(text))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
