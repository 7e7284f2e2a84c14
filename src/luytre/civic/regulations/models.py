"""A draft, which people write, and versions, which were approved. From one to the other leads `approval.approve` alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.civic.chain.models import ChainedModel


class Regulation(models.TextChoices):
    """Which regulation. Each has its own versions and its own kind of rules."""

    USAGE = "usage", N_("usage regulation")
    COORDINATION = "coordination", N_("coordination regulation")


class Draft(models.Model):
    """What the next version is to be; one a regulation. `stamp` grows with every writing, so that nobody overwrites another's."""

    kind = models.CharField(max_length=20, choices=Regulation.choices, unique=True)
    text = models.TextField()
    stamp = models.PositiveIntegerField(default=1)
    proposal = models.BooleanField(default=False)
    """It began as the proposal that comes with the program."""
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    written = models.DateTimeField()

    objects: ClassVar[models.Manager[Draft]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.kind} draft {self.stamp}"


class Version(ChainedModel):
    """A version that was approved. A chained table: neither changed nor removed, and `luytre audit verify` proves it."""

    kind = models.CharField(max_length=20, choices=Regulation.choices)
    number = models.PositiveIntegerField()
    text = models.TextField()
    text_digest = models.CharField(max_length=64)
    """SHA-256 of `text`; asked when it is read, and printed on the paper."""
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved = models.DateTimeField()
    in_force_from = models.DateTimeField()

    objects: ClassVar[models.Manager[Version]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "number"], name="version_numbered_once"),
            models.UniqueConstraint(fields=["kind", "in_force_from"], name="one_version_begins_at_a_moment"),
            models.CheckConstraint(condition=models.Q(kind__in=Regulation.values), name="regulation_known"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(in_force_from__gte=models.F("approved")), name="in_force_after_its_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
