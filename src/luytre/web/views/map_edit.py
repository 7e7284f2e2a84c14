"""Drawing on the map: one thing read, saved, removed, put back. JSON both ways; what is wrong comes back by field.

Rights are the table's: whoever keeps the register draws; the duty turns eyes, and no more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luytre.civic.access.permissions import may_use
from luytre.civic.geometry.geojson import ShapeFault, read_geometry
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.refusals import said
from luytre.web.map_editors import CANDIDATE, EDITORS, EYE, Editor, Written, mark_of
from luytre.web.map_forms import fields_of
from luytre.web.map_layers import eyes_of
from luytre.web.views.pages import person

LARGEST_BODY = 1_000_000
"""Bytes: a boundary of 20,000 points is half of it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page sent: fields as typed, the shape as GeoJSON text, the mark that the change stands on."""

    values: dict[str, str]
    geometry: str
    mark: str | None


class NotUnderstood(ValueError):
    """The body is no JSON of ours."""


def read_sent(body: bytes) -> Sent:
    """Errors: NotUnderstood. Whatever the fields and the shape hold is looked at later."""
    try:
        value = json.loads(body) if len(body) <= LARGEST_BODY else None
    except (ValueError, RecursionError) as error:
        raise NotUnderstood from error
    if not isinstance(value, dict) or not isinstance(value.get("values", {}), dict):
        raise NotUnderstood
    values = {str(name): str(typed) for name, typed in value.get("values", {}).items() if isinstance(typed, str | int | float)}
    mark = value.get("mark")
    return Sent(values, json.dumps(value.get("geometry")), mark if isinstance(mark, str) else None)


def edit_info(roles: frozenset[str]) -> dict[str, Any] | None:
    """What the page's script needs to draw; None for whoever may change nothing."""
    may_turn, may_draw, may_plan = (may_use(name, roles) for name in ("map_eye", "map_thing", "map_candidate"))
    if not may_turn and not may_plan:
        return None
    kinds = [_kind(name, editor, reverse("map_add", args=[name])) for name, editor in EDITORS.items()] if may_draw else []
    if may_plan:
        kinds.append(_kind("candidate", CANDIDATE, reverse("map_candidate_add")))
    hang = {"words": _(EYE.words), "layer": EYE.layer, "url": _base("map_eye"), "fields": fields_of(EYE.form())}
    eye = hang if may_turn else None
    return {"kinds": kinds, "eye": eye, "addEye": reverse("eye_add") if may_use("eye_add", roles) else ""}


def _kind(name: str, editor: Editor, url: str) -> dict[str, Any]:
    told = {"kind": name, "words": _(editor.words), "layer": editor.layer, "shapes": list(editor.shapes)}
    return told | {
        "url": url,
        "fields": fields_of(editor.form()),
        "restores": editor.restore is not None,
    }


def _base(route: str) -> str:
    return reverse(route, args=["KEY"]).removesuffix("/KEY")


@require_POST
def add(request: HttpRequest, kind: str) -> HttpResponse:
    return _save(request, _editor(kind), None)


