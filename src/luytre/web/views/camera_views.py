"""A camera's view then and now, side by side: whether somebody turned it, and from when it is compared with another picture.

Pictures come through the web one at a time, masked, and each is a look that is written down first.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.base.i18n import N_
from luytre.base.verdicts import LIGHT_WORDS, VERDICT_WORDS, Light, Verdict
from luytre.civic.acceptance.pictures import masked
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.looks import Reason, record_look
from luytre.civic.access.models import LookKind
from luytre.civic.access.permissions import may_use
from luytre.civic.ports import PictureState, RecorderDown
from luytre.civic.registry.lending import is_open
from luytre.civic.registry.masks import drawn_of, masks_of
from luytre.civic.registry.models import Camera
from luytre.civic.registry.scope import devices_of
from luytre.web.ports import ports
from luytre.web.views.pages import person

NO_STORE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
DOWN = N_("The recorder does not answer. Try again in a minute.")


def _camera(request: HttpRequest, key: str) -> Camera:
    camera: Camera = get_object_or_404(devices_of(person(request)), key=key)
    return camera


@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    """`?view=`: which of the kept pictures stands beside the one of now; the newest accepted one, where none is named."""
    camera = _camera(request, key)
    try:
        marks = ports().views.views(camera.key)
        state = _picture_state(camera)
        down = ""
    except RecorderDown:
        marks, state, down = (), None, _(DOWN)
    wanted = request.GET.get("view", "")
    shown = next((mark for mark in marks if mark.id == wanted), None) or next(
        (one for one in marks if one.why == "accepted"), None
    )
    context = {
        "camera": camera,
        "eye": getattr(camera, "eye", None),
        "marks": [(mark, _light(mark.light), mark == shown) for mark in marks],
        "shown": shown,
        "shown_light": _light(shown.light) if shown is not None else "",
        "verdict": _words(state),
        "verdict_code": state.verdict if state is not None else "",
        "since": state.since if state is not None else None,
        "down": down,
        "may_accept": may_use("camera_view_accept", roles_of(person(request), timezone.now())),
    }
    return render(request, "camera_views.html", context, status=503 if down else 200)


def _picture_state(camera: Camera) -> PictureState | None:
    streams = ports().recorder.status(get_language() or "vi").streams
    return next((one.picture for one in streams if one.camera == camera.key and one.picture is not None), None)


def _words(state: PictureState | None) -> tuple[str, str]:
    """What the pictures tell and what to do; empty while nothing was looked at."""
    if state is None or state.verdict not in set(Verdict):
        return ("", "")
    words = VERDICT_WORDS[Verdict(state.verdict)]
    return (_(words.cause), _(words.hint) if words.hint else "")


def _light(code: str) -> str:
    return _(LIGHT_WORDS[Light(code)]) if code in set(Light) else code


def _open(request: HttpRequest, key: str) -> Camera:
    """As `_camera`, where its owner lends it now: else no picture of it is shown, the kept ones neither."""
    camera = _camera(request, key)
    if not is_open(camera, timezone.now()):
        raise Http404
    return camera


@require_GET
def now(request: HttpRequest, key: str) -> HttpResponse:
    camera = _open(request, key)
    _written(request, camera, _("one picture, to compare its view"))
    try:
        jpeg = ports().recorder.picture(camera.key)
    except RecorderDown:
        return HttpResponse(status=503)
    try:
        return _jpeg(masked(jpeg, drawn_of(masks_of(camera))) if jpeg else b"")
    except OSError:
        return HttpResponse(status=404)


@require_GET
def kept(request: HttpRequest, key: str, view: str) -> HttpResponse:
    camera = _open(request, key)
    _written(request, camera, _("kept picture of its view"))
    try:
        return _jpeg(ports().views.view_picture(camera.key, view))
    except RecorderDown:
        return HttpResponse(status=503)


def _written(request: HttpRequest, camera: Camera, why: str) -> None:
    record_look(person(request), LookKind.LIVE, [camera.key], reason=Reason(words=why))


def _jpeg(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="image/jpeg", headers=NO_STORE) if data else HttpResponse(status=404)


@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """From now on the view is compared with what it shows now: where it was turned on purpose, or trees were cut."""
    camera = _open(request, key)
    _written(request, camera, _("one picture, to compare its view with"))
    try:
        answer = ports().views.accept(camera.key, get_language() or "vi")
    except RecorderDown:
        messages.error(request, _(DOWN))
        return redirect("camera_views", key=key)
    if answer.mark is None:
        messages.error(request, f"{answer.sentence[:1].upper()}{answer.sentence[1:]}. {answer.hint}".strip())
    else:
        messages.success(request, _("From now on its view is compared with what it shows now. Older pictures are kept."))
    return redirect("camera_views", key=key)


@require_POST
def forget(request: HttpRequest, key: str, view: str) -> HttpResponse:
    """A kept picture that shows what it must not, or shows nothing."""
    camera = _camera(request, key)
    try:
        if not ports().views.forget_view(camera.key, view):
            raise Http404
    except RecorderDown:
        messages.error(request, _(DOWN))
    else:
        messages.success(request, _("The picture was erased."))
    return redirect("camera_views", key=key)
