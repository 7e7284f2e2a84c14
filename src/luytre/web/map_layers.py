"""The map's layers as a person meets them: which there are for a role, and what is in each. No owner's data is ever in one.

One source for the screen and for the paper. Each layer is bounded: what is beyond is left out, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

import shapely
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, in_force, roles_of
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.geometry.geojson import geometry_text
from luytre.civic.geometry.optics import Level, Levels
from luytre.civic.ground.models import HamletArea, Obstacle, ObstacleKind, PastIncident, PastKind, Place, PlaceKind
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.models import State as CaseState
from luytre.civic.incidents.scope import incidents_of
from luytre.civic.planning.figures import figures
from luytre.civic.planning.models import Candidate, Source
from luytre.civic.planning.today import hfov, land
from luytre.civic.planning.words import LEVEL_WORDS
from luytre.civic.registry import eye_scope
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import CameraGrant, Eye, Site, SiteKind
from luytre.civic.registry.order import name_key
from luytre.civic.registry.register import Condition, OwnerKind, Tier
from luytre.civic.registry.scope import NOTHING, cameras_of, devices_of
from luytre.civic.survey.models import Need, NeedState, Reason
from luytre.civic.tips.kinds import Kind as CaseKind
from luytre.web.map_shapes import fields_of_view, reach_of, zones_of

_Row = TypeVar("_Row", bound=Model)
Plain: TypeAlias = str | int | float | bool | None
MOST_FEATURES = 20_000
COMMUNE_ROLES = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD, Role.DUTY, Role.COMMITTEE})
"""These meet the whole commune's ground and register."""
HAMLET_ROLES = frozenset[str]({Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.SURVEYOR})
"""These meet the ground, and of eyes, sites and needs those of their own hamlet; a surveyor's place may be the commune."""
PLAN_ROLES = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD, Role.COMMITTEE})
"""These meet places to choose from and plans."""
CASE_ROLES = frozenset[str]({Role.HEAD, Role.DUTY, Role.HAMLET_HEAD, Role.SECURITY_TEAM})
"""These meet incidents that are handled, each those of `incidents.scope`."""
MAP_ROLES = COMMUNE_ROLES | HAMLET_ROLES | {Role.OWNER}
"""An owner meets boundaries and the eyes of the own cameras."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the map. `geometry`: GeoJSON in degrees."""

    key: str
    geometry: str
    properties: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Layer:
    items: tuple[Item, ...]
    left_out: int = 0
    sources: tuple[str, ...] = ()
    """Attributions that must be shown with it."""

    def geojson(self) -> bytes:
        """A FeatureCollection (RFC 7946); geometries go in as they are kept."""
        features = ",".join(
            f'{{"type":"Feature","id":{json.dumps(item.key)},"geometry":{item.geometry},"properties":{_json(item.properties)}}}'
            for item in self.items
        )
        extra = f'"left_out":{self.left_out},"sources":{_json(self.sources)}'
        return f'{{"type":"FeatureCollection",{extra},"features":[{features}]}}'.encode()


@dataclass(frozen=True, slots=True)
class Kind:
    """A layer that there is: its words, who meets it, whether it is shown at first."""

    words: str
    roles: frozenset[str]
    read: Callable[[User, datetime], Layer]
    shown: bool = True
    printed: bool = True
    """Whether the sheet of paper has it too."""


def layers_for(user: User, at: datetime) -> dict[str, Kind]:
    """By name, in the legend's order."""
    roles = roles_of(user, at)
    return {name: kind for name, kind in LAYERS.items() if kind.roles & roles}


def eyes_of(user: User, at: datetime) -> QuerySet[Eye]:
    """The eyes that a person meets: those of the register for this person, of the own hamlet, of cameras that were given, whether
    or not the rules let them be watched at this hour."""
    found = Eye.objects.filter(archived=False).select_related("site__hamlet", "camera")
    registered = Q(pk__in=eye_scope.eyes_of(user, at).values("pk"))
    watched = Q(camera__in=cameras_of(user, LookKind.LIVE, at).values("pk"))
    named = [one.pk for one in in_force(user, at) if one.place == NAMED_CAMERAS and one.role in MAP_ROLES]
    given = Q(camera__in=CameraGrant.objects.filter(assignment__in=named).values("camera"))
    return found.filter(registered | _in_hamlets("site__hamlet", user, at) | watched | given)


def _in_hamlets(field: str, user: User, at: datetime) -> Q:
    mine = [one for one in in_force(user, at) if one.role in HAMLET_ROLES]
    if any(one.place == EVERYWHERE for one in mine):
        return Q(pk__isnull=False)
    numbers = [number for one in mine if (number := hamlet_of(one.place))]
    return Q(**{f"{field}__in": numbers}) if numbers else NOTHING


def _of_scope(found: QuerySet[_Row], user: User, at: datetime) -> QuerySet[_Row]:
    """Rows with a hamlet, as far as the person meets them."""
    return found if COMMUNE_ROLES & roles_of(user, at) else found.filter(_in_hamlets("hamlet", user, at))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _point(lat: float, lon: float) -> str:
    return f'{{"type":"Point","coordinates":[{lon:.6f},{lat:.6f}]}}'


