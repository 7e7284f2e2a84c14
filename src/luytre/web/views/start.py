"""The first run, from nothing to the first camera recorded, and the same values afterwards as a page of settings."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luytre.base.errors import UsageError
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.commune import (
    HamletChange,
    add_hamlets,
    change_hamlets,
    days_that_fit,
    keepers_by_default,
    set_commune,
)
from luytre.civic.registry.models import Commune, Hamlet
from luytre.civic.registry.order import hamlets_in_order, in_order
from luytre.civic.registry.scope import devices_of
from luytre.civic.regulations.force import in_force_now
from luytre.web.ports import ports
from luytre.web.views.cameras import STARTING
from luytre.web.views.health import ask_status
from luytre.web.views.pages import person, screen

PLAN_CAMERAS = 35
STEPS = ("commune", "disk", "cameras", "done")
COUNTING_S = 3.0
"""How long the footage that a shorter retention erases is counted before the page says that it does not know."""


@require_http_methods(["GET", "POST"])
def guide(request: HttpRequest) -> HttpResponse:
    """`?step=`; without it, the first one that is not done. May be left and taken up again."""
    request.session[STARTING] = True
    if request.method == "POST":
        return _answered(request)
    asked = request.GET.get("step", "")
    step = asked if asked in STEPS else _first_undone(request)
    if step == "done":
        request.session.pop(STARTING, None)
    return render(request, "start.html", _guide_context(request, step))


def _first_undone(request: HttpRequest) -> str:
    if devices_of(person(request)).exists():
        return "done"
    if not Commune.here().name:
        return "commune"
    return "disk" if not request.session.get("start_disk") else "cameras"


def _guide_context(request: HttpRequest, step: str, errors: dict[str, str] | None = None) -> dict[str, Any]:
    cameras = in_order(devices_of(person(request)))
    labels = (_("The commune"), _("Disk and days"), _("Cameras"), _("Done"))
    context = {
        "step": step,
        "steps": list(zip(STEPS, labels, strict=True)),
        "commune": Commune.here(),
        "hamlets": hamlets_in_order(Hamlet.objects.all()),
        "typed": request.POST,
        "errors": errors or {},
        "cameras": cameras,
    }
    if step == "disk":
        context |= _disk(request)
    if step == "done" and cameras:
        context["screen"] = screen(request, cameras[:1])
    return context


def _answered(request: HttpRequest) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == "commune":
        name = request.POST.get("name", "")
        if not name.strip():
            context = _guide_context(request, step, {"name": _("Type the name of the commune.")})
            return render(request, "start.html", context, status=422)
        set_commune(name=name, by=person(request))
        add_hamlets(request.POST.get("hamlets", ""))
        return redirect("/start?step=disk")
    try:
        set_commune(retention_days=_whole(request.POST.get("days", "")))
    except UsageError as error:
        return render(request, "start.html", _guide_context(request, "disk", {"days": _capital(error.sentence())}), status=422)
    request.session["start_disk"] = True
    ports().recorder.refresh()
    return redirect("/start?step=cameras")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Not now: home does not lead back here until the next login."""
    request.session.pop(STARTING, None)
    request.session["start_left"] = True
    return redirect("wall")


def _disk(request: HttpRequest) -> dict[str, Any]:
    """What fits: the footage that is there may go, the floor of free space may not."""
    status, _down = ask_status()
    if status is None:
        return {"space_bytes": None}
    space_bytes = max(0, status.archive.bytes_used + status.archive.bytes_free - Commune.here().free_floor_bytes)
    wanted = min(_whole(request.GET.get("count", "")) or PLAN_CAMERAS, 1000)
    return {
        "space_bytes": space_bytes,
        "plan_cameras": PLAN_CAMERAS,
        "plan_days": days_that_fit(space_bytes, PLAN_CAMERAS),
        "count": wanted,
        "count_days": days_that_fit(space_bytes, wanted),
    }


def _whole(text: str) -> int:
    """0 for what is no whole number."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True, slots=True)
class Erased:
    """What a shorter retention takes away. `size_bytes` None: it could not be counted in time."""

    days: int
    cameras: int
    before: object
    size_bytes: int | None


@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Name, hamlets, days kept. Fewer days are written only once the page has said what that erases."""
    context: dict[str, Any] = {"errors": {}, "refused": {}, "typed": request.POST}
    if request.method == "POST" and request.POST.get("what") == "hamlets":
        context["refused"] = {pk: _(words) for pk, words in change_hamlets(_hamlet_changes(request), person(request)).items()}
        if not context["refused"]:
            add_hamlets(request.POST.get("more", ""))
            return _kept(request)
    elif request.method == "POST":
        done = _save_commune(request, context)
        if done is not None:
            return done
    hamlets = hamlets_in_order(Hamlet.objects.prefetch_related("sites"))
    for hamlet in hamlets if context["refused"] else ():  # what was typed comes back
        hamlet.name = request.POST.get(f"name-{hamlet.pk}", hamlet.name)
        hamlet.order = _whole(request.POST.get(f"order-{hamlet.pk}", "")) or hamlet.order
    rows = [(hamlet, context["refused"].get(hamlet.pk, ""), not hamlet.sites.all()) for hamlet in hamlets]
    regulated = not in_force_now(timezone.now()).is_built_in
    context |= {"commune": Commune.here(), "hamlets": rows, "regulated": regulated} | _disk(request)
    asks_again = request.method == "POST"
    return render(request, "settings.html", context, status=422 if asks_again else 200)


def _save_commune(request: HttpRequest, context: dict[str, Any]) -> HttpResponse | None:
    """While a regulation is in force the days are its own, and what is typed for them does not count."""
    regulated = not in_force_now(timezone.now()).is_built_in
    days = Commune.here().retention_days if regulated else _whole(request.POST.get("days", ""))
    if not request.POST.get("name", "").strip():
        context["errors"]["name"] = _("Type the name of the commune.")
        return None
    if 1 <= days < Commune.here().retention_days and request.POST.get("sure") != str(days):
        context["erased"] = _erased(days)
        return None
    try:
        set_commune(request.POST["name"], days, person(request))
    except UsageError as error:
        context["errors"]["days"] = _capital(error.sentence())
        return None
    ports().recorder.refresh()
    return _kept(request)


def _kept(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The settings were saved."))
    return redirect("settings")


def _hamlet_changes(request: HttpRequest) -> list[HamletChange]:
    said = request.POST
    keys = [int(name[5:]) for name in said if name.startswith("name-") and name[5:].isascii() and name[5:].isdigit()]
    return [HamletChange(pk, said[f"name-{pk}"], _whole(said.get(f"order-{pk}", "")), f"remove-{pk}" in said) for pk in keys]


def _erased(days: int) -> Erased:
    """Footage older than `days` of the cameras that follow the commune's number, counted by the recorder's own index."""
    cameras, now = keepers_by_default(), timezone.now()
    end = now - timedelta(days=days)
    deadline = time.monotonic() + COUNTING_S
    size_bytes: int | None = 0
    for camera in cameras:
        try:
            if time.monotonic() > deadline or size_bytes is None:
                raise RecorderDown("")
            kept = ports().recorder.days(camera.key, end - timedelta(days=399), end)
            size_bytes += sum(day.size_bytes for day in kept)
        except RecorderDown:
            size_bytes = None
            break
    return Erased(days, len(cameras), end, size_bytes)
