"""GeoJSON files of one layer, read as wishes; each fault with its path in the file. And the layers handed out as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import shapely

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import fold, one_line
from luytre.civic.geometry.geojson import AREAS, EVERY_KIND, POINT, Feature, FeatureFault, geometry_value, read_collection
from luytre.civic.ground.models import HamletArea, Obstacle, ObstacleKind, PastIncident, PastKind, Place, PlaceKind
from luytre.civic.ground.osm_file import OsmTaker, tags_of
from luytre.civic.ground.wishes import FileFault, Layer, Wish, Wishes
from luytre.civic.registry.eye_words import EYE_FIELDS
from luytre.civic.registry.figures import parse_choice, parse_day, parse_number, parse_whole
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.sheet_file import MOST_ROWS, SheetRow, plain

MOST_FEATURES = 30_000
SHAPES: dict[str, frozenset[str]] = {
    Layer.PLACES: EVERY_KIND, Layer.OBSTACLES: EVERY_KIND - POINT, Layer.BOUNDARIES: AREAS, Layer.PAST_INCIDENTS: POINT,
    Layer.EYES: POINT,
}  # fmt: skip
_NAMES = {"ten": "name", "thon": "hamlet", "loai": "kind", "ngay": "day", "ghi chu": "note", "nguon": "source", "cao": "height_m",
          "so dan": "residents", "nha o": "home"}  # fmt: skip
"""Vietnamese names of properties, folded, beside our own."""


def _text(value: Any) -> str:
    return one_line(str(value))


def _kind(kinds: Any) -> Callable[[Any], str]:
    return lambda value: parse_choice(kinds, str(value)) or ""


def _figure(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return parse(str(value))

    return read


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = fold(str(value)).strip()
    if word in ("yes", "true", "1", "co", "x"):
        return True
    if word in ("no", "false", "0", "khong"):
        return False
    raise UsageError(N_("this is neither yes nor no"))


_COMMON: dict[str, Callable[[Any], Any]] = {"source": _text, "source_id": _text}
READERS: dict[str, dict[str, Callable[[Any], Any]]] = {
    Layer.PLACES: _COMMON | {
        "kind": _kind(PlaceKind), "name": _text, "hamlet": _text, "note": _text, "residents": _figure(parse_whole),
        "vehicles_a_day": _figure(parse_whole), "weight": _figure(parse_number),
    },
    Layer.OBSTACLES: _COMMON | {"kind": _kind(ObstacleKind), "name": _text, "height_m": _figure(parse_number), "home": _truth},
    Layer.BOUNDARIES: {"hamlet": _text, "name": _text, "source": _text},
    Layer.PAST_INCIDENTS: {"kind": _kind(PastKind), "day": lambda value: parse_day(str(value)), "source": _text},
}  # fmt: skip
"""What is read of a feature's properties, by layer; other properties are left where they are. Null says nothing."""


def read_layer(content: bytes, layer: str, language: str) -> Wishes:
    """The wishes of a GeoJSON file for one layer (of eyes: `eye_rows`). Errors: UsageError for what is no such file."""
    collection = read_collection(content, SHAPES[layer])
    _check_number(len(collection.features) + len(collection.faults))
    wishes: list[Wish] = []
    faults = [_shape_fault(fault, language) for fault in collection.faults]
    for feature in collection.features:
        fields, wrong = _fields(feature, READERS[layer], language)
        label = _label(fields.get("name") or fields.get("hamlet"), feature)
        faults += [FileFault(feature.number, label, path, words) for path, words in wrong]
        if not wrong:
            key = str(feature.properties.get("key") or feature.id)
            wishes.append(Wish(feature.number, label, layer, feature.geometry, fields, key, str(fields.get("source_id", ""))))
    return Wishes(tuple(wishes), tuple(faults))


def read_osm(content: bytes, taker: OsmTaker, language: str) -> Wishes:
    """A GeoJSON file whose properties are OpenStreetMap's tags. Its faults are those of single features."""
    collection = read_collection(content)
    _check_number(len(collection.features) + len(collection.faults))
    for feature in collection.features:
        taker.take(tags_of(dict(feature.properties)), _osm_ref(feature), feature.geometry)
    found = taker.wishes()
    return Wishes(found.wishes, tuple(_shape_fault(fault, language) for fault in collection.faults), found.left_out)