@require_http_methods(["GET", "POST"])
def thing(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    editor = _editor(kind)
    found = _found(editor, key)
    return _told(editor, key, found) if request.method == "GET" else _save(request, editor, found)


@require_http_methods(["GET", "POST"])
def eye(request: HttpRequest, key: str) -> HttpResponse:
    """An eye's place, direction and width of view, within the person's scope."""
    if not eyes_of(person(request), timezone.now()).filter(key=key).exists():
        raise Http404
    found = _found(EYE, key)
    return _told(EYE, key, found) if request.method == "GET" else _save(request, EYE, found)


@require_POST
def candidate_add(request: HttpRequest) -> HttpResponse:
    return _save(request, CANDIDATE, None)


@require_http_methods(["GET", "POST"])
def candidate(request: HttpRequest, key: str) -> HttpResponse:
    """A place to choose from, for whoever makes plans."""
    found = _found(CANDIDATE, key)
    return _told(CANDIDATE, key, found) if request.method == "GET" else _save(request, CANDIDATE, found)


@require_POST
def candidate_remove(request: HttpRequest, key: str) -> HttpResponse:
    return _remove(request, CANDIDATE, key)


@require_POST
def remove(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    return _remove(request, _editor(kind), key)


def _remove(request: HttpRequest, editor: Editor, key: str) -> HttpResponse:
    found = _found(editor, key)
    if editor.remove is None:
        raise Http404
    try:
        editor.remove(person(request), found, timezone.now(), read_sent(request.body).mark)
    except NotUnderstood:
        return not_understood()
    except Stale as error:
        return _stale(error)
    except ValidationError as error:
        return JsonResponse({"errors": said(error, get_language() or "vi")}, status=422)
    return JsonResponse({"key": key, "name": str(found)})


@require_POST
def restore(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    editor = _editor(kind)
    if editor.restore is None:
        raise Http404
    try:
        return _done(editor, editor.restore(person(request), key, timezone.now()))
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _editor(kind: str) -> Editor:
    if kind not in EDITORS:
        raise Http404
    return EDITORS[kind]


def _found(editor: Editor, key: str) -> Any:
    try:
        return editor.find(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _told(editor: Editor, key: str, found: Any) -> HttpResponse:
    values = {name: _as_typed(value) for name, value in editor.values(found).items()}
    told = {"key": key, "name": str(found), "values": values, "mark": mark_of(found)}
    return JsonResponse(told | {"geometry": json.loads(editor.geometry(found))})


def _as_typed(value: Any) -> str:
    """As people here write it, so that a form reads it again."""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(number_format(value, use_l10n=True, force_grouping=False)) if value % 1 else f"{value:.0f}"
    return "" if value is None else str(value)


def _save(request: HttpRequest, editor: Editor, found: Any) -> HttpResponse:
    try:
        sent = read_sent(request.body)
    except NotUnderstood:
        return not_understood()
    form = editor.form(sent.values)
    wrong = {} if form.is_valid() else {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    if wrong:
        return _refused(wrong | _shape_wrong(sent.geometry), sent.geometry)
    try:
        written = editor.save(person(request), form.cleaned_data, sent.geometry, timezone.now(), found, sent.mark)
    except Stale as error:
        return _stale(error)
    except ValidationError as error:
        return _refused(said(error, get_language() or "vi"), sent.geometry)
    return _done(editor, written)


def _done(editor: Editor, written: Written) -> HttpResponse:
    """With the mark that an undoing stands on."""
    return JsonResponse({"key": written.key, "name": written.name, "mark": mark_of(editor.find(written.key))})


def _refused(errors: dict[str, str], geometry: str) -> HttpResponse:
    """`at`: where on the map the shape is wrong, as longitude and latitude. A position's error is the shape's, here."""
    by_field = {"geometry" if name in ("position", NON_FIELD_ERRORS) else name: words for name, words in errors.items()}
    fault = _fault(geometry) if "geometry" in by_field else None
    return JsonResponse({"errors": by_field, "at": list(fault.at) if fault and fault.at else None}, status=422)


def _shape_wrong(geometry: str) -> dict[str, str]:
    """What is wrong with the shape itself, told together with the fields."""
    fault = _fault(geometry)
    words = ValidationError({"geometry": [part for part in (fault.cause, fault.hint) if part]}) if fault else None
    return said(words, get_language() or "vi") if words else {}


def _fault(geometry: str) -> ShapeFault | None:
    try:
        read_geometry(geometry)
    except ShapeFault as error:
        return error
    return None


def _stale(error: Stale) -> HttpResponse:
    return JsonResponse({"error": "stale", "message": f"{error.sentence()}. {error.advice()}"}, status=409)


def not_understood() -> HttpResponse:
    words = _("The address or what was sent with it cannot be understood.")
    return JsonResponse({"error": "bad_request", "message": words}, status=400)
