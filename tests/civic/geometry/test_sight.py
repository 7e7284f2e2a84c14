"""Lines of sight: two ways to count them agree, and obstacles never let anybody see more."""

import itertools
import math
import random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.geometry.coverage import EyeView, at_night, field_of, fields_of, watched
from luytre.civic.geometry.optics import Level, Levels, reach_of
from luytre.civic.geometry.sight import Obstacles, View, field_of_view, sector, sights

HERE = View(0, 0, 90, 90, 50)
BOXES = st.builds(
    lambda east, north, width, depth: shapely.box(east, north, east + width, north + depth),
    st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 20), st.integers(1, 20),
)  # fmt: skip
WALLS = st.builds(
    lambda a, b: shapely.LineString([a, b]),
    st.tuples(st.integers(-40, 0), st.integers(-40, 40)), st.tuples(st.integers(1, 40), st.integers(-40, 40)),
)  # fmt: skip
HEIGHTS = st.none() | st.floats(0.5, 12)
VIEWS = st.builds(
    View,
    st.just(0.3),
    st.just(0.7),
    st.floats(0, 359),
    st.floats(10, 360),
    st.floats(5, 60),
    st.just(0.0),
    st.none() | st.floats(2, 10),
)


def seen(view: View, point: tuple[float, float], *shapes: shapely.Geometry, heights: list[float | None] | None = None) -> bool:
    return bool(len(sights([view], np.array([point], dtype=float), Obstacles(shapes, heights)).views))


def test_angle_and_reach_count_to_their_edges() -> None:
    assert seen(HERE, (50, 0))
    assert not seen(HERE, (50.01, 0))
    assert seen(HERE, (20, 20))
    assert not seen(HERE, (20, 20.01))
    assert seen(HERE, (0, 0))
    assert seen(View(0, 0, 350, 40, 50), (1, 20))
    assert not seen(View(0, 0, 90, 90, 50, near_m=5), (4, 0))


def test_a_wall_and_a_house_cut_and_grazing_does_not() -> None:
    house = shapely.box(10, -2, 14, 2)
    assert not seen(HERE, (30, 0), house)
    assert seen(HERE, (30, 6), house)  # along its corner
    assert seen(HERE, (10, 0), house)  # its front
    assert not seen(HERE, (30, 0), shapely.LineString([(5, -5), (5, 5)]))
    assert seen(HERE, (30, 0), shapely.LineString([(5, 0), (5, 5)]))  # past its end
    assert seen(HERE, (30, 0), shapely.LineString([(5, 0), (9, 0)]))  # along it
    assert not seen(HERE, (12, 0), house)  # inside


def test_what_stands_inside_sees_nothing_and_on_the_wall_sees_away() -> None:
    assert not seen(HERE, (30, 0), shapely.box(-5, -5, 5, 5))
    assert field_of_view(HERE, Obstacles([shapely.box(-5, -5, 5, 5)])).is_empty
    on_the_wall = [shapely.box(-5, -5, 0, 5)]
    assert seen(HERE, (30, 0), *on_the_wall)
    assert field_of_view(HERE, Obstacles(on_the_wall)).area == pytest.approx(sector(HERE).area)
    assert not seen(View(0, 0, 270, 90, 50), (-30, 0), *on_the_wall)


def test_what_is_low_hides_only_what_is_near_behind_it() -> None:
    tall = View(0, 0, 90, 90, 50, height_m=6.0)
    shed = shapely.box(10, -5, 11, 5)
    # The line from 6 m over a shed of 3 m at 11 m comes down to 1.5 m at 16.5 m.
    assert not seen(tall, (16, 0), shed, heights=[3.0])
    assert seen(tall, (17, 0), shed, heights=[3.0])
    assert not seen(tall, (17, 0), shed, heights=[None])
    assert seen(tall, (12, 0), shed, heights=[1.4])
    assert seen(HERE, (12, 0), shed, heights=[1.4])
    field = field_of_view(tall, Obstacles([shed], [3.0]))
    assert field.dwithin(shapely.Point(17, 0), 0)
    assert not field.dwithin(shapely.Point(16, 0), 0)