def _bounded(items: Iterable[Item], count: int, sources: Iterable[str] = ()) -> Layer:
    return Layer(tuple(items), max(0, count - MOST_FEATURES), tuple(sorted({source for source in sources if source})))


def _hamlets(_user: User, _at: datetime) -> Layer:
    rows = sorted(HamletArea.objects.select_related("hamlet"), key=lambda area: name_key(area.hamlet.name))
    return _bounded(
        (
            Item(str(area.hamlet.pk), area.geometry, {"name": area.hamlet.name, "source": area.source, **_label(area)})
            for area in rows
        ),
        len(rows),
        (area.source for area in rows),
    )


def _label(area: HamletArea) -> dict[str, Plain]:
    """Where the hamlet's name stands: surely inside."""
    at = shapely.from_geojson(area.geometry).representative_point()
    return {"lon": round(at.x, 6), "lat": round(at.y, 6)}


def _places(_user: User, _at: datetime) -> Layer:
    rows = Place.objects.filter(archived=False).select_related("hamlet")
    kinds = {str(kind): _(str(kind.label)) for kind in PlaceKind}
    found = list(rows[:MOST_FEATURES])
    items = (
        Item(
            place.key, place.geometry,
            {"name": place.name, "kind": place.kind, "kindWords": kinds[place.kind], "residents": place.residents,
             "hamlet": place.hamlet_id, "hamletWords": place.hamlet.name if place.hamlet else "",
             "vehicles_a_day": place.vehicles_a_day, "source": place.source},
        )
        for place in found
    )  # fmt: skip
    return _bounded(items, rows.count(), (place.source for place in found))


def _obstacles(_user: User, _at: datetime) -> Layer:
    rows = Obstacle.objects.order_by("pk")
    kinds = {str(kind): _(str(kind.label)) for kind in ObstacleKind}
    found = list(rows.values_list("key", "geometry", "name", "kind", "height_m", "home", "source")[:MOST_FEATURES])
    items = (
        Item(
            key, geometry,
            {"name": name, "kind": kind, "kindWords": kinds[kind], "height_m": height_m, "home": home},
        )
        for key, geometry, name, kind, height_m, home, _source in found
    )  # fmt: skip
    return _bounded(items, rows.count(), (row[-1] for row in found))


def _sites(user: User, at: datetime) -> Layer:
    rows = _of_scope(Site.objects.filter(latitude__isnull=False).select_related("hamlet"), user, at)
    kinds = {str(kind): _(str(kind.label)) for kind in SiteKind}
    items = (
        Item(
            site.key, _point(float(site.latitude), float(site.longitude)),
            {"name": site.name, "kind": site.kind, "kindWords": kinds[site.kind], "road": site.road,
             "hamlet": site.hamlet_id, "hamletWords": site.hamlet.name if site.hamlet else ""},
        )
        for site in rows[:MOST_FEATURES] if site.latitude is not None and site.longitude is not None
    )  # fmt: skip
    return _bounded(items, rows.count())


def _eyes(user: User, at: datetime) -> Layer:
    rows = list(eyes_of(user, at))
    devices = set(devices_of(user, at).values_list("key", flat=True))
    live = set(cameras_of(user, LookKind.LIVE, at).values_list("key", flat=True))
    history = set(cameras_of(user, LookKind.HISTORY, at).values_list("key", flat=True))
    items, levels = [], figures().levels
    for eye in rows[:MOST_FEATURES]:
        if eye.position is not None:
            key = eye.camera.key if eye.camera and not eye.camera.archived else ""
            rights: dict[str, Plain] = {"camera": key if key in devices else "", "live": key in live, "history": key in history}
            items.append(Item(eye.key, _point(*map(float, eye.position)), _about(eye, levels) | rights))
    return _bounded(items, len(rows))


def _about(eye: Eye, levels: Levels) -> dict[str, Plain]:
    """What anybody who meets the eye may know: nothing of who owns it but the kind."""
    return {
        "name": eye.name, "site": eye.site.name, "hamletWords": eye.site.hamlet.name if eye.site.hamlet else "",
        "connected": eye.camera_id is not None, "tierWords": _(str(Tier(eye.tier).label)),
        "condition": eye.condition, "conditionWords": _(str(Condition(eye.condition).label)),
        "ownerWords": _(str(OwnerKind(eye.owner_kind).label)), "bearing_deg": eye.bearing_deg, "hfov_deg": eye.hfov_deg,
        "hfov_used_deg": round(hfov(eye), 1), "reach_m": round(reach_of(eye, levels), 1), "height_m": eye.height_m,
        "revision": eye.revision,
    }  # fmt: skip


def _views(user: User, at: datetime) -> Layer:
    rows = list(eyes_of(user, at))
    shapes = fields_of_view(rows[:MOST_FEATURES])
    return _bounded((Item(key, geometry_text(shape), {}) for key, shape in shapes.items()), len(rows))


