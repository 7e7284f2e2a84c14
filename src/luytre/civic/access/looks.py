"""The one way into the access log. Whoever mints a media token calls `record_look` first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luytre.civic.access.models import Look, LookKind, User


@dataclass(frozen=True, slots=True)
class Span:
    """Footage from `start` up to `end`, both UTC."""

    start: datetime
    end: datetime


def record_look(user: User, kind: LookKind, cameras: Sequence[str], span: Span | None = None, purpose: str = "") -> list[Look]:
    """Writes one row a camera, all or none, and returns them. Errors: django.db.Error, and then nobody may look."""
    with transaction.atomic():
        return [_write(user, kind, camera, span, purpose) for camera in cameras]


def _write(user: User, kind: LookKind, camera: str, span: Span | None, purpose: str) -> Look:
    start, end = (span.start, span.end) if span else (None, None)
    return Look.objects.create(user=user, kind=kind, camera=camera, span_start=start, span_end=end, purpose=purpose[:400])
