"""What a surveyor has before him: his hamlets and campaigns, the cameras, places and needs in them, and what was visited.

It goes to a telephone, so that it holds nothing private: no owner's name, telephone, note, or whose homes are in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import ShapeFault, read_geometry
from luytre.civic.ground.models import Place
from luytre.civic.registry.eyes import PRIVATE, fields_of
from luytre.civic.registry.history import Fields
from luytre.civic.registry.models import Eye, Hamlet, Site
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.survey.campaigns import Progress, progress_of
from luytre.civic.survey.models import Campaign, Entry, EntryState, Need, NeedState
from luytre.civic.survey.needs import fields_of_need
from luytre.civic.survey.payload import FIELDS
from luytre.civic.survey.scope import campaigns_of, reach_of

VISITED_DAYS = 30
"""So long a visit outside of campaigns counts."""
MOST_LISTED = 2000
"""Things of one kind on a telephone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing to visit. `position`: latitude and longitude in degrees. `fields`: as a telephone may know and change them."""

    kind: str
    key: str
    name: str
    hamlet: int
    position: tuple[float, float] | None
    visited: bool
    revision: int = 0
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A campaign with how far its hamlets are, as far as they are the person's."""

    campaign: Campaign
    hamlets: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Today:
    hamlets: tuple[Hamlet, ...]
    rounds: tuple[Round, ...]
    things: tuple[Listed, ...]


def today_of(user: User, at: datetime) -> Today:
    reach = reach_of(user, at)
    hamlets = hamlets_in_order(Hamlet.objects.filter(reach.query("pk")))
    campaigns = campaigns_of(user, at)
    rounds = [Round(one, tuple(line for line in progress_of(one) if reach.covers(line.hamlet.pk))) for one in campaigns]
    seen = _visited(campaigns, at)
    numbers = [hamlet.pk for hamlet in hamlets]
    things = [*_eyes(numbers, seen), *_places(numbers, seen), *_sites(numbers, seen), *_needs(numbers, seen)]
    return Today(tuple(hamlets), tuple(rounds), tuple(sorted(things, key=lambda one: name_key(one.name))))


def _visited(campaigns: list[Campaign], at: datetime) -> frozenset[str]:
    """Keys of what was filled in for one of these campaigns, or lately for none: cameras, needs, places a visit was for."""
    lately = Q(campaign=None, received_at__gte=at - timedelta(days=VISITED_DAYS))
    found = Entry.objects.filter(Q(campaign__in=campaigns) | lately)
    found = found.exclude(state__in=(EntryState.REFUSED, EntryState.DISCARDED))
    return frozenset(key for pair in found.values_list("target", "place") for key in pair if key)


def _eyes(hamlets: list[int], seen: frozenset[str]) -> list[Listed]:
    found = Eye.objects.filter(archived=False, site__hamlet__in=hamlets).select_related("site__hamlet", "camera")[:MOST_LISTED]
    return [
        Listed(
            "eye", eye.key, eye.name, eye.site.hamlet_id or 0, _degrees(eye.position), eye.key in seen, eye.revision, _known(eye)
        )
        for eye in found
    ]


def _known(eye: Eye) -> Fields:
    return {name: value for name, value in fields_of(eye).items() if name in FIELDS["eye"] and name not in PRIVATE}


def _needs(hamlets: list[int], seen: frozenset[str]) -> list[Listed]:
    found = Need.objects.filter(hamlet__in=hamlets, state=NeedState.OPEN).select_related("hamlet")[:MOST_LISTED]
    return [
        Listed(
            "need", need.key, need.name, need.hamlet_id or 0, (float(need.latitude), float(need.longitude)), need.key in seen,
            need.revision, {name: value for name, value in fields_of_need(need).items() if name in FIELDS["need"]},
        )
        for need in found
    ]  # fmt: skip


def _places(hamlets: list[int], seen: frozenset[str]) -> list[Listed]:
    found = Place.objects.filter(archived=False, hamlet__in=hamlets)[:MOST_LISTED]
    return [Listed("place", one.key, one.name, one.hamlet_id or 0, _middle(one), one.key in seen) for one in found]


def _sites(hamlets: list[int], seen: frozenset[str]) -> list[Listed]:
    """Mounting places where nothing hangs that is known."""
    bare = Site.objects.filter(hamlet__in=hamlets).exclude(eyes__archived=False)[:MOST_LISTED]
    return [Listed("place", one.key, one.name, one.hamlet_id or 0, _degrees(one.position), one.key in seen) for one in bare]


def _middle(place: Place) -> tuple[float, float] | None:
    """A point on the place; None where its shape is not understood."""
    try:
        point = read_geometry(place.geometry).representative_point()
    except ShapeFault:
        return None
    return point.y, point.x


def _degrees(position: tuple[object, object] | None) -> tuple[float, float] | None:
    return None if position is None else (float(str(position[0])), float(str(position[1])))
