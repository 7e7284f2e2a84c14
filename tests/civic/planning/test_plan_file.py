"""PLAN.geojson: every fault by its feature, and what is read sees what it should."""

import contextlib
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.geometry.geojson import ShapeFault
from luytre.civic.geometry.metric import Metric
from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import sights
from luytre.civic.planning.optimum import optimum
from luytre.civic.planning.plan_file import PlanFile, read_plan
from luytre.civic.planning.problem import Demand, Limits
from luytre.civic.planning.scene import pieces_of, stage

HERE = Metric.about(20.91, 105.97)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(-1e3, 1e3) | st.integers(-400, 400) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["bearing_deg", "bearings_deg", "hfov_deg", "range_m", "width_px", "height_m", "tilt_deg", "weight", "needed", "cost_vnd"]
CANDIDATE = {"role": "candidate", "bearings_deg": [0, 90], "hfov_deg": 90, "range_m": 50, "cost_vnd": 10_000_000}


def shape(made: shapely.Geometry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shapely.to_geojson(HERE.degrees(made)))
    return found


def feature(made: shapely.Geometry, name: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape(made), "properties": properties} | ({} if name is None else {"id": name})


def at(east: float, north: float, name: Any = None, **properties: Any) -> dict[str, Any]:
    return feature(shapely.Point(east, north), name, **properties)


def bare(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": {"role": "obstacle"}}


def read(*features: Any, level: Level = Level.DETECT) -> PlanFile:
    return read_plan(json.dumps({"type": "FeatureCollection", "features": list(features)}), level)


def best(*features: Any, eyes: int = 1, budget: int | None = None, level: Level = Level.DETECT) -> tuple[float, list[Any]]:
    found = read(*features, level=level)
    assert found.faults == []
    staged = stage(found.scene, Limits(eyes, budget))
    answer = optimum(staged.problem)
    assert answer is not None
    chosen = [staged.problem.options[number] for number in answer.chosen]
    return answer.covered_weight, [(found.ids[option.site], option.bearing_deg) for option in chosen]


def test_the_eye_looks_where_most_is() -> None:
    candidate = at(0, 0, "pole", **CANDIDATE)
    demands = [at(20, 0, "d", role="demand", weight=3), at(0, 20, "e", role="demand", weight=2)]
    assert best(candidate, *demands) == (3, [("pole", 90)])
    house = feature(shapely.box(5, -5, 10, 5), role="obstacle")
    assert best(candidate, *demands, house) == (2, [("pole", 0)])
    assert best(candidate, *demands, house | {"properties": {"role": "obstacle", "height_m": 1.2}}) == (3, [("pole", 90)])
    forbidden = feature(shapely.box(30, -5, 40, 5), role="forbidden")
    assert best(candidate, *demands, forbidden) == (2, [("pole", 0)])
    assert best(candidate, *demands, forbidden, house) == (2, [("pole", 0)])


def test_what_stands_before_a_forbidden_yard_hides_it() -> None:
    candidate, demand = at(0, 0, 7, **CANDIDATE), at(10, 5, "d", role="demand")
    yard = feature(shapely.box(30, -5, 40, 5), role="forbidden")
    wall = feature(shapely.box(20, -15, 21, 15), role="obstacle")
    assert best(candidate, demand, yard) == (0, [])
    assert best(candidate, demand, yard, wall) == (1, [(7, 90)])


def test_present_eyes_count_and_stay() -> None:
    camera = at(0, 0, "old", role="camera", bearing_deg=90, hfov_deg=90, range_m=50)
    demands = [at(20, 0, role="demand", weight=5), at(0, 20, role="demand", weight=1)]
    assert best(camera, *demands, at(0, 1, "new", **CANDIDATE)) == (6, [("new", 0)])
    needs_two = at(20, 0, role="demand", weight=5, needed=2)
    assert best(camera, needs_two, at(0, 1, "new", **CANDIDATE)) == (5, [("new", 90)])


@pytest.mark.parametrize(
    ("level", "told", "sees"),
    [
        (Level.DETECT, {}, True),
        (Level.OBSERVE, {}, True),  # 50 m × 25 / 62 = 20.2 m
        (Level.RECOGNISE, {}, False),
        (Level.OBSERVE, {"width_px": 1920}, False),  # 1920 / (2 × 62) = 15.5 m
        (Level.OBSERVE, {"width_px": 3840}, True),
        (Level.DETECT, {"height_m": 6, "tilt_deg": 80}, False),
        (Level.DETECT, {"height_m": 6, "tilt_deg": 15}, True),
        (Level.DETECT, {"near_m": 21}, False),
    ],
)
def test_levels_and_tilts(level: Level, told: dict[str, float], sees: bool) -> None:
    found = best(at(0, 0, "c", **CANDIDATE | told), at(20, 0, role="demand"), level=level)
    assert found[0] == (1 if sees else 0)


def test_lines_are_cut_and_areas_are_filled() -> None:
    line = list(pieces_of(shapely.LineString([(0, 0), (25, 0)]), Demand("r", 6), 10))
    assert [(piece.demand.key, piece.east, piece.demand.weight) for piece in line] == [
        ("r#0", pytest.approx(25 / 6), 2), ("r#1", 12.5, 2), ("r#2", pytest.approx(125 / 6), 2),
    ]  # fmt: skip
    area = list(pieces_of(shapely.box(0, 0, 20, 20), Demand("a", 4), 10))
    assert sorted((piece.east, piece.north, piece.demand.weight) for piece in area) == [
        (5, 5, 1),
        (5, 15, 1),
        (15, 5, 1),
        (15, 15, 1),
    ]
    assert len(list(pieces_of(shapely.Point(1, 1), Demand("p", 4)))) == 1
    sliver = shapely.Polygon([(0, 0), (100, 100), (100, 100.1)])
    assert sum(piece.demand.weight for piece in pieces_of(sliver, Demand("s", 4), 40)) == pytest.approx(4)


@given(st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=2, max_size=6, unique=True), st.floats(1, 99))
def test_pieces_add_up_to_the_whole(corners: list[tuple[int, int]], step: float) -> None:
    for made in (
        shapely.LineString(corners),
        shapely.MultiLineString([corners, corners[::-1]]),
        shapely.LineString(corners).buffer(3),
    ):
        pieces = list(pieces_of(made, Demand("x", 10), step))
        assert sum(piece.demand.weight for piece in pieces) == pytest.approx(10)
        if made.area == 0:
            length = made.length / len(pieces)
            assert length <= step + 1e-6


