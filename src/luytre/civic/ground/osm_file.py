"""OpenStreetMap extracts (.osm.pbf, .osm): what of them is ours and lies on the commune's land, cut at its edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.from_osm import KEYS, Meaning, meanings
from luytre.civic.ground.wishes import OSM_SOURCE, Layer, Wish, Wishes

MOST_BYTES = 64 * 1024 * 1024
"""An extract of a province has some tens of megabytes; cut one out for larger ones."""
MOST_THINGS = 30_000
EDGE_M = 500.0
"""So far beyond the boundaries things are taken: what is across the road hides, too."""
_PIECE_M = 5.0
"""A piece of a road that the edge leaves, shorter than this, is none."""
Progress = Callable[[int], None]
"""Is told how many things were looked at."""


class OsmTaker:
    """Takes tagged shapes one by one, and keeps as wishes what is ours. Used for extracts and for GeoJSON alike."""

    def __init__(self, land: CommuneLand, *, unnamed: bool = False) -> None:
        """Errors: UsageError where no boundary was drawn: an extract is of a province, and nobody could say what is ours."""
        if not land.is_known:
            raise UsageError(
                N_("no hamlet has a boundary yet, so nobody can say what of this file is the commune's"),
                hint=N_("Draw the boundaries of the hamlets on the map, or bring them in as GeoJSON."),
            )
        self._land, self._unnamed = land, unnamed
        self._wishes: list[Wish] = []
        self._left_out = 0

    def take(self, tags: dict[str, str], ref: str, geometry: BaseGeometry) -> None:
        """`geometry` in degrees. Errors: UsageError for more than `MOST_THINGS`."""
        kept = 0
        near = self._land.may_touch(geometry, EDGE_M)
        for meaning in meanings(tags, ref, unnamed=self._unnamed) if near else ():
            shape = self._fitted(geometry, meaning)
            if shape is not None:
                kept += 1
                label = meaning.fields.get("name") or ref
                fields = meaning.fields | {"source": OSM_SOURCE}
                self._wishes.append(Wish(len(self._wishes) + 1, label, meaning.layer, shape, fields, source_id=ref[:40]))
        self._left_out += not kept
        if len(self._wishes) > MOST_THINGS:
            raise UsageError(
                N_("this file has too many things on the commune's land"), hint=N_("At most 30,000: cut the extract smaller.")
            )

    def _fitted(self, geometry: BaseGeometry, meaning: Meaning) -> BaseGeometry | None:
        """The shape as it is kept; None where it is drawn as something else, or lies elsewhere."""
        shape = _drawn_as(geometry, meaning.shape)
        if shape is None or not shape.is_valid or not self._land.within([shape], EDGE_M)[0]:
            return None
        if meaning.layer == Layer.PLACES and meaning.shape == "line":
            return self._land.cut(shape, EDGE_M, _PIECE_M)
        return shape

    def wishes(self) -> Wishes:
        return Wishes(tuple(self._wishes), (), self._left_out)


def _drawn_as(geometry: BaseGeometry, shape: str) -> BaseGeometry | None:
    """A road or wall is a line, a building an area, an institution a point or an area."""
    kind = geometry.geom_type
    if shape == "line":
        return geometry if kind in ("LineString", "MultiLineString") else None
    if kind == "MultiPolygon" and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    if kind in ("Polygon", "MultiPolygon"):
        return geometry
    return geometry if shape == "place" and kind == "Point" else None


def read_extract(path: Path, taker: OsmTaker, progress: Progress = lambda _count: None) -> Wishes:
    """What of the file is ours. Errors: UsageError for what is no extract, or too large."""
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(
            N_("this file is too large"), hint=N_("An extract of OpenStreetMap has at most 64 MB here: cut out the district.")
        )
    try:
        for count, (tags, ref, geometry) in enumerate(_things(path), start=1):
            taker.take(tags, ref, geometry)
            if count % 2000 == 0:
                progress(count)
    except (RuntimeError, ValueError, OSError) as error:  # what osmium throws for files that are broken inside
        raise UsageError(
            N_("this file cannot be read as an extract of OpenStreetMap"),
            hint=N_("A file whose name ends in .osm.pbf is needed."),
        ) from error
    return taker.wishes()


def _things(path: Path) -> Iterator[tuple[dict[str, str], str, BaseGeometry]]:
    """Every node, way and area with one of our tags. A closed way that is an area comes as that alone."""
    import osmium  # heavy: only where it is used

    factory = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*KEYS)
    seen = osmium.FileProcessor(osmium.io.File(str(path), _format(path))).with_areas(wanted).with_filter(wanted)
    for thing in seen:
        tags = {tag.k: tag.v for tag in thing.tags}
        is_area = "building" in tags or "amenity" in tags
        try:
            if isinstance(thing, osmium.osm.Area):
                ref = f"{'way' if thing.from_way() else 'relation'}/{thing.orig_id()}"
                if is_area:
                    yield tags, ref, shapely.from_wkb(factory.create_multipolygon(thing))
            elif isinstance(thing, osmium.osm.Way):
                if not (is_area and thing.is_closed()):
                    yield tags, f"way/{thing.id}", shapely.from_wkb(factory.create_linestring(thing))
            elif isinstance(thing, osmium.osm.Node):
                yield tags, f"node/{thing.id}", shapely.from_wkb(factory.create_point(thing))
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # a way whose nodes were cut away, a ring that is none: extracts have them at their edge


def _format(path: Path) -> str:
    """What osmium is to take the file for, whatever it is called: XML begins with `<`, all else is taken for PBF."""
    with path.open("rb") as file:
        return "osm" if file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "pbf"


def tags_of(properties: dict[str, Any]) -> dict[str, str]:
    """The tags of a GeoJSON feature: its properties, or those under `tags`."""
    inner = properties.get("tags")
    source = inner if isinstance(inner, dict) else properties
    return {str(name): str(value) for name, value in source.items() if isinstance(value, str | int | float)}
