"""The commune and its hamlets as units of the organisation: made, renamed and merged with their history (`access.units`).

A hamlet is there as long as it is one; its unit stays for ever, so that what was written about `hamlet:7` can still be read when
the hamlet was merged away. Sites and assignments always belong to the hamlets that there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import SET_NULL, ManyToOneRel
from django.dispatch import Signal
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.civic.access import units
from luytre.civic.access.assignments import Hours, Wanted, assign, end
from luytre.civic.access.models import Assignment, Unit, UnitKind, User
from luytre.civic.access.units import UNKNOWN, Decree
from luytre.civic.registry.grants import given_at, hamlet_at, place_key
from luytre.civic.registry.models import Camera, Commune, Hamlet
from luytre.civic.registry.sites import same_name

hamlet_merged = Signal()
"""Sent within the transaction, before the old one goes, with `old` and `new`: for what is more than a name beside a row."""
COMMUNE = "commune"
"""The commune's own place, among units."""


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """What merging a hamlet into another changes, told before it is done."""

    sites: int
    cameras: int
    moved: tuple[Assignment, ...]
    """Given for the hamlet that goes: they become the other's."""
    wider: tuple[Assignment, ...]
    """Given for the hamlet that stays: they meet the cameras that come."""


def commune_unit() -> Unit | None:
    """None while the commune has no name."""
    name = Commune.here().name
    return units.found(UnitKind.COMMUNE, name, place=COMMUNE) if name else None


def hamlet_unit(hamlet: Hamlet, decree: Decree = UNKNOWN) -> Unit:
    """The hamlet's unit, made where there is none yet: from when on it bore this name nobody knows."""
    return units.found(UnitKind.HAMLET, hamlet.name, decree, place_key(hamlet), commune_unit())


def complete() -> None:
    """Every place that there is has its unit: those from before there were units, or that came by a list, get theirs."""
    commune_unit()
    known = set(Unit.objects.filter(kind=UnitKind.HAMLET).values_list("place", flat=True))
    for hamlet in Hamlet.objects.all():
        if place_key(hamlet) not in known:
            hamlet_unit(hamlet)


def place_name(place: str, at: datetime | None = None) -> str | None:
    """What a place was called at a moment (now, where none is named), also one that is no more; None for what never was one."""
    if place and (history := units.history_of(place)) is not None:
        return history.name_on(timezone.localdate(at or timezone.now()))
    hamlet = hamlet_at(place)
    return hamlet.name if hamlet is not None else None


@transaction.atomic
def rename_hamlet(hamlet: Hamlet, name: str, decree: Decree, today: date) -> None:
    """Errors: ValidationError by field (name, day)."""
    if any(same_name(" ".join(name.split()), other.name) for other in Hamlet.objects.exclude(pk=hamlet.pk)):
        raise ValidationError({"name": [N_("There is another hamlet of this name.")]})
    units.rename(hamlet_unit(hamlet), name, decree, today)
    hamlet.name = place_name(place_key(hamlet)) or hamlet.name
    hamlet.save(update_fields=["name"])


@transaction.atomic
def rename_commune(name: str, decree: Decree, today: date) -> None:
    """Errors: ValidationError by field (name, day)."""
    unit = commune_unit()
    if unit is None:
        units.found(UnitKind.COMMUNE, name, decree, COMMUNE)
    else:
        units.rename(unit, name, decree, today)
    commune = Commune.here()
    commune.name = place_name(COMMUNE) or commune.name
    commune.save()


@transaction.atomic
def end_hamlet(hamlet: Hamlet, decree: Decree, today: date) -> None:
    """Removes a hamlet in which nothing is; its history stays. Errors: django's ProtectedError where something is in it."""
    unit = hamlet_unit(hamlet)
    hamlet.delete()
    units.end_unit(unit, decree, today)


def merge_effect(old: Hamlet, new: Hamlet, at: datetime) -> MergeEffect:
    return MergeEffect(
        sites=old.sites.count(),
        cameras=Camera.objects.filter(site__hamlet=old, archived=False).count(),
        moved=tuple(given_at(place_key(old), at)),
        wider=tuple(given_at(place_key(new), at)),
    )


@transaction.atomic
def merge_hamlets(by: User, old: Hamlet, new: Hamlet, decree: Decree, at: datetime) -> MergeEffect:
    """One hamlet goes into another: its sites, the roles given for it, and what stood below its unit; then the recorder must pull
    its list. `decree` says from which day by law; rights change now. Errors: ValidationError by field (into, day)."""
    if old == new:
        raise ValidationError({"into": [N_("Choose another hamlet.")]})
    effect = merge_effect(old, new, at)
    old.sites.update(hamlet=new)
    for one in effect.moved:
        _move(by, one, place_key(new), at)
    _hand_over(old, new)
    hamlet_merged.send(Hamlet, old=old, new=new)
    unit, into = hamlet_unit(old), hamlet_unit(new)
    old.delete()
    units.merge(unit, into, decree, timezone.localdate(at))
    return effect


def _hand_over(old: Hamlet, new: Hamlet) -> None:
    """What rooms above keep beside a hamlet's name (places to watch, needs, entries) goes on beside the other's."""
    for relation in Hamlet._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is SET_NULL:
            kept = relation.related_model._default_manager.filter(**{relation.field.name: old})
            kept.update(**{relation.field.name: new})


def _move(by: User, one: Assignment, place: str, at: datetime) -> None:
    """The same role at another place, and the old one ended: both are rows of the changes. When it was given stays as it was,
    since the days until a second step is demanded count from there."""
    hours = Hours(one.hours_from, one.hours_to) if one.hours_from and one.hours_to else None
    ways = frozenset(one.ways.split(",")) if one.ways else frozenset[str]()
    made = assign(by, one.user, Wanted(one.role, place, ways, hours, one.first_day, one.last_day), at)
    made.created = one.created
    made.save(update_fields=["created"])
    end(by, one, at)
