"""Địa bàn → Sổ mắt camera → Lịch sử: whatever was changed in the register and on the land, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.ground.models import Place
from luytre.civic.registry.models import Eye
from luytre.civic.registry.register import RegisterStep, Thing
from luytre.civic.survey.models import Need
from luytre.web.register_words import ToldStep, choices, told, value_words

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A step and what it is about. `name`: as it was called then; of a household's device, whose name no step keeps, as it is
    called now. `address`: its page, where it has one."""

    step: ToldStep
    thing: str
    name: str
    address: str


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    thing = request.GET.get("thing", "")
    found = RegisterStep.objects.select_related("by").order_by("-seq")
    found = found.filter(thing=thing) if thing in Thing.values else found
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "lines": _lines(list(shown.object_list)),
        "thing": thing,
        "things": choices(Thing),
        "query": f"thing={thing}" if thing in Thing.values else "",
    }
    return render(request, "changes.html", context)


_NAMES: dict[str, tuple[str, Callable[[Collection[str]], dict[str, str]]]] = {
    Thing.EYE: ("eye", lambda keys: dict(Eye.objects.filter(key__in=keys).values_list("key", "name"))),
    Thing.PLACE: ("place", lambda keys: dict(Place.objects.filter(key__in=keys).values_list("key", "name"))),
    Thing.NEED: ("survey_need", lambda keys: dict(Need.objects.filter(key__in=keys).values_list("key", "name"))),
}
"""Things with a page: its route, and what those that are there still are called."""


def _lines(steps: list[RegisterStep]) -> list[Line]:
    there = {thing: names({step.key for step in steps if step.thing == thing}) for thing, (_route, names) in _NAMES.items()}
    return [_line(step, there.get(step.thing, {})) for step in steps]


def _line(step: RegisterStep, there: dict[str, str]) -> Line:
    name = value_words(step.thing, "kind", step.name) if step.thing == Thing.PAST_INCIDENT else step.name
    address = reverse(_NAMES[step.thing][0], args=[step.key]) if step.key in there else ""
    return Line(told(step), _(str(Thing(step.thing).label)), name or there.get(step.key, ""), address)
