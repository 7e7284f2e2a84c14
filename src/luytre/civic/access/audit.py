"""Looking through the access log: by person, camera, kind, days, purpose; and the looks that somebody should ask about.

Plain aggregates over the log, no score and no guess: each number can be counted again by the filter that it links to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour

from luytre.civic.access.models import Look, LookKind

NIGHT_FROM_H, NIGHT_TO_H = 22, 5
"""Night, by the commune's clock: from 22:00 until before 5:00."""
UNUSUAL_DAYS = 30
"""Unusual looks are counted over so many days until now."""
NIGHT_LOOKS = 20
"""So many looks of one person by night are much."""
SAME_CAMERA_LOOKS = 30
"""So many looks of one person at one camera are often."""
MOST_UNUSUAL = 20
"""Lines of each list, the highest first."""
LOOKS_BACK = (LookKind.HISTORY, LookKind.EXPORT)


@dataclass(frozen=True, slots=True)
class LookFilter:
    """What is looked for. Empty is everything; days are the commune's, both included."""

    zone: ZoneInfo
    person: int | None = None
    camera: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    purpose: str = ""
    """Words within the purpose, its key or the reference."""
    night: bool = False
    bare: bool = False
    """Looks back without a reference."""

    def found(self) -> QuerySet[Look]:
        """The rows, the newest first, by their number: the clock may have gone back."""
        rows = Look.objects.select_related("user").order_by("-seq")
        if self.person is not None:
            rows = rows.filter(user_id=self.person)
        if self.camera:
            rows = rows.filter(camera=self.camera)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.first:
            rows = rows.filter(at__gte=datetime.combine(self.first, time(), self.zone))
        if self.last and self.last < date.max:
            rows = rows.filter(at__lt=datetime.combine(self.last + timedelta(days=1), time(), self.zone))
        if self.purpose:
            said = Q(purpose__icontains=self.purpose) | Q(reference__icontains=self.purpose)
            rows = rows.filter(said | Q(purpose_key__icontains=self.purpose))
        rows = _by_night(rows, self.zone) if self.night else rows
        return rows.filter(kind__in=LOOKS_BACK, reference="") if self.bare else rows


def _by_night(rows: QuerySet[Look], zone: ZoneInfo) -> QuerySet[Look]:
    by_hour = rows.alias(hour=ExtractHour("at", tzinfo=zone))
    return by_hour.filter(Q(hour__gte=NIGHT_FROM_H) | Q(hour__lt=NIGHT_TO_H))


@dataclass(frozen=True, slots=True)
class Unusual:
    """One line: whom to ask, and about how many looks."""

    person: int
    looks: int
    camera: str = ""


@dataclass(frozen=True, slots=True)
class UnusualLooks:
    night: tuple[Unusual, ...]
    same_camera: tuple[Unusual, ...]
    bare: tuple[Unusual, ...]
    first: date
    """The first day that is counted."""


def unusual_looks(now: datetime, zone: ZoneInfo) -> UnusualLooks:
    """Over the last `UNUSUAL_DAYS` days of the commune, today included."""
    first = now.astimezone(zone).date() - timedelta(days=UNUSUAL_DAYS - 1)
    rows = LookFilter(zone, first=first).found().order_by()
    return UnusualLooks(
        night=_most(_by_night(rows, zone), NIGHT_LOOKS),
        same_camera=_most(rows, SAME_CAMERA_LOOKS, "camera"),
        bare=_most(rows.filter(kind__in=LOOKS_BACK, reference=""), 1),
        first=first,
    )


def _most(rows: QuerySet[Look], least: int, *also: str) -> tuple[Unusual, ...]:
    counted = rows.values("user_id", *also).annotate(looks=Count("seq")).filter(looks__gte=least)
    found = counted.order_by("-looks", "user_id", *also)[:MOST_UNUSUAL]
    return tuple(Unusual(row["user_id"], row["looks"], row.get("camera", "")) for row in found)
