"""Claims and confirmed breaches as other rooms count them: reports and pacts. No name, no word of anybody.

Each function has its own moment, so that spans that touch count nothing twice. A span goes from `start` up to `end`, which is not
in it; both are aware. The public page counts the steps of the log instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.rights.kinds import Decision, Verdict
from luytre.civic.rights.models import Breach, Claim


@dataclass(frozen=True, slots=True)
class CountedClaim:
    """`at`: the moment by which it is counted. `refused` and `in_time`: of what was decided. Its term is the extended one."""

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
    """Claims that were decided, whenever they came in."""
    found = Claim.objects.filter(decided__gte=start, decided__lt=end).order_by("decided", "pk")
    return [_claim(one, one.decided) for one in found if one.decided is not None]


def ran_out(start: datetime, end: datetime) -> list[CountedClaim]:
    """Claims whose term ended without a decision while they were open, whatever was decided later."""
    undecided = Q(decided=None) | Q(decided__gt=F("act_due"))
    opened = Q(closed=None) | Q(closed__gt=F("act_due"))
    found = Claim.objects.filter(undecided, opened, act_due__gte=start, act_due__lt=end).order_by("act_due", "pk")
    return [_claim(one, one.act_due) for one in found]


def confirmed(start: datetime, end: datetime) -> list[CountedBreach]:
    """Breaches whose file was closed as one, whenever they were noticed."""
    return _breaches(Breach.objects.filter(verdict=Verdict.CONFIRMED, closed__gte=start, closed__lt=end).order_by("closed", "pk"))


def noticed(start: datetime, end: datetime, place: Hamlet | int) -> list[CountedBreach]:
    """Confirmed breaches of a hamlet (or its primary key) that were noticed in the span, whenever they were confirmed."""
    found = Breach.objects.filter(verdict=Verdict.CONFIRMED, hamlet=place, noticed__gte=start, noticed__lt=end)
    return _breaches(found.order_by("noticed", "pk"))


def _claim(one: Claim, at: datetime) -> CountedClaim:
    in_time = one.decided is not None and one.decided <= one.act_due
    return CountedClaim(one.key, one.sign, one.right, at, one.decision == Decision.REFUSED, in_time)


def _breaches(found: QuerySet[Breach]) -> list[CountedBreach]:
    return [
        CountedBreach(
            one.key, one.sign, one.noticed, one.closed, place_key(one.hamlet) if one.hamlet else "",
            one.notified is not None and one.notified <= one.notice_due,
        )
        for one in found.select_related("hamlet") if one.closed is not None
    ]  # fmt: skip
