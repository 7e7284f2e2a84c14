"""Bookmarks in the footage."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.ids import new_id

LONGEST_WORDS = 200


class Bookmark(models.Model):
    """One moment that somebody wants to find again. Cameras are named by their keys, which outlive them."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="bookmarks")
    cameras = models.JSONField()
    at = models.DateTimeField(db_index=True)
    words = models.CharField(max_length=LONGEST_WORDS, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    removed = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Bookmark]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.words}"
