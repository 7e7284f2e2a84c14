"""Pages for what went wrong, in words, with the way back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luytre.base.errors import LuytreError
from luytre.base.i18n import use_language


def _answer(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": title, "message": words}, status=status)
    return render(request, "error.html", {"title": title, "words": words}, status=status)


def told(request: HttpRequest, error: LuytreError) -> HttpResponse:
    """An error of ours, in its own words and with what to do."""
    sentence = error.sentence()
    return _answer(request, 503, _("This cannot be done now"), f"{sentence[:1].upper()}{sentence[1:]}. {error.advice()}".strip())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    words = _("The address or what was sent with it cannot be understood.")
    return _answer(request, 400, _("This request is not right"), words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Your account does not include this page. If you need it for your work, ask the administrator.")
    return _answer(request, 403, _("Not for this account"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("The page or the camera does not exist, or it is not within your area.")
    return _answer(request, 404, _("Nothing is here"), words)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _("The page was open for too long, or cookies are blocked. Go back, load the page again and repeat it.")
    return _answer(request, 403, _("This page has expired"), words)


def failed(request: HttpRequest) -> HttpResponse:
    """Stands alone: whatever broke may have broken the database or the templates' context too."""
    use_language("vi")
    title, words = _("Something broke on this machine"), _("It was written to the log. Recording goes on. Try again in a minute.")
    return HttpResponse(
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title}</title></head><body><main><h1>{title}</h1>"
        f'<p>{words}</p><p><a href="/">Lũy Tre</a></p></main></body></html>',
        status=500,
    )
