"""What makes the program installable on a telephone or a desk: its manifest, its service worker, a page for no network."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.registry.models import Commune
from luytre.web.templatetags.ui import built_file

GREEN = "#12351f"


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """W3C Web Application Manifest."""
    commune = Commune.here().name
    places = (("wall", _("Camera wall")), ("playback", _("Playback")), ("health", _("Health")), ("survey", _("Survey")))
    content = {
        "id": "/",
        "name": f"Lũy Tre · {commune}" if commune else "Lũy Tre",
        "short_name": "Lũy Tre",
        "lang": get_language() or "vi",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": GREEN,
        "background_color": GREEN,
        "icons": [
            {"src": f"{settings.STATIC_URL}icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size in (192, 512)
            for purpose in ("any", "maskable")
        ],
        "shortcuts": [{"name": words, "url": reverse(route)} for route, words in places],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, since a worker reaches no higher than its own address."""
    path = settings.LUYTRE_BUILD_DIR / built_file("sw")
    return HttpResponse(path.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_GET
def tell_worker(request: HttpRequest) -> HttpResponse:
    """The one of /bao-tin, which reaches no further."""
    path = settings.LUYTRE_BUILD_DIR / built_file("tell-sw")
    allowed = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/bao-tin"}
    return HttpResponse(path.read_bytes(), content_type="text/javascript", headers=allowed)


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")
