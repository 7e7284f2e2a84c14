"""What is hidden of a camera's picture before it is shown, and which pixels that are. Pure: no picture is touched here.

The same fractions hold for every stream of a camera. Hidden is more than was drawn: a margin round each polygon, and whole
2x2 blocks, so that neither smoothing nor the halved colour planes carry anything of a home over its edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from luytre.base.polygons import SCALE, Polygon

MARGIN_PART = 0.006
"""Of the picture's width."""
LEAST_MARGIN_PX = 4

Stripe: TypeAlias = tuple[int, int]
"""[from, to) of a row in pixels, both even."""
Bands: TypeAlias = tuple[tuple[Stripe, ...], ...]
"""For each two rows of the picture, from above: its stripes."""


@dataclass(frozen=True, slots=True)
class Masks:
    """The polygons in force for a camera. `version` grows with each change, and names what was made under it."""

    version: int
    polygons: tuple[Polygon, ...]


@lru_cache(maxsize=64)
def bands_of(polygons: tuple[Polygon, ...], width_px: int, height_px: int) -> Bands:
    """The pixels to be hidden in a picture of this size; a last row or column that is odd belongs to the block before it."""
    margin = max(LEAST_MARGIN_PX, round(width_px * MARGIN_PART))
    count = -(-height_px // 2)
    drawn: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    for polygon in polygons:
        corners = [(x * width_px / SCALE, y * height_px / SCALE) for x, y in polygon]
        for band in range(count):
            drawn[band] += _touched(corners, 2.0 * band, 2.0 * band + 2)
    reach = -(-margin // 2)
    return tuple(
        tuple(_merged([span for near in drawn[max(0, band - reach) : band + reach + 1] for span in near], margin, width_px))
        for band in range(count)
    )


def _touched(corners: list[tuple[float, float]], top: float, bottom: float) -> Iterator[tuple[float, float]]:
    """What of a polygon lies between two lines: where the middle is inside, and the whole reach of each edge."""
    middle, inside = (top + bottom) / 2, []
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if max(ay, by) < top or min(ay, by) > bottom:
            continue
        if ay == by:
            yield min(ax, bx), max(ax, bx)
            continue
        ends = [ax + (bx - ax) * (min(max(y, min(ay, by)), max(ay, by)) - ay) / (by - ay) for y in (top, bottom)]
        yield min(ends), max(ends)
        if (ay <= middle) != (by <= middle):
            inside.append(ax + (bx - ax) * (middle - ay) / (by - ay))
    inside.sort()
    yield from zip(inside[::2], inside[1::2], strict=True)


def _merged(spans: list[tuple[float, float]], margin: int, width_px: int) -> Iterator[Stripe]:
    even = width_px + width_px % 2
    wide = sorted((max(0, int(low - margin) // 2 * 2), min(even, (int(high + margin) // 2 + 1) * 2)) for low, high in spans)
    start = end = -1
    for low, high in wide:
        if low > end:
            if end > start:
                yield start, min(end, width_px)
            start, end = low, high
        end = max(end, high)
    if end > start:
        yield start, min(end, width_px)
