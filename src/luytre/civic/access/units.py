"""The organisation with its history: province, commune, hamlets, units; what each was called and belonged to on any day.

Communes and hamlets are merged and renamed. What is written here is never changed: the state on a day is what the steps up to
that day say, the later step counting where two are of one day. Days that are still to come are refused: a merge changes what
people may see, and somebody must be there to see what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, UnitKind, UnitStep, UnitStepCode, User

LONGEST_NAME = 120
ABOVE: dict[str, frozenset[str]] = {
    UnitKind.PROVINCE: frozenset(),
    UnitKind.COMMUNE: frozenset({UnitKind.PROVINCE}),
    UnitKind.HAMLET: frozenset({UnitKind.COMMUNE}),
    UnitKind.UNIT: frozenset(UnitKind.values),
}
"""Below which kinds a kind may stand."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as it is told. `day` None: nobody knows since when."""

    seq: int
    code: str
    day: date | None
    name: str
    other: int | None
    reference: str
    by: str

    @property
    def order(self) -> tuple[date, int]:
        return self.day or date.min, self.seq


@dataclass(frozen=True, slots=True)
class History:
    """A unit with its steps in the order of their days."""

    unit: int
    kind: str
    place: str | None
    steps: tuple[Step, ...]

    def name_on(self, day: date) -> str:
        """What it was called; before its first name that one; empty where it never had any."""
        names = [step for step in self.steps if step.code == UnitStepCode.NAMED]
        begun = [step for step in names if step.order[0] <= day]
        return begun[-1].name if begun else names[0].name if names else ""

    def above_on(self, day: date) -> int | None:
        """The unit that it stood below."""
        begun = [step for step in self.steps if step.code == UnitStepCode.PLACED and step.order[0] <= day]
        return begun[-1].other if begun else None

    @property
    def end(self) -> Step | None:
        """The step that ended it, by a merge or without one."""
        return next((step for step in self.steps if step.code in (UnitStepCode.MERGED, UnitStepCode.ENDED)), None)


@dataclass(frozen=True, slots=True)
class Decree:
    """From which day something holds (None: nobody knows), who writes it down, and by what resolution it happened."""

    by: User | None = None
    day: date | None = None
    reference: str = ""


UNKNOWN = Decree()


def histories(**asked: object) -> dict[int, History]:
    """Every unit that there is or was (or those of the filter), by its number. Two queries."""
    units = list(Unit.objects.filter(**asked).order_by("pk"))
    steps: dict[int, list[Step]] = {}
    for row in UnitStep.objects.filter(unit__in=units).select_related("by"):
        day = date.fromisoformat(row.day) if row.day else None
        said = Step(row.seq, row.code, day, row.name, row.other_id, row.reference, str(row.by) if row.by else "")
        steps.setdefault(row.unit_id, []).append(said)
    return {
        unit.pk: History(unit.pk, unit.kind, unit.place, tuple(sorted(steps.get(unit.pk, ()), key=lambda step: step.order)))
        for unit in units
    }


def history_of(place: str) -> History | None:
    """Of the unit that is or was a place."""
    return next(iter(histories(place=place).values()), None)


@transaction.atomic
def found(kind: str, name: str, decree: Decree = UNKNOWN, place: str | None = None, above: Unit | None = None) -> Unit:
    """A new unit; the one that is there, for a place that has one. Errors: ValidationError by field (name, above)."""
    if place is not None and (there := Unit.objects.filter(place=place).first()):
        return there
    _check_name(name)
    if above is not None:
        _check_above(kind, above, None)
    unit = Unit.objects.create(kind=kind, place=place)
    _write(unit, UnitStepCode.NAMED, decree, name=one_line(name))
    if above is not None:
        _write(unit, UnitStepCode.PLACED, decree, other=above)
    return unit


@transaction.atomic
def rename(unit: Unit, name: str, decree: Decree, today: date) -> None:
    """Errors: ValidationError by field (name, day)."""
    _check_name(name)
    _check_day(unit, decree, today)
    _write(unit, UnitStepCode.NAMED, decree, name=one_line(name))


@transaction.atomic
def place_below(unit: Unit, above: Unit, decree: Decree, today: date) -> None:
    """Errors: ValidationError by field (above, day)."""
    _check_above(unit.kind, above, unit)
    _check_day(unit, decree, today)
    _write(unit, UnitStepCode.PLACED, decree, other=above)


@transaction.atomic
def merge(unit: Unit, into: Unit, decree: Decree, today: date) -> None:
    """The unit goes into another of its kind. What stood below it stands below that one. Errors: ValidationError by field."""
    if unit == into or unit.kind != into.kind or _is_over(into):
        raise ValidationError({"into": [N_("Choose another of the same kind that is still there.")]})
    _check_day(unit, decree, today)
    for below in _below(unit, today):
        _write(below, UnitStepCode.PLACED, decree, other=into)
    _write(unit, UnitStepCode.MERGED, decree, other=into)


@transaction.atomic
def end_unit(unit: Unit, decree: Decree, today: date) -> None:
    """Errors: ValidationError by field (day, below)."""
    if _below(unit, today):
        raise ValidationError({"below": [N_("Other units stand below it: move or end them first.")]})
    _check_day(unit, decree, today)
    _write(unit, UnitStepCode.ENDED, decree)


def _below(unit: Unit, today: date) -> list[Unit]:
    """What stands below it and is not over."""
    known = histories()
    return [Unit.objects.get(pk=one.unit) for one in known.values() if one.above_on(today) == unit.pk and one.end is None]


def _write(unit: Unit, code: str, decree: Decree, name: str = "", other: Unit | None = None) -> None:
    UnitStep.objects.create(
        by=decree.by, unit=unit, code=code, day=decree.day.isoformat() if decree.day else "", name=name, other=other,
        reference=one_line(decree.reference)[:120],
    )  # fmt: skip


def _check_name(name: str) -> None:
    if not 0 < len(one_line(name)) <= LONGEST_NAME:
        raise ValidationError({"name": [N_("A unit needs a name of at most 120 letters.")]})


def _check_above(kind: str, above: Unit, unit: Unit | None) -> None:
    if above.kind not in ABOVE[kind] or _is_over(above) or (unit is not None and unit.pk in _chain_up(above)):
        raise ValidationError({"above": [N_("It cannot stand below this one.")]})


def _chain_up(unit: Unit) -> list[int]:
    """The unit and all that it stands below, at the latest."""
    known, met = histories(), [unit.pk]
    while (above := known[met[-1]].above_on(date.max)) is not None and above not in met:
        met.append(above)
    return met


def _check_day(unit: Unit, decree: Decree, today: date) -> None:
    if _is_over(unit):
        raise ValidationError({"day": [N_("This unit is no more.")]})
    if decree.day is None:
        raise ValidationError({"day": [N_("Say from which day on.")]})
    if decree.day > today:
        raise ValidationError({"day": [N_("This day is still to come: write it down when it is there.")]})


def _is_over(unit: Unit) -> bool:
    return unit.steps.filter(code__in=(UnitStepCode.MERGED, UnitStepCode.ENDED)).exists()
