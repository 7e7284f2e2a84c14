"""Pictures of an acceptance: photos made anew from their pixels, a camera's picture with its masks burned in; files by SHA-256.

<data>/acceptance/ab/abcdef….jpg
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from luytre.base.polygons import SCALE, Polygon
from luytre.civic.survey.photos import clean, keep_file, path_of

_COVER = (20, 20, 20)
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that lies in its file."""

    sha256: str
    width_px: int
    height_px: int


def keep_photo(folder: Path, data: bytes) -> Kept:
    """What a telephone sent. Errors: PhotoRefused for any bytes whatever, OSError where the disk does not take it."""
    made = clean(data)
    return Kept(_keep(folder, made.data), made.width_px, made.height_px)


def keep_camera_picture(folder: Path, jpeg: bytes, masks: Sequence[Polygon] = ()) -> Kept:
    """What a camera shows, at its own size; `masks` are burned in. Errors: OSError where it is none, or the disk is full."""
    data = masked(jpeg, masks)
    with Image.open(BytesIO(data), formats=("JPEG",)) as found:
        width, height = found.size
    return Kept(_keep(folder, data), width, height)


def masked(jpeg: bytes, masks: Sequence[Polygon]) -> bytes:
    """A picture made anew, with areas burned in. Errors: OSError where it is no picture."""
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as found:
        plain = Image.new("RGB", found.size)
        plain.paste(found.convert("RGB"))
    draw = ImageDraw.Draw(plain)
    for polygon in masks:
        draw.polygon([(x / SCALE * plain.width, y / SCALE * plain.height) for x, y in polygon], fill=_COVER)
    written = BytesIO()
    plain.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def read_picture(folder: Path, sha256: str) -> bytes:
    """Empty where the file is gone or is not what it is called."""
    try:
        data = path_of(folder, sha256).read_bytes()
    except OSError:
        return b""
    return data if hashlib.sha256(data).hexdigest() == sha256 else b""


def size_of(folder: Path, sha256: str) -> tuple[int, int] | None:
    """Width and height in pixels, by the file's head alone; None where it is gone or is no picture."""
    if not sha256:
        return None
    try:
        with Image.open(path_of(folder, sha256), formats=("JPEG",)) as found:
            return found.size
    except OSError:
        return None


def _keep(folder: Path, data: bytes) -> str:
    name = hashlib.sha256(data).hexdigest()
    keep_file(path_of(folder, name), data)
    return name
