"""What else is on the land: obstacles, boundaries, past incidents. Each change is one step of the register's history."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import AREAS, LINES
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.models import HamletArea, Obstacle, ObstacleKind, PastIncident, PastKind
from luytre.civic.ground.shapes import kept_shape
from luytre.civic.registry.bounds import Land, land, too_far
from luytre.civic.registry.eye_checks import check_lengths, check_range
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.history import NOTHING, Entry, Fields, record, record_all
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.position import STEP, format_position
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import RegisterCode, Thing
from luytre.civic.registry.sites import Position

TALLEST_M = 400.0
_OBSTACLE_TEXTS = {"name": 120, "source": 200, "source_id": 40}


@dataclass(frozen=True, slots=True)
class ObstacleDraft:
    """`geometry`: GeoJSON, a line for a wall, else an area. `height_m` None: not known."""

    geometry: str
    kind: str = ObstacleKind.BUILDING.value
    name: str = ""
    height_m: float | None = None
    home: bool = False
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class PastIncidentDraft:
    """`day`: when it was, here; `position`: where."""

    kind: str
    day: date
    position: Position
    source: str = ""


def obstacle_shapes(kind: str) -> frozenset[str]:
    """Which kinds of GeoJSON an obstacle of that kind is; a wall may be drawn as an area too."""
    return LINES | AREAS if kind == ObstacleKind.WALL else AREAS


def obstacle_draft(obstacle: Obstacle) -> ObstacleDraft:
    return ObstacleDraft(**{field.name: getattr(obstacle, field.name) for field in fields(ObstacleDraft)})


def obstacle_fields(obstacle: Obstacle) -> Fields:
    return {field.name: getattr(obstacle, field.name) for field in fields(ObstacleDraft)}


def checked_obstacle(draft: ObstacleDraft, here: CommuneLand) -> tuple[ObstacleDraft, Refusals]:
    """The draft tidied, and all that is wrong with it."""
    texts = {name: one_line(getattr(draft, name)) for name in _OBSTACLE_TEXTS}
    draft, refused = replace(draft, **texts), Refusals()  # type: ignore[arg-type]
    if draft.kind not in ObstacleKind.values:
        refused.tell("kind", N_("Choose one of the list."))
    check_lengths(refused, texts, _OBSTACLE_TEXTS)
    check_range(refused, "height_m", draft.height_m, 0, TALLEST_M)
    return replace(draft, geometry=kept_shape(draft.geometry, obstacle_shapes(draft.kind), refused, here)), refused


@transaction.atomic
def save_obstacle(
    by: User | None, draft: ObstacleDraft, at: datetime, obstacle: Obstacle | None = None, revision: int | None = None
) -> Obstacle:
    """A new obstacle, or a changed one. Errors: ValidationError by field, registry.eyes.Stale."""
    steps: list[Entry] = []
    made = put_obstacle(draft, steps, CommuneLand.of_commune(), obstacle, revision)
    record_all(by, at, steps)
    return made


def put_obstacle(
    draft: ObstacleDraft, steps: list[Entry], here: CommuneLand, obstacle: Obstacle | None = None, revision: int | None = None
) -> Obstacle:
    """As `save_obstacle`, but the step is left to the caller, who writes many at once in his own transaction."""
    present = _locked_obstacle(obstacle, revision) if obstacle is not None else None
    draft, refused = checked_obstacle(draft, here)
    refused.raise_any()
    before = obstacle_fields(present) if present is not None else NOTHING
    made = present or Obstacle()
    for field in fields(draft):
        setattr(made, field.name, getattr(draft, field.name))
    after, is_new = obstacle_fields(made), made.pk is None
    if is_new or before != after:
        made.revision = 1 if is_new else made.revision + 1
        made.save()
        code = RegisterCode.ADDED if is_new else RegisterCode.CHANGED
        steps.append(Entry(Thing.OBSTACLE, made.key, made.name, code, before, after))
    return made


def _locked_obstacle(obstacle: Obstacle, revision: int | None) -> Obstacle:
    present = Obstacle.objects.select_for_update().get(pk=obstacle.pk)
    if revision is not None and present.revision != revision:
        raise Stale(str(present), present.revision)
    return present


@transaction.atomic
def remove_obstacle(by: User | None, obstacle: Obstacle, at: datetime, revision: int | None = None) -> None:
    """It goes; its step keeps what it was. Errors: Stale."""
    present = _locked_obstacle(obstacle, revision)
    record(by, at, Thing.OBSTACLE, present.key, present.name, RegisterCode.REMOVED, obstacle_fields(present))
    present.delete()


@transaction.atomic
def save_boundary(by: User | None, hamlet: Hamlet, geometry: str, source: str, at: datetime) -> HamletArea:
    """The hamlet's boundary, drawn or drawn anew. Errors: ValidationError by field (`geometry`, `source`)."""
    steps: list[Entry] = []
    made = put_boundary(hamlet, geometry, source, steps)
    record_all(by, at, steps)
    return made


