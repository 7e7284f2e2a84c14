"""Which tips a person reads."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.tips.models import Tip

LOCAL = frozenset[str]({Role.HAMLET_HEAD, Role.SECURITY_TEAM})
"""They read what was given to their own place."""


def tips_of(user: User, at: datetime) -> QuerySet[Tip]:
    """Commune police read all; a hamlet's people what an officer gave to their hamlet; anybody else none."""
    if handles(user, at):
        return Tip.objects.all()
    places = {one.place for one in in_force(user, at) if one.role in LOCAL and one.place != EVERYWHERE}
    return Tip.objects.filter(given__place__in=places, erased=None) if places else Tip.objects.none()


def handles(user: User, at: datetime) -> bool:
    """Whether the person answers tips: police of the whole commune."""
    return any(one.place == EVERYWHERE and one.role in POLICE for one in in_force(user, at))