def _osm_ref(feature: Feature) -> str:
    """`way/123`, as exporters write it in one place or another."""
    known = (feature.properties.get("@id"), feature.id, feature.properties.get("osm_id"))
    return next((str(one)[:40] for one in known if one not in (None, "")), f"feature/{feature.number}")


def eye_rows(content: bytes, language: str) -> tuple[list[SheetRow], list[FileFault]]:
    """Eyes as a sheet would have them, for `registry.eye_sheet`; a row's number is the feature's. Errors: UsageError."""
    collection = read_collection(content, SHAPES[Layer.EYES])
    if len(collection.features) + len(collection.faults) > MOST_ROWS:
        raise UsageError(N_("this file has too many features"), hint=N_("At most 2000 eyes at once."))
    rows = []
    for feature in collection.features:
        cells = {name: plain(feature.properties[name]) for name in EYE_FIELDS if feature.properties.get(name) is not None}
        cells |= {
            "key": str(feature.properties.get("key") or feature.id),
            "position": f"{feature.geometry.y}, {feature.geometry.x}",
        }
        rows.append(SheetRow(feature.number, cells))
    return rows, [_shape_fault(fault, language) for fault in collection.faults]


def _check_number(count: int) -> None:
    if count > MOST_FEATURES:
        raise UsageError(N_("this file has too many features"), hint=N_("At most 30,000 at once: cut it into parts."))


def _shape_fault(fault: FeatureFault, language: str) -> FileFault:
    return FileFault(fault.number, fault.id, fault.error.path, sentence(fault.error, language))


def sentence(error: UsageError, language: str) -> str:
    """The cause and its advice, as sentences of the language."""
    cause = translate(error.cause, language)
    return f"{cause[:1].upper()}{cause[1:]}. {translate(error.hint, language) if error.hint else ''}".strip()


def _label(name: Any, feature: Feature) -> str:
    return str(name or feature.id)[:120]


def _fields(
    feature: Feature, readers: Mapping[str, Callable[[Any], Any]], language: str
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    found: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for name, value in feature.properties.items():
        ours = name if name in readers else _NAMES.get(" ".join(fold(str(name)).replace("_", " ").split()), "")
        if ours not in readers or value is None or value == "":
            continue
        try:
            found[ours] = readers[ours](value)
        except UsageError as error:
            wrong.append((f"features[{feature.number - 1}].properties.{name}", sentence(error, language)))
    return found, wrong


def export_layer(layer: str) -> bytes:
    """What is on the land of one layer, as `read_layer` reads it again. Notes are left out: such files are handed around."""
    features = list(_EXPORTS[layer]())
    sources = sorted({str(one["properties"]["source"]) for one in features if one["properties"].get("source")})
    collection = {"type": "FeatureCollection", "name": layer, "attribution": "; ".join(sources), "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def _exported(key: str, geometry: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name: str(value) if isinstance(value, date) else value for name, value in properties.items() if value not in (None, "")
    }
    return {"type": "Feature", "id": key, "geometry": geometry_value(shapely.from_geojson(geometry)), "properties": kept}


def _places() -> Iterable[dict[str, Any]]:
    for one in Place.objects.filter(archived=False).select_related("hamlet"):
        names = ("kind", "name", "residents", "vehicles_a_day", "weight", "source", "source_id")
        hamlet = {"hamlet": one.hamlet.name if one.hamlet else ""}
        yield _exported(one.key, one.geometry, {name: getattr(one, name) for name in names} | hamlet)


def _obstacles() -> Iterable[dict[str, Any]]:
    for one in Obstacle.objects.all():
        names = ("kind", "name", "height_m", "home", "source", "source_id")
        yield _exported(one.key, one.geometry, {name: getattr(one, name) for name in names})


def _boundaries() -> Iterable[dict[str, Any]]:
    for one in HamletArea.objects.select_related("hamlet"):
        yield _exported(place_key(one.hamlet), one.geometry, {"hamlet": one.hamlet.name, "source": one.source})


def _past_incidents() -> Iterable[dict[str, Any]]:
    for one in PastIncident.objects.all():
        point = json.dumps({"type": "Point", "coordinates": [float(one.longitude), float(one.latitude)]})
        yield _exported(one.key, point, {"kind": one.kind, "day": one.day, "source": one.source})


_EXPORTS: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    Layer.PLACES: _places, Layer.OBSTACLES: _obstacles, Layer.BOUNDARIES: _boundaries, Layer.PAST_INCIDENTS: _past_incidents,
}  # fmt: skip
