"""Drafts of reports, and reports as they were issued (chained, never changed)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_WORDS = 8000
MOST_LINE = 160
MOST_REASON = 400


class Draft(models.Model):
    """What is being written for a period. Its numbers are computed whenever it is read; `seen` are those it was written by."""

    period = models.CharField(max_length=8, unique=True)
    """`Period.key`."""
    stamp = models.PositiveIntegerField(default=1)
    """Grows with each saving: who saves says which one was on the page."""
    made = models.DateTimeField()
    changed = models.DateTimeField()
    changed_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: nobody has written in it since the program proposed it."""
    situation = models.TextField(blank=True)
    results = models.TextField(blank=True)
    lacking = models.TextField(blank=True)
    ahead = models.TextField(blank=True)
    seen = models.TextField(default="{}")
    """JSON of `figures.Figures`."""
    reason = models.CharField(max_length=MOST_REASON, blank=True)
    """Why the period is reported of again; empty: it was not issued before."""

    objects: ClassVar[models.Manager[Draft]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.period} {self.stamp}"


class Report(ChainedModel):
    """A report as it was issued. What came later is another row, which names this one."""

    key = models.CharField(max_length=20, unique=True, default=new_id)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8, db_index=True)
    version = models.PositiveIntegerField()
    """1, 2, 3 … of the period."""
    sign = models.CharField(max_length=60)
    """Number and sign of the document: `12/BC-BCĐ`."""
    iso = models.CharField(max_length=10)
    """The day on the document, YYYY-MM-DD."""
    signer_title = models.CharField(max_length=MOST_LINE)
    signer = models.CharField(max_length=MOST_LINE)
    reason = models.CharField(max_length=MOST_REASON, blank=True)
    """Why it stands in place of the version before."""
    content = models.TextField()
    """JSON: figures, words, rows, names of hamlets (`issuing.content_of`)."""

    objects: ClassVar[models.Manager[Report]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["period", "version"], name="report_version_once"),
            models.CheckConstraint(
                condition=models.Q(version=1, reason="") | (models.Q(version__gte=2) & ~models.Q(reason="")),
                name="report_again_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} v{self.version} {self.sign}"

    @property
    def day(self) -> date:
        return date.fromisoformat(self.iso)
