"""A region of a picture made coarse blocks of averages, so that nothing of what it showed can be brought back.

A soft blur can be undone: it weighs every pixel, and the weights are known. Of a block nothing is left but one rounded number.
A mosaic that moves over what it hides tells a little more with each picture, so its numbers are taken anew only now and then,
and its colour is one for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from luytre.base.polygons import SCALE
from luytre.base.tracks import Box, Track, box_about
from luytre.media.unit.masks import LEAST_MARGIN_PX, MARGIN_PART

if TYPE_CHECKING:
    import av

MOST_BLOCKS = 6
"""Across the longer side of a region."""
STEP = 16
"""Averages are rounded to such steps of the 256."""
RENEWED_MS = 500.0
Plane = npt.NDArray[np.uint8]
_Pixels = tuple[int, int, int, int]
"""From, to (not included) across; from, to down: all even."""


class Mosaic:
    """One region through one film; its pictures in order."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._taken_ms: float | None = None
        self._blocks: tuple[Plane, ...] = ()

    @property
    def was_seen(self) -> bool:
        """Whether it hid something of a picture."""
        return bool(self._blocks)

    def look(self, planes: tuple[Plane, ...], before_ms: float, at_ms: float, after_ms: float) -> _Pixels | None:
        """Where it is in the picture at `at_ms`, between its neighbours' times; takes its averages where that is due.

        To be asked before anything of the picture is painted over by another region.
        """
        box = box_about(self._track, before_ms, after_ms)
        if box is None:
            return None
        height, width = planes[0].shape
        place = pixels_of(box, width, height)
        if self._taken_ms is None or at_ms - self._taken_ms >= RENEWED_MS:
            self._taken_ms, self._blocks = at_ms, averages(planes, place)
        return place

    def paint(self, planes: tuple[Plane, ...], place: _Pixels) -> None:
        """Overwrites the region with what was last taken of it."""
        for number, (plane, blocks) in enumerate(zip(planes, self._blocks, strict=True)):
            left, right, upper, lower = place if number == 0 else _halved(place)
            rows = np.arange(lower - upper) * blocks.shape[0] // (lower - upper)
            columns = np.arange(right - left) * blocks.shape[1] // (right - left)
            plane[upper:lower, left:right] = blocks[rows][:, columns]


def pixels_of(box: Box, width_px: int, height_px: int) -> _Pixels:
    """The pixels of a region, with the margin that masks have, in whole 2x2 blocks within the picture (its sides are even)."""
    margin = max(LEAST_MARGIN_PX, round(width_px * MARGIN_PART))
    left, upper, right, lower = box
    across = _grown(left * width_px / SCALE, right * width_px / SCALE, margin, width_px)
    return *across, *_grown(upper * height_px / SCALE, lower * height_px / SCALE, margin, height_px)


def averages(planes: tuple[Plane, ...], place: _Pixels) -> tuple[Plane, ...]:
    """Luma in at most `MOST_BLOCKS` blocks along the longer side, rounded; each colour once for the whole region."""
    luma, *colours = planes
    left, right, upper, lower = place
    edge = max(right - left, lower - upper) / MOST_BLOCKS
    counts = [max(1, min(MOST_BLOCKS, round(side / edge))) for side in (lower - upper, right - left)]
    blocks = _means(luma[upper:lower, left:right], counts[0], counts[1])
    near, far, top, bottom = _halved(place)
    return blocks, *(_means(colour[top:bottom, near:far], 1, 1) for colour in colours)


def planes_of(frame: av.VideoFrame) -> tuple[Plane, ...]:
    """The planes of a planar 4:2:0 picture as arrays over its own memory. Raises ValueError for any other."""
    if frame.format.name != "yuv420p":
        raise ValueError(f"regions cannot be hidden in {frame.format.name}")
    rows = [(np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size), plane) for plane in frame.planes]
    return tuple(array[: plane.height, : plane.width] for array, plane in rows)


def _grown(low: float, high: float, margin: int, most: int) -> tuple[int, int]:
    begin, end = max(0, int(low - margin) // 2 * 2), min(most, (int(high + margin) // 2 + 1) * 2)
    return min(begin, most - 2), end


def _halved(place: _Pixels) -> _Pixels:
    left, right, upper, lower = (edge // 2 for edge in place)
    return left, right, upper, lower


def _means(part: Plane, down: int, across: int) -> Plane:
    """Means of so many blocks, rounded to the middle of a step."""
    rows = np.array_split(part.astype(np.float32), min(down, part.shape[0]), axis=0)
    means = [[float(block.mean()) for block in np.array_split(row, min(across, part.shape[1]), axis=1)] for row in rows]
    return ((np.array(means) // STEP) * STEP + STEP // 2).clip(16, 235).astype(np.uint8)
