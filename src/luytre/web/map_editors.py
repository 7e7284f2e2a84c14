"""What can be drawn and changed on the map: for each kind of thing, its form, and the room that saves it.

A thing's `mark` says on which state a change stands: its revision, or where it has none a digest of what is kept of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import POINT, ShapeFault, read_geometry
from luytre.civic.ground import land, places
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.planning import candidates
from luytre.civic.planning.models import Candidate
from luytre.civic.registry import eyes, mounting
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.models import Eye, Site
from luytre.civic.registry.sites import Position, hamlet_known
from luytre.web import map_forms

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, for the page: the thing's key and name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Editor:
    """One kind of thing. `shapes`: kinds of GeoJSON that can be drawn for it, the usual one first."""

    words: str
    layer: str
    shapes: tuple[str, ...]
    form: type[map_forms.MapForm]
    find: Callable[[str], Any]
    """By its key. Errors: DoesNotExist."""
    values: Callable[[Any], Values]
    geometry: Callable[[Any], str]
    save: Callable[[User, Values, str, datetime, Any, str | None], Written]
    remove: Callable[[User, Any, datetime, str | None], None] | None = None
    """None: it is removed elsewhere."""
    restore: Callable[[User, str, datetime], Written] | None = None
    """None: what was removed is added anew."""


def mark_of(thing: Any) -> str:
    if hasattr(thing, "revision"):
        return str(thing.revision)
    kept = {field.attname: str(getattr(thing, field.attname)) for field in thing._meta.concrete_fields}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def _number(mark: str | None) -> int | None:
    """The revision that a mark is. One that is no number is none that there ever was."""
    return None if mark is None else int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 10 else -1


def _unchanged(thing: Model, mark: str | None) -> None:
    """Holds the row and sees that nobody changed it. Errors: Stale."""
    present = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
    if mark is not None and mark_of(present) != mark:
        raise Stale(str(present), 0)


def position_of(geometry: str) -> Position:
    """Errors: ValidationError at `geometry`."""
    try:
        point = read_geometry(geometry, POINT)
    except ShapeFault as error:
        raise ValidationError({"geometry": [words for words in (error.cause, error.hint) if words]}) from error
    return Decimal(f"{point.y:.6f}"), Decimal(f"{point.x:.6f}")


def _point(lat: Decimal, lon: Decimal) -> str:
    return f'{{"type":"Point","coordinates":[{lon},{lat}]}}'


# --- places ----------------------------------------------------------------------------------------------------------
def _save_place(by: User, values: Values, geometry: str, at: datetime, place: Any, mark: str | None) -> Written:
    kept = places.place_draft(place) if place is not None else places.PlaceDraft("", "", "")
    made = places.save_place(by, replace(kept, **values, geometry=geometry), at, place, _number(mark))
    return Written(made.key, made.name)


def _remove_place(by: User, place: Any, at: datetime, mark: str | None) -> None:
    places.remove_place(by, place, at, _number(mark))


def _restore_place(by: User, key: str, at: datetime) -> Written:
    made = places.restore_place(by, Place.objects.get(key=key), at)
    return Written(made.key, made.name)


def _place_values(place: Any) -> Values:
    draft = places.place_draft(place)
    return {name: getattr(draft, name) for name in map_forms.PlaceForm.base_fields}


# --- buildings, walls, trees -----------------------------------------------------------------------------------------
def _save_obstacle(by: User, values: Values, geometry: str, at: datetime, obstacle: Any, mark: str | None) -> Written:
    kept = land.obstacle_draft(obstacle) if obstacle is not None else land.ObstacleDraft("")
    made = land.save_obstacle(by, replace(kept, **values, geometry=geometry), at, obstacle, _number(mark))
    return Written(made.key, made.name)


def _remove_obstacle(by: User, obstacle: Any, at: datetime, mark: str | None) -> None:
    land.remove_obstacle(by, obstacle, at, _number(mark))


# --- boundaries ------------------------------------------------------------------------------------------------------
def _find_boundary(key: str) -> HamletArea:
    return HamletArea.objects.select_related("hamlet").get(hamlet=int(key) if key.isascii() and key.isdigit() else 0)


@transaction.atomic
def _save_boundary(by: User, values: Values, geometry: str, at: datetime, area: Any, mark: str | None) -> Written:
    hamlet = hamlet_known(values["hamlet"])
    if hamlet is None:
        raise ValidationError({"hamlet": [N_("There is no hamlet of this name. Hamlets are added in the settings.")]})
    if area is None and HamletArea.objects.filter(hamlet=hamlet).exists():
        raise ValidationError({"hamlet": [N_("This hamlet has a boundary already: choose it on the map and change it.")]})
    if area is not None:
        _unchanged(area, mark)
        if area.hamlet_id != hamlet.pk:
            raise ValidationError({"hamlet": [N_("A boundary stays with its hamlet: draw another one for the other hamlet.")]})
    land.save_boundary(by, hamlet, geometry, values["source"], at)
    return Written(str(hamlet.pk), hamlet.name)


@transaction.atomic
def _remove_boundary(by: User, area: Any, at: datetime, mark: str | None) -> None:
    _unchanged(area, mark)
    land.remove_boundary(by, area.hamlet, at)


# --- past incidents --------------------------------------------------------------------------------------------------
@transaction.atomic
def _save_incident(by: User, values: Values, geometry: str, at: datetime, incident: Any, mark: str | None) -> Written:
    if incident is not None:
        _unchanged(incident, mark)
    draft = land.PastIncidentDraft(values["kind"], values["day"], position_of(geometry), values["source"])
    return Written(land.save_past_incident(by, draft, at, incident).key, "")


@transaction.atomic
def _remove_incident(by: User, incident: Any, at: datetime, mark: str | None) -> None:
    _unchanged(incident, mark)
    land.remove_past_incident(by, incident, at)


# --- mounting places -------------------------------------------------------------------------------------------------
@transaction.atomic
def _save_site(by: User, values: Values, geometry: str, at: datetime, site: Any, mark: str | None) -> Written:
    if site is not None:
        _unchanged(site, mark)
    made = mounting.save_site(by, mounting.MountDraft(position=position_of(geometry), **values), at, site)
    return Written(made.key, made.name)


@transaction.atomic
def _remove_site(by: User, site: Any, at: datetime, mark: str | None) -> None:
    _unchanged(site, mark)
    mounting.remove_site(by, site, at)


def _site_values(site: Any) -> Values:
    return {"name": site.name, "kind": site.kind, "hamlet": site.hamlet.name if site.hamlet else "", "road": site.road}


# --- places to choose from -------------------------------------------------------------------------------------------
def _save_candidate(_by: User, values: Values, geometry: str, _at: datetime, one: Any, mark: str | None) -> Written:
    kept = candidates.candidate_draft(one) if one is not None else candidates.CandidateDraft("", None)
    most = values["most_eyes"] if values["most_eyes"] is not None else 1
    draft = replace(kept, **{**values, "most_eyes": most}, position=position_of(geometry))
    made = candidates.save_candidate(draft, one, _number(mark))
    return Written(made.key, made.name)


@transaction.atomic
def _remove_candidate(_by: User, one: Any, _at: datetime, mark: str | None) -> None:
    _unchanged(one, mark)
    candidates.remove_candidate(one)


def _candidate_values(one: Any) -> Values:
    draft = candidates.candidate_draft(one)
    return {name: getattr(draft, name) for name in map_forms.CandidateForm.base_fields}


CANDIDATE = Editor(
    N_("Place to choose from, for plans"), "candidates", ("Point",), map_forms.CandidateForm,
    lambda key: Candidate.objects.select_related("hamlet").get(key=key, archived=False), _candidate_values,
    lambda one: _point(one.latitude, one.longitude), _save_candidate, _remove_candidate,
)  # fmt: skip
"""Apart like eyes: whoever makes plans adds and moves them."""


# --- eyes: how they hang ---------------------------------------------------------------------------------------------
def _save_eye(by: User, values: Values, geometry: str, at: datetime, eye: Any, mark: str | None) -> Written:
    draft = replace(eyes.draft_of(eye), **values, position=position_of(geometry))
    made = eyes.save_eye(by, draft, at, eye, _number(mark))
    return Written(made.key, made.name)


EYE = Editor(
    N_("Eyes"), "eyes", ("Point",), map_forms.EyeForm,
    lambda key: Eye.objects.select_related("site__hamlet", "camera").get(key=key, archived=False),
    lambda eye: {"bearing_deg": eye.bearing_deg, "hfov_deg": eye.hfov_deg},
    lambda eye: _point(*eye.position) if eye.position is not None else "null",
    _save_eye,
)  # fmt: skip
EDITORS: dict[str, Editor] = {
    "place": Editor(
        N_("Place to watch (route, homes, hot spot, school…)"), "places", ("LineString", "Point", "Polygon"), map_forms.PlaceForm,
        lambda key: Place.objects.select_related("hamlet").get(key=key, archived=False),
        _place_values, lambda place: str(place.geometry), _save_place, _remove_place, _restore_place,
    ),
    "obstacle": Editor(
        N_("Building, wall, trees"), "obstacles", ("Polygon", "LineString"), map_forms.ObstacleForm,
        lambda key: Obstacle.objects.get(key=key),
        lambda one: {name: getattr(one, name) for name in map_forms.ObstacleForm.base_fields},
        lambda one: str(one.geometry), _save_obstacle, _remove_obstacle,
    ),
    "hamlet": Editor(
        N_("Boundary of a hamlet"), "hamlets", ("Polygon",), map_forms.BoundaryForm, _find_boundary,
        lambda area: {"hamlet": area.hamlet.name, "source": area.source},
        lambda area: str(area.geometry), _save_boundary, _remove_boundary,
    ),
    "site": Editor(
        N_("Mounting place"), "sites", ("Point",), map_forms.SiteForm,
        lambda key: Site.objects.select_related("hamlet").get(key=key), _site_values,
        lambda site: _point(*site.position) if site.position is not None else "null", _save_site, _remove_site,
    ),
    "incident": Editor(
        N_("Past incident"), "incidents", ("Point",), map_forms.IncidentForm, lambda key: PastIncident.objects.get(key=key),
        lambda one: {"kind": one.kind, "day": one.day, "source": one.source},
        lambda one: _point(one.latitude, one.longitude), _save_incident, _remove_incident,
    ),
}  # fmt: skip
"""By the name that the address has for it. Eyes are apart: more people may turn one than may draw."""
