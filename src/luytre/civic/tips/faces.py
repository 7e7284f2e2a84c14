"""Faces of bystanders in a resident's photo: where they may be, and a copy in which they are no faces any more.

They are looked for by a child (`faces_child`), never within a request; whose they are is asked by nothing here. The finder misses
some, so no copy is shown to anybody before an officer has looked at it (`copies`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from PIL import Image

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_

MOST_BOXES = 60
LEAST_PX = 4
CHILD_S = 90
CELLS = 5
"""So many colours are left across a face: too few to tell one from another."""
_QUALITY = 82


@dataclass(frozen=True, slots=True)
class Box:
    """An area of a picture, in its pixels, within it."""

    left: int
    top: int
    width: int
    height: int


class FinderFailed(LuytreError):
    """The child did not tell where faces are."""


def find(path: Path) -> tuple[Box, ...]:
    """Where faces may be. Errors: FinderFailed."""
    try:
        command = [sys.executable, "-m", "luytre.civic.tips.faces_child", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_S, check=False)
        if done.returncode != 0:
            raise FinderFailed(N_("the program that looks for faces ended early"))
        return tuple(Box(*(int(side) for side in one)) for one in json.loads(done.stdout))[:MOST_BOXES]
    except (subprocess.TimeoutExpired, ValueError, TypeError) as error:
        raise FinderFailed(N_("the program that looks for faces took too long, or told nothing")) from error


def blurred(data: bytes, boxes: Sequence[Box]) -> bytes:
    """The photo with these areas made `CELLS` colours across; a JPEG. What was there is not to be had again from it."""
    with Image.open(BytesIO(data), formats=("JPEG",)) as found:
        picture = found.convert("RGB")
    for box in boxes:
        area = (box.left, box.top, box.left + box.width, box.top + box.height)
        few = picture.crop(area).resize((CELLS, CELLS), Image.Resampling.BOX)
        picture.paste(few.resize((box.width, box.height), Image.Resampling.BICUBIC), area)
    written = BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def boxes_text(boxes: Sequence[Box]) -> str:
    """One a line: from the left, from the top, width, height, in pixels."""
    return "\n".join(f"{one.left}, {one.top}, {one.width}, {one.height}" for one in boxes)


def read_boxes(text: str, width_px: int, height_px: int) -> tuple[Box, ...]:
    """As `boxes_text` writes them; what reaches out of the picture is cut. Errors: ValidationError at `boxes`, with the line."""
    boxes: list[Box] = []
    for number, line in enumerate(text[:10_000].splitlines(), 1):
        if not line.strip():
            continue
        box = _box(line, width_px, height_px)
        if box is None:
            words = N_("Line %(line)s is no area of the picture: write left, top, width, height in pixels, like 120, 80, 40, 50.")
            raise ValidationError({"boxes": ValidationError(words, params={"line": number})})
        if box not in boxes:
            boxes.append(box)
    if len(boxes) > MOST_BOXES:
        raise ValidationError({"boxes": ValidationError(N_("%(most)s areas at most."), params={"most": MOST_BOXES})})
    return tuple(boxes)


def _box(line: str, width_px: int, height_px: int) -> Box | None:
    parts = [part.strip() for part in line.replace(";", ",").split(",")]
    if len(parts) != 4 or not all(part.removeprefix("-").isdecimal() and part.isascii() and len(part) < 7 for part in parts):
        return None
    left, top, width, height = (int(part) for part in parts)
    right, bottom = min(left + width, width_px), min(top + height, height_px)
    left, top = max(left, 0), max(top, 0)
    return Box(left, top, right - left, bottom - top) if min(right - left, bottom - top) >= LEAST_PX else None
