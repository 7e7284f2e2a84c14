"""What was written down of single days, line by line."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.civic.chain.models import ChainedModel

LONGEST_WORDS = 120


class Said(models.TextChoices):
    OFF = "off", N_("day off")
    WORKED = "worked", N_("worked in exchange")
    USUAL = "usual", N_("as every week")
    CHECKED = "checked", N_("year held against the announcement")


class DayStep(ChainedModel):
    """A line of the book. `iso`: the day, YYYY-MM-DD, since chained rows hold no dates; of CHECKED the year's first."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    iso = models.CharField(max_length=10, db_index=True)
    said = models.CharField(max_length=10, choices=Said.choices)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)

    objects: ClassVar[models.Manager[DayStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(said__in=Said.values), name="workdays_said_known"),
        ]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.iso)

    def __str__(self) -> str:
        return f"{self.iso} {self.said}"
