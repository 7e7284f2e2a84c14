"""The pages of Health beside one another."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.web.views.pages import person


@dataclass(frozen=True, slots=True)
class Tab:
    route: str
    words: Promise | str
    here: bool


TABS: tuple[tuple[str, Promise | str], ...] = (
    ("health", gettext_lazy("Cameras now")),
    ("health_tickets", gettext_lazy("To be done")),
    ("health_uptime", gettext_lazy("How much they worked")),
    ("health_disk", gettext_lazy("Disk and days")),
    ("wiring", gettext_lazy("Power and network")),
)


def tabs(request: HttpRequest, here: str) -> list[Tab]:
    """The pages of Health that the person may open; nothing where it is one alone."""
    roles = roles_of(person(request), timezone.now())
    found = [Tab(route, words, route == here) for route, words in TABS if may_use(route, roles)]
    return found if len(found) > 1 else []
