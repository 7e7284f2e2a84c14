"""Cameras: the list, one live, adding, testing, changing, switching off, taking out of use."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import folded_words
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind
from luytre.civic.access.permissions import may_use
from luytre.civic.devices.passwords import weak_words
from luytre.civic.devices.reaching import device_of, exposure_of, keep_address, sharing_address
from luytre.civic.ports import ProbeAnswer, RecorderDown
from luytre.civic.registry.cameras import CameraDraft, archive_camera, save_camera
from luytre.civic.registry.eye_scope import eyes_of
from luytre.civic.registry.holds import held_of_camera
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.models import Camera, Hamlet, Site, SiteKind
from luytre.civic.registry.nearby import near
from luytre.civic.registry.order import hamlets_in_order, in_order, name_key
from luytre.civic.registry.scope import cameras_of, devices_of
from luytre.web import words
from luytre.web.forms import CameraForm, initial_of
from luytre.web.ports import ports
from luytre.web.views.health import CameraHealth, ask_status, health_of
from luytre.web.views.pages import person, screen
from luytre.web.views.turning import panel

LOOK_BACK_DAYS = 400
STARTING = "starting"
"""In the session of an administrator who is being guided through the first run."""
UNDO = "undo:"
"""Before the address that takes back what a message tells of."""
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
    cameras = in_order(devices_of(person(request)))
    wanted = Wanted.of(request)
    status, down = ask_status()
    hamlets = hamlets_in_order({camera.site.hamlet for camera in cameras if camera.site.hamlet})
    context = {
        "cameras": [item for item in health_of(list(filter(wanted.takes, cameras)), status) if wanted.takes_state(item)],
        "wanted": wanted,
        "hamlets": hamlets,
        "kinds": [(kind.value, _(kind.label)) for kind in SiteKind],
        "states": [("down", _("Down")), ("well", _("Working")), ("off", _("Switched off"))],
        "recorder_down": down,
        "any": bool(cameras),
        "query": request.GET.urlencode(),
    }
    return render(request, "cameras.html", context)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list, as they stand in the address."""

    query: str = ""
    hamlet: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        return cls(*(request.GET.get(name, "").strip() for name in ("q", "hamlet", "kind", "state")))

    @property
    def is_narrow(self) -> bool:
        return any((self.query, self.hamlet, self.kind, self.state))

    def takes(self, camera: Camera) -> bool:
        """Every typed word begins a word of name, site, hamlet or road, with or without accents; or the address has it."""
        site = camera.site
        if self.hamlet and self.hamlet != (str(site.hamlet_id) if site.hamlet_id else "none"):
            return False
        if self.kind and self.kind != site.kind:
            return False
        if "." in self.query and self.query.casefold() in camera.main_url_shown.casefold():
            return True
        said = folded_words(f"{camera.name} {site.name} {site.hamlet or ''} {site.road}")
        return all(any(other.startswith(word) for other in said) for word in folded_words(self.query))

    def takes_state(self, item: CameraHealth) -> bool:
        states = {"down": not item.is_well and not item.is_off, "well": item.is_well, "off": item.is_off}
        return states.get(self.state, True)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The main picture, alone."""
    user = person(request)
    camera = get_object_or_404(cameras_of(user), key=key)
    history = cameras_of(user, LookKind.HISTORY).filter(key=key).exists()
    others = list(cameras_of(user))
    context = {
        "camera": camera,
        "screen": screen(request, [camera], others),
        "near": near(camera, others),
        "may_look_back": history,
        "may_hide": may_use("camera_masks", roles_of(user, timezone.now())),
        "may_compare": may_use("camera_views", roles_of(user, timezone.now())),
        "may_change": may_use("camera_edit", roles_of(user, timezone.now())),
        "eye": eyes_of(user, timezone.now()).filter(camera=camera).first(),
        "may_print_sign": may_use("camera_sign", roles_of(user, timezone.now())),
        "may_see_device": may_use("device", roles_of(user, timezone.now())),
        "turning": panel(user, camera),
        "may_find_incidents": may_use("incidents", roles_of(user, timezone.now())) and camera.site.latitude is not None,
    }
    return render(request, "camera.html", context)


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    days = keeping_now(timezone.now()).default_days()
    form = CameraForm(request.POST if request.method == "POST" else None, default_days=days)
    if request.method == "POST" and form.is_valid():
        saved = save_camera(form.draft(), by=person(request))
        keep_address(saved, form.cleaned_data["onvif"])
        return _saved(request, saved, _("The camera “%(name)s” was added. Recording starts within seconds."))
    return _form_page(request, form, None)


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    camera = get_object_or_404(devices_of(person(request)), key=key)
    days = keeping_now(timezone.now()).days_at(camera.site.kind)
    form = CameraForm(
        request.POST if request.method == "POST" else None, camera=camera, default_days=days, initial=initial_of(camera)
    )
    if request.method == "POST" and form.is_valid():
        return _saved(request, save_camera(form.draft(), camera, person(request)), _("The camera “%(name)s” was changed."))
    return _form_page(request, form, camera)


def _saved(request: HttpRequest, camera: Camera, message: str) -> HttpResponse:
    ports().recorder.refresh()
    messages.success(request, message % {"name": camera.name})
    if weak := weak_words(camera.password, device_of(camera).maker, camera.username):
        way_out = _("Change it on the page of the device; it takes a minute.")
        messages.warning(request, f"{_(weak)} {way_out}")
    if others := sharing_address(camera):
        names = ", ".join(one.name for one in others)
        told = _("The very same address is already that of: %(names)s. Both show one picture.")
        messages.warning(request, told % {"names": names})
    target = reverse("start") if request.session.get(STARTING) else reverse("cameras")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


def _form_page(request: HttpRequest, form: CameraForm, camera: Camera | None) -> HttpResponse:
    """The whole page; or, for a form sent by htmx, the errors alone, so that nothing that was typed is touched."""
    if request.method == "POST" and request.htmx:  # type: ignore[attr-defined]
        return render(request, "parts/camera_errors.html", {"errors": _errors(form)}, status=422)
    if form.is_bound:
        form.hide_secrets()
    status = 422 if request.method == "POST" else 200
    return render(request, "camera_form.html", form_context(form, camera), status=status)


def form_context(form: CameraForm, camera: Camera | None) -> dict[str, Any]:
    sites = list(Site.objects.values_list("name", "road"))
    keeping = keeping_now(timezone.now())
    return {
        "form": form,
        "camera": camera,
        "action": reverse("camera_edit", args=[camera.key]) if camera else reverse("camera_add"),
        "hamlets": hamlets_in_order(Hamlet.objects.all()),
        "sites": sorted({name for name, _road in sites}, key=name_key),
        "roads": sorted({road for _name, road in sites if road}, key=name_key),
        "default_days": keeping.days_at(camera.site.kind) if camera else keeping.default_days(),
        "regulated": keeping.rules is not None,
        "given": bool(form["given"].value()),
        "exposure": exposure_of(camera.main_url_shown) if camera else None,
        "sharing": sharing_address(camera) if camera else [],
        "weak": weak_words(camera.password, device_of(camera).maker, camera.username) if camera else "",
    }


def _errors(form: CameraForm, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The words for each field, empty where nothing is wrong."""
    found = {name: " ".join(str(words) for words in form.errors.get(name, ())) for name in form.fields}
    return found | (extra or {})


