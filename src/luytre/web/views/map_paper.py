"""The map to print: which layers, which part, under which title; and the sheet itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.access.models import User
from luytre.civic.registry.models import Commune
from luytre.web.map_layers import layers_for
from luytre.web.map_paper import MOST_TITLE, Sheet, as_pdf
from luytre.web.map_svg import Box
from luytre.web.views import map as screen
from luytre.web.views.pages import person

USUAL = ("eyes", "views", "hamlets", "places", "needs", "obstacles")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The form; with `pdf` in the address, the sheet."""
    user, now = person(request), timezone.now()
    kinds = {name: kind for name, kind in layers_for(user, now).items() if kind.printed}
    asked = request.GET.get("layers")
    wanted = request.GET.getlist("layer") or (asked.split(",") if asked is not None else USUAL)
    chosen = [name for name in kinds if name in wanted]
    seen = read_box(request.GET.get("box", ""))
    box = seen if request.GET.get("part") == "seen" else None
    title = request.GET.get("title", "").strip()[:MOST_TITLE] or _("Map of eyes and places to watch")
    if "pdf" in request.GET:
        return _pdf(user, now, title, chosen, box)
    context: dict[str, Any] = {
        "layers": [{"name": name, "words": _(kind.words), "chosen": name in chosen} for name, kind in kinds.items()],
        "title": title,
        "box": request.GET.get("box", "") if seen else "",
        "most": MOST_TITLE,
    }
    return render(request, "map_paper.html", context)


def read_box(text: str) -> Box | None:
    """West, south, east, north in degrees, as the map hands it over; None for anything else, or a box of nothing."""
    parts = text.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    on_earth = -180 <= west < east <= 180 and -85 <= south < north <= 85
    return (west, south, east, north) if on_earth else None


def _pdf(user: User, now: datetime, title: str, chosen: list[str], box: Box | None) -> HttpResponse:
    kinds = layers_for(user, now)
    layers = {name: kinds[name].read(user, now) for name in chosen}
    looks = {key: state["look"] for key, state in screen.states_of(user, now)[0].items()}
    sheet = Sheet(title, Commune.here().name, layers, looks, box or screen.bounds())
    response = HttpResponse(as_pdf(sheet, now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ban-do-{timezone.localtime(now):%Y-%m-%d}.pdf"'
    return response