def _zones(*, night: bool) -> Callable[[User, datetime], Layer]:
    """What an eye does at which distance: a shape a level, the widest first."""

    def read(user: User, at: datetime) -> Layer:
        rows = list(eyes_of(user, at)[: MOST_FEATURES // len(Level)])
        found, words = zones_of(rows, land(), night=night), {level: _(LEVEL_WORDS[level]).partition(":")[0] for level in Level}
        items = [
            Item(f"{key}.{level}", geometry_text(shapes[level]), {"eye": key, "level": level.value, "levelWords": words[level]})
            for level in Level
            for key, shapes in found.items()
            if level in shapes and not shapes[level].is_empty
        ]
        return _bounded(items, len(items))

    return read


def _candidates(_user: User, _at: datetime) -> Layer:
    rows = list(Candidate.objects.filter(archived=False).select_related("hamlet")[:MOST_FEATURES])
    sources = {str(source): _(str(source.label)) for source in Source}
    items = (
        Item(
            one.key, _point(float(one.latitude), float(one.longitude)),
            {"name": one.name, "kindWords": sources[one.source], "hamletWords": one.hamlet.name if one.hamlet else "",
             "bearings": one.bearings, "most_eyes": one.most_eyes},
        )
        for one in rows
    )  # fmt: skip
    return _bounded(items, len(rows))


def _needs(user: User, at: datetime) -> Layer:
    rows = _of_scope(Need.objects.filter(state__in=(NeedState.OPEN, NeedState.PLANNED)).select_related("hamlet"), user, at)
    reasons, states = ({str(one): _(str(one.label)) for one in choices} for choices in (Reason, NeedState))
    items = (
        Item(
            need.key, _point(float(need.latitude), float(need.longitude)),
            {"name": need.name, "urgency": need.urgency, "reasonWords": reasons[need.reason], "stateWords": states[need.state],
             "hamletWords": need.hamlet.name if need.hamlet else ""},
        )
        for need in rows[:MOST_FEATURES]
    )  # fmt: skip
    return _bounded(items, rows.count())


def _incidents(_user: User, _at: datetime) -> Layer:
    rows = PastIncident.objects.order_by("-day", "key")
    kinds = {str(kind): _(str(kind.label)) for kind in PastKind}
    items = (
        Item(
            one.key, _point(float(one.latitude), float(one.longitude)),
            {"kind": one.kind, "kindWords": kinds[one.kind], "day": f"{one.day:%d/%m/%Y}", "source": one.source},
        )
        for one in rows[:MOST_FEATURES]
    )  # fmt: skip
    return _bounded(items, rows.count())


def cases_layer(rows: Collection[Incident]) -> Layer:
    """Incidents that are handled, those with a position; the newest first where there are too many."""
    placed = [one for one in rows if one.latitude is not None and one.longitude is not None]
    kinds, states = ({str(one): _(str(one.label)) for one in choices} for choices in (CaseKind, CaseState))
    items = (
        Item(
            one.key, _point(float(one.latitude or 0), float(one.longitude or 0)),
            {"name": f"{one.sign} {one.title}", "kindWords": kinds[one.kind], "state": one.state, "caseWords": states[one.state],
             "hamletWords": one.hamlet.name if one.hamlet else "", "day": f"{localtime(one.happened):%d/%m/%Y %H:%M}"},
        )
        for one in placed[:MOST_FEATURES]
    )  # fmt: skip
    return _bounded(items, len(placed))


def _cases(user: User, at: datetime) -> Layer:
    return cases_layer(incidents_of(user, at).exclude(state=CaseState.CLOSED).select_related("hamlet"))


_GROUND_ROLES = COMMUNE_ROLES | HAMLET_ROLES
LAYERS: dict[str, Kind] = {
    "eyes": Kind(N_("Eyes"), MAP_ROLES, _eyes),
    "views": Kind(N_("What the eyes look over"), MAP_ROLES, _views),
    "zones": Kind(N_("Levels of view by day"), MAP_ROLES, _zones(night=False), shown=False, printed=False),
    "zones_night": Kind(N_("Levels of view by night"), MAP_ROLES, _zones(night=True), shown=False, printed=False),
    "hamlets": Kind(N_("Hamlets"), MAP_ROLES, _hamlets),
    "places": Kind(N_("Places to watch"), _GROUND_ROLES, _places),
    "needs": Kind(N_("Needs"), _GROUND_ROLES, _needs),
    "candidates": Kind(N_("Places to choose from"), PLAN_ROLES, _candidates, shown=False, printed=False),
    "sites": Kind(N_("Mounting places"), _GROUND_ROLES, _sites, shown=False),
    "obstacles": Kind(N_("Buildings and walls"), _GROUND_ROLES, _obstacles),
    "cases": Kind(N_("Incidents being handled"), CASE_ROLES, _cases, shown=False, printed=False),
    "incidents": Kind(N_("Past incidents"), COMMUNE_ROLES, _incidents, shown=False),
}
"""In the legend's order."""
