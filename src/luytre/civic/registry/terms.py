"""Terms under which an owner lends an eye, as versions that are never changed, and the matters that open eyes lent on alarm.

What follows of them is `registry.lending`; how they were agreed on is `civic.movement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import shapely
from django.db import models

from luytre.base.i18n import N_
from luytre.base.polygons import SCALE, read_polygons
from luytre.civic.chain.models import ChainedModel
from luytre.civic.registry.register import Tier
from luytre.civic.regulations.rules import MINUTES_A_DAY, Hours

_MINUTES = range(MINUTES_A_DAY)
NOTHING_HIDDEN = "[]"
_NEAR = SCALE / 1000
"""Areas count as the same where their edges are no farther apart (a thousandth of the picture)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an owner agreed to. `hours` None: at any hour; in them it may be watched and recorded. `days` 0: as long as the
    regulation keeps footage; else at most so many. `areas`: what must stay hidden, as `base.polygons` writes it. `last_day` None:
    until it is withdrawn. `number` 0: not in force yet."""

    tier: str
    hours: Hours | None = None
    days: int = 0
    areas: str = NOTHING_HIDDEN
    withdrawn: bool = False
    number: int = 0
    last_day: date | None = None

    def is_over(self, day: date) -> bool:
        """Whether nothing is lent any longer on this day."""
        return self.withdrawn or (self.last_day is not None and self.last_day < day)


class LendingVersion(ChainedModel):
    """The terms of one eye from `at` on, until the next version of them. Written once (`registry.lending`)."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the owner, by a link without an account."""
    eye = models.CharField(max_length=20, db_index=True)
    """The eye's key."""
    camera = models.CharField(max_length=63, blank=True)
    """The key of the camera that was connected then."""
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the eye."""
    tier = models.CharField(max_length=20, choices=Tier.choices)
    hours_start = models.PositiveIntegerField(null=True)
    hours_end = models.PositiveIntegerField(null=True)
    """Minutes from midnight in the commune's time; both empty: at any hour."""
    days = models.PositiveIntegerField(default=0)
    areas = models.TextField(default=NOTHING_HIDDEN)
    last_day = models.CharField(max_length=10, blank=True)
    """YYYY-MM-DD, since chained rows hold no dates; empty: until it is withdrawn."""
    withdrawn = models.BooleanField(default=False)
    signed = models.BooleanField()
    """False: the owner's word was enough, since it allows less than before."""

    objects: ClassVar[models.Manager[LendingVersion]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["eye", "number"], name="lending_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="lendings_count_from_one"),
            models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="lending_tier_known"),
            models.CheckConstraint(
                condition=models.Q(hours_start__isnull=True, hours_end__isnull=True)
                | (
                    models.Q(hours_start__lt=MINUTES_A_DAY, hours_end__lt=MINUTES_A_DAY)
                    & ~models.Q(hours_start=models.F("hours_end"))
                ),
                name="lending_hours_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.eye} {self.number} {self.tier}"

    def terms(self) -> Terms:
        hours = None if self.hours_start is None or self.hours_end is None else Hours(self.hours_start, self.hours_end)
        day = date.fromisoformat(self.last_day) if self.last_day else None
        return Terms(self.tier, hours, self.days, self.areas, self.withdrawn, self.number, day)


class OpeningCode(models.TextChoices):
    OPENED = "opened", N_("opened")
    CLOSED = "closed", N_("closed")


class LendingOpening(ChainedModel):
    """A matter opens the eyes that are lent on alarm, at a place and until a moment at most; or it is over before that."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program, because an alarm was sounded or an incident opened."""
    matter = models.CharField(max_length=40, db_index=True)
    """What it is, as whoever wrote it calls it: one matter is open once."""
    code = models.CharField(max_length=10, choices=OpeningCode.choices)
    place = models.CharField(max_length=40, blank=True)
    """A hamlet's place (`grants.place_key`) or `eye:KEY`; empty: the whole commune."""
    reference = models.CharField(max_length=120, blank=True)
    """The number that people know it by."""
    until = models.DateTimeField(null=True)
    """With an opening: the moment at which it is over by itself."""

    objects: ClassVar[models.Manager[LendingOpening]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=OpeningCode.values), name="lending_opening_known"),
            models.CheckConstraint(
                condition=models.Q(code="closed", until__isnull=True) | models.Q(code="opened", until__gt=models.F("at")),
                name="lending_opening_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.matter} {self.code}"


def terms_of(eye_key: str) -> Terms | None:
    """Those in force; None while nothing was ever agreed on."""
    found = LendingVersion.objects.filter(eye=eye_key).order_by("-number").first()
    return found.terms() if found is not None else None


def minutes_of(hours: Hours | None) -> frozenset[int]:
    return frozenset(minute for minute in _MINUTES if hours is None or hours.covers(minute))


def hides(areas: str, wanted: str) -> bool:
    """Whether `areas` hide all that `wanted` hides, but for a thousandth of the picture."""
    shown, asked = (shapely.union_all([shapely.Polygon(one) for one in read_polygons(text)]) for text in (areas, wanted))
    return bool(asked.is_empty or shapely.covers(shapely.buffer(shown, _NEAR), asked))