def put_boundary(hamlet: Hamlet, geometry: str, source: str, steps: list[Entry]) -> HamletArea:
    """As `save_boundary`, but the step is left to the caller."""
    kept, source, refused = checked_boundary(geometry, source)
    refused.raise_any()
    Hamlet.objects.select_for_update().get(pk=hamlet.pk)  # two who draw a first boundary at once come one after the other
    made = HamletArea.objects.filter(hamlet=hamlet).first()
    before = boundary_fields(made) if made is not None else NOTHING
    code = RegisterCode.CHANGED if made is not None else RegisterCode.ADDED
    made = made or HamletArea(hamlet=hamlet)
    made.geometry, made.source = kept, source
    if before != boundary_fields(made):
        made.save()
        steps.append(Entry(Thing.BOUNDARY, place_key(hamlet), hamlet.name, code, before, boundary_fields(made)))
    return made


def checked_boundary(geometry: str, source: str) -> tuple[str, str, Refusals]:
    """The boundary's text and source as they are kept, and all that is wrong with them. It may lie anywhere in Viet Nam: the
    boundaries say where the commune is."""
    refused, source = Refusals(), one_line(source)
    check_lengths(refused, {"source": source}, {"source": 200})
    return kept_shape(geometry, AREAS, refused, None), source, refused


def boundary_fields(area: HamletArea) -> Fields:
    return {"geometry": area.geometry, "source": area.source}


@transaction.atomic
def remove_boundary(by: User | None, hamlet: Hamlet, at: datetime) -> None:
    """Nothing where there is none."""
    for area in HamletArea.objects.select_for_update().filter(hamlet=hamlet):
        record(by, at, Thing.BOUNDARY, place_key(hamlet), hamlet.name, RegisterCode.REMOVED, boundary_fields(area))
        area.delete()


def past_fields(incident: PastIncident) -> Fields:
    position = format_position((incident.latitude, incident.longitude))
    return {"kind": incident.kind, "day": incident.day.isoformat(), "position": position, "source": incident.source}


def checked_past(draft: PastIncidentDraft, at: datetime, here: Land) -> tuple[PastIncidentDraft, Refusals]:
    refused = Refusals()
    lat, lon = draft.position
    draft = replace(draft, source=one_line(draft.source), position=(lat.quantize(STEP), lon.quantize(STEP)))
    if draft.kind not in PastKind.values:
        refused.tell("kind", N_("Choose one of the list."))
    if draft.day > localdate(at):
        refused.tell("day", N_("This day is still to come."))
    refused.add("position", too_far(draft.position, here))
    check_lengths(refused, {"source": draft.source}, {"source": 200})
    return draft, refused


@transaction.atomic
def save_past_incident(
    by: User | None, draft: PastIncidentDraft, at: datetime, incident: PastIncident | None = None
) -> PastIncident:
    """A new point of the statistics, or a corrected one. Errors: ValidationError by field (kind, day, position, source)."""
    steps: list[Entry] = []
    made = put_past_incident(draft, steps, at, land(), incident)
    record_all(by, at, steps)
    return made


def put_past_incident(
    draft: PastIncidentDraft, steps: list[Entry], at: datetime, here: Land, incident: PastIncident | None = None
) -> PastIncident:
    """As `save_past_incident`, but the step is left to the caller."""
    draft, refused = checked_past(draft, at, here)
    refused.raise_any()
    before = past_fields(incident) if incident is not None else NOTHING
    made = incident or PastIncident()
    made.kind, made.day, made.source = draft.kind, draft.day, draft.source
    made.latitude, made.longitude = draft.position
    is_new, after = made.pk is None, past_fields(made)
    if is_new or before != after:
        made.save()
        code = RegisterCode.ADDED if is_new else RegisterCode.CHANGED
        steps.append(Entry(Thing.PAST_INCIDENT, made.key, made.kind, code, before, after))
    return made


@transaction.atomic
def remove_past_incident(by: User | None, incident: PastIncident, at: datetime) -> None:
    record(by, at, Thing.PAST_INCIDENT, incident.key, incident.kind, RegisterCode.REMOVED, past_fields(incident))
    incident.delete()
