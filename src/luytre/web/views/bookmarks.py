"""Bookmarks of the playback page, as JSON for its script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luytre.civic.moments.bookmarks import Shown, add_bookmark, bookmarks_of, remove_bookmark, restore_bookmark
from luytre.web.views.pages import person


@dataclass(frozen=True, slots=True)
class Draft:
    cameras: tuple[str, ...]
    at: datetime
    words: str


@require_http_methods(["GET", "POST"])
def bookmarks(request: HttpRequest) -> HttpResponse:
    """GET: `{"bookmarks": […]}`, the latest first. POST `{"cameras", "at", "words"}` (UTC seconds) → the new one."""
    user = person(request)
    if request.method == "GET":
        return _answer({"bookmarks": [_as_json(one) for one in bookmarks_of(user)]})
    draft = _draft(request)
    if draft is None:
        words = _("The address or what was sent with it cannot be understood.")
        return JsonResponse({"error": "bad_request", "message": words}, status=400)
    made = add_bookmark(user, draft.cameras, draft.at, draft.words)
    if made is None:
        words = _("This camera is not within your area, or no longer in use.")
        return JsonResponse({"error": "scope", "message": words}, status=403)
    return _answer(_as_json(made))


@require_POST
def bookmark_delete(request: HttpRequest, key: str) -> HttpResponse:
    if not remove_bookmark(person(request), key):
        raise Http404
    return _answer({"ok": True})


@require_POST
def bookmark_restore(request: HttpRequest, key: str) -> HttpResponse:
    if not restore_bookmark(person(request), key):
        raise Http404
    return _answer({"ok": True})


def _draft(request: HttpRequest) -> Draft | None:
    """What was sent, or None when it is not a bookmark."""
    try:
        body = json.loads(request.body)
        cameras, at_s, words = body["cameras"], body["at"], body.get("words", "")
        if isinstance(at_s, bool) or not isinstance(at_s, int | float) or not isinstance(cameras, list):
            return None
        at = datetime.fromtimestamp(at_s, UTC)
        str(words).encode()  # half a surrogate pair is no text
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None
    sound = all(isinstance(one, str) for one in cameras) and isinstance(words, str) and "\0" not in words
    return Draft(tuple(cameras), at, words) if sound else None


def _as_json(one: Shown) -> dict[str, object]:
    return {"key": one.key, "at": one.at.timestamp(), "cameras": one.cameras, "words": one.words, "by": one.by, "own": one.is_own}


def _answer(content: dict[str, object]) -> HttpResponse:
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})
