"""What an alarm shows in figures: minutes to the first answer, who was not reached, and how each party did over many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import QuerySet

from luytre.civic.registry.order import name_key
from luytre.civic.signals.kinds import Answer
from luytre.civic.signals.models import Called, Sounding


@dataclass(frozen=True, slots=True)
class Count:
    """Of one alarm. Minutes are whole ones; None: nobody answered, or came."""

    called: int
    answered: int
    coming: int
    here: int
    first_min: int | None
    there_min: int | None
    unreached: tuple[Called, ...]
    """Parties that neither were reached nor answered."""


@dataclass(frozen=True, slots=True)
class Record:
    """How one party did over several alarms. Minutes to its first answer."""

    actor: str
    name: str
    called: int
    answered: int
    came: int
    usual_min: float | None
    slowest_min: int | None


def minutes(sounding: Sounding, moment: datetime | None) -> int | None:
    """Whole minutes from the sounding; None for a moment that never was."""
    return None if moment is None else max(0, int((moment - sounding.sounded).total_seconds() // 60))


def count(sounding: Sounding, called: Iterable[Called]) -> Count:
    parties = [one for one in called if one.person_id is None]
    first = min((one.answered for one in parties if one.answered), default=None)
    there = min((one.here for one in parties if one.here), default=None)
    states = [one.state for one in parties]
    return Count(
        len(parties), sum(state != Answer.WAITING for state in states), states.count(Answer.COMING), states.count(Answer.HERE),
        minutes(sounding, first), minutes(sounding, there),
        tuple(one for one in parties if one.state == Answer.WAITING and one.reached is not True),
    )  # fmt: skip


def records(soundings: Iterable[Sounding], called: QuerySet[Called]) -> list[Record]:
    """Of each party, by role and name: the police first, then by hamlet. `called`: those that the reader meets. One query."""
    known = {one.pk: one for one in soundings}
    found: dict[tuple[str, str], list[Called]] = {}
    rows = called.filter(sounding__in=known, person=None).select_related("hamlet")
    for one in sorted(rows, key=lambda each: (name_key(each.hamlet.name if each.hamlet else ""), each.rank)):
        found.setdefault((one.actor, one.name), []).append(one)
    return [_record(actor, name, rows, known) for (actor, name), rows in found.items()]


def _record(actor: str, name: str, rows: list[Called], known: dict[int, Sounding]) -> Record:
    took = [took for one in rows if (took := minutes(known[one.sounding_id], one.answered)) is not None]
    came = sum(one.here is not None for one in rows)
    return Record(
        actor, name, len(rows), len(took), came, float(median(took)) if took else None, max(took) if took else None
    )  # fmt: skip
