"""Which pixels are hidden: all that was drawn and a margin round it, in whole blocks, and not much more."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from luytre.base.polygons import SCALE, Polygon, PolygonError, polygons_of
from luytre.media.unit.masks import LEAST_MARGIN_PX, MARGIN_PART, bands_of

corner = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda at: [at[0] / 20, at[1] / 20])
sizes = st.tuples(st.integers(2, 90), st.integers(2, 70))


def is_inside(polygon: Polygon, x: float, y: float) -> bool:
    found = False
    for (ax, ay), (bx, by) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def away(polygon: Polygon, x: float, y: float, width: int, height: int) -> float:
    """Pixels from a point outside to the nearest edge."""
    nearest = math.inf
    corners = [(ax * width / SCALE, ay * height / SCALE) for ax, ay in polygon]
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return nearest


@given(st.lists(corner, min_size=3, max_size=7), sizes)
def test_all_that_was_drawn_is_hidden_with_its_margin_and_little_more(points: list[list[float]], size: tuple[int, int]) -> None:
    try:
        polygons = polygons_of([points])
    except PolygonError:
        return
    (polygon,), (width, height) = polygons, size
    bands = bands_of(polygons, width, height)
    assert len(bands) == -(-height // 2)
    margin = max(LEAST_MARGIN_PX, round(width * MARGIN_PART))
    for row in range(height):
        for column in range(width):
            is_hidden = any(start <= column < end for start, end in bands[row // 2])
            x, y = column + 0.5, row + 0.5
            inside = is_inside(polygon, x * SCALE / width, y * SCALE / height)
            distance = 0.0 if inside else away(polygon, x, y, width, height)
            if distance < margin - 1:
                assert is_hidden, (column, row)
            if is_hidden and width > 20:
                assert distance < 3 * margin + 8


@given(st.lists(corner, min_size=3, max_size=7), sizes)
def test_stripes_are_whole_blocks_in_order_and_within_the_picture(points: list[list[float]], size: tuple[int, int]) -> None:
    try:
        polygons = polygons_of([points])
    except PolygonError:
        return
    for stripes in bands_of(polygons, *size):
        edges = [edge for stripe in stripes for edge in stripe]
        assert edges == sorted(set(edges))
        assert all(0 <= edge <= size[0] and (edge % 2 == 0 or edge == size[0]) for edge in edges)


def test_a_camera_without_polygons_hides_nothing() -> None:
    assert bands_of((), 640, 360) == ((),) * 180
