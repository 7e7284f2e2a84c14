"""Polygons as people draw them: understood or refused with a reason, never half."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.polygons import (
    MOST_POINTS,
    MOST_POLYGONS,
    SCALE,
    SMALLEST_AREA,
    Fault,
    PolygonError,
    crosses_itself,
    doubled_area,
    polygons_of,
    read_polygons,
    write_polygons,
)

SQUARE = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]


@pytest.mark.parametrize(
    ("value", "fault", "number"),
    [
        ({}, Fault.NOT_UNDERSTOOD, 0),
        ([SQUARE, {}], Fault.NOT_UNDERSTOOD, 2),
        ([[[0.1, "0.2"], [0.3, 0.3], [0.1, 0.3]]], Fault.NOT_UNDERSTOOD, 1),
        ([[[True, 0.2], [0.3, 0.3], [0.1, 0.3]]], Fault.NOT_UNDERSTOOD, 1),
        ([[[0.1, 0.2, 0.3], [0.3, 0.3], [0.1, 0.3]]], Fault.NOT_UNDERSTOOD, 1),
        ([[[math.nan, 0.2], [0.3, 0.3], [0.1, 0.3]]], Fault.NOT_UNDERSTOOD, 1),
        ([[[math.inf, 0.2], [0.3, 0.3], [0.1, 0.3]]], Fault.OUTSIDE, 1),
        ([SQUARE] * (MOST_POLYGONS + 1), Fault.TOO_MANY, 0),
        ([SQUARE, SQUARE[:2]], Fault.TOO_FEW_POINTS, 2),
        ([[[0.5, 0.5]] * 5], Fault.TOO_FEW_POINTS, 1),
        ([[[0.5, 0.5 + index / 100] for index in range(MOST_POINTS + 1)]], Fault.TOO_MANY_POINTS, 1),
        ([[[-0.001, 0.1], *SQUARE[1:]]], Fault.OUTSIDE, 1),
        ([[[0.1, 0.1], [0.4, 0.4], [0.4, 0.1], [0.1, 0.4]]], Fault.CROSSES, 1),
        ([[*SQUARE, [0.25, 0.1]]], Fault.CROSSES, 1),
        ([[*SQUARE[:2], [0.4, 0.6], *SQUARE[2:]]], Fault.CROSSES, 1),
        ([[[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]], Fault.TOO_SMALL, 1),
        ([[[0.1, 0.1], [0.1001, 0.1], [0.1001, 0.9], [0.1, 0.9]]], Fault.TOO_SMALL, 1),
    ],
)
def test_what_is_wrong_is_named(value: object, fault: Fault, number: int) -> None:
    with pytest.raises(PolygonError) as told:
        polygons_of(value)
    assert (told.value.fault, told.value.number) == (fault, number)


def test_the_last_point_may_be_the_first_again_and_points_may_stand_twice() -> None:
    assert polygons_of([[*SQUARE, SQUARE[0]]]) == polygons_of([[SQUARE[0], *SQUARE]]) == polygons_of([SQUARE])


coordinate = st.floats(-0.2, 1.2, allow_nan=False) | st.floats() | st.integers(0, 1)
drawn = st.lists(st.lists(st.lists(coordinate, min_size=2, max_size=2), min_size=2, max_size=8), max_size=4)
anything = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4))


@given(drawn | anything)
def test_understood_or_refused_and_what_is_understood_comes_back(value: object) -> None:
    try:
        found = read_polygons(json.dumps(value))
    except PolygonError:
        return
    assert read_polygons(write_polygons(found)) == found
    for polygon in found:
        assert 3 <= len(polygon) <= MOST_POINTS
        assert all(0 <= x <= SCALE and 0 <= y <= SCALE for x, y in polygon)
        assert doubled_area(polygon) >= 2 * SMALLEST_AREA
        assert not crosses_itself(polygon)


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda data: data.decode("latin1")))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = read_polygons(text)
    except PolygonError:
        return
    assert isinstance(found, tuple)


@given(st.integers(3, MOST_POINTS), st.randoms(use_true_random=False))
def test_a_star_shaped_polygon_is_understood_and_crossed_once_it_is_not(count: int, random: object) -> None:
    rng = random.uniform  # type: ignore[attr-defined]
    angles = [2 * math.pi * index / count for index in range(count)]
    star = [[0.5 + radius * math.cos(a), 0.5 + radius * math.sin(a)] for a in angles for radius in [rng(0.2, 0.45)]]
    (polygon,) = polygons_of([star])
    assert len(polygon) == count
    if count < 5:
        return
    # seen from the middle, two neighbours in the wrong order make the way go back on itself
    first = [0.5 + 0.4 * math.cos(angles[0]), 0.5 + 0.4 * math.sin(angles[0])]
    ring = [[0.5 + 0.4 * math.cos(a), 0.5 + 0.4 * math.sin(a)] for a in angles]
    ring[1], ring[2] = ring[2], ring[1]
    assert ring[0] == first
    with pytest.raises(PolygonError) as told:
        polygons_of([ring])
    assert told.value.fault is Fault.CROSSES


def test_a_way_that_only_touches_itself_is_refused_too() -> None:
    touching = ((1000, 1000), (9000, 1000), (9000, 9000), (5000, 1000), (1000, 9000))
    assert crosses_itself(touching)
    apart = ((1000, 1000), (9000, 1000), (9000, 9000), (5000, 1001), (1000, 9000))
    assert not crosses_itself(apart)
    assert all(a != b for a, b in pairwise(apart))
