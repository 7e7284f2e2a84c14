"""What happens to every request: its language, its permission, and where its page may reach the recorder."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from whitenoise.middleware import WhiteNoiseMiddleware

from luytre.base.errors import LuytreError
from luytre.base.i18n import LANGUAGES, use_language
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.access.permissions import PERMISSIONS, Permission, Scope, opens
from luytre.civic.registry.scope import cameras_of, devices_of
from luytre.civic.regulations.force import read_once
from luytre.web import second_step
from luytre.web.ports import recorder_origin
from luytre.web.views.errors import told

SEEN_S = 60
UNSEEN = ("/bao-tin", "/theo-doi", "/nhan-tin")
log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Vietnamese, unless this person or this browser chose English. The browser's own wish does not count: machines
    here are often set up in English for people who do not read it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in LANGUAGES:
            chosen = getattr(request.user, "language", "vi")
        use_language(chosen)
        with translation.override(chosen):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", chosen)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Pages go out compressed, a small part of their size on a telephone's network. Answers of other kinds do not: JSON here
    holds tokens, and downloads are packed already. Against guessing by length (BREACH) Django adds bytes by chance, and a page's
    one secret, the form token, is masked anew each time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class AssetMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """whitenoise remembers at its start which files there are. One that a newer build took away meanwhile is not found:
    the page is loaded again, instead of an error of ours."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().__call__(request)
        except FileNotFoundError:
            if request.path_info not in self.files:
                raise
            return HttpResponseNotFound(content_type="text/plain")
        return response


class PermissionMiddleware:
    """Holds the permission table: nothing is served that is not in it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_once():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        permission = PERMISSIONS.get(route)
        if permission is None:
            log.error("route without a permission refused: %s", route)
            raise PermissionDenied
        if permission.scope in (Scope.PUBLIC, Scope.MACHINE):
            return None
        return _login_first(request) or _check(request, permission, kwargs)


def _check(request: HttpRequest, permission: Permission, kwargs: dict[str, Any]) -> HttpResponse | None:
    user = request.user
    now = timezone.now()
    if not isinstance(user, User):
        raise PermissionDenied
    prefetch_related_objects([user], "assignments")  # asked many times in a request, read once
    if not opens(permission, roles_of(user, now)):
        raise PermissionDenied
    if permission.scope is Scope.ACCOUNT:
        return None
    if user.must_change_password:
        return _go(request, reverse("password"), 403, "must_change_password")
    request.second_step_due = second_step.due(user, now, settings.ENVIRONMENT.second_step_days)  # type: ignore[attr-defined]
    due = request.second_step_due  # type: ignore[attr-defined]
    if due is not None and now >= due and permission.scope is not Scope.SELF:
        return _go(request, reverse("account"), 403, "second_step")
    scope = {Scope.CAMERA: lambda: cameras_of(user, at=now), Scope.DEVICE: lambda: devices_of(user, now)}.get(permission.scope)
    if scope is not None and not scope().filter(key=kwargs.get("key", "")).exists():
        raise Http404
    return None


def _login_first(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    target = request.get_full_path() if request.method == "GET" and not request.htmx else ""  # type: ignore[attr-defined]
    query = f"?{urlencode({'next': target})}" if target not in ("", "/") else ""
    return _go(request, reverse("account_login") + query, 401, "login")


def _go(request: HttpRequest, url: str, status: int, code: str) -> HttpResponse:
    """To another page: as a redirect for pages, in its own way for htmx and for scripts that wait for JSON."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": url})
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": code}, status=status)
    return HttpResponseRedirect(url)


class SentenceMiddleware:
    """An error of ours that no view has handled says what is wrong and what to do, instead of that something broke."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, LuytreError):
            return None
        log.error("%s: %s", request.resolver_match.view_name if request.resolver_match else request.path, exception)
        return told(request, exception)


class SeenMiddleware:
    """Keeps when and from where each session was last seen: a row once a minute, not one a request.

    Never on the pages where people tell something anonymously: who is logged in there must not be known by the minute.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(UNSEEN):
            return self.get_response(request)
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"luytre.seen.{key}", 1, SEEN_S):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class RecorderOriginMiddleware:
    """Lets the page's scripts, pictures and videos come from the recorder, and from nowhere else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            origin = recorder_origin(request)
        except DisallowedHost:
            return response
        parts = urlsplit(origin)
        socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
        origin = f"{parts.scheme}://{parts.netloc}"
        update = {"connect-src": [origin, socket], "media-src": [origin], "img-src": [origin]}
        response._csp_update = update  # type: ignore[attr-defined]
        return response
