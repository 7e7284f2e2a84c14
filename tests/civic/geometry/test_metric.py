"""Local metres are metres on the ground."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from luytre.civic.geometry.metric import Metric, heading, turned

NEAR = st.tuples(st.floats(20.7, 21.1), st.floats(105.8, 106.2))


@given(NEAR, NEAR)
def test_a_distance_is_one_on_the_ground(one: tuple[float, float], two: tuple[float, float]) -> None:
    metric = Metric.about(20.9, 106.0)
    (east, north), (east2, north2) = metric.point(*one), metric.point(*two)
    _there, _back, geodesic = Geod(ellps="WGS84").inv(one[1], one[0], two[1], two[0])
    assert ((east - east2) ** 2 + (north - north2) ** 2) ** 0.5 == pytest.approx(geodesic, rel=4e-6, abs=1e-6)


@given(NEAR)
def test_back_again(place: tuple[float, float]) -> None:
    metric = Metric.about(20.9, 106.0)
    there = shapely.Point(place[1], place[0])
    assert metric.degrees(metric.metres(there)).distance(there) < 1e-9


def test_around_shapes_and_around_none() -> None:
    assert Metric.around([shapely.Point(105.9, 20.9), shapely.Point(106.1, 21.1)]).lat == 21.0
    assert Metric.around([]).lat == 0.0


@given(st.floats(0, 360, exclude_max=True), st.floats(-179, 179))
def test_bearings(bearing: float, by: float) -> None:
    assert turned((bearing + by) % 360, bearing) == pytest.approx(by, abs=1e-6)
    assert [heading(0, 1), heading(1, 0), heading(0, -1), heading(-1, 0)] == [0, 90, 180, 270]
