"""Địa bàn → Địa điểm: what should be seen (routes, residential points, hot spots, institutions), and who changed what of it."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import folded_words
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.geometry.metric import Metric
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.ground.places import remove_place, restore_place, save_place
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import steps_of
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.register import Thing
from luytre.web.forms_places import PlaceForm
from luytre.web.register_words import choices, figure_words, told
from luytre.web.views.cameras import UNDO
from luytre.web.views.pages import person

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list, as they stand in the address."""

    query: str = ""
    hamlet: str = ""
    kind: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        return cls(*(request.GET.get(name, "").strip() for name in ("q", "hamlet", "kind")))

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def takes(self, place: Place) -> bool:
        if self.hamlet and self.hamlet != (str(place.hamlet_id) if place.hamlet_id else "none"):
            return False
        if self.kind and self.kind != place.kind:
            return False
        said = folded_words(f"{place.name} {place.hamlet or ''}")
        return all(any(other.startswith(word) for other in said) for word in folded_words(self.query))


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    wanted, roles = Wanted.of(request), roles_of(person(request), timezone.now())
    there = list(Place.objects.filter(archived=False).select_related("hamlet"))
    found = sorted((one for one in there if wanted.takes(one)), key=lambda one: (name_key(one.name), one.key))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "shown": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "count": len(found),
        "any": len(there),
        "wanted": wanted,
        "hamlets": hamlets_in_order({one.hamlet for one in there if one.hamlet}),
        "kinds": choices(PlaceKind),
        "query": query.urlencode(),
        "sources": sorted({one.source for one in there if one.source}),
        "may_add": may_use("place_add", roles),
        "may_import": may_use("ground_import", roles),
    }
    return render(request, "places.html", context)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("hamlet"), key=key)
    roles = roles_of(person(request), timezone.now())
    context = {
        "place": place,
        "shape": shape_words(place.geometry),
        "weight": figure_words(place.weight) if place.weight is not None else "",
        "steps": [told(step) for step in steps_of(Thing.PLACE, place.key)],
        "may_edit": may_use("place_edit", roles),
        "may_remove": may_use("place_remove", roles),
    }
    return render(request, "place.html", context)


def shape_words(geometry: str) -> str:
    """What stands on the map: where a point is, how long a line is, how large an area."""
    shape = shapely.from_geojson(geometry)
    middle = shape.representative_point()
    where = f"{middle.y:.6f}, {middle.x:.6f}"
    metres = Metric.about(middle.y, middle.x).metres(shape)
    if metres.length == 0:
        return where
    if metres.area == 0:
        return _("line of %(metres)s m, about %(where)s") % {"metres": round(metres.length), "where": where}
    return _("area of %(metres)s m², about %(where)s") % {"metres": round(metres.area), "where": where}


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    initial = {name: request.GET[name] for name in ("kind", "hamlet", "shape") if name in request.GET}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            place = save_place(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("“%(name)s” was added.") % {"name": place.name})
            return redirect("place", key=place.key)
    return render(request, "place_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("hamlet").filter(archived=False), key=key)
    form = PlaceForm(request.POST if request.method == "POST" else None, place=place)
    stale = False
    if request.method == "POST" and form.is_valid():
        try:
            save_place(person(request), form.draft(), timezone.now(), place, form.cleaned_data["revision"])
        except Stale:
            stale = True
            form.begin_again(Place.objects.select_related("hamlet").get(pk=place.pk))
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("“%(name)s” was changed.") % {"name": place.name})
            return redirect("place", key=place.key)
    return render(
        request, "place_form.html", {"form": form, "place": place, "stale": stale}, status=422 if form.is_bound else 200
    )


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    place = remove_place(person(request), get_object_or_404(Place, key=key), timezone.now())
    back = f"{UNDO}{reverse('place_restore', args=[place.key])}"
    messages.warning(request, _("“%(name)s” was removed. Its history stays.") % {"name": place.name}, extra_tags=back)
    return redirect("places")


@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponse:
    place = restore_place(person(request), get_object_or_404(Place, key=key), timezone.now())
    messages.success(request, _("“%(name)s” is there again.") % {"name": place.name})
    return redirect("place", key=place.key)
