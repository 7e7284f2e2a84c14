"""What is on the land: kept as drawn, refused in words, each change a step, nothing of others overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.i18n import use_language
from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.chain.proof import prove
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.land import (
    ObstacleDraft,
    PastIncidentDraft,
    remove_boundary,
    remove_obstacle,
    remove_past_incident,
    save_boundary,
    save_obstacle,
    save_past_incident,
)
from luytre.civic.ground.merging import take_land_along
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.ground.places import PlaceDraft, place_draft, remove_place, restore_place, save_place
from luytre.civic.registry.eyes import EyeDraft, Stale, save_eye
from luytre.civic.registry.history import Changed, changes_of, steps_of
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import merge_hamlets
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import RegisterStep, Thing
from tests.civic.ground.shapes import BOW, EXCHANGED, LAT, LON, at, line, point, square
from tests.web.cast import person

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
MARKET = PlaceDraft("market", "Chợ Cả", point(), "Thôn Đông", 40, 900, 3.5, "hỏi chị Ba", "khảo sát", "way/7")


@pytest.fixture
def head(db: None) -> User:
    Hamlet.objects.create(name="Thôn Đông")
    return person(Role.HEAD)


@pytest.fixture
def bounded(head: User) -> User:
    """The commune is one square of two kilometres."""
    save_boundary(head, Hamlet.objects.get(), square(side_m=2000), "địa chính", NOW)
    return head


def test_a_place_is_kept_changed_removed_and_put_back_with_its_steps(head: User) -> None:
    place = save_place(head, MARKET, NOW)
    assert place_draft(Place.objects.get()) == replace(MARKET, geometry=MARKET.geometry.replace(" ", ""))
    save_place(head, replace(MARKET, residents=50, note="hỏi anh Tư"), NOW, place, 1)
    remove_place(head, place, NOW, 2)
    assert Place.objects.get().archived
    restore_place(head, place, NOW)
    steps = steps_of(Thing.PLACE, place.key)
    assert [step.code for step in steps] == ["restored", "removed", "changed", "added"]
    assert changes_of(steps[2]) == (Changed("residents", 40, 50), Changed("note", private=True))
    assert not any("hỏi" in step.changes for step in steps)
    assert prove().whole


def test_who_stands_on_an_old_revision_overwrites_nothing(head: User) -> None:
    place = save_place(head, MARKET, NOW)
    save_place(head, replace(MARKET, residents=50), NOW, place, 1)
    with pytest.raises(Stale):
        save_place(head, replace(MARKET, name="Chợ"), NOW, place, 1)
    with pytest.raises(Stale):
        remove_place(head, place, NOW, 1)
    obstacle = save_obstacle(head, ObstacleDraft(square(side_m=10)), NOW)
    save_obstacle(head, ObstacleDraft(square(side_m=12)), NOW, obstacle, 1)
    with pytest.raises(Stale):
        save_obstacle(head, ObstacleDraft(square(side_m=14)), NOW, obstacle, 1)
    with pytest.raises(Stale):
        remove_obstacle(head, obstacle, NOW, 1)


@pytest.mark.parametrize(
    ("field", "draft"),
    [("kind", replace(MARKET, kind="moon")), ("name", replace(MARKET, name=" ")), ("hamlet", replace(MARKET, hamlet="Thôn Lạ")),
     ("residents", replace(MARKET, residents=-1)), ("weight", replace(MARKET, weight=float("inf"))),
     ("geometry", replace(MARKET, geometry=BOW)), ("geometry", replace(MARKET, geometry=EXCHANGED)),
     ("geometry", replace(MARKET, geometry="{")), ("geometry", replace(MARKET, geometry=line((0, 0), (9, 9)))),
     ("geometry", replace(MARKET, kind="route")), ("note", replace(MARKET, note="n" * 401))],
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused_at_its_field(head: User, field: str, draft: PlaceDraft) -> None:
    with pytest.raises(ValidationError) as caught:
        save_place(head, draft, NOW)
    assert list(caught.value.message_dict) == [field]
    assert not Place.objects.exists()
    assert not RegisterStep.objects.exists()


def test_exchanged_coordinates_are_called_so(head: User) -> None:
    use_language("vi")
    with pytest.raises(ValidationError) as caught:
        save_place(head, replace(MARKET, geometry=EXCHANGED), NOW)
    assert "kinh độ" in said(caught.value)["geometry"].casefold()


def test_what_lies_far_outside_the_commune_is_refused_with_its_distance(bounded: User) -> None:
    use_language("vi")
    save_place(bounded, replace(MARKET, geometry=point(5900, 0)), NOW)
    for far in (replace(MARKET, geometry=point(13_000, 0)), replace(MARKET, kind="route", geometry=line((0, 0), (13_000, 0)))):
        with pytest.raises(ValidationError) as caught:
            save_place(bounded, far, NOW)
        assert "12 km" in said(caught.value)["geometry"]
    with pytest.raises(ValidationError):
        save_obstacle(bounded, ObstacleDraft(square(13_000, 0, 10)), NOW)
    lon, lat = at(13_000, 0)
    there = (Decimal(str(lat)), Decimal(str(lon)))
    with pytest.raises(ValidationError):
        save_past_incident(bounded, PastIncidentDraft("theft", date(2026, 1, 2), there), NOW)
    with pytest.raises(ValidationError) as caught:
        save_eye(bounded, EyeDraft("Cổng", position=there), NOW)
    assert "12 km" in said(caught.value)["position"]


def test_a_boundary_is_drawn_redrawn_and_taken_away(head: User) -> None:
    hamlet = Hamlet.objects.get()
    save_boundary(head, hamlet, square(), "địa chính", NOW)
    save_boundary(head, hamlet, square(), "địa chính", NOW)
    save_boundary(head, hamlet, square(side_m=1500), "địa chính", NOW)
    remove_boundary(head, hamlet, NOW)
    steps = RegisterStep.objects.filter(thing=Thing.BOUNDARY)
    assert [step.code for step in steps] == ["added", "changed", "removed"]
    assert not HamletArea.objects.exists()
    with pytest.raises(ValidationError):
        save_boundary(head, hamlet, BOW, "", NOW)
    with pytest.raises(ValidationError):
        save_boundary(head, hamlet, point(), "", NOW)


def test_obstacles_and_past_incidents_are_kept_and_go_with_a_step_that_says_what_they_were(head: User) -> None:
    obstacle = save_obstacle(head, ObstacleDraft(square(side_m=10), height_m=6.6, home=True, source_id="way/1"), NOW)
    wall = save_obstacle(head, ObstacleDraft(line((0, 0), (50, 0)), "wall"), NOW)
    assert (obstacle.height_m, obstacle.home, wall.kind) == (6.6, True, "wall")
    remove_obstacle(head, obstacle, NOW)
    gone = steps_of(Thing.OBSTACLE, obstacle.key)[0]
    assert Changed("height_m", 6.6, None) in changes_of(gone)
    where = (Decimal("21.030001"), Decimal("105.850001"))
    past = save_past_incident(head, PastIncidentDraft("theft", date(2026, 3, 2), where, "thống kê"), NOW)
    save_past_incident(head, PastIncidentDraft("fire", date(2026, 3, 2), where, "thống kê"), NOW, past)
    assert changes_of(steps_of(Thing.PAST_INCIDENT, past.key)[0]) == (Changed("kind", "theft", "fire"),)
    remove_past_incident(head, past, NOW)
    assert (Obstacle.objects.count(), PastIncident.objects.count()) == (1, 0)
    for wrong in (PastIncidentDraft("war", date(2026, 3, 2), where), PastIncidentDraft("fire", date(2026, 11, 25), where)):
        with pytest.raises(ValidationError):
            save_past_incident(head, wrong, NOW)
    for bad in (ObstacleDraft(point()), ObstacleDraft(square(), height_m=500.0), ObstacleDraft(square(), kind="cloud")):
        with pytest.raises(ValidationError):
            save_obstacle(head, bad, NOW)


@given(st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_the_distance_from_a_square_is_that_on_the_ground(east: float, north: float) -> None:
    import math

    from shapely import from_geojson

    land = CommuneLand([from_geojson(square(side_m=2000))])
    lon, lat = at(east, north)
    wanted = math.hypot(max(0.0, abs(east) - 1000), max(0.0, abs(north) - 1000))
    measured = land.metres_outside((Decimal(str(lat)), Decimal(str(lon))))
    assert measured == pytest.approx(wanted, rel=0.01, abs=5)
    assert land.metres_reached(from_geojson(json.dumps({"type": "Point", "coordinates": [lon, lat]}))) == pytest.approx(measured)


def test_without_boundaries_everywhere_is_near(db: None) -> None:
    land = CommuneLand.of_commune()
    assert land.metres_outside((Decimal(8), Decimal(110))) == 0.0
    assert (LAT, LON) == (21.03, 105.85)


def test_a_merged_hamlets_land_goes_along(head: User) -> None:
    old, new = Hamlet.objects.get(), Hamlet.objects.create(name="Thôn Đoài")
    save_boundary(head, old, square(-500, 0), "địa chính", NOW)
    save_boundary(head, new, square(500, 0), "địa chính", NOW)
    place = save_place(head, MARKET, NOW)
    take_land_along(head, old, new, NOW)
    merge_hamlets(head, old, new, Decree(head, localdate(NOW)), NOW)
    place.refresh_from_db()
    area = HamletArea.objects.get()
    assert (place.hamlet, area.hamlet, area.source) == (new, new, "địa chính")
    assert shapely.from_geojson(area.geometry).geom_type == "Polygon"
    assert Changed("hamlet", "Thôn Đông", "Thôn Đoài") in changes_of(steps_of(Thing.PLACE, place.key)[0])
    boundaries = [(step.name, step.code) for step in RegisterStep.objects.filter(thing=Thing.BOUNDARY)]
    assert boundaries[-2:] == [("Thôn Đoài", "changed"), ("Thôn Đông", "removed")]
    assert prove().whole


def test_land_that_only_the_merged_hamlet_had_becomes_the_others(head: User) -> None:
    old, new = Hamlet.objects.get(), Hamlet.objects.create(name="Thôn Đoài")
    take_land_along(head, old, new, NOW)
    assert not HamletArea.objects.exists()
    save_boundary(head, old, square(), "", NOW)
    take_land_along(head, old, new, NOW)
    both = [shapely.from_geojson(HamletArea.objects.get(hamlet=one).geometry) for one in (old, new)]
    assert both[0].equals(both[1])
