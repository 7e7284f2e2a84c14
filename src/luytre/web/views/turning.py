"""Turning a camera: arrows and zoom while its picture is looked at, who does, its positions and its patrols."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.access.permissions import may_use
from luytre.civic.access.ways import Way
from luytre.civic.devices.holding import Held, hold, holder, let_go, why_not
from luytre.civic.devices.models import Patrol, Preset
from luytre.civic.devices.patrols import halt, patrols_of, remove_patrol, run, save_patrol
from luytre.civic.devices.presets import keep_preset, presets_of, remove_preset
from luytre.civic.devices.reaching import access_of, device_of
from luytre.civic.ports import DeviceAccess, DeviceChange, PtzMove
from luytre.civic.registry.models import Camera
from luytre.civic.registry.scope import cameras_of
from luytre.web.forms_device import PatrolForm, PresetForm
from luytre.web.mover import mover
from luytre.web.ports import ports
from luytre.web.views.device import sentence, tell
from luytre.web.views.pages import person


def _camera(request: HttpRequest, key: str) -> Camera:
    return get_object_or_404(cameras_of(person(request), Way.PTZ), key=key)


def _access(camera: Camera) -> DeviceAccess:
    return access_of(camera, get_language() or "vi")


def panel(user: User, camera: Camera) -> dict[str, Any] | None:
    """What the camera's page hands to its script; None where the person may not turn it, or it cannot be turned."""
    if device_of(camera).ptz is not True or not cameras_of(user, Way.PTZ).filter(pk=camera.pk).exists():
        return None
    names = ("turn", "turn_move", "turn_stop", "turn_take", "turn_leave", "turn_go")
    return {
        "urls": {name: reverse(name, args=[camera.key]) for name in names},
        "state": _state(user, camera),
        "presets": [{"key": preset.key, "name": preset.name} for preset in presets_of(camera)],
        "words": {
            "free": _("Nobody turns this camera."),
            "mine": _("You turn this camera. Nobody else can until a minute after your last turn."),
            "held": _("{name} turns this camera."),
            "taken": _("{name} has taken this camera over."),
            "patrol": _("The patrol “{name}” goes on a minute after the last turn."),
            "lost": _("The connection to this machine is lost."),
        },
    }  # fmt: skip


def _state(user: User, camera: Camera, held: Held | None = None) -> dict[str, Any]:
    found = held or holder(camera, timezone.now())
    patrol = Patrol.objects.filter(camera=camera, runs=True).first()
    return {
        "mine": found.is_of(user),
        "holder": str(found.by) if found.by else "",
        "patrol": patrol.name if patrol else "",
        "refused": _(why_not(camera)) if why_not(camera) else "",
    }


@require_GET
def state(request: HttpRequest, key: str) -> HttpResponse:
    return JsonResponse(_state(person(request), _camera(request, key)))


@require_POST
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Turns for a second; the page asks again while the arrow is held. 409: somebody else turns it."""
    camera, user = _camera(request, key), person(request)
    speeds = [_speed(request.POST.get(name, "")) for name in ("pan", "tilt", "zoom")]
    if None in speeds or not any(speeds):
        return JsonResponse({"problem": "bad_request"}, status=400)
    pan, tilt, zoom = (speed or 0.0 for speed in speeds)
    return _turned(user, camera, lambda at: _moved(at, PtzMove(pan, tilt, zoom)))


def _moved(at: DeviceAccess, wish: PtzMove) -> DeviceChange:
    mover().moved(at)  # before: a move that is sent and whose answer is lost is stopped too
    return ports().devices.ptz_move(at, wish)


def _speed(typed: str) -> float | None:
    """-1 to 1; None for what is no number."""
    try:
        found = float(typed or "0")
    except ValueError:
        return None
    return max(-1.0, min(1.0, found)) if found == found else None


@require_POST
def go(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    preset = get_object_or_404(Preset, camera=camera, key=request.POST.get("preset", ""))
    return _turned(person(request), camera, lambda at: ports().devices.ptz_go(at, preset.token))


def _turned(user: User, camera: Camera, turn: Any) -> HttpResponse:
    if why := why_not(camera):
        return JsonResponse(_state(user, camera) | {"words": _(why)}, status=422)
    held = hold(user, camera, timezone.now())
    if not held.is_of(user):
        return JsonResponse(_state(user, camera, held), status=409)
    answer: DeviceChange = turn(_access(camera))
    if not answer.ok:
        return JsonResponse(_state(user, camera, held) | {"words": sentence(answer.sentence, answer.hint)}, status=422)
    return JsonResponse(_state(user, camera, held))


@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Anybody who may turn it may stop it: a camera that runs away is nobody's."""
    camera, user = _camera(request, key), person(request)
    return _stopped(user, camera)


