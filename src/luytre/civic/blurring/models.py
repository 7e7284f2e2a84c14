"""Spans in which regions are hidden, and what was drawn: chained tables, so that what a copy hid can be proved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_TITLE = 120
MOST_WORDS = 200


class Blur(ChainedModel):
    """One span of one camera that somebody hides regions in."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField(db_index=True)
    camera = models.CharField(max_length=63, db_index=True)
    """The camera's key."""
    span_start = models.DateTimeField()
    span_end = models.DateTimeField()
    title = models.CharField(max_length=MOST_TITLE)
    purpose_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=120, blank=True)

    objects: ClassVar[models.Manager[Blur]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(span_end__gt=models.F("span_start")), name="blur_has_a_span"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.span_start:%Y-%m-%dT%H:%M:%SZ}"


class BlurRevision(ChainedModel):
    """What is hidden in it, from this revision on. Written once (`blurring.desk`)."""

    blur = models.ForeignKey("blurring.Blur", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the blur."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    tracks = models.TextField()
    """As `base.tracks` writes them; `[]`: nothing is hidden any longer."""
    tracks_sha256 = models.CharField(max_length=64)
    words = models.CharField(max_length=MOST_WORDS, blank=True)

    objects: ClassVar[models.Manager[BlurRevision]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["blur", "number"], name="blur_revision_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="blur_revisions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.blur_id} {self.number}"
