"""The tables of the wiring: what cameras hang on, and the firms that look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id

if TYPE_CHECKING:
    from luytre.civic.registry.models import Camera


class FeedKind(models.TextChoices):
    """What takes many cameras with it when it fails."""

    SWITCH = "switch", N_("network switch")
    LINE = "line", N_("cable line")
    POWER = "power", N_("power supply")
    POLE = "pole", N_("pole")


class Firm(models.Model):
    """A company that mends: the maker's agent, the telephone company, the power company."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    """In no step of the history."""
    note = models.CharField(max_length=400, blank=True)
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Firm]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A switch, a line, a power supply or a pole. What hangs on it hangs on its parent too (`registry.wiring`)."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    kind = models.CharField(max_length=10, choices=FeedKind.choices)
    name = models.CharField(max_length=120)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.SET_NULL, related_name="feeds")
    parent = models.ForeignKey("registry.Feed", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    firm = models.ForeignKey("registry.Firm", null=True, blank=True, on_delete=models.PROTECT, related_name="feeds")
    note = models.CharField(max_length=400, blank=True)
    cameras: models.ManyToManyField[Camera, models.Model] = models.ManyToManyField("registry.Camera", related_name="feeds")
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Feed]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=FeedKind.values), name="feed_kind_known"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="feed_hangs_not_on_itself"),
        ]

    def __str__(self) -> str:
        return self.name