def _stopped(user: User, camera: Camera) -> HttpResponse:
    at = _access(camera)
    answer = ports().devices.ptz_stop(at)
    if answer.ok:
        mover().stopped(at)
    return JsonResponse(_state(user, camera))


@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    camera, user = _camera(request, key), person(request)
    return JsonResponse(_state(user, camera, hold(user, camera, timezone.now(), take_over=True)))


@require_POST
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """The page is closed: what turns for this person stops, and the camera is free."""
    camera, user = _camera(request, key), person(request)
    if holder(camera, timezone.now()).is_of(user):
        _stopped(user, camera)
        let_go(user, camera)
    return HttpResponse(status=204)


# --- positions and patrols


@require_GET
def positions(request: HttpRequest, key: str) -> HttpResponse:
    return _positions(request, _camera(request, key))


def _positions(
    request: HttpRequest, camera: Camera, preset_form: PresetForm | None = None, patrol_form: PatrolForm | None = None
) -> HttpResponse:
    presets = presets_of(camera)
    names = {preset.key: preset.name for preset in presets}
    patrols = [(patrol, [(names.get(key, "–"), seconds) for key, seconds in patrol.stops]) for patrol in patrols_of(camera)]
    context = {
        "camera": camera, "presets": presets, "patrols": patrols, "refused": why_not(camera), "device": device_of(camera),
        "may_mask": may_use("camera_masks", roles_of(person(request), timezone.now())),
        "preset_form": preset_form or PresetForm(), "patrol_form": patrol_form or PatrolForm(presets),
    }  # fmt: skip
    return render(request, "device_positions.html", context, status=422 if preset_form or patrol_form else 200)


@require_POST
def position_keep(request: HttpRequest, key: str) -> HttpResponse:
    camera, form = _camera(request, key), PresetForm(request.POST)
    if form.is_valid():
        try:
            answer = keep_preset(
                ports().devices, camera, person(request), form.cleaned_data["name"], get_language() or "vi", timezone.now()
            )
        except ValidationError as error:
            form.tell(error)
        else:
            tell(request, answer, _("Kept: the camera finds “%(name)s” again.") % {"name": form.cleaned_data["name"]})
            return redirect("positions", camera.key)
    return _positions(request, camera, preset_form=form)


@require_POST
def position_remove(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    preset = get_object_or_404(Preset, camera=camera, key=request.POST.get("preset", ""))
    answer = remove_preset(ports().devices, preset, person(request), get_language() or "vi", timezone.now())
    tell(request, answer, _("The position “%(name)s” was removed.") % {"name": preset.name})
    return redirect("positions", camera.key)


@require_POST
def patrol_add(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    form = PatrolForm(presets_of(camera), request.POST)
    if form.is_valid():
        try:
            made = save_patrol(person(request), camera, form.cleaned_data["name"], form.stops(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The patrol “%(name)s” was kept. Let it run when it should.") % {"name": made.name})
            return redirect("positions", camera.key)
    return _positions(request, camera, patrol_form=form)


@require_POST
def patrol_run(request: HttpRequest, key: str) -> HttpResponse:
    camera, patrol = _patrol(request, key)
    if why := why_not(camera):
        messages.error(request, _(why))
    else:
        run(person(request), patrol, timezone.now())
        messages.success(
            request, _("The patrol “%(name)s” runs. It waits while somebody turns the camera.") % {"name": patrol.name}
        )
    return redirect("positions", camera.key)


@require_POST
def patrol_halt(request: HttpRequest, key: str) -> HttpResponse:
    camera, patrol = _patrol(request, key)
    halt(person(request), patrol, timezone.now())
    messages.success(request, _("The patrol “%(name)s” was stopped.") % {"name": patrol.name})
    return redirect("positions", camera.key)


@require_POST
def patrol_remove(request: HttpRequest, key: str) -> HttpResponse:
    camera, patrol = _patrol(request, key)
    remove_patrol(person(request), patrol, timezone.now())
    messages.success(request, _("The patrol “%(name)s” was removed.") % {"name": patrol.name})
    return redirect("positions", camera.key)


def _patrol(request: HttpRequest, key: str) -> tuple[Camera, Patrol]:
    camera = _camera(request, key)
    return camera, get_object_or_404(Patrol, camera=camera, key=request.POST.get("patrol", ""))
