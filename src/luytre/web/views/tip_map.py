"""Công khai: what the map of `/bao-tin` is drawn of: hamlets, roads and the file below them, nothing else of the commune.

Asked for by a press alone: the page itself stays light. No camera, mounting place, place to watch, building or incident is ever
in it (design/incidents.md, "Tips"), and it is the same for everybody.
"""

from __future__ import annotations

import json
from typing import Any

import shapely
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from luytre.civic.ground.models import HamletArea, Place, PlaceKind
from luytre.civic.registry.order import name_key
from luytre.web.map_basemap import basemap_at
from luytre.web.views import map as map_view

MOST_ROADS = 400
FINE_DEG = 0.00001
"""About a metre: lines are drawn no finer on a telephone, and a boundary of a survey has thousands of points."""
KEPT_S = 300
Feature = dict[str, Any]


@require_GET
def shapes(request: HttpRequest) -> HttpResponse:
    """GeoJSON of hamlets and roads, where they lie (`bounds`: west, south, east, north, degrees), who is to be named for them."""
    hamlets, roads = _hamlets(), _roads()
    drawn = [shapely.from_geojson(json.dumps(one["geometry"])) for one in hamlets or roads]
    bounds = [round(float(edge), 6) for edge in shapely.total_bounds(drawn)] if drawn else list(map_view.VIET_NAM)
    told = {"hamlets": hamlets, "roads": roads, "bounds": bounds, "sources": _sources(), "basemap": _basemap()}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    response = map_view.packed(request, text.encode(), "application/json")
    response["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response


def is_offered() -> bool:
    """Whether there is anything to choose a place on."""
    return HamletArea.objects.exists() or _drawn_roads().exists() or basemap_at(settings.ENVIRONMENT.basemap) is not None


def _hamlets() -> list[Feature]:
    areas = sorted(HamletArea.objects.select_related("hamlet"), key=lambda area: name_key(area.hamlet.name))
    return [_feature(area.geometry, {"key": area.hamlet.pk, "name": area.hamlet.name}, inside=True) for area in areas]


def _roads() -> list[Feature]:
    """A name only where the whole world has it: what officers call a route is their own word."""
    rows = _drawn_roads().order_by("key").values_list("geometry", "name", "source_id")[:MOST_ROADS]
    return [_feature(geometry, {"name": name if source_id else ""}) for geometry, name, source_id in rows]


def _drawn_roads() -> Any:
    return Place.objects.filter(archived=False, kind=PlaceKind.ROUTE)


def _feature(geometry: str, properties: Feature, *, inside: bool = False) -> Feature:
    shape = shapely.from_geojson(geometry)
    if inside:
        at = shape.representative_point()
        properties |= {"lon": round(at.x, 6), "lat": round(at.y, 6)}
    drawn = shapely.set_precision(shape.simplify(FINE_DEG), 0.000001)
    kept = shape if drawn.is_empty else drawn
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(kept)), "properties": properties}


def _sources() -> list[str]:
    named = {*HamletArea.objects.values_list("source", flat=True), *_drawn_roads().values_list("source", flat=True)}
    return sorted(one for one in named if one)


def _basemap() -> dict[str, str] | None:
    found = basemap_at(settings.ENVIRONMENT.basemap)
    if found is None:
        return None
    return {"url": reverse("tip_basemap"), "tiles": found.tiles, "attribution": found.attribution}


@require_safe
def basemap(request: HttpRequest) -> HttpResponse:
    """The file below the map, by byte ranges: it shows the ground that everybody may walk on."""
    return map_view.basemap(request)
