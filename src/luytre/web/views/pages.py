"""The two screens: the wall and playback. The pages hold what the scripts need as JSON, and no token."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, User
from luytre.civic.access.permissions import may_use
from luytre.civic.evidence.models import ClipRequest
from luytre.civic.evidence.requests import State, standing
from luytre.civic.registry.models import Camera
from luytre.civic.registry.nearby import near_keys
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of, devices_of, has_way, hours_given
from luytre.civic.regulations.force import in_force_now
from luytre.web import reasons, words
from luytre.web.ports import recorder_origin

MOST_IN_STEP = 9
"""Cameras that are played back side by side."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page that the person has; while there is no camera, the guide for whoever can add one (unless put off)."""
    user = person(request)
    roles = roles_of(user, timezone.now())
    if may_use("start", roles) and not request.session.get("start_left") and not devices_of(user).exists():
        return redirect("start")
    return redirect(next((route for route in ("wall", "people", "audit", "survey", "plans") if may_use(route, roles)), "account"))


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    cameras = in_order(cameras_of(person(request)).filter(enabled=True))
    content = screen(request, cameras) | {
        "orders": dict(person(request).wall_orders.values_list("group", "cameras")),
        "orderUrl": reverse("wall_order"),
        "playbackUrl": reverse("playback"),
        "history": list(cameras_of(person(request), LookKind.HISTORY).values_list("key", flat=True)),
        "words": words.for_wall(),
    }
    user, now = person(request), timezone.now()
    outside = not cameras and not has_way(user, LookKind.LIVE, now)
    hours = hours_given(user, LookKind.LIVE, now) if outside else ()
    return render(request, "wall.html", {"cameras": cameras, "screen": content, "hours": hours})


@require_GET
def playback(request: HttpRequest) -> HttpResponse:
    user = person(request)
    cameras = in_order(cameras_of(user, LookKind.HISTORY))
    asked, now = _asked_keys(request), timezone.now()
    by_key = {camera.key: camera for camera in cameras}
    chosen = [by_key[key] for key in asked if key in by_key] if asked else cameras[:1]
    content = screen(request, cameras) | {
        "chosen": [camera.key for camera in chosen],
        "exportUrl": reverse("export") if has_way(user, LookKind.EXPORT) else "",
        "holdUrl": reverse("hold_new") if may_use("hold_new", roles_of(user, now)) else "",
        "packageUrl": reverse("package_new") if may_use("package_new", roles_of(user, now)) else "",
        "blurUrl": reverse("blur_new") if may_use("blur_new", roles_of(user, now)) else "",
        "bookmarksUrl": reverse("bookmarks"),
        "purposes": {way: reasons.shown(reasons.offered(way, now)) for way in (LookKind.HISTORY, LookKind.EXPORT)},
        "words": words.for_playback(),
        **_approved(request, user, now),
    }
    context = {
        "chosen": next(iter(chosen), None),
        "missing": bool(asked and not chosen),
        "lost": len(chosen) < len(asked),
        "screen": content,
    }
    return render(request, "playback.html", context)


def _approved(request: HttpRequest, user: User, now: datetime) -> dict[str, Any]:
    """The clip that the page was opened for (`?request=`), where it may leave now."""
    key = request.GET.get("request", "")
    found = ClipRequest.objects.filter(key=key, by=user).first() if key else None
    if found is None or standing(found, now).state is not State.APPROVED:
        return {}
    span = {"from": found.span_start.timestamp(), "to": found.span_end.timestamp()}
    return {"approved": {"key": found.key, "cameras": list(found.camera_keys), **span}}


def _asked_keys(request: HttpRequest) -> list[str]:
    """`?cameras=a,b,c` (or `?camera=a`): at most nine, each once, in the order asked for."""
    text = request.GET.get("cameras") or request.GET.get("camera", "")
    return list(dict.fromkeys(key for key in text.split(",") if key))[:MOST_IN_STEP]


def person(request: HttpRequest) -> User:
    """The middleware has seen to it that somebody is logged in."""
    assert isinstance(request.user, User)
    return request.user


def watermark(user: User) -> str:
    """Whose name stands in the pictures, where the rules in force want it; else empty."""
    return str(user) if in_force_now(timezone.now()).rules.watermark else ""


def screen(request: HttpRequest, cameras: list[Camera], among: list[Camera] | None = None) -> dict[str, Any]:
    """What a screen's script gets: cameras by key, where the recorder is, where tokens are, and its words.

    `among` is where the nearest ones are looked for: cameras of the person's scope, all of `cameras` by default.
    """
    near = near_keys(cameras, cameras if among is None else among)
    return {
        "cameras": [
            {"key": camera.key, "name": camera.name, "hamlet": camera.site.hamlet.name if camera.site.hamlet else "",
             "site": camera.site.name, "road": camera.site.road, "near": near[camera.key],
             "hasSub": bool(camera.sub_url_shown), "page": reverse("camera", args=[camera.key])}
            for camera in cameras
        ],
        "recorderUrl": recorder_origin(request),
        "tokenUrl": reverse("media_token"),
        "loginUrl": reverse("account_login"),
        "watermark": watermark(person(request)),
        "timeZone": settings.TIME_ZONE,
        "language": get_language() or "vi",
        "words": words.for_live(),
    }  # fmt: skip
