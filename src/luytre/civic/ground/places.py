"""Places that should be seen: adding, changing, removing, putting back. Map, page, telephone and import all come here.

Each change is one step of the register's history, on a revision: what somebody else changed meanwhile is `registry.eyes.Stale`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import AREAS, LINES, POINT
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.ground.shapes import kept_shape
from luytre.civic.registry.eye_checks import check_lengths, check_range
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import NOTHING, Entry, Fields, record_all
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import RegisterCode, Thing
from luytre.civic.registry.sites import Known, hamlet_known

PRIVATE = frozenset({"note"})
RANGES: dict[str, tuple[float, float]] = {"residents": (0, 100_000), "vehicles_a_day": (0, 1_000_000), "weight": (0, 1000)}
LIMITS = {"name": 120, "hamlet": 120, "note": 400, "source": 200, "source_id": 40}


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """What is to be kept of a place, whole. `geometry`: GeoJSON (`shapes_of` its kind). `hamlet`: the name of one."""

    kind: str
    name: str
    geometry: str
    hamlet: str = ""
    residents: int | None = None
    vehicles_a_day: int | None = None
    weight: float | None = None
    note: str = ""
    source: str = ""
    source_id: str = ""


COLUMNS = tuple(field.name for field in fields(PlaceDraft) if field.name != "hamlet")


def shapes_of(kind: str) -> frozenset[str]:
    """Which kinds of GeoJSON a place of that kind is."""
    return LINES if kind == PlaceKind.ROUTE else POINT | AREAS


def place_draft(place: Place) -> PlaceDraft:
    """The place as it is: `replace` what is to change, and save."""
    kept = {name: getattr(place, name) for name in COLUMNS}
    return PlaceDraft(hamlet=place.hamlet.name if place.hamlet else "", **kept)


def place_fields(place: Place) -> Fields:
    draft = place_draft(place)
    return {field.name: getattr(draft, field.name) for field in fields(draft)}


def checked_place(draft: PlaceDraft, here: CommuneLand, known: Known | None = None) -> tuple[PlaceDraft, Hamlet | None, Refusals]:
    """The draft tidied, its hamlet, and all that is wrong with it. Nothing is written. `known`: hamlets, asked already."""
    texts = {name: one_line(getattr(draft, name)) for name in LIMITS}
    draft, refused = replace(draft, **texts), Refusals()  # type: ignore[arg-type]
    if draft.kind not in PlaceKind.values:
        refused.tell("kind", N_("Choose one of the list."))
    if not draft.name:
        refused.tell("name", N_("A place needs a name."))
    check_lengths(refused, texts, LIMITS)
    for name, (least, most) in RANGES.items():
        check_range(refused, name, getattr(draft, name), least, most)
    hamlet = known.hamlet(draft.hamlet) if known else hamlet_known(draft.hamlet)
    if draft.hamlet and hamlet is None:
        refused.tell("hamlet", N_("There is no hamlet of this name. Hamlets are added in the settings."))
    return replace(draft, geometry=kept_shape(draft.geometry, shapes_of(draft.kind), refused, here)), hamlet, refused


@transaction.atomic
def save_place(
    by: User | None, draft: PlaceDraft, at: datetime, place: Place | None = None, revision: int | None = None,
    here: CommuneLand | None = None,
) -> Place:  # fmt: skip
    """A new place, or a changed one. `revision`: on which the change stands; None asks nothing. `here`: the land.

    Errors: ValidationError by field (`registry.refusals.said` has the words), Stale.
    """
    steps: list[Entry] = []
    made = put_place(draft, steps, here or CommuneLand.of_commune(), place, revision)
    record_all(by, at, steps)
    return made


def put_place(
    draft: PlaceDraft, steps: list[Entry], here: CommuneLand, place: Place | None = None, revision: int | None = None
) -> Place:
    """As `save_place`, but the step is left to the caller, who writes many at once in his own transaction."""
    present = locked_place(place, revision) if place is not None else None
    draft, hamlet, refused = checked_place(draft, here)
    refused.raise_any()
    before = place_fields(present) if present is not None else NOTHING
    made = present or Place()
    for name in COLUMNS:
        setattr(made, name, getattr(draft, name))
    made.hamlet = hamlet
    _written(made, before, steps)
    return made


def _written(place: Place, before: Fields, steps: list[Entry], code: str = RegisterCode.CHANGED) -> None:
    code = RegisterCode.ADDED if place.pk is None else code
    in_full = code in (RegisterCode.ADDED, RegisterCode.CHANGED)
    after = place_fields(place) if in_full else NOTHING
    if code != RegisterCode.CHANGED or before != after:
        place.revision = 1 if place.pk is None else place.revision + 1
        place.save()
        steps.append(Entry(Thing.PLACE, place.key, place.name, code, before if in_full else NOTHING, after, PRIVATE))


def locked_place(place: Place, revision: int | None = None) -> Place:
    """The place as it is in the database, its row locked. Errors: registry.eyes.Stale."""
    present = Place.objects.select_for_update(of=("self",)).select_related("hamlet").get(pk=place.pk)
    if revision is not None and present.revision != revision:
        raise Stale(present.name, present.revision)
    return present


@transaction.atomic
def remove_place(by: User | None, place: Place, at: datetime, revision: int | None = None) -> Place:
    """Its history stays, and `restore_place` puts it back. Errors: Stale."""
    return _switched(by, locked_place(place, revision), at, archived=True)


@transaction.atomic
def restore_place(by: User | None, place: Place, at: datetime) -> Place:
    return _switched(by, locked_place(place), at, archived=False)


def _switched(by: User | None, place: Place, at: datetime, *, archived: bool) -> Place:
    if place.archived != archived:
        place.archived = archived
        steps: list[Entry] = []
        _written(place, NOTHING, steps, RegisterCode.REMOVED if archived else RegisterCode.RESTORED)
        record_all(by, at, steps)
    return place
