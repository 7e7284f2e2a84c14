"""GeoJSON (RFC 7946), read strictly: what is no shape is refused with the path of its fault, and nothing is mended silently.

Geometries are shapely's, in degrees (WGS 84), longitude first, without height. `where` bounds them: Viet Nam for what is
kept of a commune, the whole earth for a plan's file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from luytre.base.errors import UsageError
from luytre.base.i18n import N_

DECIMALS = 6
"""A millionth of a degree: a decimetre."""
MOST_POSITIONS = 20_000
"""Of one geometry: a commune's boundary has some thousands."""
POINT, LINES, AREAS = frozenset({"Point"}), frozenset({"LineString", "MultiLineString"}), frozenset({"Polygon", "MultiPolygon"})
EVERY_KIND = POINT | LINES | AREAS

_CROSSING = re.compile(r"^(?P<what>[^\[]+)\[(?P<x>[-+0-9.e]+) (?P<y>[-+0-9.e]+)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


VIET_NAM = Bounds(101, 6, 118, 24)
"""With its islands; the same as `registry.position` asks."""
EARTH = Bounds(-180, -90, 180, 90)


class ShapeFault(UsageError):
    """This is no shape. `path` leads to the fault, such as `coordinates[0][3]`; `at`: its longitude and latitude, where known."""

    def __init__(self, cause: str, path: str = "", *, hint: str = "", at: tuple[float, float] | None = None) -> None:
        super().__init__(cause, subject=path, hint=hint)
        self.path, self.at = path, at

    def below(self, path: str) -> ShapeFault:
        """The same fault, named from further out."""
        inner = f".{self.path}" if self.path and not self.path.startswith("[") else self.path
        return ShapeFault(self.cause, f"{path}{inner}", hint=self.hint, at=self.at)


@dataclass(frozen=True, slots=True)
class Feature:
    """`number` counts the features of the file from 1. `id` is the feature's own, as text; empty: it has none.

    `given_id`: as it stands in the file; a property `id` is taken where the feature has none of its own.
    """

    number: int
    id: str
    geometry: BaseGeometry
    properties: Mapping[str, Any]
    given_id: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class FeatureFault:
    """`number` as of `Feature`; what is wrong with it."""

    number: int
    id: str
    error: ShapeFault


@dataclass(frozen=True, slots=True)
class FeatureCollection:
    features: tuple[Feature, ...]
    faults: tuple[FeatureFault, ...]
    extra: Mapping[str, Any]
    """The collection's other members (RFC 7946 section 6.1), such as `name`."""


def read_json(text: str | bytes) -> Any:
    """What the text holds. Errors: ShapeFault with the line. Numbers that are none (NaN) are refused."""
    try:
        return json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise ShapeFault(N_("this text is no JSON"), where, hint=N_("The file is cut off or damaged: save it again.")) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ShapeFault(N_("this text is no JSON"), hint=N_("The file is cut off or damaged: save it again.")) from error


def _no_number(name: str) -> float:
    raise ValueError(name)


def read_geometry(text: str | bytes, kinds: Collection[str] = EVERY_KIND, where: Bounds = VIET_NAM) -> BaseGeometry:
    """One geometry; a Feature's geometry is taken for it. Errors: ShapeFault."""
    value = read_json(text)
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    return geometry_of(value, kinds, where)


def read_collection(text: str | bytes, kinds: Collection[str] = EVERY_KIND, where: Bounds = VIET_NAM) -> FeatureCollection:
    """A file of features; faults of single features are gathered. Errors: ShapeFault where it is no FeatureCollection at all."""
    value = read_json(text)
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection" or not isinstance(value.get("features"), list):
        raise ShapeFault(
            N_("this is no GeoJSON file of features"), hint=N_("A file is needed whose `type` is FeatureCollection (RFC 7946).")
        )
    _check_crs(value.get("crs"))
    features, faults = [], []
    for number, item in enumerate(value["features"], 1):
        try:
            features.append(_feature(number, item, kinds, where))
        except ShapeFault as error:
            faults.append(FeatureFault(number, _text(_id_of(item)), error.below(f"features[{number - 1}]")))
    extra = {name: member for name, member in value.items() if name not in ("type", "features")}
    return FeatureCollection(tuple(features), tuple(faults), extra)


def _check_crs(crs: Any) -> None:
    """Files of old say which coordinates they hold; only WGS 84 with longitude first is what we read."""
    if crs is None:
        return
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if not re.search(r"CRS:?:?84|EPSG:{1,2}4326$", name):
        raise ShapeFault(
            N_("the coordinates of this file are in another system"), "crs", hint=N_("Save it in WGS 84 (EPSG:4326): degrees.")
        )


def _text(given: str | int | float | None) -> str:
    return "" if given is None else str(given)


def _id_of(item: Any) -> str | int | float | None:
    if not isinstance(item, dict):
        return None
    properties = item.get("properties")
    found = item.get("id", properties.get("id") if isinstance(properties, dict) else None)
    return found if isinstance(found, str | int | float) and not isinstance(found, bool) and found != "" else None


def _feature(number: int, item: Any, kinds: Collection[str], where: Bounds) -> Feature:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise ShapeFault(N_("this is no feature"), hint=N_("Each feature has `type`: Feature, `geometry` and `properties`."))
    properties = item.get("properties") or {}
    if not isinstance(properties, dict):
        raise ShapeFault(N_("the properties are no list of names and values"), "properties")
    try:
        given = _id_of(item)
        return Feature(number, _text(given), geometry_of(item.get("geometry"), kinds, where), properties, given)
    except ShapeFault as error:
        raise error.below("geometry") from error


def geometry_of(value: Any, kinds: Collection[str] = EVERY_KIND, where: Bounds = VIET_NAM) -> BaseGeometry:
    """As `read_geometry`, of what JSON held."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in EVERY_KIND:
        raise ShapeFault(N_("this is no geometry"), hint=N_("A point, a line or an area is needed."))
    if kind not in kinds:
        raise ShapeFault(N_("this kind of shape does not belong here"), "type", hint=_needed(kinds))
    reader = _Reader(where)
    return reader.read(kind, value.get("coordinates"))


def _needed(kinds: Collection[str]) -> str:
    if set(kinds) <= POINT:
        return N_("A point is needed.")
    if set(kinds) <= LINES:
        return N_("A line is needed.")
    if set(kinds) <= AREAS:
        return N_("An area is needed.")
    return N_("A point or an area is needed.") if set(kinds) <= POINT | AREAS else N_("A point, a line or an area is needed.")


class _Reader:
    """Reads the coordinates of one geometry, and counts them."""

    def __init__(self, where: Bounds) -> None:
        self.where, self.left = where, MOST_POSITIONS

    def read(self, kind: str, coordinates: Any) -> BaseGeometry:
        made = self._made(kind, coordinates)
        if not made.is_valid:
            raise _crossing(made)
        return made

    def _made(self, kind: str, coordinates: Any) -> BaseGeometry:
        path = "coordinates"
        if kind == "Point":
            return shapely.Point(self._position(coordinates, path))
        if kind == "LineString":
            return self._line(coordinates, path)
        if kind == "Polygon":
            return self._area(coordinates, path)
        if kind == "MultiLineString":
            return shapely.MultiLineString([self._line(part, at) for part, at in self._parts(coordinates, path)])
        return shapely.MultiPolygon([self._area(part, at) for part, at in self._parts(coordinates, path)])

    def _parts(self, value: Any, path: str, fewest: int = 1) -> Iterator[tuple[Any, str]]:
        if not isinstance(value, list) or len(value) < fewest:
            raise ShapeFault(N_("coordinates are missing"), path)
        return ((part, f"{path}[{number}]") for number, part in enumerate(value))

    def _line(self, value: Any, path: str) -> shapely.LineString:
        positions = [self._position(part, at) for part, at in self._parts(value, path)]
        if len(set(positions)) < 2:
            raise ShapeFault(N_("a line needs two points"), path)
        return shapely.LineString(positions)

    def _area(self, value: Any, path: str) -> shapely.Polygon:
        rings = [self._ring(part, at) for part, at in self._parts(value, path)]
        return shapely.Polygon(rings[0], rings[1:])

    def _ring(self, value: Any, path: str) -> list[tuple[float, float]]:
        positions = [self._position(part, at) for part, at in self._parts(value, path)]
        if positions[0] != positions[-1]:
            hint = N_("The last point of a ring is its first one again.")
            raise ShapeFault(N_("the outline of this area is not closed"), path, hint=hint)
        if len(set(positions)) < 3:
            raise ShapeFault(N_("an area needs three corners"), path)
        return positions

    def _position(self, value: Any, path: str) -> tuple[float, float]:
        self.left -= 1
        if self.left < 0:
            raise ShapeFault(N_("this shape has too many points"), hint=N_("At most 20,000: simplify it and try again."))
        if not isinstance(value, list) or not 2 <= len(value) <= 4 or not all(_is_number(part) for part in value):
            raise ShapeFault(N_("this is no position"), path, hint=N_("Longitude and latitude are needed, as numbers."))
        lon, lat = float(value[0]), float(value[1])
        if not self.where.holds(lon, lat):
            raise self._outside(lon, lat, path)
        return lon, lat

    def _outside(self, lon: float, lat: float, path: str) -> ShapeFault:
        if self.where.holds(lat, lon):
            hint = N_("In GeoJSON the longitude (105 …) stands first, then the latitude (20 …).")
            return ShapeFault(N_("longitude and latitude are exchanged"), path, hint=hint)
        if self.where == VIET_NAM:
            return ShapeFault(N_("this position is not in Viet Nam"), path, hint=N_("Longitude 101 to 118, latitude 6 to 24."))
        return ShapeFault(N_("this position is not on the earth"), path, hint=N_("Degrees are needed, not metres."))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9 and math.isfinite(value)


def _crossing(made: BaseGeometry) -> ShapeFault:
    match = _CROSSING.match(shapely.is_valid_reason(made))
    at = (round(float(match["x"]), DECIMALS), round(float(match["y"]), DECIMALS)) if match else None
    path = f"coordinates ({at[1]:.6f}, {at[0]:.6f})" if at else "coordinates"
    hint = N_("Draw the outline around once, without crossing a line that is there.")
    return ShapeFault(N_("the outline of this area crosses or touches itself"), path, hint=hint, at=at)


def geometry_text(geometry: BaseGeometry) -> str:
    """GeoJSON with `DECIMALS`, in one line: what is kept and handed out."""
    return json.dumps(geometry_value(geometry), separators=(",", ":"))


def geometry_value(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON as JSON has it. Kinds of `EVERY_KIND` alone. Errors: TypeError for others."""
    kind = geometry.geom_type
    if kind not in EVERY_KIND:
        raise TypeError(kind)
    return {"type": kind, "coordinates": _COORDINATES[kind](geometry)}


def _rounded(coordinates: Any) -> list[list[float]]:
    return [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat, *_height in coordinates]


def _rings(area: Any) -> list[list[list[float]]]:
    return [_rounded(area.exterior.coords), *(_rounded(ring.coords) for ring in area.interiors)]


_COORDINATES: dict[str, Callable[[Any], Any]] = {
    "Point": lambda point: _rounded(point.coords)[0],
    "LineString": lambda line: _rounded(line.coords),
    "Polygon": _rings,
    "MultiLineString": lambda lines: [_rounded(line.coords) for line in lines.geoms],
    "MultiPolygon": lambda areas: [_rings(area) for area in areas.geoms],
}
