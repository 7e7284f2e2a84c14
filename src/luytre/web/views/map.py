"""The map: its page, its layers, what the eyes do now, and the file below it. Drawing is in `map_edit`, paper in `map_paper`."""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime
from typing import Any

import shapely
from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.access.permissions import may_use
from luytre.civic.ground.models import HamletArea
from luytre.civic.registry.models import Commune, Eye, Site
from luytre.civic.registry.scope import devices_of
from luytre.web import map_words, words
from luytre.web.map_basemap import basemap_at, read_span, span_of
from luytre.web.map_layers import eyes_of, layers_for
from luytre.web.views import health
from luytre.web.views.incident_map import cases_info
from luytre.web.views.map_edit import edit_info
from luytre.web.views.map_plan import plan_info
from luytre.web.views.pages import person

VIET_NAM = (102.1, 8.4, 109.5, 23.4)
"""West, south, east, north: shown while nothing of the commune is on the map."""
GZIP_FROM_BYTES = 500
_KEYED = ("eye", "place", "camera", "candidate_edit", "incident")
_PLAIN = ("playback", "health", "map_paper", "incidents")


@csp_replace({"worker-src": [SELF]})  # MapLibre's worker is a file of ours
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    layers, plan = layers_for(user, now), plan_info(request, roles_of(user, now))
    cases = cases_info(request, user, now) if "cases" in layers else None
    content = {
        "user": user.pk,
        "layers": [
            {"name": name, "words": _(kind.words), "url": reverse("map_layer", args=[name]), "shown": kind.shown}
            | (cases["layer"] if cases and name == "cases" else {})
            for name, kind in layers.items()
        ]
        + (plan["layers"] if plan else []),
        "plan": plan,
        "statesUrl": reverse("map_states"),
        "loginUrl": reverse("account_login"),
        "bounds": (cases and cases["bounds"]) or bounds(),
        "cases": cases["query"] if cases else None,
        "basemap": _basemap(),
        "pages": _pages(roles_of(user, now)),
        "timeZone": settings.TIME_ZONE,
        "edit": edit_info(roles_of(user, now)),
        "words": map_words.for_map(),
    }
    return render(request, "map.html", {"map": content, "commune": Commune.here().name, "of_list": cases})


def _pages(roles: frozenset[str]) -> dict[str, str]:
    """Where a thing's card leads to, by right; KEY is the thing's or its camera's."""
    keyed = {name: reverse(name, args=["KEY"]) for name in _KEYED if may_use(name, roles)}
    return keyed | {name: reverse(name) for name in _PLAIN if may_use(name, roles)}


def _basemap() -> dict[str, str] | None:
    found = basemap_at(settings.ENVIRONMENT.basemap)
    if found is None:
        return None
    return {"url": reverse("map_basemap"), "tiles": found.tiles, "attribution": found.attribution}


def bounds() -> tuple[float, float, float, float]:
    """The hamlets' boundaries; without any, the mounting places; without any, the country. West, south, east, north."""
    areas = [shapely.from_geojson(text) for text in HamletArea.objects.values_list("geometry", flat=True)]
    points = [(float(lon), float(lat)) for lat, lon in _positions()] if not areas else []
    shapes = areas or [shapely.MultiPoint(points).buffer(0.002)] if areas or points else []
    if not shapes:
        return VIET_NAM
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def _positions() -> list[tuple[Any, Any]]:
    known: list[tuple[Any, Any]] = []
    for model in (Site, Eye):
        known += model.objects.filter(latitude__isnull=False).values_list("latitude", "longitude")[:2000]
    return known


@require_safe
def layer(request: HttpRequest, name: str) -> HttpResponse:
    """GeoJSON of one layer, cut to the person's scope; packed, and 304 where the browser has it."""
    user, now = person(request), timezone.now()
    kind = layers_for(user, now).get(name)
    if kind is None:
        raise Http404
    return packed(request, kind.read(user, now).geojson(), "application/geo+json")


def packed(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """Compressed where the browser takes it. Nothing in a layer is secret and chosen by others, so its length tells nothing."""
    mark = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_packed = len(body) >= GZIP_FROM_BYTES and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(gzip.compress(body, 5, mtime=0) if is_packed else body, content_type=content_type)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = mark
    patch_vary_headers(response, ["Accept-Encoding"])
    made = get_conditional_response(request, etag=mark, response=response)
    assert isinstance(made, HttpResponse)
    return made


@require_GET
def states(request: HttpRequest) -> HttpResponse:
    """What each eye does now, by its key: asked again every quarter of a minute, as cheap as the page of health."""
    told, silent = states_of(person(request), timezone.now())
    return JsonResponse({"eyes": told, "recorder": silent})


def states_of(user: User, now: datetime) -> tuple[dict[str, dict[str, str]], str]:
    """Of each eye that the person meets, by its key: `look`, `words`, `reason`; and what the recorder's silence says."""
    status, down = health.ask_status()
    by_camera = {item.camera.pk: item for item in health.health_of(list(devices_of(user, now)), status)}
    told = {eye.key: _state(eye, by_camera.get(eye.camera_id or 0)) for eye in eyes_of(user, now)}
    return told, down.sentence() if down else ""


def _state(eye: Eye, item: health.CameraHealth | None) -> dict[str, str]:
    """`look`: works, faulty, down, off, listed or unknown."""
    if eye.camera_id is None:
        look = {"faulty": "faulty", "dead": "down"}.get(eye.condition, "listed")
        return {"look": look, "words": map_words.look(look)}
    if item is None:  # its state is for those who meet the device
        return {"look": "unknown", "words": words.state("unknown")}
    if item.is_well:
        look = "faulty" if item.reason else "works"
    else:
        look = "off" if item.is_off else "unknown" if item.state in ("unknown", "waiting", "connecting") else "down"
    return {"look": look, "words": item.words, "reason": item.reason}


@require_safe
def basemap(request: HttpRequest) -> HttpResponse:
    """The file below the map, by byte ranges alone (RFC 9110, one span, at most 4 MB)."""
    found = basemap_at(settings.ENVIRONMENT.basemap)
    if found is None:
        raise Http404
    span = span_of(request.headers.get("Range", ""), found.size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}", "Accept-Ranges": "bytes"})
    first, last = span
    response = HttpResponse(read_span(found, first, last), status=206, content_type="application/octet-stream")
    response["Content-Range"] = f"bytes {first}-{last}/{found.size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = found.mark
    return response
