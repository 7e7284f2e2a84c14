"""What OpenStreetMap's tags mean to us: roads that are routes, buildings and walls that hide, institutions that should be seen.

Pure functions over tags (https://wiki.openstreetmap.org/wiki/Map_features); reading files is `osm_file` and `from_geojson`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luytre.base.i18n import translate
from luytre.base.letters import one_line
from luytre.civic.ground.models import ObstacleKind, PlaceKind
from luytre.civic.ground.wishes import Layer

KEYS = ("highway", "building", "amenity", "barrier")
"""A thing without one of these tags is none of ours."""
STOREY_M = 3.3
ROADS = frozenset(
    {"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "track",
     "road", "pedestrian"}
)  # fmt: skip
"""Where vehicles go; `_link` roads count as theirs. Foot-paths and steps are not routes."""
UNNAMED_ROADS = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential"})
"""Taken without a name too, where that is asked for."""
HOMES = frozenset({"house", "residential", "apartments", "detached", "semidetached_house", "terrace", "bungalow", "farm", "hut"})
PLACES: dict[str, str] = {
    "school": PlaceKind.SCHOOL, "kindergarten": PlaceKind.SCHOOL, "college": PlaceKind.SCHOOL, "university": PlaceKind.SCHOOL,
    "marketplace": PlaceKind.MARKET, "place_of_worship": PlaceKind.TEMPLE, "community_centre": PlaceKind.CULTURAL_HOUSE,
    "townhall": PlaceKind.OFFICE, "clinic": PlaceKind.OFFICE, "hospital": PlaceKind.OFFICE, "doctors": PlaceKind.OFFICE,
    "police": PlaceKind.OFFICE,
}  # fmt: skip
_METRES = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:m|metres?|meters?)?")
_FEET = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:'|ft|feet)")
_FOOT_M = 0.3048


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a tagged shape is to us. `shape`: `point`, `line` or `area`, what it must be drawn as."""

    layer: str
    shape: str
    fields: dict[str, Any]


def meanings(tags: Mapping[str, str], ref: str, *, unnamed: bool = False) -> list[Meaning]:
    """What a thing with these tags is. `ref`: such as `way/123`. A school's building is a place and an obstacle."""
    found: list[Meaning] = []
    if road := _road(tags, ref, unnamed=unnamed):
        found.append(road)
    if tags.get("building", "no") != "no":
        fields = {"kind": ObstacleKind.BUILDING.value, "name": _name(tags), "home": tags["building"] in HOMES}
        found.append(Meaning(Layer.OBSTACLES, "area", fields | _height(tags)))
    elif tags.get("barrier") in ("wall", "city_wall"):
        found.append(Meaning(Layer.OBSTACLES, "line", {"kind": ObstacleKind.WALL.value, "name": _name(tags)} | _height(tags)))
    if kind := PLACES.get(tags.get("amenity", "")):
        name = _name(tags) or _nameless(translate(str(PlaceKind(kind).label), "vi"), ref)
        found.append(Meaning(Layer.PLACES, "place", {"kind": str(kind), "name": name}))
    return found


def _road(tags: Mapping[str, str], ref: str, *, unnamed: bool) -> Meaning | None:
    kind = tags.get("highway", "").removesuffix("_link")
    if kind not in ROADS or tags.get("area") == "yes":
        return None
    name = _name(tags) or one_line(tags.get("ref", ""))[:120]
    if not name and not (unnamed and kind in UNNAMED_ROADS):
        return None
    return Meaning(Layer.PLACES, "line", {"kind": PlaceKind.ROUTE.value, "name": name or _nameless("Đường", ref)})


def _nameless(what: str, ref: str) -> str:
    return f"{what[:1].upper()}{what[1:]} ({ref})"[:120]


def _name(tags: Mapping[str, str]) -> str:
    return one_line(tags.get("name:vi") or tags.get("name") or "")[:120]


def _height(tags: Mapping[str, str]) -> dict[str, float]:
    """In metres, from `height` or the number of storeys; nothing where neither is told, or what is told cannot be."""
    metres = parse_height(tags.get("height", ""))
    if metres is None and (levels := parse_height(tags.get("building:levels", ""))) is not None:
        metres = round(levels * STOREY_M, 2)
    return {"height_m": metres} if metres is not None and 0 < metres <= 400 else {}


def parse_height(text: str) -> float | None:
    """Metres of `6`, `6.5 m`, `20'` or `20 ft`; None for what is none."""
    text = text.strip().casefold()
    if not text.isascii():
        return None
    if match := _METRES.fullmatch(text):
        return float(match[1].replace(",", "."))
    if match := _FEET.fullmatch(text):
        return round(float(match[1].replace(",", ".")) * _FOOT_M, 2)
    return None
