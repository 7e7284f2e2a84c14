"""Cameras: the list, one live, adding, testing, changing, switching off, taking out of use."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.models import LookKind
from luytre.civic.ports import ProbeAnswer
from luytre.civic.registry.cameras import CameraDraft, archive_camera, save_camera
from luytre.civic.registry.models import Camera, Commune, Hamlet
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.web import words
from luytre.web.forms import CameraForm, initial_of
from luytre.web.ports import ports
from luytre.web.views.health import ask_status, health_of
from luytre.web.views.pages import person, screen

_FIELD_OF_PROBLEM = {"wrong_password": "password", "password_needed": "username"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One stream's test, ready for the page."""

    label: str
    field: str
    answer: ProbeAnswer
    cause: str
    hint: str

    @property
    def picture(self) -> str:
        return f"data:image/jpeg;base64,{base64.b64encode(self.answer.picture_jpeg).decode()}" if self.answer.picture_jpeg else ""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    cameras = in_order(cameras_of(person(request)))
    query = request.GET.get("q", "").strip()
    shown = [camera for camera in cameras if query.casefold() in f"{camera.name} {camera.site.hamlet or ''}".casefold()]
    status, down = ask_status()
    context = {"cameras": health_of(shown, status), "query": query, "recorder_down": down, "any": bool(cameras)}
    return render(request, "cameras.html", context)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The main picture, alone."""
    user = person(request)
    camera = get_object_or_404(cameras_of(user), key=key)
    history = cameras_of(user, LookKind.HISTORY).filter(key=key).exists()
    context = {
        "camera": camera,
        "screen": screen(request, [camera], list(cameras_of(user))),
        "may_look_back": history,
        "may_change": user.is_administrator,
    }
    return render(request, "camera.html", context)


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = CameraForm(request.POST if request.method == "POST" else None, default_days=Commune.here().retention_days)
    if request.method == "POST" and form.is_valid():
        return _saved(request, save_camera(form.draft()), _("The camera “%(name)s” was added. Recording starts within seconds."))
    return _form_page(request, form, None)


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    camera = get_object_or_404(cameras_of(person(request)), key=key)
    days = Commune.here().retention_days
    form = CameraForm(
        request.POST if request.method == "POST" else None, camera=camera, default_days=days, initial=initial_of(camera)
    )
    if request.method == "POST" and form.is_valid():
        return _saved(request, save_camera(form.draft(), camera), _("The camera “%(name)s” was changed."))
    return _form_page(request, form, camera)


def _saved(request: HttpRequest, camera: Camera, message: str) -> HttpResponse:
    ports().recorder.refresh()
    messages.success(request, message % {"name": camera.name})
    target = reverse("cameras")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


def _form_page(request: HttpRequest, form: CameraForm, camera: Camera | None) -> HttpResponse:
    """The whole page; or, for a form sent by htmx, the errors alone, so that nothing that was typed is touched."""
    if request.method == "POST" and request.htmx:  # type: ignore[attr-defined]
        return render(request, "parts/camera_errors.html", {"errors": _errors(form)}, status=422)
    if form.is_bound:
        form.hide_secrets()
    context = {"form": form, "camera": camera, "hamlets": Hamlet.objects.all(), "default_days": Commune.here().retention_days}
    return render(request, "camera_form.html", context, status=422 if request.method == "POST" else 200)


def _errors(form: CameraForm, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The words for each field, empty where nothing is wrong."""
    found = {name: " ".join(str(words) for words in form.errors.get(name, ())) for name in form.fields}
    return found | (extra or {})


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Opens the camera as typed and shows its picture, or what is wrong at the field where it can be put right."""
    camera = cameras_of(person(request)).filter(key=request.POST.get("key", "")).first()
    form = CameraForm(request.POST, camera=camera)
    form.fields["name"].required = False
    if not form.is_valid():
        return render(request, "parts/camera_tried.html", {"errors": _errors(form), "tried": []})
    tried = _try_streams(form.draft(), camera)
    wrong = {
        item.field: f"{item.cause[:1].upper()}{item.cause[1:]}. {item.hint}"
        for item in tried
        if not item.answer.ok and item.field
    }
    return render(request, "parts/camera_tried.html", {"errors": _errors(form, wrong), "tried": tried})


def _try_streams(draft: CameraDraft, camera: Camera | None) -> list[Tried]:
    password = draft.password
    if password is None:
        password = camera.password if camera is not None and draft.username else ""
    streams = [(_("Main stream"), "main_url", draft.main), (_("Sub-stream"), "sub_url", draft.sub)]
    tried: list[Tried] = []
    for label, field, address in streams:
        if address is None:
            continue
        answer = ports().probe.probe(address.url, draft.username, password, get_language() or "vi")
        tried.append(_tried(label, field, answer))
        if not answer.ok and answer.problem in ("wrong_password", "recorder_down"):
            break  # asking again would only lock the camera, or wait in vain
    return tried


def _tried(label: str, field: str, answer: ProbeAnswer) -> Tried:
    field = "" if answer.problem == "recorder_down" else _FIELD_OF_PROBLEM.get(answer.problem, field)
    cause = words.problem_cause(answer.problem) or answer.sentence
    return Tried(label, field, answer, cause, words.problem_hint(answer.problem) or answer.hint)


@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Recording of one camera on or off; the way back is the same button."""
    camera = get_object_or_404(cameras_of(person(request)), key=key)
    camera.enabled = not camera.enabled
    camera.save(update_fields=["enabled", "changed"])
    ports().recorder.refresh()
    if camera.enabled:
        messages.success(request, _("“%(name)s” is being recorded again.") % {"name": camera.name})
    else:
        messages.warning(request, _("“%(name)s” is no longer recorded. Its footage stays.") % {"name": camera.name})
    return redirect("cameras")


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Asks first, and says what happens to the footage."""
    camera = get_object_or_404(cameras_of(person(request)), key=key)
    context: dict[str, Any] = {"camera": camera, "days": camera.retention_days or Commune.here().retention_days}
    if request.method == "GET":
        return render(request, "camera_remove.html", context)
    archive_camera(camera)
    ports().recorder.refresh()
    messages.success(request, _("“%(name)s” was taken out of use.") % {"name": camera.name})
    return redirect("cameras")
