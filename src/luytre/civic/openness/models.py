"""The one table of openness: pages as they were computed last. A row may go at any time: it is computed again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PublicPage(models.Model):
    period = models.CharField(max_length=8, unique=True)
    """`Period.key`."""
    made_of = models.CharField(max_length=64)
    """SHA-256 over the newest rows of the period, and what stands beside them: others, and the page is computed anew."""
    content = models.TextField()
    """JSON of `figures.PublicFigures`."""

    objects: ClassVar[models.Manager[PublicPage]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.period} {self.made_of[:8]}"
