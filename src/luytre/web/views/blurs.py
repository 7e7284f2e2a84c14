"""Quy chế → Chứng cứ → Làm mờ: regions of a span that are hidden in copies for watching, drawn over its picture.

The picture is playback's: its tokens come from `views.media`, each after its look was written down.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.tracks import MOST_KEYS, MOST_TRACKS, TrackError, read_tracks
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind
from luytre.civic.access.permissions import may_use
from luytre.civic.blurring.desk import all_blurs, newest_of, save, start, times_saved
from luytre.civic.blurring.models import Blur, BlurRevision
from luytre.civic.evidence.models import What
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.civic.regulations.enforce import purpose_of
from luytre.civic.regulations.force import in_force_now
from luytre.web import reasons, words
from luytre.web.carrying_out import carry_out
from luytre.web.forms_blurs import BlurForm, DrawnForm
from luytre.web.forms_spans import asked_span
from luytre.web.views.pages import person, screen

ON_A_PAGE = 30
_NAMED = ("camera", "purpose", "reference")


@dataclass(frozen=True, slots=True)
class Line:
    """A blur as the list has it. `drawn`: how often it was saved."""

    blur: Blur
    camera: str
    drawn: int


@dataclass(frozen=True, slots=True)
class Row:
    """A revision, for the list below the picture."""

    revision: BlurRevision
    regions: int | None
    """None: it is not understood."""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    shown = Paginator(all_blurs(), ON_A_PAGE).get_page(request.GET.get("page"))
    found = list(shown.object_list)
    names = dict(Camera.objects.filter(key__in={one.camera for one in found}).values_list("key", "name"))
    drawn = times_saved(found)
    context = {
        "lines": [Line(one, names.get(one.camera, one.camera), drawn.get(one.seq, 0)) for one in found],
        "shown": shown,
        "may_draw": may_use("blur_new", roles_of(person(request), timezone.now())),
    }
    return render(request, "blurs.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled with what the address names (`camera`, `in`, `out` in UTC seconds, `purpose`, `reference`)."""
    user, now = person(request), timezone.now()
    mine = in_order(cameras_of(user, LookKind.HISTORY))
    form = BlurForm(mine, now, request.POST if request.method == "POST" else None, initial=asked_span(request, now, _NAMED))
    if request.method == "POST" and form.is_valid():
        camera, span = form.chosen()
        try:
            made = start(user, camera, span, now, title=form.cleaned_data["title"], reason=form.reason())
        except ValidationError as error:
            form.tell(error)
        else:
            return redirect("blur", made.key)
    return render(request, "blur_new.html", {"form": form, "cameras": mine}, status=422 if form.errors else 200)


@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    blur = get_object_or_404(Blur.objects.select_related("by"), key=key)
    newest = newest_of(blur)
    form = DrawnForm(initial={"over": newest.number if newest else 0})
    return _page(request, blur, form, newest.tracks if newest else "[]")


@require_POST
def save_drawn(request: HttpRequest, key: str) -> HttpResponse:
    blur = get_object_or_404(Blur.objects.select_related("by"), key=key)
    if _camera(request, blur) is None:
        raise Http404
    form, user, now = DrawnForm(request.POST), person(request), timezone.now()

    def do() -> None:
        data = form.cleaned_data
        save(user, blur, data["tracks"], data["over"], now, data["words"])

    return carry_out(
        request, form, do, _("The regions are saved."),
        lambda: redirect(f"{reverse('blur', args=[blur.key])}{_at(request)}"),
        lambda: _page(request, blur, form, request.POST.get("tracks", "")),
    )  # fmt: skip


def _at(request: HttpRequest) -> str:
    """The moment that was looked at, to come back to it."""
    text = request.POST.get("at", "")
    return f"?at={text}" if text.isascii() and text.isdigit() and len(text) < 16 else ""


def _camera(request: HttpRequest, blur: Blur) -> Camera | None:
    """Where this person may draw on its picture."""
    user = person(request)
    if not may_use("blur_save", roles_of(user, timezone.now())):
        return None
    return cameras_of(user, LookKind.HISTORY).filter(key=blur.camera).first()


def _page(request: HttpRequest, blur: Blur, form: DrawnForm, drawn: str) -> HttpResponse:
    camera, rules = _camera(request, blur), in_force_now(timezone.now()).rules
    named = Camera.objects.filter(key=blur.camera).values_list("name", flat=True).first()
    purpose = purpose_of(rules, blur.purpose_key)
    context = {
        "blur": blur,
        "camera": named or blur.camera,
        "purpose": reasons.shown((purpose,))[0]["words"] if purpose else blur.purpose_key,
        "form": form,
        "may_draw": camera is not None,
        "rows": [_row(one) for one in blur.revisions.select_related("by").order_by("-number")],
        "screen": _screen(request, blur, camera, drawn) if camera else None,
        "order": _order(request, blur),
    }
    return render(request, "blur.html", context, status=422 if form.errors else 200)


def _order(request: HttpRequest, blur: Blur) -> str:
    """Where this person may have a package of this very span made, once something is drawn."""
    user = person(request)
    mine = cameras_of(user, LookKind.EXPORT).filter(key=blur.camera)
    if not may_use("package_new", roles_of(user, timezone.now())) or not blur.revisions.exists() or not mine.exists():
        return ""
    span = {"in": f"{blur.span_start.timestamp():.3f}", "out": f"{blur.span_end.timestamp():.3f}"}
    why = {"purpose": blur.purpose_key, "reference": blur.reference, "kind": What.VIEWING}
    return f"{reverse('package_new')}?{urlencode({'camera': blur.camera, **span, **why})}"


def _row(revision: BlurRevision) -> Row:
    try:
        return Row(revision, len(read_tracks(revision.tracks)))
    except TrackError:
        return Row(revision, None)


def _screen(request: HttpRequest, blur: Blur, camera: Camera, drawn: str) -> dict[str, Any]:
    return screen(request, [camera]) | {
        "words": words.for_blur(),
        "purposes": {LookKind.HISTORY: reasons.shown(reasons.offered(LookKind.HISTORY, timezone.now())), LookKind.EXPORT: []},
        "span": {"from": blur.span_start.timestamp(), "to": blur.span_end.timestamp()},
        "reason": {"purpose_key": blur.purpose_key, "reference": blur.reference},
        "tracks": _as_json(drawn),
        "most": {"tracks": MOST_TRACKS, "keys": MOST_KEYS},
    }


def _as_json(drawn: str) -> object:
    """For the script, which leaves out what it does not understand; so nothing that was drawn is lost over a refusal."""
    try:
        found: object = json.loads(drawn)
    except (ValueError, RecursionError):
        return []
    return found
