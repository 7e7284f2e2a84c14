"""Which claims and breaches wait, those that must not wait longer first; and what is restricted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Value

from luytre.civic.petitions.models import Petition
from luytre.civic.rights.kinds import End, Right, State
from luytre.civic.rights.models import Breach, Claim


@dataclass(frozen=True, slots=True)
class Pressing:
    """`late`: its clock ran out."""

    claim: Claim
    late: bool


def one_of(claim: Claim, at: datetime) -> Pressing:
    return Pressing(claim, claim.due is not None and claim.due <= at)


def pressing(at: datetime) -> list[Pressing]:
    """All that are open, by their clocks: so those that ran out stand first. One query."""
    return [one_of(one, at) for one in Claim.objects.exclude(state=State.CLOSED).order_by("due", "pk")]


@dataclass(frozen=True, slots=True)
class Asked:
    """How many requests to see footage and how many claims are not finished with."""

    petitions: int
    claims: int


def asked_open() -> Asked:
    """For the navigation of every page, so both in one query; the caller has seen to who is told."""
    petitions, claims = (
        model._default_manager.exclude(state=State.CLOSED)
        .order_by()
        .values_list(Value(model._meta.model_name))
        .annotate(Count("pk"))
        for model in (Petition, Claim)
    )
    found = dict(petitions.union(claims, all=True))
    return Asked(found.get("petition", 0), found.get("claim", 0))


def to_notify() -> list[Breach]:
    """Open breaches whose notice was not given, the shortest time first; one that turned out to be none is closed without."""
    return list(Breach.objects.filter(notified=None, closed=None).order_by("notice_due", "pk"))


def restrictions(subject: str, thing: str) -> list[Claim]:
    """Claims by which the use of this thing (by key) is restricted now."""
    kept = Claim.objects.filter(right=Right.RESTRICT, finish=End.DONE, lifted=None, subject=subject, thing=thing)
    return list(kept.order_by("closed")) if thing else []
