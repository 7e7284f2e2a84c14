"""What a file would do to the land, wish by wish, and doing it: all or nothing, each change a step of the history.

A wish is matched by our own key, else by its number at the source (`way/123`): a second import updates. What the file does not
say stays as it is, and so does all that people know and a map does not (residents, traffic, weight, hamlet, note).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import geometry_text
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.land import (
    ObstacleDraft,
    PastIncidentDraft,
    checked_boundary,
    checked_obstacle,
    checked_past,
    obstacle_draft,
    past_fields,
    put_boundary,
    put_obstacle,
    put_past_incident,
)
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.ground.places import PlaceDraft, checked_place, place_draft, put_place
from luytre.civic.ground.wishes import FileFault, Layer, Wish, Wishes
from luytre.civic.registry.history import Entry, Fields, record_all
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.position import STEP
from luytre.civic.registry.refusals import Refusals, said
from luytre.civic.registry.register import RegisterCode, Thing
from luytre.civic.registry.sites import Known

Draft = PlaceDraft | ObstacleDraft | PastIncidentDraft | tuple[str, str]
"""What is to be kept; of a boundary its geometry and source."""
Present = Place | Obstacle | PastIncident | Hamlet
Progress = Callable[[int, int], None]
"""Is told how many of how many are done."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a wish would do: `new`, `changed` (with the fields), `same`, or `removed` (somebody removed it here: it stays so)."""

    wish: Wish
    action: str
    changes: tuple[str, ...] = ()
    draft: Draft | None = None
    present: Present | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    items: tuple[Planned, ...]
    faults: tuple[FileFault, ...]
    left_out: int

    def count(self, action: str) -> int:
        return sum(item.action == action for item in self.items)

    @property
    def can_be_done(self) -> bool:
        """Nothing is wrong, and something changes."""
        return not self.faults and any(item.action in ("new", "changed") for item in self.items)


