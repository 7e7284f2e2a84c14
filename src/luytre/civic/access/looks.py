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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody looks: the key of a purpose of the regulation, the number of an incident, case or request, free words."""

    purpose_key: str = ""
    reference: str = ""
    words: str = ""


NO_REASON = Reason()


def record_look(
    user: User, kind: LookKind, cameras: Sequence[str], span: Span | None = None, reason: Reason = NO_REASON
) -> list[Look]:
    """Writes one row a camera, all or none, and returns them. Errors: django.db.Error, and then nobody may look."""
    with transaction.atomic():
        return [_write(user, kind, camera, span, reason) for camera in cameras]


def _write(user: User, kind: LookKind, camera: str, span: Span | None, reason: Reason) -> Look:
    start, end = (span.start, span.end) if span else (None, None)
    return Look.objects.create(
        user=user, kind=kind, camera=camera, span_start=start, span_end=end, purpose=reason.words[:400],
        purpose_key=reason.purpose_key[:64], reference=reason.reference[:120],
    )  # fmt: skip
