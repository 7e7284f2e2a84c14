"""A signature drawn with a finger: strokes of points, read from what a browser sent, checked, and nothing else. No Django."""

from __future__ import annotations

import json
from typing import TypeAlias

WIDTH, HEIGHT = 1000, 400
"""The field's own units, whatever the screen."""
MOST_STROKES, MOST_POINTS = 200, 6000
FEWEST_POINTS = 8
LEAST_SPREAD = 60
"""A signature is at least so wide or high: a dot made by a slip of the finger is none."""
MOST_TEXT = 120_000

Strokes: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]


class NoSignature(ValueError):
    """What was sent is none."""


def read_strokes(text: str) -> Strokes:
    """JSON `[[[x, y], …], …]` in whole units. Errors: NoSignature."""
    if len(text) > MOST_TEXT:
        raise NoSignature("too long")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoSignature("not JSON") from error
    if not isinstance(value, list) or not 0 < len(value) <= MOST_STROKES:
        raise NoSignature("no strokes")
    found = tuple(_stroke(one) for one in value)
    points = [point for stroke in found for point in stroke]
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise NoSignature("too few or too many points")
    across, down = [x for x, _y in points], [y for _x, y in points]
    if max(max(across) - min(across), max(down) - min(down)) < LEAST_SPREAD:
        raise NoSignature("a dot")
    return found


def write_strokes(strokes: Strokes) -> str:
    return json.dumps([[list(point) for point in stroke] for stroke in strokes], separators=(",", ":"))


def as_path(strokes: Strokes) -> str:
    """For the `d` of an SVG path within `WIDTH` × `HEIGHT`."""
    return " ".join("M" + " L".join(f"{x} {y}" for x, y in (stroke if len(stroke) > 1 else stroke * 2)) for stroke in strokes)


def _stroke(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list) or not value:
        raise NoSignature("an empty stroke")
    return tuple(_point(one) for one in value)


def _point(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise NoSignature("no point")
    x, y = value
    if type(x) is not int or type(y) is not int or not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise NoSignature("outside")
    return x, y
