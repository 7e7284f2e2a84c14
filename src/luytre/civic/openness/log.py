"""The rows of the logs that the public page is computed from, read from the tables or from an export of them alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from luytre.civic.access.audit import LOOKS_BACK
from luytre.civic.access.models import Look
from luytre.civic.chain.text import microseconds
from luytre.civic.incidents.models import IncidentStep
from luytre.civic.incidents.models import StepCode as IncidentCode
from luytre.civic.ledger.models import Line, Posting
from luytre.civic.petitions.models import PetitionStep
from luytre.civic.rights.kinds import Verdict
from luytre.civic.rights.models import BreachCode, BreachStep, ClaimCode, ClaimStep

BOOK = ("ledger_posting", "ledger_line")
TABLES = (
    "access_look", "incidents_incidentstep", "petitions_petitionstep", "rights_claimstep", "rights_breachstep", *BOOK,
)  # fmt: skip
REFERRED = timedelta(days=365)
"""So long before the period's end a look with an incident's number is looked for, and before its beginning an answer to a claim
whose term ends in it."""
ANSWERED = (ClaimCode.DECIDED, ClaimCode.WITHDRAWN)
_CLOSING = (IncidentCode.CLOSED, IncidentCode.REOPENED)


@dataclass(frozen=True, slots=True)
class Used:
    """A look. Moments are microseconds UTC, as the chain has them."""

    at_us: int
    kind: str
    camera: str
    purpose: str
    reference: str


@dataclass(frozen=True, slots=True)
class Did:
    """A step of an incident, a request, a claim or a breach."""

    at_us: int
    key: str
    code: str
    thing: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A posting; `lines`: amounts by account."""

    seq: int
    iso: str
    kind: str
    reverses: int | None
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Log:
    """`looks`, `incidents`, `requests` and `breaches` (closed as one) of the span; `claims`: decided or withdrawn up to its end;
    `referred`: the references of looks back up to its end; `book`: all of it, since what is reversed later was never there."""

    looks: tuple[Used, ...]
    incidents: tuple[Did, ...]
    requests: tuple[Did, ...]
    claims: tuple[Did, ...]
    breaches: tuple[Did, ...]
    referred: frozenset[str]
    book: tuple[Booked, ...]


Span = tuple[datetime, datetime]


def from_tables(span: Span) -> Log:
    """Errors: django.db.Error."""
    within = Q(at__gte=span[0], at__lt=span[1])
    looks = Look.objects.filter(within).order_by("seq").values_list("at", "kind", "camera", "purpose_key", "reference")
    steps = IncidentStep.objects.filter(within, code__in=_CLOSING).order_by("seq").values_list("at", "incident", "code", "thing")
    asked = PetitionStep.objects.filter(within).order_by("seq").values_list("at", "petition", "code", "thing")
    answered = ClaimStep.objects.filter(code__in=ANSWERED, at__gte=span[0] - REFERRED, at__lt=span[1])
    confirmed = BreachStep.objects.filter(within, code=BreachCode.CLOSED, thing=Verdict.CONFIRMED)
    back = Look.objects.filter(kind__in=LOOKS_BACK, at__gte=span[1] - REFERRED, at__lt=span[1]).exclude(reference="")
    lines: dict[int, list[tuple[str, int]]] = {}
    for posting, account, amount in Line.objects.order_by("seq").values_list("posting_id", "account", "amount_vnd"):
        lines.setdefault(posting, []).append((account, amount))
    book = Posting.objects.order_by("seq").values_list("seq", "iso", "kind", "reverses")
    return Log(
        tuple(Used(microseconds(at), *rest) for at, *rest in looks),
        tuple(Did(microseconds(at), *rest) for at, *rest in steps),
        tuple(Did(microseconds(at), *rest) for at, *rest in asked),
        tuple(Did(microseconds(at), *rest) for at, *rest in answered.order_by("seq").values_list("at", "claim", "code", "thing")),
        tuple(
            Did(microseconds(at), *rest) for at, *rest in confirmed.order_by("seq").values_list("at", "breach", "code", "thing")
        ),
        frozenset(back.values_list("reference", flat=True).distinct()),
        tuple(Booked(*row, tuple(lines.get(row[0], ()))) for row in book),
    )


def from_export(lines: Iterable[str], span: Span) -> Log:
    """Of a file that `luytre audit export` wrote. The caller has proved it (`chain.export.verify_export`)."""
    tables: dict[str, list[Mapping[str, Any]]] = {name: [] for name in TABLES}
    for name, columns in _rows(lines):
        if name in tables:
            tables[name].append(columns)
    start, end = microseconds(span[0]), microseconds(span[1])
    referred = (one for one in tables["access_look"] if microseconds(span[1] - REFERRED) <= one["at"] < end)
    book: dict[int, list[tuple[str, int]]] = {}
    for one in tables["ledger_line"]:
        book.setdefault(one["posting_id"], []).append((one["account"], one["amount_vnd"]))
    return Log(
        tuple(_used(one) for one in tables["access_look"] if start <= one["at"] < end),
        tuple(_did(one, "incident") for one in tables["incidents_incidentstep"]
              if start <= one["at"] < end and one["code"] in _CLOSING),
        tuple(_did(one, "petition") for one in tables["petitions_petitionstep"] if start <= one["at"] < end),
        tuple(_did(one, "claim") for one in tables["rights_claimstep"]
              if microseconds(span[0] - REFERRED) <= one["at"] < end and one["code"] in ANSWERED),
        tuple(_did(one, "breach") for one in tables["rights_breachstep"]
              if start <= one["at"] < end and one["code"] == BreachCode.CLOSED and one.get("thing") == Verdict.CONFIRMED),
        frozenset(one["reference"] for one in referred if one["kind"] in LOOKS_BACK and one.get("reference")),
        tuple(Booked(one["seq"], one["iso"], one["kind"], one.get("reverses"), tuple(book.get(one["seq"], ())))
              for one in tables["ledger_posting"]),
    )  # fmt: skip


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The first line is the file's head."""
    reading = iter(lines)
    next(reading, "")
    for line in reading:
        _digest, _tab, text = line.rstrip("\n").partition("\t")
        _previous, name, columns = json.loads(text)
        yield name, columns


def _used(one: Mapping[str, Any]) -> Used:
    return Used(one["at"], one["kind"], one["camera"], one.get("purpose_key", ""), one.get("reference", ""))


def _did(one: Mapping[str, Any], key: str) -> Did:
    return Did(one["at"], one[key], one["code"], one.get("thing", ""))
