"""Claims and confirmed breaches as other rooms count them: reports and pacts. No name, no word of anybody.

Each function has its own moment, so that spans that touch count nothing twice. A span goes from `start` up to `end`, which is not
in it; both are aware. The public page counts the steps of the log instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.rights.kinds import Decision, Verdict
from luytre.civic.rights.models import Breach, Claim, ClaimCode, ClaimStep


@dataclass(frozen=True, slots=True)
class CountedClaim:
    """`at`: the moment by which it is counted; `in_time`: it lies within the term, as it was extended. `refused`: as it was
    decided last."""

    key: str
    sign: str
    right: str
    at: datetime
    refused: bool
    in_time: bool


@dataclass(frozen=True, slots=True)
class CountedBreach:
    """A confirmed one. `place`: the hamlet's key, empty: the commune's. `in_time`: the authority had its notice in 72 hours."""

    key: str
    sign: str
    noticed: datetime
    confirmed: datetime
    place: str
    in_time: bool


def received(start: datetime, end: datetime) -> list[CountedClaim]:
    """Claims that came in."""
    found = Claim.objects.filter(received__gte=start, received__lt=end).order_by("received", "pk")
    return [_claim(one, one.received) for one in found]


def decided(start: datetime, end: datetime) -> list[CountedClaim]:
    """Claims that were decided, whenever they came in; one that was decided anew counts at its first decision."""
    found = _answered().filter(answered__gte=start, answered__lt=end).order_by("answered", "pk")
    return [_claim(one, one.answered) for one in found]


def ran_out(start: datetime, end: datetime) -> list[CountedClaim]:
    """Claims whose term ended without a decision while they were open, whatever was decided later."""
    undecided = Q(answered=None) | Q(answered__gt=F("act_due"))
    opened = Q(closed=None) | Q(closed__gt=F("act_due"))
    found = _answered().filter(undecided, opened, act_due__gte=start, act_due__lt=end).order_by("act_due", "pk")
    return [_claim(one, one.act_due) for one in found]


def _answered() -> QuerySet[Any]:
    """Claims with the moment of their first decision as `answered`."""
    steps = ClaimStep.objects.filter(claim=OuterRef("key"), code=ClaimCode.DECIDED).order_by("seq")
    return Claim.objects.annotate(answered=Subquery(steps.values("at")[:1]))


def confirmed(start: datetime, end: datetime) -> list[CountedBreach]:
    """Breaches whose file was closed as one, whenever they were noticed."""
    return _breaches(Breach.objects.filter(verdict=Verdict.CONFIRMED, closed__gte=start, closed__lt=end).order_by("closed", "pk"))


def noticed(start: datetime, end: datetime, place: Hamlet | int) -> list[CountedBreach]:
    """Confirmed breaches of a hamlet (or its primary key) that were noticed in the span, whenever they were confirmed."""
    found = Breach.objects.filter(verdict=Verdict.CONFIRMED, hamlet=place, noticed__gte=start, noticed__lt=end)
    return _breaches(found.order_by("noticed", "pk"))


def _claim(one: Claim, at: datetime) -> CountedClaim:
    return CountedClaim(one.key, one.sign, one.right, at, one.decision == Decision.REFUSED, at <= one.act_due)


def _breaches(found: QuerySet[Breach]) -> list[CountedBreach]:
    return [
        CountedBreach(
            one.key, one.sign, one.noticed, one.closed, place_key(one.hamlet) if one.hamlet else "",
            one.notified is not None and one.notified <= one.notice_due,
        )
        for one in found.select_related("hamlet") if one.closed is not None
    ]  # fmt: skip