@pytest.mark.parametrize(
    ("bad", "path", "cause"),
    [
        (at(0, 0, "x", role="kamera"), "features[1].properties.role", "role"),
        (at(0, 0, "x"), "features[1].properties.role", "role"),
        (feature(shapely.box(0, 0, 1, 1), "x", **CANDIDATE), "features[1].geometry.type", "shape"),
        (at(0, 0, **CANDIDATE), "features[1].id", "needs an id"),
        (at(0, 0, "first", **CANDIDATE), "features[1].id", "twice"),
        (at(0, 0, "x", **CANDIDATE | {"bearings_deg": []}), "features[1].properties.bearings_deg", "list"),
        (at(0, 0, "x", **CANDIDATE | {"bearings_deg": [0, "N"]}), "features[1].properties.bearings_deg[1]", "number"),
        (at(0, 0, "x", **CANDIDATE | {"hfov_deg": 0}), "features[1].properties.hfov_deg", "number"),
        (at(0, 0, "x", **CANDIDATE | {"range_m": None}), "features[1].properties.range_m", "missing"),
        (at(0, 0, "x", **CANDIDATE | {"cost_vnd": 1.5}), "features[1].properties.cost_vnd", "whole"),
        (at(0, 0, "x", **CANDIDATE | {"cost_vnd": "10.000.000"}), "features[1].properties.cost_vnd", "number"),
        (at(0, 0, "x", role="demand", weight=-1), "features[1].properties.weight", "number"),
        (at(0, 0, "x", role="demand", weight=True), "features[1].properties.weight", "number"),
        (bare("Point", [20, 105]), "features[1].geometry.coordinates", "exchanged"),
        (bare("Polygon", [[[105, 20], [106, 21], [106, 20], [105, 21], [105, 20]]]), "20.500000, 105.500000", "crosses"),
    ],
)  # fmt: skip
def test_faults_are_gathered_by_feature(bad: dict[str, Any], path: str, cause: str) -> None:
    found = read(at(0, 0, "first", **CANDIDATE), bad, at(0, 0, "d", role="demand"))
    assert [fault.number for fault in found.faults] == [2]
    assert path in found.faults[0].error.path
    assert cause in found.faults[0].error.cause
    assert len(found.scene.candidates) == len(found.scene.pieces) == 1


@settings(max_examples=200)
@given(st.sampled_from(["camera", "candidate", "demand", "obstacle", "forbidden"]), st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_properties_are_read_or_named(role: str, properties: dict[str, Any]) -> None:
    for made in (shapely.Point(0, 0), shapely.box(0, 0, 5, 5)):
        found = read(feature(made, "x", role=role, **properties))
        for fault in found.faults:
            assert fault.error.path.startswith("features[0].")
        if not found.faults:
            stage(found.scene, Limits(1))


@given(st.text(max_size=40))
def test_any_text_is_a_plan_or_a_fault(text: str) -> None:
    with contextlib.suppress(ShapeFault):
        assert read_plan(text).scene.pieces == []


def test_eight_bearings_share_their_lines_of_sight() -> None:
    """What `sights` saves by asking once a place changes nothing of the answer."""
    dice = np.random.default_rng(3)
    houses = [feature(shapely.box(e, n, e + 8, n + 8), role="obstacle") for e, n in dice.uniform(-100, 100, (40, 2))]
    poles = [
        at(e, n, str(k), **CANDIDATE | {"bearings_deg": list(range(0, 360, 45))})
        for k, (e, n) in enumerate(dice.uniform(-80, 80, (9, 2)))
    ]
    spots = [at(e, n, role="demand") for e, n in dice.uniform(-90, 90, (60, 2))]
    found = read(*houses, *poles, *spots)
    together = stage(found.scene, Limits(3)).problem
    points = np.array([(piece.east, piece.north) for piece in found.scene.pieces])
    for option in together.options:
        view = replace(found.scene.candidates[option.site].view, bearing_deg=option.bearing_deg)
        assert sorted(sights([view], points, found.scene.obstacles).points.tolist()) == option.sees.tolist()
