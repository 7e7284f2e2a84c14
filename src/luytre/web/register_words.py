"""The register in words: what its fields are called, their values with units, and each step of its history as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Choices, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.ground.models import ObstacleKind, PastKind, PlaceKind
from luytre.civic.registry.eye_checks import CHOICES
from luytre.civic.registry.eye_words import DAY_FIELDS, EYE_FIELDS, EYE_UNITS
from luytre.civic.registry.history import Changed, changes_of
from luytre.civic.registry.models import Camera, Feed, Firm
from luytre.civic.registry.number_words import figure_words as figure_words
from luytre.civic.registry.register import RegisterCode, RegisterStep, Thing
from luytre.civic.registry.wires import FeedKind
from luytre.civic.survey.models import NeedState, Reason, Urgency

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FIELDS: dict[str, _StrPromise] = {name: gettext_lazy(words) for name, words in EYE_FIELDS.items()} | {
    "camera": gettext_lazy("Connected camera"),
    "kind": gettext_lazy("What kind"),
    "geometry": gettext_lazy("Shape on the map"),
    "residents": gettext_lazy("Residents"),
    "vehicles_a_day": gettext_lazy("Vehicles a day"),
    "weight": gettext_lazy("Weight in plans"),
    "source": gettext_lazy("Source"),
    "source_id": gettext_lazy("Number at the source"),
    "home": gettext_lazy("A home"),
    "day": gettext_lazy("Day"),
    "reason": gettext_lazy("Reason"),
    "urgency": gettext_lazy("Urgency"),
    "to_see": gettext_lazy("What it should see"),
    "words": gettext_lazy("In your words"),
    "state": gettext_lazy("State"),
    "state_words": gettext_lazy("Why this state"),
    "hangs_on": gettext_lazy("Hangs on"),
    "firm": gettext_lazy("Repair firm"),
    "phone": gettext_lazy("Telephone"),
    "cameras": gettext_lazy("Cameras"),
}
_KINDS: dict[str, type[Choices]] = {
    Thing.PLACE: PlaceKind, Thing.OBSTACLE: ObstacleKind, Thing.PAST_INCIDENT: PastKind, Thing.FEED: FeedKind,
}  # fmt: skip
_CHOICES: dict[str, type[Choices]] = {**CHOICES, "reason": Reason, "urgency": Urgency, "state": NeedState}
_DAYS = frozenset({*DAY_FIELDS, "day"})
NONE = "—"


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One step, for a page. `changes`: one sentence a field; empty where the step says nothing of fields."""

    number: int
    at: datetime
    by: str
    what: str
    changes: tuple[str, ...]


def field_words(field: str) -> str:
    """What a field is called; a field of which nobody told this module is called as it is."""
    return str(FIELDS.get(field, field))


def value_words(thing: str, field: str, value: object) -> str:
    """A value as it is read: choices in words, figures with their unit, days as 24/11/2026."""
    if value is None or value == "":
        return NONE
    kinds = _KINDS.get(thing) if field == "kind" else _CHOICES.get(field)
    if kinds is not None and value in kinds.values:
        return _(str(kinds(value).label))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        unit = EYE_UNITS.get(field, "")
        return f"{figure_words(value)}{'' if unit in ('', '°') else ' '}{_(unit) if unit else ''}"
    if field in _DAYS:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return _called(field, str(value).split()) if field in _BY_KEY else str(value)


_BY_KEY: dict[str, type[Camera] | type[Feed] | type[Firm]] = {"cameras": Camera, "hangs_on": Feed, "firm": Firm}
"""Fields that are kept by key, one or several, and read by name."""


def _called(field: str, keys: list[str]) -> str:
    names = dict(_BY_KEY[field].objects.filter(key__in=keys).values_list("key", "name"))
    return ", ".join(str(names.get(key, key)) for key in keys)


def told(step: RegisterStep) -> ToldStep:
    """The step as a page tells it."""
    by = str(step.by) if step.by else _("the program")
    in_full = step.code == RegisterCode.CHANGED
    changes = tuple(_change(step.thing, one) for one in changes_of(step)) if in_full else ()
    return ToldStep(step.seq, step.at, by, _(str(RegisterCode(step.code).label)), changes)


def _change(thing: str, one: Changed) -> str:
    name = field_words(one.field)
    if one.private:
        return _("%(field)s: changed") % {"field": name}
    if one.field == "geometry":
        return _("%(field)s: drawn anew") % {"field": name}
    before, after = (value_words(thing, one.field, value) for value in (one.before, one.after))
    return _("%(field)s: %(before)s → %(after)s") % {"field": name, "before": before, "after": after}


def choices(kinds: type[TextChoices]) -> list[tuple[str, str]]:
    """For a list to choose from, with capitals."""
    words: Mapping[str, str] = {kind.value: _(str(kind.label)) for kind in kinds}
    return [(value, f"{text[:1].upper()}{text[1:]}") for value, text in words.items()]


def conflict_words(now: str) -> str:
    """At a field that somebody else changed too."""
    return _("Somebody else made this “%(now)s” meanwhile. Saving puts yours in its place.") % {"now": now or NONE}
