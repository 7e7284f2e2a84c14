"""The child that looks where faces may be in one photo: dlib's finder for faces seen from the front, HOG and a linear classifier.

    python -m luytre.civic.tips.faces_child IN

Knows no Django: it is started for one photo by `faces`, and bounds its own time and memory before it reads anything. It tells
where, never who. Prints a JSON list of [left, top, width, height] in pixels, each a little larger than what was found, so that
hair and ears are in it. Exit 0: done; 3: this is no photo.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import dlib
import numpy as np
from PIL import Image

REFUSED = 3
CPU_S = 60
MEMORY_BYTES = 3 * 1024**3
SEARCHED_PX = 6400
"""The longer side is doubled up to here: the finder knows faces of 80 pixels, and those of bystanders have 20 to 30."""
MOST_DOUBLED = 3
LEAST_SCORE = -0.3
"""Below the finder's own bound (0): a wrong area costs a press, a face that was missed costs more."""
WIDER = 0.3


def areas_of(picture: Image.Image) -> list[tuple[int, int, int, int]]:
    """Left, top, width, height; the surest first."""
    longer, doubled = max(picture.size), 0
    while doubled < MOST_DOUBLED and longer * 2 ** (doubled + 1) <= SEARCHED_PX:
        doubled += 1
    finder = dlib.get_frontal_face_detector()
    found, _scores, _kinds = finder.run(np.asarray(picture.convert("RGB")), doubled, LEAST_SCORE)
    return [area for one in found if (area := _within(one, picture.size))]


def _within(one: dlib.rectangle, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    aside, above = round(one.width() * WIDER), round(one.height() * WIDER)
    left, top = max(0, one.left() - aside), max(0, one.top() - above)
    right, bottom = min(size[0], one.right() + 1 + aside), min(size[1], one.bottom() + 1 + above)
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def main(arguments: list[str]) -> int:
    os.nice(15)  # recording and pages come first
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        with Image.open(Path(arguments[0]), formats=("JPEG",)) as picture:
            areas = areas_of(picture)
    except (OSError, ValueError, IndexError, SyntaxError, RuntimeError, MemoryError):
        return REFUSED
    sys.stdout.write(json.dumps(areas))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
