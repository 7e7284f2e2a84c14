"""A computed version of a plan on the map: its new eyes with what they look over, and wishes for the next version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luytre.base.i18n import N_
from luytre.base.money import dong
from luytre.civic.access.permissions import may_use
from luytre.civic.geometry.geojson import geometry_text
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.planning.ask import Ask, NewEye, Result, ask_from, result_from
from luytre.civic.planning.drawn import drawn
from luytre.civic.planning.models import Candidate, Plan, PlanVersion, VersionState
from luytre.civic.planning.plans import save_plan
from luytre.civic.registry.bounds import MARGIN_M
from luytre.civic.registry.refusals import Refusals, said
from luytre.web.map_editors import position_of
from luytre.web.map_layers import Item, Layer
from luytre.web.plan_words import compass, reasons
from luytre.web.views.map_edit import NotUnderstood, Sent, not_understood, read_sent
from luytre.web.views.pages import person
from luytre.web.views.plans import wished

EYES, VIEWS = "eyes", "views"
MOST_PHASES = 4
"""So many colours there are; later phases share the last one, and say their number."""


def plan_info(request: HttpRequest, roles: frozenset[str]) -> dict[str, Any] | None:
    """What the map's page needs of the version that its address names; None without one, and for who meets no plans."""
    key, number = request.GET.get("plan", ""), request.GET.get("version", "")
    if not key or not may_use("map_plan", roles) or not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    found = PlanVersion.objects.select_related("plan").filter(
        plan__key=key, number=int(number), state=VersionState.DONE
    ).first()  # fmt: skip
    if found is None:
        return None
    name = _("%(plan)s, version %(number)s") % {"plan": found.plan.name, "number": found.number}
    parts = ((VIEWS, _("What the new eyes look over")), (EYES, name))
    layers = [
        {"name": f"plan_{part}", "words": words, "url": reverse("map_plan", args=[key, found.number, part]), "shown": True}
        for part, words in parts
    ]
    may_wish = may_use("map_plan_wish", roles) and not found.plan.archived
    return {
        "name": name,
        "layers": layers,
        "phases": min(len(result_from(found.result).phases), MOST_PHASES),
        "back": reverse("plan_version", args=[key, found.number]),
        "wish": reverse("map_plan_wish", args=[key]) if may_wish else "",
    }


@require_safe
def layer(request: HttpRequest, key: str, number: int, part: str) -> HttpResponse:
    """GeoJSON: `eyes`, numbered in the order of putting up, or `views`, what they look over."""
    versions = PlanVersion.objects.select_related("plan").filter(state=VersionState.DONE)
    found = get_object_or_404(versions, plan__key=key, number=number)
    result = result_from(found.result)
    if part == EYES:
        made = _eyes(result, ask_from(found.plan.ask))
    elif part == VIEWS:
        made = _views(result)
    else:
        raise Http404
    return HttpResponse(made.geojson(), content_type="application/geo+json", headers={"Cache-Control": "private, no-cache"})


def _eyes(result: Result, ask: Ask) -> Layer:
    return Layer(
        tuple(
            Item(str(eye.order), f'{{"type":"Point","coordinates":[{eye.lon:.6f},{eye.lat:.6f}]}}', _about(eye, result, ask))
            for eye in result.eyes
        )
    )


def _about(eye: NewEye, result: Result, ask: Ask) -> dict[str, str | int | float | bool | None]:
    return {
        "name": f"{eye.order}. {eye.name}",
        "order": eye.order, "phase": min(eye.phase, MOST_PHASES), "candidate": eye.candidate,
        "phaseWords": _("phase %(number)s") % {"number": eye.phase} if len(result.phases) > 1 else "",
        "hamletWords": eye.hamlet, "bearing_deg": eye.bearing_deg, "bearingWords": compass(eye.bearing_deg),
        "costWords": _("%(amount)s dong") % {"amount": dong(eye.cost_vnd)}, "why": " ".join(reasons(eye, result)),
        "wishWords": ", ".join(_(words) for words in _wishes(eye.candidate, ask)),
    }  # fmt: skip


def _wishes(candidate: str, ask: Ask) -> list[str]:
    """What is wished of this place in the next version."""
    held: Mapping[str, bool] = {
        N_("pinned"): candidate in ask.pinned,
        N_("left out"): candidate in ask.forbidden,
        N_("moved"): candidate in ask.moved,
    }
    return [words for words, is_so in held.items() if is_so]


def _views(result: Result) -> Layer:
    phases = {eye.order: min(eye.phase, MOST_PHASES) for eye in result.eyes}
    return Layer(
        tuple(
            Item(str(order), geometry_text(shape), {"phase": phases[order], "order": order})
            for order, shape in drawn(result).new.items()
            if not shape.is_empty
        )
    )


@require_POST
def wish(request: HttpRequest, key: str) -> HttpResponse:
    """Pins a place, leaves it out, moves it in this plan alone, or frees it again; the next version heeds it.

    Answers as drawing does: 422 with what is wrong, by field.
    """
    plan = get_object_or_404(Plan, key=key, archived=False)
    try:
        sent = read_sent(request.body)
    except NotUnderstood:
        return not_understood()
    candidate = get_object_or_404(Candidate, key=sent.values.get("candidate", ""), archived=False)
    try:
        ask = _wished(ask_from(plan.ask), candidate.key, sent)
        save_plan(person(request), plan.name, ask, plan)
    except ValidationError as error:
        return JsonResponse({"errors": said(error, get_language() or "vi"), "at": None}, status=422)
    return JsonResponse({"key": candidate.key, "name": candidate.name, "mark": ""})


def _wished(ask: Ask, candidate: str, sent: Sent) -> Ask:
    """Errors: ValidationError at `geometry`."""
    how = sent.values.get("how", "")
    if how == "move":
        return msgspec.structs.replace(ask, moved={**ask.moved, candidate: _moved_to(sent.geometry)})
    made = wished(ask, candidate, sent.values)
    if how == "free":
        made = msgspec.structs.replace(made, moved={key: at for key, at in made.moved.items() if key != candidate})
    return made


def _moved_to(geometry: str) -> tuple[float, float]:
    position = position_of(geometry)
    refused = Refusals()
    if (away := CommuneLand.of_commune().metres_outside(position)) > MARGIN_M:
        refused.tell("geometry", N_("This position lies %(km)s km outside of the commune."), km=round(away / 1000, 1))
    refused.raise_any()
    return float(position[0]), float(position[1])
