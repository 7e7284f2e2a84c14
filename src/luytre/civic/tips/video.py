"""A resident's video, made anew by a child of its own (`video_child`) with bounds on time and memory: the file is anybody's."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from luytre.base.i18n import N_
from luytre.civic.survey.photos import PhotoRefused

MOST_BYTES = 50 * 1024 * 1024
HEIF = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
"""Brands of photos in such a container (ISO/IEC 23008-12)."""
CHILD_S = 60
AT_ONCE = threading.BoundedSemaphore(2)
"""So many are made anew at a time: the web has eight threads, and none of them shall wait for somebody's videos."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A video that lies in its file."""

    width_px: int
    height_px: int
    seconds: int


def is_video(head: bytes) -> bool:
    """By its first 16 bytes: ISO base media (MP4, MOV, 3GP) that is no HEIF photo, or Matroska (WebM)."""
    if head[4:8] == b"ftyp":
        return head[8:12] not in HEIF
    return head[4:8] in (b"moov", b"mdat", b"wide") or head[:4] == b"\x1aE\xdf\xa3"


def remade(source: Path, target: Path) -> Remade:
    """Errors: PhotoRefused, for any bytes whatever; OSError where the disk does not take it."""
    if source.stat().st_size > MOST_BYTES:
        raise _refused()
    if not AT_ONCE.acquire(blocking=False):
        busy = N_("other videos are being read at this moment")
        raise PhotoRefused(busy, N_("Add it under the code in a minute."))
    try:
        return _by_child(source, target)
    finally:
        AT_ONCE.release()


def _by_child(source: Path, target: Path) -> Remade:
    command = [sys.executable, "-m", "luytre.civic.tips.video_child", str(source), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _refused() from error
    fields = done.stdout.split()
    if done.returncode != 0 or len(fields) != 3:
        target.unlink(missing_ok=True)
        raise _refused()
    return Remade(*(int(field) for field in fields))


def _refused() -> PhotoRefused:
    hint = N_("MP4, MOV and WebM of telephones are taken, up to 50 MB and ten minutes.")
    return PhotoRefused(N_("this video cannot be read"), hint)
