"""The find box: a camera, a hamlet, a road, a place, a page, and a time; one line, and it goes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from luytre.base.letters import fold, folded_words
from luytre.base.when import When, read_when
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, User
from luytre.civic.access.permissions import may_use
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.search import Spot, score, spots, with_nearest
from luytre.web.context import NAVIGATION
from luytre.web.views.pages import person

MOST_FOUND = 8
LONGEST_QUERY = 200
CAMERAS_IN_STEP = 3
_ICONS = {"camera": "device-cctv", "hamlet": "layout-grid", "road": "layout-grid", "site": "device-cctv"}


@dataclass(frozen=True, slots=True)
class Result:
    """One line under the box, and where it leads."""

    url: str
    words: str
    more: str
    icon: str


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Under the box for htmx; else a page of its own."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    user = person(request)
    when = read_when(query, timezone.now(), timezone.get_current_timezone())
    results = _results(user, query, when) if query else []
    context: dict[str, Any] = {
        "query": query,
        "results": results,
        "moment": when.moment if when else None,
        "place": request.GET.get("place", "page"),
    }
    return render(request, "parts/found.html" if request.htmx else "find.html", context)  # type: ignore[attr-defined]


def _results(user: User, query: str, when: When | None) -> list[Result]:
    history = in_order(cameras_of(user, LookKind.HISTORY))
    if when is not None:
        return _at(when, spots(_as_typed(when.rest, query), history, MOST_FOUND), history)
    found = spots(query, cameras_of(user), MOST_FOUND)
    live = [result for spot in found for result in _now(spot, user, history)]
    return (_pages(user, query) + live)[:MOST_FOUND]


def _as_typed(rest: str, query: str) -> str:
    """The words that were not about time, with the accents that were typed."""
    typed = {fold(word).strip(".,;"): word for word in reversed(query.split())}
    return " ".join(typed.get(word, word) for word in rest.split())


def _at(when: When, found: list[Spot], history: list[Camera]) -> list[Result]:
    """A time and what may be a place: playback there, of the place's cameras in step."""
    shown = _said(when.moment)
    if not when.rest:
        words = _("Playback at %(time)s") % {"time": shown}
        return [Result(playback_url(history[:1], when.moment), words, "", "history")] if history else []
    results = []
    for spot in found:
        cameras = with_nearest(spot, history, CAMERAS_IN_STEP)
        names = ", ".join(camera.name for camera in cameras)
        words = _("%(place)s at %(time)s") % {"place": spot.name, "time": shown}
        results.append(Result(playback_url(cameras, when.moment), words, names, "history"))
    return results


def _now(spot: Spot, user: User, history: list[Camera]) -> list[Result]:
    """A place alone: what is there now, and what was."""
    kind = {"camera": spot.where, "hamlet": _("Hamlet"), "road": _("Road"), "site": _("Mounting place")}[spot.kind]
    count = len(spot.cameras)
    if spot.kind == "camera":
        first = Result(reverse("camera", args=[spot.cameras[0].key]), spot.name, _join(_("Live"), kind), _ICONS["camera"])
    else:
        cameras = ngettext("%(count)d camera", "%(count)d cameras", count) % {"count": count}
        first = Result(_listed(spot, user), spot.name, _join(kind, cameras), _ICONS[spot.kind])
    back = with_nearest(spot, history, CAMERAS_IN_STEP if spot.kind != "camera" else 1)
    return [first, Result(playback_url(back, None), spot.name, _("Playback"), "history")] if back else [first]


def _listed(spot: Spot, user: User) -> str:
    """A place of several cameras leads to the list where the person has one, else to the first camera."""
    if not may_use("cameras", roles_of(user, timezone.now())):
        return reverse("camera", args=[spot.cameras[0].key])
    query = f"hamlet={spot.hamlet.pk}" if spot.hamlet else f"q={quote(spot.name)}"
    return f"{reverse('cameras')}?{query}"


def _pages(user: User, query: str) -> list[Result]:
    words, roles = folded_words(query), roles_of(user, timezone.now())
    places = [place for group in NAVIGATION for place in group.places if may_use(place.route, roles)]
    named = [(score(words, str(place.words)), place) for place in places]
    return [Result(reverse(place.route), str(place.words), _("Page"), place.icon) for met, place in named if met > 0.5]


def playback_url(cameras: list[Camera], at: datetime | None) -> str:
    keys = ",".join(quote(camera.key) for camera in cameras)
    return f"{reverse('playback')}?cameras={keys}" + (f"&at={at.timestamp():.0f}" if at is not None else "")


def _said(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i d/m/Y")


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