@settings(max_examples=60)
@given(VIEWS, st.lists(st.tuples(BOXES | WALLS, HEIGHTS), max_size=6), st.integers(0, 2**32))
def test_lines_and_shapes_agree(view: View, shapes: list[tuple[shapely.Geometry, float | None]], seed: int) -> None:
    """The pairs of `sights` and the shape of `field_of_view` are made in two ways: a point well inside one is in the other."""
    obstacles = Obstacles([shape for shape, _ in shapes], [height for _, height in shapes])
    dice = random.Random(seed)
    points = np.array([(dice.uniform(-60, 60), dice.uniform(-60, 60)) for _ in range(80)])
    found = set(sights([view], points, obstacles).points.tolist())
    field = field_of_view(view, obstacles)
    for number, point in enumerate(shapely.points(points)):
        edge = field.boundary.distance(point) if not field.is_empty else math.inf
        if edge > 0.1 or field.is_empty:  # an arc is drawn by chords
            assert (number in found) == field.dwithin(point, 0), (points[number], edge)


@settings(max_examples=60)
@given(VIEWS, st.lists(st.tuples(BOXES | WALLS, HEIGHTS), max_size=6), BOXES)
def test_what_is_seen_of_a_shape_is_the_field_within_it(
    view: View, shapes: list[tuple[shapely.Geometry, float | None]], part: shapely.Geometry
) -> None:
    obstacles = Obstacles([shape for shape, _ in shapes], [height for _, height in shapes])
    whole, only = field_of_view(view, obstacles), field_of_view(view, obstacles, part)
    assert only.area == pytest.approx(shapely.intersection(whole, part).area, abs=1e-6)


@settings(max_examples=60)
@given(VIEWS, st.lists(st.tuples(BOXES | WALLS, HEIGHTS), min_size=1, max_size=6))
def test_coverage_never_grows_when_an_obstacle_is_added(view: View, shapes: list[tuple[shapely.Geometry, float | None]]) -> None:
    before = field_of_view(view, Obstacles([s for s, _ in shapes[1:]], [h for _, h in shapes[1:]]))
    after = field_of_view(view, Obstacles([s for s, _ in shapes], [h for _, h in shapes]))
    assert after.difference(before).area < 1e-6
    points = np.array([(east, north) for east in range(-50, 51, 7) for north in range(-50, 51, 7)], dtype=float)
    seen_before = set(sights([view], points, Obstacles([s for s, _ in shapes[1:]], [h for _, h in shapes[1:]])).points.tolist())
    assert set(sights([view], points, Obstacles([s for s, _ in shapes], [h for _, h in shapes])).points.tolist()) <= seen_before


def an_eye(key: str, east: float, bearing: float) -> EyeView:
    levels = Levels()
    reaches = {level: reach_of(levels.px_per_m(level), 90, 1920) for level in Level}
    return EyeView(key, View(east, 0, bearing, 90, reaches[Level.DETECT]), reaches)


def test_how_much_of_a_route_is_seen_and_what_one_eye_is_worth() -> None:
    route = shapely.LineString([(0, 0), (100, 0)])
    fields = fields_of([an_eye("a", 0, 90), an_eye("b", 20, 90)], Obstacles([]))
    found = watched("r", route, fields)
    assert found.shares[Level.DETECT] == pytest.approx(0.584, abs=1e-6)
    assert found.shares[Level.IDENTIFY] == pytest.approx(2 * 0.0384)
    assert found.eyes == ("a", "b")
    assert found.lost["a"] == pytest.approx(0.20)
    assert found.lost["b"] == pytest.approx(0.20)
    assert watched("p", shapely.Point(10, 0), fields).lost == {"a": 1.0}
    assert watched("far", shapely.Point(0, 500), fields).shares[Level.DETECT] == 0
    area = watched("x", shapely.box(0, -10, 10, 10), fields[:1])
    assert area.shares[Level.DETECT] == pytest.approx(0.5, abs=0.001)


def test_at_night_infrared_ends_it() -> None:
    eye = at_night(an_eye("a", 0, 90), 20)
    assert field_of(eye, Obstacles([])).shapes[Level.DETECT].bounds[2] == pytest.approx(20, abs=0.01)
    assert field_of(eye, Obstacles([])).shapes[Level.IDENTIFY].bounds[2] == pytest.approx(3.84, abs=0.01)
    assert at_night(an_eye("a", 0, 90), None) == an_eye("a", 0, 90)


@settings(max_examples=30)
@given(st.lists(VIEWS, min_size=1, max_size=4), BOXES)
def test_an_eye_more_never_takes_away(views: list[View], place: shapely.Geometry) -> None:
    eyes = [EyeView(str(number), view, {Level.DETECT: view.reach_m}) for number, view in enumerate(views)]
    fields = fields_of(eyes, Obstacles([]))
    shares = [watched("p", place, fields[:number]).shares[Level.DETECT] for number in range(len(fields) + 1)]
    assert all(low <= high + 1e-9 for low, high in itertools.pairwise(shares))
