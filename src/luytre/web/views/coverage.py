"""Địa bàn → Độ bao quát: how much of each place the eyes that work today see, and what goes dark when one of them fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.access.assignments import EVERYWHERE, in_force, roles_of
from luytre.civic.access.models import User
from luytre.civic.access.permissions import may_use
from luytre.civic.geometry.coverage import Watched
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.planning.covered import Covered, KindCovered, Today, kinds_of, losses, today
from luytre.civic.planning.figures import figures
from luytre.civic.planning.today import land
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.web.coverage_sheet import sheet_of
from luytre.web.map_layers import COMMUNE_ROLES, HAMLET_ROLES, eyes_of
from luytre.web.plan_words import LEVEL_WORDS, kind_words, share
from luytre.web.register_words import choices
from luytre.web.sheets import SHEET_TYPE
from luytre.web.tasks import Counting, counting_now
from luytre.web.views.pages import person

ON_A_PAGE = 100
USUAL_LEVEL = Level.OBSERVE
"""That by which the map draws what an eye looks over."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters, as they stand in the address."""

    hamlet: str
    kind: str
    level: Level

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        level = request.GET.get("level", "")
        known = Level(level) if level in Level.__members__.values() else USUAL_LEVEL
        return cls(request.GET.get("hamlet", ""), request.GET.get("kind", ""), known)

    @property
    def is_narrow(self) -> bool:
        return bool(self.hamlet or self.kind)

    def takes(self, place: Place) -> bool:
        hamlet = str(place.hamlet_id) if place.hamlet_id else "none"
        return self.hamlet in ("", hamlet) and self.kind in ("", place.kind)


@dataclass(frozen=True, slots=True)
class Part:
    """A share, for a bar: in words, and its width in percent; the levels beside it in words."""

    words: str
    width: int
    levels: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    covered: Covered
    kind: str
    day: Part
    night: Part
    eyes: list[tuple[str, str]]
    """Key ("" where the person does not meet it) and name."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to see for this person: the places of the scope, today's answer, names of eyes by key."""

    wanted: Wanted
    hamlets: list[Hamlet]
    there: int
    today: Today
    names: Mapping[str, str]
    counting: Counting


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    seen = _seen(user, now, Wanted.of(request))
    roles, level = roles_of(user, now), seen.wanted.level
    query = request.GET.copy()
    query.pop("page", None)
    shown = Paginator(seen.today.places, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": seen.wanted, "hamlets": seen.hamlets, "any": seen.there, "query": query.urlencode(),
        "kinds": choices(PlaceKind), "levels": [(one.value, _(LEVEL_WORDS[one])) for one in Level],
        "totals": [_total(one, level) for one in kinds_of(seen.today.places)],
        "shown": shown, "rows": [_row(one, level, seen.names) for one in shown.object_list],
        "losses": _losses(seen),
        "counted": len(seen.today.by_day.counted),
        "trouble": _trouble(user, now, seen),
        "recorder_told": seen.counting.told,
        "may_accept": may_use("acceptances", roles),
        "may_place": may_use("place", roles), "may_eye": may_use("eye", roles), "may_mend": may_use("eye_edit", roles),
        "may_health": may_use("health", roles), "may_add": may_use("place_add", roles),
    }  # fmt: skip
    return render(request, "coverage.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The same as an Excel sheet, filtered as the page is."""
    user, now = person(request), timezone.now()
    seen = _seen(user, now, Wanted.of(request))
    content = sheet_of(seen.today, seen.wanted.level, seen.names, now)
    response = HttpResponse(content, content_type=SHEET_TYPE)
    response["Content-Disposition"] = f'attachment; filename="do-bao-quat-{timezone.localtime(now):%Y-%m-%d}.xlsx"'
    return response


def _seen(user: User, now: datetime, wanted: Wanted) -> Seen:
    mine = places_of(user, now)
    places = sorted((one for one in mine if wanted.takes(one)), key=lambda one: (name_key(one.name), one.key))
    counting = counting_now()
    eyes = list(Eye.objects.filter(archived=False).select_related("site__hamlet", "camera"))
    found = today(eyes, places, land(), figures(), counting.cameras, wanted.level)
    names = dict(eyes_of(user, now).values_list("key", "name"))
    hamlets = hamlets_in_order({one.hamlet for one in mine if one.hamlet})
    return Seen(wanted, list(hamlets), len(mine), found, names, counting)


def places_of(user: User, now: datetime) -> list[Place]:
    """Every place for the commune's roles; those of the own hamlet for who has a hamlet."""
    found = Place.objects.filter(archived=False).select_related("hamlet")
    mine = [one for one in in_force(user, now) if one.role in HAMLET_ROLES]
    if COMMUNE_ROLES & roles_of(user, now) or any(one.place == EVERYWHERE for one in mine):
        return list(found)
    return list(found.filter(hamlet__in=[number for one in mine if (number := hamlet_of(one.place))]))


def _part(shares: Mapping[Level, float], level: Level) -> Part:
    levels = [(_(LEVEL_WORDS[one]).partition(":")[0], share(shares[one], 1)) for one in Level]
    return Part(share(shares[level], 1), round(100 * shares[level]), levels)


def _total(one: KindCovered, level: Level) -> dict[str, object]:
    metres = f"{round(one.metres):,}".replace(",", ".") if one.metres else ""
    day, night = _part(one.day, level), _part(one.night, level)
    return {"kind": kind_words(one.kind), "count": one.count, "metres": metres, "day": day, "night": night}


def _row(one: Covered, level: Level, names: Mapping[str, str]) -> Row:
    day, night = (_part(seen.shares, level) for seen in (one.day, one.night))
    return Row(one, kind_words(one.place.kind), day, night, _named(one.day, names))


def _named(seen: Watched, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Eyes that the person does not meet are counted, not named."""
    known = sorted(((key, names[key]) for key in seen.eyes if key in names), key=lambda one: name_key(one[1]))
    others = len(seen.eyes) - len(known)
    return [*known, *([("", _("%(count)s of elsewhere") % {"count": others})] if others else [])]


def _losses(seen: Seen) -> list[tuple[str, str, list[tuple[Covered, str]]]]:
    """Key, name and what is lost; of eyes that the person meets."""
    return [
        (one.eye, seen.names[one.eye], [(row, share(part, 1)) for row, part in one.places])
        for one in losses(seen.today.places)
        if one.eye in seen.names
    ]


def _trouble(user: User, now: datetime, seen: Seen) -> dict[str, list[Eye]]:
    """Eyes that could count and see nothing today: not accepted, down, their place or bearing not told, inside of a building."""
    mine, found = {eye.key: eye for eye in eyes_of(user, now)}, seen.today
    fresh = {eye.key for eye in mine.values() if eye.camera is not None and eye.camera.key not in seen.counting.accepted}
    out = [key for key in found.by_day.down if key in fresh]
    walled = [field.key for field in found.by_day.fields if field.shapes[Level.DETECT].is_empty]
    down = [key for key in found.by_day.down if key not in fresh]
    listed = {"unaccepted": out, "down": down, "blind": found.by_day.blind, "walled": walled}
    return {
        name: sorted((mine[key] for key in keys if key in mine), key=lambda eye: name_key(eye.name))
        for name, keys in listed.items()
    }
