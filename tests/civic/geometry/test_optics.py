"""Lenses, levels and tilts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.geometry.optics import Level, Levels, hfov_of, on_ground, reach_of, sensor_width_m, span_on_ground, vfov_of


@pytest.mark.parametrize(
    ("focal", "sensor", "told"),
    [(2.8, "1/2.8", 97), (4, "1/2.8", 70), (6, "1/2.8", 50), (2.8, "1/2.7", 102), (12, '1/2.8"', 26)],
)
def test_fields_of_view_as_makers_state_them(focal: float, sensor: str, told: float) -> None:
    """Within 15 %: data sheets of 2 MP cameras differ by as much among themselves."""
    assert hfov_of(focal, sensor) == pytest.approx(told, rel=0.15)


def test_a_sensor_that_is_not_understood() -> None:
    assert [sensor_width_m(name) for name in ("", "CMOS", "1/0", "2.8", "1/0.1")] == [None] * 5
    assert hfov_of(0, "1/2.8") is None
    assert sensor_width_m("1/2,8") == sensor_width_m("1/2.8")


def test_the_standard_figures() -> None:
    """1080p behind 90°: a metre takes 25 pixels at 38.4 m, 250 at 3.84 m."""
    levels = Levels()
    assert reach_of(levels.px_per_m(Level.DETECT), 90, 1920) == pytest.approx(38.4)
    assert reach_of(levels.px_per_m(Level.IDENTIFY), 90, 1920) == pytest.approx(3.84)
    with pytest.raises(ValueError, match="more than"):
        Levels(observe=200)


@given(st.floats(5, 360), st.integers(320, 8000), st.floats(1, 500))
def test_reach_grows_with_pixels_and_falls_with_the_level(hfov: float, width: int, density: float) -> None:
    reach = reach_of(density, hfov, width)
    assert 0 < reach < math.inf
    assert reach_of(density * 2, hfov, width) == pytest.approx(reach / 2)
    assert reach_of(density, hfov, width * 2) == pytest.approx(reach * 2)


def test_tilt_leaves_a_span() -> None:
    vfov = vfov_of(90)
    flat, steep = span_on_ground(4.5, 10, vfov), span_on_ground(4.5, 60, vfov)
    assert flat.far_m == math.inf
    assert 3 / math.tan(math.radians(10 + vfov / 2)) == pytest.approx(flat.near_m)
    assert steep.near_m < flat.near_m
    assert 4 < steep.far_m < 8
    assert span_on_ground(None, 10, vfov).near_m == 0
    assert span_on_ground(5, 90, 40).near_m < span_on_ground(5, 90, 40).far_m < 3
    assert span_on_ground(5, -60, 40).near_m == math.inf


def test_on_the_ground_under_a_tall_pole() -> None:
    assert on_ground(5, 5.5) == pytest.approx(3)
    assert on_ground(2, 5.5) == 0
    assert on_ground(7, None) == 7
