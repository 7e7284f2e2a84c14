"""GeoJSON of every layer: faults by feature with their path, all or nothing, and what goes out comes back as it is."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.chain.proof import prove
from luytre.civic.ground.bring_in import FileNote, Plan, Planner, carry_out
from luytre.civic.ground.from_geojson import export_layer, eye_rows, read_layer
from luytre.civic.ground.land import ObstacleDraft, PastIncidentDraft, save_boundary, save_obstacle, save_past_incident
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.ground.wishes import Layer
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.register import RegisterStep, Thing
from tests.civic.ground.shapes import BOW, EXCHANGED, line, point, square

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
NOTE = FileNote("xa.geojson", "b" * 64, "places")
LAND = (Layer.PLACES, Layer.OBSTACLES, Layer.BOUNDARIES, Layer.PAST_INCIDENTS)


def feature(geometry: str, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(geometry), "properties": properties}


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def planned(content: bytes, layer: str) -> Plan:
    return Planner(NOW, "vi").plan(read_layer(content, layer, "vi"))


def counts(plan: Plan) -> tuple[int, int, int]:
    return plan.count("new"), plan.count("changed"), plan.count("same")


@pytest.fixture
def hamlet(db: None) -> Hamlet:
    return Hamlet.objects.create(name="Thôn Đông")


def test_places_come_in_in_either_language_and_once(hamlet: Hamlet) -> None:
    content = collection(
        feature(line((0, 0), (90, 0)), kind="route", name="Đường làng", hamlet="thon dong", vehicles_a_day=900.0),
        feature(point(), loai="Chợ", ten="Chợ Cả", so_dan="40", weight="2,5", source="khảo sát", other={"x": 1}),
    )
    plan = planned(content, Layer.PLACES)
    assert (counts(plan), plan.faults, Place.objects.count()) == ((2, 0, 0), (), 0)
    carry_out(None, plan, NOW, NOTE)
    one, two = Place.objects.order_by("pk")
    assert (one.vehicles_a_day, str(one.hamlet), two.kind, two.residents, two.weight) == (900, "Thôn Đông", "market", 40, 2.5)
    assert RegisterStep.objects.filter(thing=Thing.BROUGHT_IN).count() == 1
    assert prove().whole


def test_each_fault_has_its_feature_and_path_and_nothing_is_brought_in(hamlet: Hamlet) -> None:
    content = collection(
        feature(point(), kind="market", name="Chợ"), feature(BOW, kind="market", name="Chéo"),
        feature(EXCHANGED, kind="school", name="Ngược"), feature(point(), kind="ông trăng", name="Lạ"),
        feature(point(), kind="route", name="Không phải đường"), feature(point(), kind="market", name=""),
        feature(point(), kind="market", name="X", residents="nhiều", hamlet="Thôn Lạ"),
        {"type": "Feature", "geometry": None, "properties": {}},
    )  # fmt: skip
    plan = planned(content, Layer.PLACES)
    paths = {(fault.number, fault.path.rpartition(".")[2].partition("[")[0]) for fault in plan.faults}
    assert {number for number, _path in paths} == {2, 3, 4, 5, 6, 7, 8}
    assert {(4, "kind"), (5, "geometry"), (6, "name"), (7, "residents")} <= paths
    assert "kinh độ" in next(fault.words for fault in plan.faults if fault.number == 3).casefold()
    assert not plan.can_be_done
    with pytest.raises(UsageError):
        carry_out(None, plan, NOW, NOTE)
    assert not Place.objects.exists()


def test_what_lies_outside_the_commune_is_a_fault_with_its_distance(hamlet: Hamlet) -> None:
    save_boundary(None, hamlet, square(side_m=2000), "", NOW)
    (fault,) = planned(collection(feature(point(13_000, 0), kind="market", name="Chợ xa")), Layer.PLACES).faults
    assert "12 km" in fault.words
    assert fault.path == "features[0].geometry"


def test_a_thing_that_stands_in_a_file_twice_is_a_fault(hamlet: Hamlet) -> None:
    twice = collection(feature(square(), hamlet="Thôn Đông"), feature(square(9), name="Thôn Đông"))
    assert [fault.number for fault in planned(twice, Layer.BOUNDARIES).faults] == [2]
    twice = collection(*(feature(square(side_m=9), source_id="way/1") for _ in range(2)))
    assert [fault.number for fault in planned(twice, Layer.OBSTACLES).faults] == [2]


def test_every_layer_goes_out_and_comes_back_as_it_is(hamlet: Hamlet) -> None:
    save_boundary(None, hamlet, square(side_m=2000), "địa chính", NOW)
    save_place(None, PlaceDraft("school", "Trường", square(side_m=50), "Thôn Đông", 300, None, 2.0, "riêng", "", "way/1"), NOW)
    save_obstacle(None, ObstacleDraft(square(60, 60, 10), "building", "", 6.6, True), NOW)
    save_past_incident(None, PastIncidentDraft("theft", date(2026, 3, 2), (Decimal("21.03"), Decimal("105.85"))), NOW)
    for layer in LAND:
        content = export_layer(layer)
        assert "riêng" not in content.decode()
        plan = planned(content, layer)
        assert (counts(plan), plan.faults) == ((0, 0, 1), ()), layer
    moved = json.loads(export_layer(Layer.OBSTACLES))
    moved["features"][0]["properties"]["height_m"] = 9
    plan = planned(json.dumps(moved).encode(), Layer.OBSTACLES)
    assert [item.changes for item in plan.items] == [("height_m",)]
    carry_out(None, plan, NOW, NOTE)
    assert Obstacle.objects.get().height_m == 9.0


def test_an_area_that_must_not_be_filmed_comes_in_in_either_language_and_is_no_line(hamlet: Hamlet) -> None:
    kinds = ("private", "khu vực không được quay", "Khu vuc khong duoc quay")
    areas = [feature(square(80 * number, 60, 10), loai=kind) for number, kind in enumerate(kinds)]
    carry_out(None, planned(collection(*areas), Layer.OBSTACLES), NOW, NOTE)
    assert [one.kind for one in Obstacle.objects.all()] == ["private"] * 3
    assert counts(planned(export_layer(Layer.OBSTACLES), Layer.OBSTACLES)) == (0, 0, 3)
    assert planned(collection(feature(line((0, 0), (50, 0)), kind="private")), Layer.OBSTACLES).faults


def test_boundaries_and_past_incidents_come_in(hamlet: Hamlet) -> None:
    carry_out(None, planned(collection(feature(square(), hamlet="Thôn Đông", source="địa chính")), Layer.BOUNDARIES), NOW, NOTE)
    assert HamletArea.objects.get().source == "địa chính"
    assert (
        planned(collection(feature(square(), hamlet="Thôn Lạ")), Layer.BOUNDARIES).faults[0].path
        == "features[0].properties.hamlet"
    )
    content = collection(feature(point(), kind="trộm cắp", day="02/03/2026"), feature(point(9), kind="fire", ngay="2026-03-02"))
    carry_out(None, planned(content, Layer.PAST_INCIDENTS), NOW, NOTE)
    assert set(PastIncident.objects.values_list("kind", "day")) == {("theft", date(2026, 3, 2)), ("fire", date(2026, 3, 2))}
    assert counts(planned(content, Layer.PAST_INCIDENTS)) == (0, 0, 2)
    faults = planned(
        collection(feature(point(), kind="fire"), feature(point(), kind="fire", day="1/1/2099")), Layer.PAST_INCIDENTS
    ).faults
    assert [fault.path for fault in faults] == ["features[0].properties.day", "features[1].properties.day"]


def test_eyes_are_rows_as_a_sheet_has_them() -> None:
    content = collection(feature(point(), name="Cổng", bearing_deg=90.0, tier="listed"), feature(line((0, 0), (9, 9)), name="X"))
    rows, faults = eye_rows(content, "vi")
    assert (rows[0].number, rows[0].cells["bearing_deg"], rows[0].cells["position"]) == (1, "90", "21.03, 105.85")
    assert [fault.number for fault in faults] == [2]


def test_a_file_that_is_none_is_told() -> None:
    for content in (b"", b"{", b"[]", b'{"type":"Feature"}', b"\xff\xfe", b'{"type":"FeatureCollection","features":{}}'):
        with pytest.raises(UsageError):
            read_layer(content, Layer.PLACES, "vi")


def test_all_or_nothing(hamlet: Hamlet, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(collection(*(feature(point(n), kind="market", name=f"Chợ {n}") for n in range(3))), Layer.PLACES)
    import luytre.civic.ground.bring_in as room

    real, calls = room.put_place, []

    def third_fails(*arguments: Any) -> Place:
        calls.append(1)
        if len(calls) == 3:
            raise UsageError("the disk is full")
        return real(*arguments)

    monkeypatch.setattr(room, "put_place", third_fails)
    with pytest.raises(UsageError):
        carry_out(None, plan, NOW, NOTE)
    assert (Place.objects.count(), RegisterStep.objects.count()) == (0, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=8
)
PROPERTIES = st.dictionaries(st.sampled_from(["kind", "name", "hamlet", "day", "height_m", "home", "residents", "weight"]), JSON)
GEOMETRIES = st.fixed_dictionaries({"type": st.sampled_from(["Point", "LineString", "Polygon", "X"]), "coordinates": JSON})


@pytest.mark.django_db
@given(st.lists(st.tuples(GEOMETRIES | st.just(json.loads(point())), PROPERTIES), max_size=3), st.sampled_from(LAND))
def test_whatever_is_in_a_file_is_planned_or_refused_in_words(things: list[Any], layer: str) -> None:
    features = [{"type": "Feature", "geometry": geometry, "properties": properties} for geometry, properties in things]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with suppress(UsageError):
        plan = planned(content, layer)
        assert {item.wish.number for item in plan.items}.isdisjoint(fault.number for fault in plan.faults)
        assert len({item.wish.number for item in plan.items} | {fault.number for fault in plan.faults}) == len(features)
        assert all(fault.words and fault.path.startswith("features[") for fault in plan.faults)
