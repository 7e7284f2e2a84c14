"""What is hidden in a camera's picture: drawn on one picture of it, by whoever sets cameras up or answers for them.

The picture comes through the web, one at a time and written down first: no token is given, so nothing can be watched with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.i18n import N_
from luytre.base.polygons import FEWEST_POINTS, MOST_POINTS, MOST_POLYGONS, SCALE, Fault, Polygon, PolygonError, read_polygons
from luytre.civic.access.looks import Reason, record_look
from luytre.civic.access.models import LookKind
from luytre.civic.devices.reaching import device_of
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.lending import is_open
from luytre.civic.registry.masks import AreaPromised, MasksMeanwhile, drawn_of, masks_of, save_masks, versions_of
from luytre.civic.registry.models import Camera, MaskVersion
from luytre.civic.registry.scope import devices_of
from luytre.web import words
from luytre.web.ports import ports
from luytre.web.views.pages import person

FAULTS = {
    Fault.NOT_UNDERSTOOD: N_("What was drawn is not understood."),
    Fault.TOO_MANY: N_("At most 16 areas can be hidden in one picture."),
    Fault.TOO_FEW_POINTS: N_("An area needs at least three different points."),
    Fault.TOO_MANY_POINTS: N_("An area may have at most 32 points."),
    Fault.OUTSIDE: N_("A point lies outside the picture: numbers go from 0 to 100."),
    Fault.CROSSES: N_("The outline crosses or touches itself. Move its points so that it goes round once."),
    Fault.TOO_SMALL: N_("The area is too small to hide anything."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A version, for the list below the picture."""

    version: MaskVersion
    words: str


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, key: str) -> HttpResponse:
    camera = get_object_or_404(devices_of(person(request)), key=key)
    if request.method == "GET":
        newest = masks_of(camera)
        try:
            return _page(request, camera, drawn_of(newest), newest.number if newest else 0)
        except PolygonError:
            return _page(request, camera, (), newest.number if newest else 0, _("What is kept is not understood: draw it anew."))
    text, over = request.POST.get("polygons", ""), request.POST.get("version", "")
    number = int(over) if over.isascii() and over.isdigit() and len(over) < 10 else -1
    try:
        polygons = read_polygons(text)
    except PolygonError as error:
        return _page(request, camera, text, number, _said(error))
    try:
        made = save_masks(person(request), camera, polygons, number, timezone.now())
    except (MasksMeanwhile, AreaPromised) as error:
        return _page(request, camera, polygons, number, f"{_(error.cause)[:1].upper()}{_(error.cause)[1:]}. {_(error.hint)}")
    _tell(request, camera, made)
    return redirect("camera_masks", camera.key)


def _tell(request: HttpRequest, camera: Camera, made: MaskVersion | None) -> None:
    if made is None:
        messages.info(request, _("Nothing was changed."))
        return
    if ports().recorder.refresh():
        messages.success(request, _("Kept. It holds from now on, in every picture of “%(name)s”.") % {"name": camera.name})
    else:
        words_ = _("Kept. The recorder does not answer: it holds as soon as it does, and until then the masks of before do.")
        messages.warning(request, words_)


def _said(error: PolygonError) -> str:
    told = _(FAULTS[error.fault])
    return _("Area %(number)d: %(words)s") % {"number": error.number, "words": told} if error.number else told


def _page(request: HttpRequest, camera: Camera, drawn: Sequence[Polygon] | str, number: int, error: str = "") -> HttpResponse:
    """`drawn` as text is given back as it was sent, so that nothing drawn is lost."""
    given = drawn if isinstance(drawn, str) else [[[x / SCALE, y / SCALE] for x, y in polygon] for polygon in drawn]
    context: dict[str, Any] = {
        "camera": camera,
        "number": number,
        "error": error,
        "turns": device_of(camera).ptz is True,
        "versions": [_row(version) for version in versions_of(camera)],
        "drawing": {
            "polygons": given,
            "picture": reverse("camera_masks_picture", args=[camera.key]),
            "most": MOST_POLYGONS,
            "fewestPoints": FEWEST_POINTS,
            "mostPoints": MOST_POINTS,
            "words": words.for_masks(),
        },
    }
    return render(request, "camera_masks.html", context, status=422 if error and request.method == "POST" else 200)


def _row(version: MaskVersion) -> Row:
    try:
        count = len(drawn_of(version))
    except PolygonError:
        return Row(version, _("not understood"))
    told = ngettext("%(count)d area", "%(count)d areas", count) % {"count": count}
    return Row(version, told if count else _("nothing hidden"))


@require_GET
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """One picture of now, without masks: the row in the access log comes first."""
    user = person(request)
    camera = get_object_or_404(devices_of(user), key=key)
    if not is_open(camera, timezone.now()):
        raise Http404  # its owner does not lend it now
    record_look(user, LookKind.LIVE, [camera.key], reason=Reason(words=_("one picture, to draw what is hidden in it")))
    try:
        jpeg = ports().recorder.picture(camera.key)
    except RecorderDown:
        return HttpResponse(status=503)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers) if jpeg else HttpResponse(status=404)
