"""GeoJSON is read strictly, and each fault has its path."""

import contextlib
import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.geometry.geojson import (
    AREAS,
    EARTH,
    LINES,
    POINT,
    ShapeFault,
    geometry_of,
    geometry_text,
    read_collection,
    read_geometry,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
LON, LAT = (st.integers(low, high).map(lambda number: number / 1000) for low, high in ((102_000, 117_000), (7_000, 23_000)))
SQUARE = [[105.0, 20.0], [105.1, 20.0], [105.1, 20.1], [105.0, 20.1], [105.0, 20.0]]


def fault(value: Any, **kwargs: Any) -> ShapeFault:
    with pytest.raises(ShapeFault) as caught:
        geometry_of(value, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "coordinates", "path", "cause"),
    [
        ("Point", [20.9, 105.9], "coordinates", "exchanged"),
        ("Point", [2.3, 48.8], "coordinates", "not in Viet Nam"),
        ("Point", [105.9], "coordinates", "no position"),
        ("Point", ["105.9", "20.9"], "coordinates", "no position"),
        ("Point", [True, 20], "coordinates", "no position"),
        ("LineString", [[105.0, 20.0], [105.0, 20.0]], "coordinates", "two points"),
        ("LineString", [[105.0, 20.0], [20.0, 105.0]], "coordinates[1]", "exchanged"),
        ("Polygon", [SQUARE[:-1]], "coordinates[0]", "not closed"),
        ("Polygon", [[SQUARE[0], SQUARE[1], SQUARE[0]]], "coordinates[0]", "three corners"),
        ("Polygon", [SQUARE, [[0, 0]] * 4], "coordinates[1][0]", "not in Viet Nam"),
        ("Polygon", [], "coordinates", "missing"),
        ("MultiPolygon", [[SQUARE], [SQUARE[:-1]]], "coordinates[1][0]", "not closed"),
        ("MultiPolygon", [[SQUARE], [SQUARE]], "", "crosses"),
    ],
)
def test_a_fault_has_its_path(kind: str, coordinates: Any, path: str, cause: str) -> None:
    found = fault({"type": kind, "coordinates": coordinates})
    assert cause in found.cause
    if path:
        assert found.path == path


def test_a_crossed_outline_is_named_where_it_crosses() -> None:
    found = fault({"type": "Polygon", "coordinates": [[[105, 20], [106, 21], [106, 20], [105, 21], [105, 20]]]})
    assert found.at == (105.5, 20.5)
    assert "20.500000, 105.500000" in found.sentence()


def test_only_kinds_that_belong_here() -> None:
    point = {"type": "Point", "coordinates": [105, 20]}
    assert "line" in fault(point, kinds=LINES).hint
    assert "area" in fault(point, kinds=AREAS).hint
    assert geometry_of(point, kinds=POINT).x == 105


def test_too_many_points_end_the_reading() -> None:
    line = [[105 + i / 1e6, 20] for i in range(20_001)]
    assert "too many" in fault({"type": "LineString", "coordinates": line}).cause


@given(JSON)
def test_any_json_is_a_shape_or_a_fault(value: Any) -> None:
    for each in (value, {"type": "Polygon", "coordinates": value}, {"type": "MultiLineString", "coordinates": value}):
        with contextlib.suppress(ShapeFault):
            assert geometry_of(each, where=EARTH).is_valid


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_text_is_a_collection_or_a_fault(text: bytes | str) -> None:
    with pytest.raises(ShapeFault):
        read_collection(text)


@given(st.lists(st.tuples(LON, LAT), min_size=2, max_size=8, unique=True))
def test_what_is_written_is_read_again(positions: list[tuple[float, float]]) -> None:
    line = shapely.LineString(positions)
    for shape in (line, line.convex_hull.buffer(0.01), shapely.MultiPoint(positions).centroid):
        once = geometry_text(shape)
        assert geometry_text(read_geometry(once)) == once


def test_a_collection_gathers_the_faults_of_its_features() -> None:
    good = {"type": "Feature", "id": 7, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}, "properties": {"name": "a"}}
    swapped = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [20, 105]}, "properties": {"id": "b"}}
    made = {"type": "FeatureCollection", "name": "layer", "features": [good, swapped, 3, good | {"geometry": None}]}
    found = read_collection(b"\xef\xbb\xbf" + json.dumps(made).encode())
    assert [(feature.number, feature.id, feature.properties["name"]) for feature in found.features] == [(1, "7", "a")]
    assert [(one.number, one.id, one.error.path) for one in found.faults] == [
        (2, "b", "features[1].geometry.coordinates"),
        (3, "", "features[2]"),
        (4, "7", "features[3].geometry"),
    ]
    assert found.extra == {"name": "layer"}


def test_other_coordinate_systems_are_refused() -> None:
    made = {"type": "FeatureCollection", "features": [], "crs": {"type": "name", "properties": {"name": "EPSG:3405"}}}
    with pytest.raises(ShapeFault) as caught:
        read_collection(json.dumps(made))
    assert "another system" in caught.value.cause
    made["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_collection(json.dumps(made)).features == ()
