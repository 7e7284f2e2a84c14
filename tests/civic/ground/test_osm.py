"""OpenStreetMap extracts: what tags mean, what is cut at the commune's edge, and that a second import updates."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import osmium
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.bring_in import FileNote, Planner, carry_out
from luytre.civic.ground.from_geojson import read_osm
from luytre.civic.ground.from_osm import meanings, parse_height
from luytre.civic.ground.land import save_boundary
from luytre.civic.ground.models import Obstacle, Place
from luytre.civic.ground.osm_file import OsmTaker, read_extract
from luytre.civic.ground.places import place_draft, remove_place, save_place
from luytre.civic.ground.wishes import OSM_SOURCE, Wishes
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.register import RegisterStep, Thing
from tests.civic.ground.shapes import at, square

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
NOTE = FileNote("xa.osm.pbf", "a" * 64, "osm")


class Extract:
    """An extract as pyosmium writes it."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._writer = osmium.SimpleWriter(str(path), overwrite=True)
        self._ways: list[osmium.osm.mutable.Way] = []

    def node(self, east_m: float, north_m: float, **tags: str) -> int:
        self.count += 1
        self._writer.add_node(osmium.osm.mutable.Node(id=self.count, version=1, location=tuple(at(east_m, north_m)), tags=tags))
        return self.count

    def way(self, number: int, *points: tuple[float, float], closed: bool = False, **tags: str) -> None:
        nodes = [self.node(*point) for point in points]
        tagged = {name.replace("__", ":"): value for name, value in tags.items()}
        self._ways.append(osmium.osm.mutable.Way(id=number, version=1, nodes=nodes + nodes[:1] * closed, tags=tagged))

    def close(self) -> Path:
        for way in self._ways:
            self._writer.add_way(way)
        self._writer.close()
        return self.path


def box(east_m: float, north_m: float, side_m: float = 10) -> tuple[tuple[float, float], ...]:
    return ((east_m, north_m), (east_m + side_m, north_m), (east_m + side_m, north_m + side_m), (east_m, north_m + side_m))


def commune(tmp_path: Path, road: str = "Đường làng", **school: str) -> Path:
    made = Extract(tmp_path / "xa.osm.pbf")
    made.way(1, (-3000, 0), (3000, 0), highway="tertiary", name=road)
    made.way(2, (0, -100), (0, 100), highway="residential")
    made.way(3, (0, 50), (20, 50), highway="footway", name="Lối đi")
    made.way(4, *box(100, 100), closed=True, building="house", building__levels="2")
    made.way(
        5, *box(200, 100, 40), closed=True, building="school", amenity="school", name="Trường tiểu học", height="7,5 m", **school
    )
    made.way(6, *box(9000, 9000), closed=True, building="yes")
    made.way(7, (300, 0), (300, 50), barrier="wall")
    made.node(50, 50, amenity="marketplace")
    made.node(60, 60, amenity="bench")
    return made.close()


@pytest.fixture
def land(db: None) -> CommuneLand:
    """A square of two kilometres."""
    save_boundary(None, Hamlet.objects.create(name="Thôn Đông"), square(side_m=2000), "địa chính", NOW)
    return CommuneLand.of_commune()


def bring(found: Wishes) -> dict[str, int]:
    plan = Planner(NOW, "vi").plan(found)
    carry_out(None, plan, NOW, NOTE)
    return {action: plan.count(action) for action in ("new", "changed", "same", "removed")}


def test_roads_buildings_walls_and_institutions_come_in_with_their_source(tmp_path: Path, land: CommuneLand) -> None:
    seen: list[int] = []
    found = read_extract(commune(tmp_path), OsmTaker(land), seen.append)
    assert bring(found) == {"new": 6, "changed": 0, "same": 0, "removed": 0}
    places = {one.source_id: one for one in Place.objects.select_related("hamlet")}
    named = {ref: (one.kind, one.name) for ref, one in places.items() if one.kind != "market"}
    assert named == {"way/1": ("route", "Đường làng"), "way/5": ("school", "Trường tiểu học")}
    assert [one.name[:10] for one in places.values() if one.kind == "market"] == ["Chợ (node/"]
    assert all(one.source == OSM_SOURCE and str(one.hamlet) == "Thôn Đông" for one in places.values())
    heights = {one.source_id: (one.kind, one.height_m, one.home) for one in Obstacle.objects.all()}
    assert heights == {"way/4": ("building", 6.6, True), "way/5": ("building", 7.5, False), "way/7": ("wall", None, False)}
    road = shapely.from_geojson(places["way/1"].geometry)
    assert road.bounds[2] - road.bounds[0] == pytest.approx((2000 + 2 * 500) / 103_900, rel=0.01)
    assert found.left_out == 4
    note = RegisterStep.objects.get(thing=Thing.BROUGHT_IN)
    assert (note.name, '"added",null,6' in note.changes, "a" * 64 in note.changes) == ("xa.osm.pbf", True, True)
    assert RegisterStep.objects.filter(thing=Thing.OBSTACLE).count() == 3


