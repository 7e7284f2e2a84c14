"""Biển thông báo: signs for cameras as PDF, what keeps them from being printed, and each camera's public page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.registry.models import Camera
from luytre.civic.registry.notice import NoSign, give_new_code, why_no_sign
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import devices_of
from luytre.civic.registry.signs import PAGE, Size, as_pdf
from luytre.web.views.pages import person


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The cameras of the person's scope with their signs; `?camera=` shows one."""
    cameras = in_order(devices_of(person(request)))
    asked = request.GET.get("camera", "")
    public_url = settings.ENVIRONMENT.public_url
    context = {
        "cameras": [one for one in cameras if not asked or one.key == asked],
        "asked": asked,
        "any": bool(cameras),
        "missing": why_no_sign(timezone.now(), public_url),
        "address": f"{public_url}{PAGE}",
        "sizes": [(size.value, size.name) for size in Size],
    }
    return render(request, "signs.html", context)


@require_GET
def one(request: HttpRequest, key: str, size: str) -> HttpResponse:
    camera = get_object_or_404(devices_of(person(request)), key=key)
    return _print(request, [camera], size, f"bien-camera-{camera.code}")


@require_GET
def every(request: HttpRequest, size: str) -> HttpResponse:
    """All signs of the person's scope, behind a list of which belongs where."""
    return _print(request, in_order(devices_of(person(request))), size, "bien-camera")


@require_POST
def new_code(request: HttpRequest, key: str) -> HttpResponse:
    """The old code leads nowhere any more; its sign must come down."""
    camera = get_object_or_404(devices_of(person(request)), key=key)
    old = camera.code
    give_new_code(camera)
    messages.success(request, _("The code {old} leads nowhere any more: take its sign down and print a new one.").format(old=old))
    return redirect(f"{reverse('camera_signs')}?{urlencode({'camera': camera.key})}")


def _print(request: HttpRequest, cameras: list[Camera], size: str, name: str) -> HttpResponse:
    if size not in set(Size):
        raise Http404
    if not cameras:
        return redirect("camera_signs")
    try:
        made = as_pdf(cameras, Size(size), settings.ENVIRONMENT.public_url, timezone.now())
    except NoSign:
        return redirect("camera_signs")  # that page says everything that is missing
    headers = {"Content-Disposition": f'attachment; filename="{name}-{size}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
