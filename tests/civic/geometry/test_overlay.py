"""The land over the picture: straight ahead is the middle, right is right, nearer is lower, and levels are those of the plan."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luytre.civic.geometry.optics import Level, Levels, reach_of
from luytre.civic.geometry.overlay import Hung, Spot, compass, level_lines, level_reached, px_per_m_seen, spot_of

HUNG = Hung(height_m=4.0, bearing_deg=0.0, tilt_deg=10.0, hfov_deg=90.0, width_px=1920, height_px=1080)
hung = st.builds(
    Hung, height_m=st.floats(2, 12), bearing_deg=st.floats(0, 359.9), tilt_deg=st.floats(-20, 80), hfov_deg=st.floats(5, 200),
    width_px=st.just(1920), height_px=st.sampled_from([1080, 1440]),
)  # fmt: skip


def test_straight_ahead_where_the_axis_meets_the_ground_is_the_middle() -> None:
    away = 4.0 / math.tan(math.radians(10))
    spot = spot_of(HUNG, 0, away)
    assert spot is not None
    assert (spot.x, spot.y) == pytest.approx((0.5, 0.5))


def test_the_edge_of_the_angle_is_the_edge_of_the_picture() -> None:
    flat = replace(HUNG, tilt_deg=0.0)
    for east, x in ((10, 1.0), (-10, 0.0)):
        at = spot_of(flat, east, 10, 4.0)
        assert at is not None
        assert (at.x, at.y) == pytest.approx((x, 0.5))
    wide = replace(flat, hfov_deg=180.0)
    edge = spot_of(wide, 10, 0, 4.0)
    assert edge is not None
    assert edge.x == pytest.approx(1.0)


@given(hung, st.floats(-60, 60), st.floats(3, 100))
def test_turning_the_eye_and_the_land_together_changes_nothing(eye: Hung, aside: float, ahead: float) -> None:
    turn = math.radians(77)
    turned = replace(eye, bearing_deg=(eye.bearing_deg + 77) % 360)
    one = spot_of(eye, aside, ahead)
    other = spot_of(turned, aside * math.cos(turn) + ahead * math.sin(turn), ahead * math.cos(turn) - aside * math.sin(turn))
    assert (one is None) == (other is None)
    if one is not None and other is not None and abs(one.x) < 50 and abs(one.y) < 50:
        assert (one.x, one.y) == pytest.approx((other.x, other.y), abs=1e-6)


@given(hung, st.floats(3, 80), st.floats(1, 20))
def test_what_is_nearer_is_lower(eye: Hung, near: float, more: float) -> None:
    bearing = math.radians(eye.bearing_deg)
    spots = [spot_of(eye, one * math.sin(bearing), one * math.cos(bearing)) for one in (near, near + more)]
    assume(None not in spots)
    first, second = (spot for spot in spots if spot is not None)
    assert first.y >= second.y - 1e-9


def test_level_lines_lie_where_the_lens_says_and_a_measured_person_agrees() -> None:
    lines = {line.level: line for line in level_lines(HUNG, Levels())}
    assert [line.level for line in level_lines(HUNG, Levels())] == list(Level)
    for level, line in lines.items():
        slant = reach_of(Levels().px_per_m(level), 90, 1920)
        assert line.distance_m == pytest.approx(math.sqrt(slant**2 - 2.5**2))
    away = lines[Level.RECOGNISE].distance_m
    flat = replace(HUNG, tilt_deg=0.0)
    head, foot = spot_of(flat, 0, away, 1.7), spot_of(flat, 0, away, 0.0)
    assert head is not None
    assert foot is not None
    measured = px_per_m_seen(head, foot, 1080, 1.7)
    assert measured == pytest.approx(125, rel=0.06)  # the slant is a little longer than the way on the ground
    assert level_reached(measured, Levels()) is Level.RECOGNISE


def test_a_level_that_ends_out_of_view_has_no_line() -> None:
    steep = replace(HUNG, tilt_deg=70.0, hfov_deg=40.0)
    assert all(not line.lines for line in level_lines(steep, Levels()) if line.level is Level.DETECT)


@given(hung)
def test_every_line_touches_the_picture(eye: Hung) -> None:
    for line in level_lines(eye, Levels()):
        for part in line.lines:
            assert len(part) >= 2
            assert any(spot.is_inside for spot in part)


@given(hung)
def test_the_compass_stands_in_the_picture_in_order(eye: Hung) -> None:
    found = compass(eye)
    places = [x for _bearing, x in found]
    assert places == sorted(places)
    assert all(-1e-9 <= x <= 1 + 1e-9 for x in places)
    assert all(bearing % 15 == 0 and 0 <= bearing < 360 for bearing, _x in found)


@pytest.mark.parametrize(("top", "bottom", "tall"), [(0.6, 0.5, 1.7), (0.5, 0.5, 1.7), (0.2, 0.5, 0.0), (0.2, 0.5, -1.0)])
def test_marks_that_say_nothing_are_refused(top: float, bottom: float, tall: float) -> None:
    with pytest.raises(ValueError, match="foot is below"):
        px_per_m_seen(Spot(0.5, top), Spot(0.5, bottom), 1080, tall)


@given(st.floats(0, 2000))
def test_the_level_reached_is_the_best_whose_bound_is_met(px: float) -> None:
    reached = level_reached(px, Levels())
    assert reached is None or px >= Levels().px_per_m(reached)
    better = list(Level)[(list(Level).index(reached) + 1 if reached else 0) :]
    assert all(px < Levels().px_per_m(level) for level in better)


def test_nonsense_is_no_eye() -> None:
    with pytest.raises(ValueError, match="hangs above"):
        replace(HUNG, hfov_deg=0.0)
