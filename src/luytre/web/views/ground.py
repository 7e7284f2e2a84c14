"""Layers of the land out as GeoJSON, and in from GeoJSON and OpenStreetMap: hand in, look at what it would do, confirm.

A small file is looked at while the person waits; a large one by the jobs' process, and the page tells how far it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.errors import UsageError
from luytre.civic.ground.from_geojson import export_layer
from luytre.civic.ground.models import HamletArea
from luytre.civic.ground.parcels import KINDS, MOST_BYTES, OSM, Parcel, Stage, State, bring, look
from luytre.civic.ground.wishes import OSM_SOURCE, Layer
from luytre.web.tasks import bring_parcel, look_at_parcel
from luytre.web.uploads import BoundedDiskHandler, DiskUpload
from luytre.web.views.pages import person

INLINE_BYTES = 1_000_000
"""So large a file is looked at while the person waits: a second or two."""


def root() -> Path:
    """Where files lie while they are looked at; the jobs' process sees the same folder."""
    return Path(settings.LUYTRE_IMPORTS_DIR)


def kind_words() -> dict[str, str]:
    return {
        Layer.PLACES: _("Places to watch"),
        Layer.OBSTACLES: _("Buildings, walls, trees"),
        Layer.BOUNDARIES: _("Boundaries of hamlets"),
        Layer.PAST_INCIDENTS: _("Past incidents"),
        Layer.EYES: _("Eyes"),
        OSM: _("Roads, buildings and institutions of OpenStreetMap"),
    }


@csrf_exempt  # the form's token is looked at below, once it is settled where the file goes
def bring_in(request: HttpRequest) -> HttpResponse:
    request.upload_handlers = [BoundedDiskHandler(request, root(), MOST_BYTES)]
    return _bring_in(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _bring_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request)
    upload, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if not isinstance(upload, DiskUpload) or not upload.size:
        return _form(request, _("Choose a file."))
    if upload.too_large or kind not in KINDS:
        upload.path.unlink(missing_ok=True)
        return _form(
            request, _("This file is too large: at most 64 MB.") if upload.too_large else _("Choose what is in the file.")
        )
    name = str(upload.name)[:120]
    state = State(kind, name, get_language() or "vi", unnamed=request.POST.get("unnamed") == "yes")
    parcel = Parcel.new(root(), state, upload.path)
    if upload.size <= INLINE_BYTES:
        look(parcel, timezone.now())
    else:
        look_at_parcel.enqueue(parcel.key)
    return redirect("ground_import_state", job=parcel.key)


def _form(request: HttpRequest, error: str = "") -> HttpResponse:
    chosen = request.POST.get("kind") or request.GET.get("kind", Layer.PLACES)
    context: dict[str, Any] = {
        "kinds": list(kind_words().items()),
        "chosen": chosen,
        "unnamed": request.POST.get("unnamed") == "yes",
        "error": error,
        "layers": [(layer.value, kind_words()[layer]) for layer in Layer if layer != Layer.EYES],
        "bounded": HamletArea.objects.exists(),
        "attribution": OSM_SOURCE,
    }
    return render(request, "ground_import.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def state(request: HttpRequest, job: str) -> HttpResponse:
    """How far a file is, what it would do, and (by post) the word that it be done."""
    try:
        parcel = Parcel(root(), job)
    except UsageError as error:
        raise Http404 from error
    now = parcel.state()
    if now is None:
        raise Http404
    if request.method == "POST" and now.can_be_done:
        return _done(request, parcel, now)
    words = kind_words()[now.kind]
    context = {"state": now, "job": job, "kind": words, "more": now.fault_count - len(now.faults), "attribution": OSM_SOURCE}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "parts/ground_state.html" if part else "ground_state.html", context)


def _done(request: HttpRequest, parcel: Parcel, now: State) -> HttpResponse:
    user = person(request)
    if parcel.file.stat().st_size <= INLINE_BYTES:
        bring(parcel, user, timezone.now())
        after = parcel.state()
        if after is not None and after.stage == Stage.DONE:
            messages.success(request, _("“%(name)s” was brought in.") % {"name": now.name})
    else:
        parcel.set(replace(now, stage=Stage.WRITING, done=0, of=now.new + now.changed))
        bring_parcel.enqueue(parcel.key, user.pk)
    return redirect("ground_import_state", job=parcel.key)


@require_GET
def export(request: HttpRequest, layer: str) -> HttpResponse:
    if layer not in (Layer.PLACES, Layer.OBSTACLES, Layer.BOUNDARIES, Layer.PAST_INCIDENTS):
        raise Http404
    name = f"{layer.replace('_', '-')}-{timezone.localdate().isoformat()}.geojson"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(export_layer(layer), content_type="application/geo+json", headers=headers)
