"""A hamlet's telephone tree: who calls whom, in which order. Numbers lie sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, UnitKind
from luytre.civic.access.units import histories
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.seal import seal
from luytre.civic.signals.models import MOST_NAME, TreeLine

MOST = 60
MOST_PHONE = 30


@dataclass(frozen=True, slots=True)
class Below:
    """A unit that stands below a hamlet, as it is called today."""

    unit: int
    name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A line where it stands in the tree. `depth` 0: called by whoever sounds the alarm."""

    line: TreeLine
    depth: int


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What is typed. `caller`: the key of the line that calls; empty: whoever sounds the alarm. `unit`: its number, or None."""

    name: str
    phone: str = ""
    caller: str = ""
    unit: int | None = None


def units_below(hamlet: Hamlet, today: date) -> list[Below]:
    """The units of the organisation that stand right below the hamlet and are not over, by name. Two queries."""
    known = histories()
    top = next((one.unit for one in known.values() if one.place == place_key(hamlet)), None)
    found = [
        Below(one.unit, one.name_on(today))
        for one in known.values()
        if one.kind == UnitKind.UNIT and one.end is None and top is not None and one.above_on(today) == top
    ]
    return sorted(found, key=lambda one: one.name)


def tree_of(hamlet: Hamlet) -> list[Branch]:
    """As it is called: each line, then those that it calls. One query."""
    lines = list(TreeLine.objects.filter(hamlet=hamlet).select_related("caller", "unit"))
    return list(_walk(lines, None, 0))


def _walk(lines: list[TreeLine], caller: int | None, depth: int) -> Iterator[Branch]:
    for line in lines:
        if line.caller_id == caller:
            yield Branch(line, depth)
            yield from _walk(lines, line.pk, depth + 1)


def add(hamlet: Hamlet, draft: LineDraft, today: date) -> TreeLine:
    """Errors: ValidationError by field (name, phone, caller, unit)."""
    with transaction.atomic():
        there = list(TreeLine.objects.select_for_update().filter(hamlet=hamlet))
        if len(there) >= MOST:
            raise ValidationError({"name": N_("60 lines at most.")})
        made = TreeLine(hamlet=hamlet, rank=1 + max((one.rank for one in there), default=0))
        _fill(made, draft, there, today)
    return made


def change(line: TreeLine, draft: LineDraft, today: date) -> None:
    """Errors: ValidationError by field (name, phone, caller, unit)."""
    with transaction.atomic():
        there = list(TreeLine.objects.select_for_update().filter(hamlet=line.hamlet_id))
        found = next((one for one in there if one.pk == line.pk), None)
        if found is None:
            raise ValidationError({"name": N_("Somebody took this line out.")})
        _fill(found, draft, there, today)


def _fill(line: TreeLine, draft: LineDraft, there: list[TreeLine], today: date) -> None:
    name, phone, faults = one_line(draft.name), one_line(draft.phone), dict[str, str]()
    if not 0 < len(name) <= MOST_NAME:
        faults["name"] = N_("Say who is called, in at most 120 letters.")
    if PHONE.fullmatch(phone) is None or len(phone) > MOST_PHONE:
        faults["phone"] = N_("A telephone number has digits only, like 0912 345 678.")
    caller = next((one for one in there if one.key == draft.caller), None)
    if draft.caller and (caller is None or (line.pk is not None and line.pk in _up(caller, there))):
        faults["caller"] = N_("Nobody can be called by whom they call themselves: choose another.")
    if draft.unit is not None and draft.unit not in {one.unit for one in units_below(line.hamlet, today)}:
        faults["unit"] = N_("This unit does not stand below the hamlet.")
    elif draft.unit is not None and any(one.unit_id == draft.unit and one.pk != line.pk for one in there):
        faults["unit"] = N_("This unit has a line already.")
    if faults:
        raise ValidationError(faults)
    line.name, line.sealed_phone, line.caller = name, seal(phone), caller
    line.unit = Unit.objects.get(pk=draft.unit) if draft.unit is not None else None
    line.save()


def _up(line: TreeLine, there: list[TreeLine]) -> set[int]:
    """The line and all above it."""
    known, met, at = {one.pk: one for one in there}, set[int](), line.pk
    while at in known and at not in met:
        met.add(at)
        at = known[at].caller_id or 0
    return met


def remove(line: TreeLine) -> None:
    """Those that it called are called by who called it."""
    with transaction.atomic():
        line.below.update(caller=line.caller)
        line.delete()


def earlier(line: TreeLine) -> None:
    """Called before the one that stands before it; nothing for the first."""
    with transaction.atomic():
        beside = list(TreeLine.objects.select_for_update().filter(hamlet=line.hamlet_id, caller=line.caller_id))
        place = next((number for number, one in enumerate(beside) if one.pk == line.pk), 0)
        if place:
            mine, other = beside[place], beside[place - 1]
            mine.rank, other.rank = other.rank, mine.rank
            mine.save(update_fields=["rank"])
            other.save(update_fields=["rank"])


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: its lines come after the other's. Within its transaction."""
    last = max(TreeLine.objects.filter(hamlet=new).values_list("rank", flat=True), default=0)
    for number, line in enumerate(TreeLine.objects.filter(hamlet=old), start=1):
        line.hamlet, line.rank = new, last + number
        line.save(update_fields=["hamlet", "rank"])
