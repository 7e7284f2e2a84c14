"""What every page's template knows: where it is, what the person may use, light or dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.access.permissions import may_use
from luytre.civic.committee import tasks as committee
from luytre.civic.evidence.requests import waiting_for
from luytre.civic.rights.waiting import Asked, asked_open
from luytre.civic.signals import scope as signals

PHONE_FIRST = ("wall", "alerts", "incidents")
PHONE_PLACES = 3  # beside them, the bar on a telephone has room for "More"
THEMES = ("light", "dark")
THEME_COOKIE = "luytre_theme"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation (only pages that exist)."""

    route: str
    words: Promise | str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    words: Promise | str
    places: tuple[Place, ...]


NAVIGATION = (
    Group(
        _("On duty"),
        (
            Place("wall", _("Camera wall"), "layout-grid"),
            Place("alerts", _("Alerts"), "bell"),
            Place("playback", _("Playback"), "history"),
            Place("incidents", _("Incidents"), "urgent"),
            Place("signals", _("Alarms"), "bell-ringing"),
            Place("bulletins", _("Bulletins"), "eye-search"),
            Place("tips", _("Tips"), "message-report"),
            Place("petitions", _("Requests to see footage"), "eye-search"),
            Place("appeals", _("Requests to owners"), "device-cctv"),
            Place("shifts", _("Book of shifts"), "notebook"),
            Place("dispatch", _("Messages to residents"), "send"),
        ),
    ),
    Group(
        _("The area"),
        (
            Place("map", _("Map"), "map-2"),
            Place("survey", _("Survey"), "clipboard-list"),
            Place("survey_needs", _("Needs"), "map-pin-question"),
            Place("cameras", _("Cameras"), "device-cctv"),
            Place("eyes", _("Register of eyes"), "list-details"),
            Place("acceptances", _("Acceptance"), "clipboard-check"),
            Place("places", _("Places to watch"), "map-pin"),
            Place("coverage", _("Coverage"), "chart-donut"),
            Place("plans", _("Plans"), "target-arrow"),
            Place("health", _("Health"), "heartbeat"),
            Place("health_tickets", _("To be done"), "list-check"),
        ),
    ),
    Group(
        _("Regulation"),
        (
            Place("regulation", _("Usage regulation"), "file-text"),
            Place("coordination", _("Coordination regulation"), "arrows-exchange"),
            Place("rights", _("Rights over data"), "user"),
            Place("breaches", _("Breaches of data"), "alert-triangle"),
            Place("evidence", _("Evidence"), "file-certificate"),
            Place("holds", _("Footage on hold"), "lock"),
            Place("audit", _("Access log"), "eye"),
            Place("erased", _("Log of erased footage"), "eraser"),
        ),
    ),
    Group(
        _("The movement"),
        (
            Place("committee", _("Steering Committee"), "users-group"),
            Place("committee_mine", _("My tasks"), "checklist"),
            Place("pacts", _("Emulation pacts"), "award"),
            Place("my_cameras", _("My cameras"), "device-cctv"),
            Place("mobilisation", _("Mobilisation"), "speakerphone"),
            Place("owners", _("Camera owners"), "users"),
            Place("ledger", _("Book of contributions"), "report-money"),
            Place("reports", _("Reports"), "chart-bar"),
        ),
    ),
    Group(
        _("Administration"),
        (
            Place("people", _("People"), "users"),
            Place("units", _("Organisation"), "sitemap"),
            Place("camera_groups", _("Camera groups"), "category"),
            Place("workdays", _("Working days"), "calendar"),
            Place("settings", _("Settings"), "settings"),
        ),
    ),
)


def _waiting(user: User, roles: frozenset[str]) -> dict[str, int]:
    """How much waits for this person, by the route of its page."""
    asked = asked_open() if may_use("petitions", roles) else Asked(0, 0)
    now = timezone.now()
    alarms = signals.calling(user, now).count() if may_use("signals", roles) else 0
    tasks = len(committee.waiting_for(user, now)) if may_use("committee_mine", roles) else 0
    found = {"evidence": waiting_for(user, now), "petitions": asked.petitions, "signals": alarms, "committee_mine": tasks}
    return found | {"rights": asked.claims}


def _in_bar(reachable: list[Place]) -> list[Place]:
    """What a telephone's bar shows: all where there are few, else what is needed in a hurry first, then the first of the rest."""
    if len(reachable) <= PHONE_PLACES + 1:
        return reachable
    urgent = [place for route in PHONE_FIRST for place in reachable if place.route == route]
    return [*urgent, *(place for place in reachable if place not in urgent)][:PHONE_PLACES]


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    inside = isinstance(user, User) and not user.must_change_password
    roles = roles_of(user, timezone.now()) if isinstance(user, User) and inside else frozenset[str]()
    groups = [(group.words, [place for place in group.places if may_use(place.route, roles)]) for group in NAVIGATION if inside]
    reachable = [place for _words, places in groups for place in places]
    in_bar = _in_bar(reachable)
    due = getattr(request, "second_step_due", None)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    match = request.resolver_match
    return {
        "navigation": [(words, places) for words, places in groups if places],
        "phone_places": in_bar,
        "more_places": [place for place in reachable if place not in in_bar],
        "route": match.view_name if match else "",
        "my_roles": roles,
        "waiting": _waiting(user, roles) if isinstance(user, User) and inside else {},
        "second_step_due": due,
        "second_step_over": due is not None and timezone.now() >= due,
        "theme": theme if theme in THEMES else "light",
        "may_add_cameras": inside and may_use("camera_add", roles),
        "may_renew_holds": inside and may_use("hold_renew", roles),
        "may_see_holds": inside and may_use("holds", roles),
        "may_read_bulletins": inside and may_use("bulletins_line", roles),
        "may_read_claims": inside and may_use("right", roles),
        "may_hear": inside and may_use("alerts_bar", roles),
        "may_find": inside and may_use("find", roles),
    }