def test_a_second_import_updates_and_keeps_what_people_know(tmp_path: Path, land: CommuneLand) -> None:
    bring(read_extract(commune(tmp_path), OsmTaker(land)))
    assert bring(read_extract(commune(tmp_path), OsmTaker(land))) == {"new": 0, "changed": 0, "same": 6, "removed": 0}
    from dataclasses import replace

    school = Place.objects.get(source_id="way/5")
    save_place(None, replace(place_draft(school), residents=300, note="hỏi bảo vệ"), NOW, school)
    market = Place.objects.get(kind="market")
    remove_place(None, market, NOW)
    counts = bring(read_extract(commune(tmp_path, road="Đường Hồ Chí Minh"), OsmTaker(land)))
    assert counts == {"new": 0, "changed": 1, "same": 4, "removed": 1}
    school.refresh_from_db()
    assert (school.residents, school.note, Place.objects.get(source_id="way/1").name) == (300, "hỏi bảo vệ", "Đường Hồ Chí Minh")


def test_roads_without_a_name_only_where_they_are_asked_for(tmp_path: Path, land: CommuneLand) -> None:
    found = read_extract(commune(tmp_path), OsmTaker(land, unnamed=True))
    assert {wish.label for wish in found.wishes if wish.source_id == "way/2"} == {"Đường (way/2)"}


def test_geojson_with_tags_is_read_as_an_extract_is(land: CommuneLand) -> None:
    shape = json.loads(square(100, 100, 10))
    features = [
        {"type": "Feature", "id": "way/4", "geometry": shape, "properties": {"building": "yes", "height": "5"}},
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"@id": "way/9", "tags": {"amenity": "clinic", "name": "Trạm y tế"}},
        },
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [21.03, 105.85]}, "properties": {"amenity": "school"}},
    ]
    found = read_osm(json.dumps({"type": "FeatureCollection", "features": features}).encode(), OsmTaker(land), "vi")
    assert [(wish.source_id, wish.layer) for wish in found.wishes] == [("way/4", "obstacles"), ("way/9", "places")]
    assert [fault.path for fault in found.faults] == ["features[2].geometry.coordinates"]
    assert "kinh độ" in found.faults[0].words.casefold()
    assert not Planner(NOW, "vi").plan(found).can_be_done


def test_without_a_boundary_nobody_can_say_what_is_ours(db: None) -> None:
    with pytest.raises(UsageError):
        OsmTaker(CommuneLand.of_commune())


def test_an_extract_in_xml_is_read_too_whatever_its_name(tmp_path: Path, land: CommuneLand) -> None:
    path = tmp_path / "file"
    made = Extract(tmp_path / "xa.osm")
    made.way(4, *box(100, 100), closed=True, building="house")
    made.close().rename(path)
    assert [wish.source_id for wish in read_extract(path, OsmTaker(land)).wishes] == ["way/4"]


def test_a_file_that_is_no_extract_or_too_large_is_told(
    tmp_path: Path, land: CommuneLand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"", b"nonsense", commune(tmp_path).read_bytes()[:200]):
        broken = tmp_path / "broken.osm.pbf"
        broken.write_bytes(content)
        with pytest.raises(UsageError):
            read_extract(broken, OsmTaker(land))
    monkeypatch.setattr("luytre.civic.ground.osm_file.MOST_BYTES", 10)
    with pytest.raises(UsageError):
        read_extract(tmp_path / "xa.osm.pbf", OsmTaker(land))
    monkeypatch.undo()
    monkeypatch.setattr("luytre.civic.ground.osm_file.MOST_THINGS", 2)
    with pytest.raises(UsageError):
        read_extract(tmp_path / "xa.osm.pbf", OsmTaker(land))


@pytest.mark.parametrize(
    ("text", "metres"),
    [("6", 6.0), ("6.5 m", 6.5), ("6,5", 6.5), ("20'", 6.1), ("20 ft", 6.1),
     ("", None), ("high", None), ("6;7", None), ("٦", None), ("-3", None)],
)  # fmt: skip
def test_heights_as_mappers_write_them(text: str, metres: float | None) -> None:
    assert parse_height(text) == metres


@given(st.text(max_size=20))
def test_any_height_is_metres_or_none(text: str) -> None:
    assert (found := parse_height(text)) is None or found >= 0


NAMES = st.sampled_from(["highway", "building", "amenity", "name", "height", "building:levels", "barrier", "ref", "area"])
VALUES = st.sampled_from(["yes", "no", "house", "school", "residential", "wall", "7", "Đường", "x" * 300]) | st.text(max_size=8)
TAGS = st.dictionaries(NAMES, VALUES)


@given(TAGS, st.booleans())
def test_whatever_the_tags_what_they_mean_can_be_kept(tags: dict[str, str], unnamed: bool) -> None:
    for one in meanings(tags, "way/1", unnamed=unnamed):
        assert len(one.fields.get("name", "")) <= 120
        assert one.layer != "places" or one.fields["name"]
        assert 0 < one.fields.get("height_m", 1) <= 400


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    land = CommuneLand([shapely.from_geojson(square())])
    with suppress(UsageError):
        assert read_osm(content, OsmTaker(land), "vi").left_out >= 0
