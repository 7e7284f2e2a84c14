"""Trực ban → Tin báo → Làm mờ khuôn mặt: a photo beside its copy, whose blurred areas an officer puts right and looks through."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luytre.civic.survey.photos import path_of
from luytre.civic.tips import copies
from luytre.civic.tips.faces import LEAST_PX, read_boxes
from luytre.civic.tips.models import TipPicture
from luytre.civic.tips.scope import handles, tips_of
from luytre.web.carrying_out import carry_out
from luytre.web.forms_tips import FacesForm
from luytre.web.views.pages import person
from luytre.web.views.tip_public import tip_folder

PREVIEW, CHECKED, WITHHELD = "preview", "checked", "withhold"


def _found(request: HttpRequest, key: str, sha256: str) -> TipPicture:
    tip = get_object_or_404(tips_of(person(request), timezone.now()), key=key)
    return get_object_or_404(TipPicture.objects.select_related("tip"), tip=tip, sha256=sha256, seconds=None)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """Officers alone: here is the original."""
    picture = _found(request, key, sha256)
    if request.method == "POST":
        return _save(request, picture)
    return _page(request, picture, FacesForm(initial={"boxes": picture.boxes}))


def _page(request: HttpRequest, picture: TipPicture, form: FacesForm) -> HttpResponse:
    size = {"width": picture.width_px, "height": picture.height_px, "least": LEAST_PX}
    words = {"area": _("area {number}"), "added": _("Area {number} was added."), "removed": _("Area {number} was taken away.")}
    context = {"tip": picture.tip, "picture": picture, "form": form, "drawn": {**size, **words}}
    return render(request, "tip_faces.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, picture: TipPicture) -> HttpResponse:
    form, wanted, now, by = FacesForm(request.POST), request.POST.get("do", PREVIEW), timezone.now(), person(request)

    def do() -> None:
        if wanted == WITHHELD:
            copies.withhold(by, picture, now)
            return
        boxes = read_boxes(form.cleaned_data["boxes"], picture.width_px, picture.height_px)
        copies.blur(by, picture, boxes, tip_folder(), now, checked=wanted == CHECKED)

    said = {CHECKED: _("Others see the copy from now on."), WITHHELD: _("Only commune police see this photo now.")}
    return carry_out(
        request, form, do, said.get(wanted, _("The copy was made. Look at it before others may see it.")),
        lambda: redirect("tip_faces", picture.tip.key, picture.sha256), lambda: _page(request, picture, form),
    )  # fmt: skip


@require_GET
def copy(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """The copy: for officers as soon as there is one, for a hamlet's people once an officer has looked at it."""
    picture = _found(request, key, sha256)
    if not picture.blurred or (picture.checked is None and not handles(person(request), timezone.now())):
        raise Http404
    return copy_of(picture, "private, no-store")


def copy_of(picture: TipPicture, kept: str) -> HttpResponse:
    """Its bytes; `kept`: how long by whom. Errors: Http404 where the file is gone."""
    try:
        data = path_of(tip_folder(), picture.blurred).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": kept})
