"""Requests for clips and the decisions on them: chained tables, so that what was asked and who agreed stays as it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel


class ClipRequest(ChainedModel):
    """Somebody wants one span of some cameras to leave the station."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="clip_requests")
    cameras = models.TextField()
    """Keys, with commas; sorted."""
    span_start = models.DateTimeField()
    span_end = models.DateTimeField()
    purpose_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)
    persons = models.PositiveSmallIntegerField()
    """How many had to agree when it was made."""
    made = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[ClipRequest]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(span_end__gt=models.F("span_start")), name="clip_request_has_a_span"),
            models.CheckConstraint(condition=models.Q(persons__gte=1, persons__lte=2), name="clip_request_needs_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.cameras} {self.span_start:%Y-%m-%dT%H:%MZ}"

    @property
    def camera_keys(self) -> tuple[str, ...]:
        return tuple(self.cameras.split(","))


class ClipDecision(ChainedModel):
    """One person's word on a request."""

    request = models.ForeignKey("evidence.ClipRequest", on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    words = models.CharField(max_length=400, blank=True)
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[ClipDecision]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "by"], name="one_decision_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {'yes' if self.agreed else 'no'}"
