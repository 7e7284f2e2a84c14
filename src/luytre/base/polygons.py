"""Polygons on a picture, as the parts of it that are hidden: read from what somebody drew, checked, and nothing else.

Points are whole ten-thousandths of the picture's width and height from its upper left corner, so that all that is asked of
them (does it cross itself, how large is it) has an exact answer. Both planes read polygons here, and so mean the same.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

SCALE = 10_000
MOST_POLYGONS, FEWEST_POINTS, MOST_POINTS = 16, 3, 32
SMALLEST_AREA = SCALE * SCALE // 10_000
"""A ten-thousandth of the picture: a square of a hundredth of its width and height."""

Point: TypeAlias = tuple[int, int]
Polygon: TypeAlias = tuple[Point, ...]


class Fault(StrEnum):
    """What is wrong with polygons."""

    NOT_UNDERSTOOD = "not_understood"
    TOO_MANY = "too_many"
    TOO_FEW_POINTS = "too_few_points"
    TOO_MANY_POINTS = "too_many_points"
    OUTSIDE = "outside"
    CROSSES = "crosses"
    TOO_SMALL = "too_small"


class PolygonError(ValueError):
    """`number` counts polygons from 1; 0: it is not about one of them."""

    def __init__(self, fault: Fault, number: int = 0) -> None:
        super().__init__(f"polygon {number}: {fault}")
        self.fault, self.number = fault, number


def read_polygons(text: str) -> tuple[Polygon, ...]:
    """JSON `[[[x, y], …], …]` with fractions from 0 to 1. Errors: PolygonError."""
    try:
        return polygons_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, PolygonError) else PolygonError(Fault.NOT_UNDERSTOOD) from error


def polygons_of(value: object) -> tuple[Polygon, ...]:
    """As `read_polygons`, of what JSON held."""
    if not isinstance(value, list):
        raise PolygonError(Fault.NOT_UNDERSTOOD)
    if len(value) > MOST_POLYGONS:
        raise PolygonError(Fault.TOO_MANY)
    return tuple(_polygon(one, number) for number, one in enumerate(value, 1))


def write_polygons(polygons: Sequence[Polygon]) -> str:
    """What `read_polygons` reads; the same polygons give the same text."""
    return json.dumps([[[x / SCALE, y / SCALE] for x, y in polygon] for polygon in polygons], separators=(",", ":"))


def doubled_area(polygon: Polygon) -> int:
    """Twice its area, in square ten-thousandths."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in _edges(polygon)))


def crosses_itself(polygon: Polygon) -> bool:
    """Whether two edges meet elsewhere than at the corner that they share."""
    edges = list(_edges(polygon))
    last = len(edges) - 1
    for (i, (a, b)), (j, (c, d)) in combinations(enumerate(edges), 2):
        if j == i + 1:
            folds = _folds_back(a, b, d)
        elif i == 0 and j == last:
            folds = _folds_back(c, a, b)
        else:
            folds = _meet(a, b, c, d)
        if folds:
            return True
    return False


def _polygon(value: object, number: int) -> Polygon:
    if not isinstance(value, list):
        raise PolygonError(Fault.NOT_UNDERSTOOD, number)
    if len(value) > MOST_POINTS:
        raise PolygonError(Fault.TOO_MANY_POINTS, number)
    points = [_point(one, number) for one in value]
    polygon = tuple(point for index, point in enumerate(points) if index == 0 or point not in (points[index - 1], points[0]))
    if len(polygon) < FEWEST_POINTS:
        raise PolygonError(Fault.TOO_FEW_POINTS, number)
    if doubled_area(polygon) < 2 * SMALLEST_AREA:
        is_bow = len(polygon) > FEWEST_POINTS and crosses_itself(polygon)  # its two halves take each other away
        raise PolygonError(Fault.CROSSES if is_bow else Fault.TOO_SMALL, number)
    if crosses_itself(polygon):
        raise PolygonError(Fault.CROSSES, number)
    return polygon


def _point(value: object, number: int) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise PolygonError(Fault.NOT_UNDERSTOOD, number)
    x, y = (_tick(one, number) for one in value)
    return x, y


def _tick(value: object, number: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise PolygonError(Fault.NOT_UNDERSTOOD, number)
    if not 0 <= value <= 1:
        raise PolygonError(Fault.OUTSIDE, number)
    return round(value * SCALE)


def _edges(polygon: Polygon) -> Iterator[tuple[Point, Point]]:
    return zip(polygon, (*polygon[1:], polygon[0]), strict=True)


def _turn(a: Point, b: Point, c: Point) -> int:
    """Above 0 where the way a → b → c turns one way, below 0 the other, 0 straight on or back."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _folds_back(a: Point, b: Point, c: Point) -> bool:
    """Whether b → c lies on a → b."""
    return _turn(a, b, c) == 0 and (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0


def _within(a: Point, b: Point, c: Point) -> bool:
    """Whether c, which is in line with a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    turns = [_sign(turn) for turn in (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))]
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    ends = zip(turns, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    return any(turn == 0 and _within(*points) for turn, points in ends)