@sensitive_post_parameters("password", "main_url", "sub_url")
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Opens the camera as typed and shows its picture, or what is wrong at the field where it can be put right."""
    camera = devices_of(person(request)).filter(key=request.POST.get("key", "")).first()
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
    """Recording of one camera on or off; the way back is the same button, and stands in the message too."""
    camera = get_object_or_404(devices_of(person(request)), key=key)
    camera.enabled = not camera.enabled
    camera.save(update_fields=["enabled", "changed"])
    ports().recorder.refresh()
    if camera.enabled:
        messages.success(request, _("“%(name)s” is being recorded again.") % {"name": camera.name})
    else:
        said = _("“%(name)s” is no longer recorded. Its footage stays.") % {"name": camera.name}
        messages.warning(request, said, extra_tags=f"{UNDO}{reverse('camera_switch', args=[camera.key])}")
    query = request.POST.get("query", "")
    return redirect(f"{reverse('cameras')}?{query}" if query else reverse("cameras"))


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Tells what happens to the footage, asks for a word of consent, and only then takes the camera out of use."""
    camera = get_object_or_404(devices_of(person(request)), key=key)
    context = _kept(camera) | {"camera": camera}
    if request.method == "GET":
        return render(request, "camera_remove.html", context)
    if request.POST.get("sure") != "yes":
        context["error"] = _("Tick that you have read what happens to the footage.")
        return render(request, "camera_remove.html", context, status=422)
    archive_camera(camera, person(request))
    ports().recorder.refresh()
    messages.success(request, _("“%(name)s” was taken out of use.") % {"name": camera.name})
    return redirect("cameras")


def _kept(camera: Camera) -> dict[str, Any]:
    """How much footage there is of a camera, until when it stays, and what is held."""
    now = timezone.now()
    days = keeping_now(now).days(camera)
    try:
        kept = ports().recorder.days(camera.key, now - timedelta(days=LOOK_BACK_DAYS), now)
    except RecorderDown:
        kept = None
    filled = [day for day in kept or () if day.size_bytes]
    return {
        "days": days,
        "known": kept is not None,
        "kept_days": len(filled),
        "kept_bytes": sum(day.size_bytes for day in filled),
        "oldest": filled[0].day if filled else None,
        "until": timezone.localdate(now) + timedelta(days=days),
        "holds": held_of_camera(camera.key, now),
    }
