"""Fields of view that were found once and hold until the view itself, or something near it, changes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock

import shapely

from luytre.civic.geometry.coverage import EyeView, Field, field_of
from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import Obstacles

MOST_KEPT = 4000


class KeptFields:
    """As `coverage.fields_of`, for one process: a house that is drawn costs the fields near it alone. Threads may share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[Hashable, Field](), Lock()

    def of(self, eyes: Sequence[EyeView], obstacles: Obstacles) -> list[Field]:
        return [self._of(eye, obstacles) for eye in eyes]

    def _of(self, eye: EyeView, obstacles: Obstacles) -> Field:
        name = _name(eye, obstacles)
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
                return found
        made = field_of(eye, obstacles)
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


def _name(eye: EyeView, obstacles: Obstacles) -> Hashable:
    """Everything that the field depends on: the view, its reaches, and what stands within its reach."""
    view = eye.view
    near = sorted(obstacles.near(shapely.Point(view.east, view.north).buffer(max(view.reach_m, 0.0) * 1.01 + 0.01)).tolist())
    shapes = hashlib.sha256(b"".join(shapely.to_wkb(obstacles.shapes[near]).tolist())).digest() if near else b""
    return eye.key, view, tuple(eye.reaches_m.get(level, 0.0) for level in Level), shapes, tuple(obstacles.heights[near].tolist())
