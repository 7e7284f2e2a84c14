"""Which cameras a person may see. Every page and every token asks here; a camera outside is as if it did not exist."""

from __future__ import annotations

from django.db.models import QuerySet

from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.access.permissions import LOOKS
from luytre.civic.registry.models import Camera


def cameras_of(user: User, kind: LookKind = LookKind.LIVE) -> QuerySet[Camera]:
    """The person's cameras for this way of looking, archived ones left out. Nothing for a role without the right."""
    if not user.is_active or user.role not in LOOKS[kind]:
        return Camera.objects.none()
    present = Camera.objects.filter(archived=False).select_related("site__hamlet")
    if user.role != Role.VIEWER:
        return present
    if kind is LookKind.HISTORY:
        return present.filter(grants__user=user, grants__history=True)
    return present.filter(grants__user=user)
