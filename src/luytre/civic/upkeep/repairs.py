"""Repairs: who mended what, with which part, at what cost. Rows are never changed: one that was wrong is corrected by another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.base.money import MOST_VND
from luytre.civic.access.models import User
from luytre.civic.registry.eye_checks import check_lengths
from luytre.civic.registry.refusals import Refusals
from luytre.civic.upkeep.models import Outage, Repair, Ticket

LIMITS = {"who": 120, "what": 400, "part": 120}


@dataclass(frozen=True, slots=True)
class RepairDraft:
    """`cost_vnd`: whole dong, 0 where it cost nothing. `camera`: one of the ticket's, or empty. `corrects`: a row's number."""

    day: date
    who: str
    what: str
    cost_vnd: int
    part: str = ""
    camera: str = ""
    warranty_until: date | None = None
    corrects: int | None = None


@transaction.atomic
def record_repair(by: User, ticket: Ticket, draft: RepairDraft, at: datetime) -> Repair:
    """Errors: ValidationError by field (`registry.refusals.said` has the words)."""
    texts = {name: one_line(getattr(draft, name)) for name in LIMITS}
    refused = Refusals()
    check_lengths(refused, texts, LIMITS)
    for name, words in (("who", N_("Say who mended it.")), ("what", N_("Say what was mended."))):
        if not texts[name]:
            refused.tell(name, words)
    if draft.day > localdate(at):
        refused.tell("day", N_("This day is still to come."))
    if not 0 <= draft.cost_vnd <= MOST_VND:
        refused.tell("cost", N_("this is no amount of money"))
    if draft.warranty_until is not None and draft.warranty_until < draft.day:
        refused.tell("warranty_until", N_("The warranty cannot be over before the repair."))
    if draft.camera and draft.camera not in cameras_of_ticket(ticket):
        refused.tell("camera", N_("This camera does not belong to it."))
    if draft.corrects is not None and not _may_correct(ticket, draft.corrects):
        refused.tell("corrects", N_("This row is corrected already, or there is none of this number here."))
    refused.raise_any()
    return Repair.objects.create(
        at=at, by=by, ticket=ticket.key, camera=draft.camera, day=draft.day.isoformat(), cost_vnd=draft.cost_vnd,
        warranty_until=draft.warranty_until.isoformat() if draft.warranty_until else "", corrects=draft.corrects, **texts,
    )  # fmt: skip


def _may_correct(ticket: Ticket, number: int) -> bool:
    there = Repair.objects.filter(ticket=ticket.key, seq=number).exists()
    return there and not Repair.objects.filter(corrects=number).exists()


def cameras_of_ticket(ticket: Ticket) -> frozenset[str]:
    """Keys of the cameras of its outages, and its own."""
    found = Outage.objects.filter(ticket=ticket).exclude(camera="").values_list("camera", flat=True)
    return frozenset(found) | ({ticket.camera} if ticket.camera else frozenset())


def repairs_of(ticket: Ticket) -> list[Repair]:
    """All rows, in order, also those that were corrected."""
    return list(Repair.objects.filter(ticket=ticket.key).select_related("by"))


def in_force(rows: Iterable[Repair]) -> list[Repair]:
    """Those that no other row stands in place of."""
    found = list(rows)
    replaced = {one.corrects for one in found}
    return [one for one in found if one.seq not in replaced]


@dataclass(frozen=True, slots=True)
class RepairLine:
    """A row as sheets and the ledger have it. `number`: its own, for ever. `replaced_by`: another stands in its place, and its
    cost does not count. `fault`: of its ticket. `cost_vnd`: whole dong."""

    number: int
    day: date
    ticket: str
    fault: str
    camera: str
    what: str
    part: str
    who: str
    cost_vnd: int
    warranty_until: date | None
    replaced_by: int | None
    by: str


def between(first: date, last: date, scope: QuerySet[Ticket]) -> tuple[RepairLine, ...]:
    """What was mended on these days, both among them, on tickets of `scope` (`scope.tickets_of`; all: `Ticket.objects.all()`),
    by day. A row that was replaced names the other also where that one is of another day. Three queries."""
    faults = dict(scope.values_list("key", "fault"))
    rows = Repair.objects.filter(day__gte=first.isoformat(), day__lte=last.isoformat()).select_related("by")
    found = [row for row in rows.order_by("day", "seq") if row.ticket in faults]
    replaced = dict(Repair.objects.filter(corrects__isnull=False).values_list("corrects", "seq"))
    return tuple(_line(row, faults[row.ticket], replaced.get(row.seq)) for row in found)


def _line(row: Repair, fault: str, replaced_by: int | None) -> RepairLine:
    until = date.fromisoformat(row.warranty_until) if row.warranty_until else None
    return RepairLine(
        row.seq, date.fromisoformat(row.day), row.ticket, fault, row.camera, row.what, row.part, row.who, row.cost_vnd, until,
        replaced_by, str(row.by),
    )  # fmt: skip


def years_of(today: date) -> list[int]:
    """In which something was mended, and this one; the newest first."""
    first = Repair.objects.aggregate(first=Min("day"))["first"]
    return list(range(today.year, (date.fromisoformat(first).year if first else today.year) - 1, -1))


def cost_vnd(rows: Iterable[Repair]) -> int:
    """What they cost together; a row that was corrected does not count."""
    return sum(one.cost_vnd for one in in_force(rows))
