"""Where things lie under an archive's root, and how names become folders.

A camera's name is free text in the headless recorder, so a folder's name is percent-quoted (UTF-8); a name of dots only
is quoted as well, and one too long for a folder is cut and told apart by a hash.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from luytre.base.clock import TICKS_PER_S, to_datetime

IDENTITY = "archive.json"
INDEX = "index.sqlite3"
HOLDS = "holds.json"
RESERVE = "reserve"
MEDIA = "media"
_FOLDER_MAX_BYTES = 200
_FILE = re.compile(r"(?P<clock>\d{6}\.\d{3})-(?P<run>[0-9a-z]{1,32})-(?P<seq>\d{1,9})\.mp4\Z")


def folder_of(name: str) -> str:
    """The folder's name for a camera or stream."""
    quoted = quote(name, safe=" ()+,@'")
    if not quoted.strip("."):
        quoted = quoted.replace(".", "%2E")
    if len(quoted) > _FOLDER_MAX_BYTES:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        quoted = f"{quoted[:150].rsplit('%', 1)[0]}~{digest}"
    return quoted


def name_of(folder: str) -> str:
    """The name a folder stands for, as far as it can be told from it; the truth is in the segments' headers."""
    return unquote(folder)


def segment_path(camera: str, stream: str, start_utc_90k: int, run_key: str, seq: int) -> str:
    """Relative to the root, with `/`."""
    moment = to_datetime(start_utc_90k)
    day = moment.strftime("%Y-%m-%d")
    clock = f"{moment:%H%M%S}.{start_utc_90k % TICKS_PER_S * 1000 // TICKS_PER_S:03d}"
    return f"{MEDIA}/{folder_of(camera)}/{folder_of(stream)}/{day}/{clock}-{run_key}-{seq}.mp4"


@dataclass(frozen=True, slots=True)
class FileName:
    """What a segment file's name says."""

    run_key: str
    seq: int


def parse_file_name(name: str) -> FileName | None:
    """None if it is not the name of a segment."""
    match = _FILE.match(name)
    return FileName(match["run"], int(match["seq"])) if match else None


def day_of(utc_90k: int) -> str:
    return to_datetime(utc_90k).strftime("%Y-%m-%d")


def walk_media(root: str, from_day: str = "") -> list[str]:
    """Relative paths of all files under `media/` whose day is `from_day` or later, sorted."""
    found: list[str] = []
    media = os.path.join(root, MEDIA)
    for camera in _folders(media):
        for stream in _folders(os.path.join(media, camera)):
            for day in _folders(os.path.join(media, camera, stream)):
                if day < from_day:
                    continue
                folder = f"{MEDIA}/{camera}/{stream}/{day}"
                found += [f"{folder}/{entry.name}" for entry in os.scandir(os.path.join(root, folder)) if entry.is_file()]
    return sorted(found)


def _folders(path: str) -> list[str]:
    if not os.path.isdir(path):
        return []
    return [entry.name for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)]
