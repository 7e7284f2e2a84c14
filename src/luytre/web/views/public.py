"""Công khai: pages that anybody opens without an account: no cookie, no script, the same for everybody; `?lang=en` is English.

They hold only what `registry.notice` gives, so nothing here can tell more of a camera than its sign.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from luytre.base.i18n import use_language
from luytre.civic.registry.notice import find_notice

FRESH_S = 300
"""So long an answer may be kept by browsers and by what stands between: a regulation that begins is there five minutes later."""


@require_safe
def this_camera(request: HttpRequest, code: str) -> HttpResponse:
    """Who films here, why, how long it is kept, whom to ask. A code that no camera has is a plain page, 404."""
    found = find_notice(code, timezone.now())
    english = request.GET.get("lang") == "en"
    language = "en" if english else "vi"
    use_language(language)
    with translation.override(language):
        context = {"notice": found, "english": english, "path": request.path}
        page, status = ("public/camera.html", 200) if found else ("public/no_camera.html", 404)
        response = render(request, page, context, status=status)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return response