class _Wrong(Exception):
    """What is wrong with one wish: sentences by field."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__(words)
        self.words = words


class Planner:
    """Plans wishes against the land as it is, asked once."""

    def __init__(self, at: datetime, language: str) -> None:
        self._at, self._language = at, language
        self._land, self._known = CommuneLand.of_commune(), Known()
        self._areas = [
            (area.hamlet.name, shapely.from_geojson(area.geometry)) for area in HamletArea.objects.select_related("hamlet")
        ]
        self._places = _Found(Place.objects.select_related("hamlet"))
        self._obstacles = _Found(Obstacle.objects.all())
        self._incidents = {one.key: one for one in PastIncident.objects.all()}
        self._same_incidents = {tuple(past_fields(one).values())[:3]: one for one in self._incidents.values()}
        self._taken: dict[str, int] = {}
        self._planners = {
            Layer.PLACES: self._place, Layer.OBSTACLES: self._obstacle, Layer.BOUNDARIES: self._boundary,
            Layer.PAST_INCIDENTS: self._incident,
        }  # fmt: skip

    def plan(self, found: Wishes, progress: Progress = lambda _done, _of: None) -> Plan:
        items: list[Planned] = []
        faults = list(found.faults)
        for count, wish in enumerate(found.wishes, start=1):
            try:
                items.append(self._once(self._planners[Layer(wish.layer)](wish)))
            except _Wrong as error:
                path = f"features[{wish.number - 1}]"
                faults += [
                    FileFault(wish.number, wish.label, f"{path}.{_in_file(name)}", words) for name, words in error.words.items()
                ]
            if count % 500 == 0:
                progress(count, len(found.wishes))
        return Plan(tuple(items), tuple(sorted(faults, key=lambda fault: fault.number)), found.left_out)

    def _once(self, item: Planned) -> Planned:
        """One thing may stand in a file once."""
        present = item.present
        identity = f"{type(present).__name__} {present.pk}" if present is not None else f"{item.wish.layer} {item.wish.source_id}"
        first = self._taken.setdefault(identity, item.wish.number)
        if first != item.wish.number and (present is not None or item.wish.source_id):
            words = translate(N_("This stands in the file twice: see number %(number)s."), self._language) % {"number": first}
            raise _Wrong({"id": words})
        return item

    def _place(self, wish: Wish) -> Planned:
        present = self._places.find(wish)
        if isinstance(present, Place) and present.archived:
            return Planned(wish, "removed", present=present)
        begun = place_draft(present) if isinstance(present, Place) else PlaceDraft("", "", "", self._hamlet_of(wish))
        told = dict(wish.fields) | {"geometry": geometry_text(wish.geometry), "source_id": wish.source_id or begun.source_id}
        draft, hamlet, refused = checked_place(replace(begun, **told), self._land, self._known)
        draft = replace(draft, hamlet=hamlet.name) if hamlet is not None else draft
        self._raise(refused)
        return self._compared(wish, begun, draft, present)

    def _hamlet_of(self, wish: Wish) -> str:
        """Of a place that the file gives no hamlet: the one it lies in, where it lies in one alone."""
        inside = [name for name, area in self._areas if area.intersects(wish.geometry)]
        return inside[0] if len(inside) == 1 else ""

    def _obstacle(self, wish: Wish) -> Planned:
        present = self._obstacles.find(wish)
        kind = "wall" if wish.geometry.geom_type in ("LineString", "MultiLineString") else "building"
        begun = obstacle_draft(present) if isinstance(present, Obstacle) else ObstacleDraft("", kind)
        told = dict(wish.fields) | {"geometry": geometry_text(wish.geometry), "source_id": wish.source_id or begun.source_id}
        draft, refused = checked_obstacle(replace(begun, **told), self._land)
        self._raise(refused)
        return self._compared(wish, begun, draft, present)

    def _boundary(self, wish: Wish) -> Planned:
        name = str(wish.fields.get("hamlet") or wish.fields.get("name") or "")
        hamlet = self._known.hamlet(name)
        if hamlet is None:
            words = N_("There is no hamlet of this name. Hamlets are added in the settings.")
            raise _Wrong({"hamlet": translate(words, self._language)})
        geometry, source, refused = checked_boundary(geometry_text(wish.geometry), str(wish.fields.get("source", "")))
        self._raise(refused)
        area = HamletArea.objects.filter(hamlet=hamlet).first()
        if area is not None and (area.geometry, area.source) == (geometry, source):
            return Planned(wish, "same", present=hamlet)
        changes = ("geometry",) if area is not None else ()
        return Planned(wish, "changed" if area is not None else "new", changes, (geometry, source), hamlet)

    def _incident(self, wish: Wish) -> Planned:
        missing = [name for name in ("kind", "day") if name not in wish.fields]
        if missing:
            raise _Wrong({name: translate(N_("This is missing."), self._language) for name in missing})
        position = (Decimal(str(wish.geometry.y)).quantize(STEP), Decimal(str(wish.geometry.x)).quantize(STEP))
        draft = PastIncidentDraft(wish.fields["kind"], wish.fields["day"], position, str(wish.fields.get("source", "")))
        draft, refused = checked_past(draft, self._at, self._land)
        self._raise(refused)
        present = self._incidents.get(wish.key)
        if present is None and (draft.kind, draft.day.isoformat(), f"{position[0]:f}, {position[1]:f}") in self._same_incidents:
            return Planned(wish, "same")
        if present is None:
            return Planned(wish, "new", (), draft)
        begun = PastIncidentDraft(present.kind, present.day, (present.latitude, present.longitude), present.source)
        return self._compared(wish, begun, draft, present)

    def _compared(self, wish: Wish, before: Draft, after: Draft, present: Present | None) -> Planned:
        if present is None:
            return Planned(wish, "new", (), after)
        names = [one.name for one in fields(before)]  # type: ignore[arg-type]
        changes = tuple(name for name in names if getattr(before, name) != getattr(after, name))
        return Planned(wish, "changed" if changes else "same", changes, after, present)

    def _raise(self, refused: Refusals) -> None:
        if refused.found:
            raise _Wrong(said(ValidationError(dict(refused.found)), self._language))


def _in_file(name: str) -> str:
    """Where a field of ours stands in a feature."""
    return "geometry" if name in ("geometry", "position") else "id" if name == "id" else f"properties.{name}"


class _Found:
    """What is there of one table, by key and by its number at the source."""

    def __init__(self, there: Iterable[Place | Obstacle]) -> None:
        self._by_key: dict[str, Place | Obstacle] = {}
        self._by_source: dict[str, Place | Obstacle] = {}
        for one in there:
            self._by_key[one.key] = one
            if one.source_id:
                self._by_source.setdefault(one.source_id, one)

    def find(self, wish: Wish) -> Place | Obstacle | None:
        return self._by_key.get(wish.key) or self._by_source.get(wish.source_id)


@dataclass(frozen=True, slots=True)
class FileNote:
    """The file itself, for its own step: its name, and the SHA-256 of what it held (64 hex digits)."""

    name: str
    digest: str
    layer: str


@transaction.atomic
def carry_out(by: User | None, plan: Plan, at: datetime, note: FileNote, progress: Progress = lambda _done, _of: None) -> None:
    """Does what was planned, all or nothing, with a step for the file itself. Errors: UsageError where something is wrong."""
    if plan.faults:
        raise UsageError(N_("something in the file is wrong, and nothing was brought in"))
    land, steps = CommuneLand.of_commune(), list[Entry]()
    todo = [item for item in plan.items if item.action in ("new", "changed")]
    for count, item in enumerate(todo, start=1):
        _put(item, steps, at, land)
        if count % 200 == 0:
            progress(count, len(todo))
    counts: Fields = {"layer": note.layer, "sha256": note.digest, "added": plan.count("new"), "changed": plan.count("changed")}
    steps.append(Entry(Thing.BROUGHT_IN, note.digest[:20], note.name, RegisterCode.ADDED, {}, counts))
    record_all(by, at, steps)


def _put(item: Planned, steps: list[Entry], at: datetime, land: CommuneLand) -> None:
    draft, present = item.draft, item.present
    revision = getattr(present, "revision", None)
    if isinstance(draft, PlaceDraft):
        put_place(draft, steps, land, present if isinstance(present, Place) else None, revision)
    elif isinstance(draft, ObstacleDraft):
        put_obstacle(draft, steps, land, present if isinstance(present, Obstacle) else None, revision)
    elif isinstance(draft, PastIncidentDraft):
        put_past_incident(draft, steps, at, land, present if isinstance(present, PastIncident) else None)
    elif isinstance(present, Hamlet) and draft is not None:
        put_boundary(present, draft[0], draft[1], steps)
