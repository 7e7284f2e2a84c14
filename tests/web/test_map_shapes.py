"""What the map draws of each eye is what coverage and plans count: one way of seeing for all."""

from __future__ import annotations

import json

import pytest
import shapely

from luytre.civic.geometry.metric import Metric
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import Obstacle
from luytre.civic.planning.figures import Values, figures, save_figures
from luytre.civic.planning.today import coverage, land
from luytre.civic.registry.models import Eye
from luytre.web.map_shapes import fields_of_view, reach_of, zones_of
from tests.civic.planning.commune import eye, hamlets, house

pytestmark = pytest.mark.django_db


def metres(key: str) -> shapely.Geometry:
    (shape,) = (shape for name, shape in fields_of_view(Eye.objects.select_related("site")).items() if name == key)
    return land().metric.metres(shape)


def test_a_house_in_the_way_cuts_the_view_at_once() -> None:
    hamlets()
    one = eye("Đầu ngõ", 0, 0, 90)
    free = metres(one.key).area
    house(12, 0, 6)
    assert metres(one.key).area < free * 0.9
    Obstacle.objects.update(height_m=1.0)  # lower than what is looked at
    assert metres(one.key).area == pytest.approx(free)


def test_the_map_and_the_coverage_of_today_say_the_same() -> None:
    hamlets()
    one = eye("Đầu ngõ", 0, 0, 90, height_m=4.0, tilt_deg=10.0)
    house(15, 4, 8, height_m=6.0)
    ground = land()
    found = coverage([one], [], ground, figures(), None)
    drawn = zones_of([one], ground)[one.key]
    for level in Level:
        back = ground.metric.metres(drawn[level])
        assert back.symmetric_difference(found.fields[0].shapes[level]).area < 0.01
    assert drawn[Level.IDENTIFY].area < drawn[Level.OBSERVE].area < drawn[Level.DETECT].area


def test_the_communes_own_figures_count() -> None:
    hamlets()
    one = eye("Đầu ngõ", 0, 0, 90)
    usual = metres(one.key).area
    save_figures(Values(observe=100.0))
    assert metres(one.key).area < usual * 0.5
    assert reach_of(one, figures().levels) == pytest.approx(2560 / 2 / 100)


def test_at_night_only_as_far_as_the_eyes_own_light() -> None:
    hamlets()
    dim, lit = eye("Hồng ngoại", 0, 0, 90, ir_range_m=10.0), eye("Dưới đèn", 0, 50, 90)
    day, night = (zones_of([dim, lit], land(), night=dark) for dark in (False, True))
    assert night[dim.key][Level.DETECT].area < day[dim.key][Level.DETECT].area * 0.1
    assert night[lit.key][Level.DETECT].equals(day[lit.key][Level.DETECT])


def test_an_eye_of_unknown_direction_is_a_ring_and_one_inside_a_house_a_spot() -> None:
    hamlets()
    unknown, walled = eye("Không rõ", 0, 0, None), eye("Trong nhà", 100, 0, 0)
    house(100, 0, 40)
    ring = metres(unknown.key)
    assert ring.contains(ring.centroid.buffer(20))
    assert ring.area < 3.2 * 21**2
    assert 0 < metres(walled.key).area < 5
    assert list(zones_of([unknown], land())[unknown.key]) == [Level.OBSERVE]


def test_an_eye_without_a_place_is_not_drawn_and_shapes_are_geojson() -> None:
    hamlets()
    nowhere = eye("Không rõ chỗ", 0, 0, 90)
    Eye.objects.update(latitude=None, longitude=None)
    type(nowhere.site).objects.update(latitude=None, longitude=None)
    assert fields_of_view(Eye.objects.select_related("site")) == {}
    there = Metric.about(20.91, 105.97).degrees(shapely.Point(0, 0).buffer(3))
    assert json.loads(shapely.to_geojson(there))["type"] == "Polygon"
