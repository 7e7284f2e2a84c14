"""Cameras found on the network: who answers, and what one of them says once it knows user and password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.devices.passwords import weak_words
from luytre.civic.devices.paths import MAKERS, find_path, host_with_port
from luytre.civic.devices.reaching import NOT_AN_ADDRESS, NOT_AN_ADDRESS_HINT, exposure_of, host_of, port_of, typed_addresses
from luytre.civic.ports import DeviceAnswer, FoundDevice
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.models import Camera
from luytre.civic.registry.scope import devices_of
from luytre.civic.registry.seal import seal
from luytre.web import words
from luytre.web.forms import CameraForm
from luytre.web.ports import ports
from luytre.web.views import channels
from luytre.web.views.cameras import form_context
from luytre.web.views.pages import person

_FIELD_OF_PROBLEM = {"wrong_password": "password", "password_needed": "username"}


@dataclass(frozen=True, slots=True)
class Device:
    found: FoundDevice
    cameras: tuple[Camera, ...]

    @property
    def place(self) -> str:
        """Its address, with the port where it is an unusual one."""
        port = port_of(self.found.address)
        host = f"[{self.found.host}]" if ":" in self.found.host else self.found.host
        return self.found.host if port == 80 else f"{host}:{port}"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "camera_find.html")


@require_POST
def now(request: HttpRequest) -> HttpResponse:
    """Asks the network, for a few seconds; devices whose address a camera already has are told so."""
    cameras = list(devices_of(person(request)))
    found, kept = ports().finder.find(), typed_addresses(cameras)
    devices = [Device(one, _known(one, _ports_on(one.host, found), cameras, kept)) for one in found]
    return render(request, "parts/devices.html", {"devices": devices})


def _ports_on(host: str, found: tuple[FoundDevice, ...]) -> set[int]:
    return {port_of(one.address) for one in found if one.host == host}


def _known(found: FoundDevice, on_host: set[int], cameras: list[Camera], kept: dict[int, str]) -> tuple[Camera, ...]:
    """Those whose picture is of its host; but those of another device there, by the address that was kept (`kept`; on port 80
    where none was): forwarded ports and simulated cameras share a host. `on_host`: the ports that answered there."""
    port = port_of(found.address)
    at_host = [camera for camera in cameras if host_of(camera.main_url_shown) == found.host]
    ports_of = {camera.pk: port_of(kept.get(camera.pk, "http://of.picture")) for camera in at_host}
    return tuple(camera for camera in at_host if ports_of[camera.pk] == port or ports_of[camera.pk] not in on_host)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Asks for user and password, reads the device, and goes on in the form for a new camera, filled in."""
    said = request.POST if request.method == "POST" else request.GET
    address = said.get("at", "").strip()
    if address and "://" not in address:
        address = f"http://{address}/onvif/device_service"
    context: dict[str, object] = {"at": address, "name": said.get("name", ""), "username": said.get("username", ""), "errors": {}}
    if request.method == "GET":
        return render(request, "camera_device.html", context)
    username, password = said.get("username", ""), said.get("password", "")
    context |= {"makers": MAKERS, "maker": said.get("maker", "")}
    by_paths = "paths" in said
    answer = _by_paths(request, address) if by_paths else ports().finder.read(address, username, password, get_language() or "vi")
    if answer.channels:
        return channels.offer(request, answer, username, password, address, said.get("name", ""))
    if answer.ok:
        return _filled_in(request, answer, username, password, said.get("name", ""), "" if by_paths else address)
    trouble = f"{answer.sentence[:1].upper()}{answer.sentence[1:]}. {answer.hint}"
    context["errors"] = {_FIELD_OF_PROBLEM.get(answer.problem, "at"): trouble}
    context["paths"] = by_paths or answer.problem not in ("wrong_password", "password_needed", "not_private", "busy")
    return render(request, "camera_device.html", context, status=422)


def _by_paths(request: HttpRequest, address: str) -> DeviceAnswer:
    """For one without ONVIF: the addresses that makers publish, one at a time, with the login that was typed and no other."""
    host, language = host_with_port(address), get_language() or "vi"
    if not host:
        return DeviceAnswer(False, "not_private", _(NOT_AN_ADDRESS), _(NOT_AN_ADDRESS_HINT))
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    maker = request.POST.get("maker", "")
    found = find_path(lambda url: ports().probe.probe(url, username, password, language), host, maker)
    if found.main_url:
        return DeviceAnswer(True, main_url=found.main_url, sub_url=found.sub_url)
    answer = found.answer
    if answer.problem == "no_such_stream":
        hint = _("Look into the camera's manual for its RTSP address, and add the camera with it.")
        return DeviceAnswer(False, "no_such_stream", _("none of the makers' usual addresses shows a picture"), hint)
    cause, hint = words.problem_cause(answer.problem), words.problem_hint(answer.problem)
    return DeviceAnswer(False, answer.problem, cause or answer.sentence, hint or answer.hint)


def _filled_in(request: HttpRequest, answer: DeviceAnswer, username: str, password: str, name: str, onvif: str) -> HttpResponse:
    known = " ".join(part for part in (answer.maker, answer.model) if part)
    initial = {"name": name or known or _("Camera") + f" {secrets.randbelow(900) + 100}", "main_url": answer.main_url,
               "sub_url": answer.sub_url, "username": username, "given": seal(password), "onvif": onvif}  # fmt: skip
    form = CameraForm(initial=initial, default_days=keeping_now(timezone.now()).default_days())
    told = {"known": known, "weak": weak_words(password, answer.maker, username), "exposure": exposure_of(answer.main_url)}
    return render(request, "camera_form.html", form_context(form, None) | told)
