"""What the filters of the list of incidents find, on the map: a layer, where it lies, and the way back to the list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luytre.civic.access.models import User
from luytre.web.incident_filters import IncidentFilter
from luytre.web.map_layers import cases_layer
from luytre.web.views.pages import person

MOST_QUERY = 500
ROUND_DEG = 0.001
"""So much land round the outermost points is in view: about 100 m."""


@require_safe
def layer(request: HttpRequest) -> HttpResponse:
    """GeoJSON of those that the filters of the address find, cut to the person's scope as the list is."""
    from luytre.web.views.map import packed

    found = IncidentFilter.read(request.GET).find(person(request), timezone.now())
    return packed(request, cases_layer(found).geojson(), "application/geo+json")


def cases_info(request: HttpRequest, user: User, now: datetime) -> dict[str, Any] | None:
    """What the map's page needs of the filters that its address names (`?cases=`, the list's own query); None without them."""
    asked = request.GET.get("cases")
    if asked is None:
        return None
    wanted = IncidentFilter.read(QueryDict(asked[:MOST_QUERY]))
    query, found = wanted.query(), wanted.find(user, now)
    points = [
        (float(one.longitude), float(one.latitude)) for one in found if one.longitude is not None and one.latitude is not None
    ]
    url = reverse("incidents_layer") + (f"?{query}" if query else "")
    return {
        "query": query, "layer": {"words": _("Incidents found"), "url": url, "shown": True},
        "bounds": [float(edge) for edge in shapely.MultiPoint(points).buffer(ROUND_DEG).bounds] if points else None,
        "back": reverse("incidents") + (f"?{query}" if query else ""), "unplaced": len(found) - len(points),
    }  # fmt: skip
