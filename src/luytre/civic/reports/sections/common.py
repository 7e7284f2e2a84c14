"""What sections share: days in the commune, and hamlets as their keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.reports.figures import Window


def within(window: Window, field: str) -> Q:
    return Q(**{f"{field}__gte": window.start, f"{field}__lt": window.end})


def day_of(at: datetime | None) -> str:
    return localdate(at).isoformat() if at else ""


def place_of(hamlet: Hamlet | None) -> str:
    return place_key(hamlet) if hamlet is not None else ""


def cameras_by_key(keys: Iterable[str] | None = None) -> dict[str, Camera]:
    """With their places; None: every one that there ever was."""
    found = Camera.objects.select_related("site__hamlet")
    return {one.key: one for one in (found if keys is None else found.filter(key__in=set(keys)))}
