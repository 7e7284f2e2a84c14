"""Outages, and how far the time was watched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.civic.upkeep.faults import Fault


class Watching(models.Model):
    """How far the time was watched (a single row)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    begun = models.DateTimeField()
    """The first look of all: what was before nobody knows."""
    looked = models.DateTimeField()
    """The last one."""

    objects: ClassVar[models.Manager[Watching]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_watching"),
        ]

    def __str__(self) -> str:
        return f"{self.begun:%Y-%m-%dT%H:%MZ}–{self.looked:%Y-%m-%dT%H:%MZ}"


class Outage(models.Model):
    """A fault of a camera from `start` to `end` (empty: it goes on); of the machine where `camera` is empty."""

    camera = models.CharField(max_length=63, blank=True)
    """The camera's key."""
    fault = models.CharField(max_length=12, choices=Fault.choices)
    start = models.DateTimeField(db_index=True)
    end = models.DateTimeField(null=True, db_index=True)
    how = models.CharField(max_length=8, blank=True)
    """How it ended (`watch.How`)."""
    cause = models.CharField(max_length=40, blank=True)
    """The recorder's code: a problem, a state of its disk."""

    objects: ClassVar[models.Manager[Outage]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["start", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(fault__in=Fault.values), name="outage_fault_known"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")), name="outage_ends"
            ),
            models.UniqueConstraint(fields=["camera", "fault"], condition=models.Q(end__isnull=True), name="one_open_outage"),
        ]

    def __str__(self) -> str:
        return f"{self.camera or '*'} {self.fault} {self.start:%Y-%m-%dT%H:%MZ}"
