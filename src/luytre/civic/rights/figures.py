"""Numbers for reports, the public page and pacts. No name, no word of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q
from django.utils.timezone import make_aware

from luytre.civic.registry.models import Hamlet
from luytre.civic.rights.kinds import MEETS, Decision, Right, Verdict
from luytre.civic.rights.models import Breach, Claim


@dataclass(frozen=True, slots=True)
class RightCount:
    """Of one right: claims that came in, were decided so, and were late: decided after their term, or still open past it."""

    right: str
    asked: int
    granted: int
    refused: int
    late: int


def claims(first: date, last: date, now: datetime) -> tuple[RightCount, ...]:
    """By right, of claims that came in on these days (both count)."""
    late = Q(decided__gt=F("act_due")) | Q(decided=None, closed=None, act_due__lt=now)
    rows = Claim.objects.filter(received__gte=_start(first), received__lt=_start(last + timedelta(days=1))).order_by()
    found = {
        one["right"]: one
        for one in rows.values("right").annotate(
            asked=Count("pk"), granted=Count("pk", filter=Q(decision__in=[Decision.GRANTED, *MEETS])),
            refused=Count("pk", filter=Q(decision=Decision.REFUSED)), late=Count("pk", filter=late),
        )
    }  # fmt: skip
    none = {"asked": 0, "granted": 0, "refused": 0, "late": 0}
    return tuple(
        RightCount(right, one["asked"], one["granted"], one["refused"], one["late"])
        for right in Right.values
        for one in [found.get(right, none)]
    )


def breaches(first: date, last: date, place: Hamlet | None = None) -> int:
    """How many breaches that were noticed on these days (both count) were confirmed; of one hamlet, or of all."""
    found = Breach.objects.filter(
        verdict=Verdict.CONFIRMED, noticed__gte=_start(first), noticed__lt=_start(last + timedelta(days=1))
    )
    return found.count() if place is None else found.filter(hamlet=place).count()


def _start(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))
