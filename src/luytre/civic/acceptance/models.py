"""The one table of acceptance: its steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.civic.chain.models import ChainedModel


class StepCode(models.TextChoices):
    """What was done, in the order in which the page offers it."""

    BEGUN = "begun", N_("begun")
    DEVICE = "device", N_("device")
    PICTURE = "picture", N_("picture")
    WALK = "walk", N_("walk test")
    SIGN = "sign", N_("notice sign")
    OWNER = "owner", N_("owner's agreement")
    PASSED = "passed", N_("accepted")
    LEFT = "left", N_("broken off")


class Finding(models.TextChoices):
    GOOD = "good", N_("good")
    LACKING = "lacking", N_("goes on, with a remark")
    BAD = "bad", N_("must be mended first")


class AcceptanceStep(ChainedModel):
    """One step of an acceptance. No owner's name or telephone is here: they stay in the register, where they can be erased."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    acceptance = models.CharField(max_length=20, db_index=True)
    """The acceptance's key."""
    eye = models.CharField(max_length=20, db_index=True)
    """The eye's key."""
    camera = models.CharField(max_length=63, blank=True)
    """The camera's key at that moment."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    note = models.CharField(max_length=400, blank=True)
    facts = models.TextField(default="{}")
    """JSON: what was measured or told, by its name (`facts.py`)."""
    picture = models.CharField(max_length=64, blank=True)
    """SHA-256 of the picture that belongs to it."""

    objects: ClassVar[models.Manager[AcceptanceStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="acceptance_step_known"),
            models.CheckConstraint(
                condition=models.Q(code__in=["begun", "left", "passed"], finding="")
                | models.Q(code__in=["device", "picture", "walk", "sign", "owner"], finding__in=Finding.values),
                name="acceptance_step_has_its_finding",
            ),
            models.UniqueConstraint(
                fields=["acceptance"], condition=models.Q(code="begun"), name="acceptance_begun_once",
            ),
            models.UniqueConstraint(
                fields=["acceptance"], condition=models.Q(code__in=["passed", "left"]), name="acceptance_ends_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.acceptance} {self.code}"
