"""Who must log in in two steps, and from when on: roles that may look back or administer (`LUYTRE_SECOND_STEP_DAYS`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator

from luytre.civic.access.assignments import in_force, narrowed_ways
from luytre.civic.access.models import Assignment, Role, User
from luytre.civic.access.ways import Way


def demands(one: Assignment) -> bool:
    return one.role == Role.ADMINISTRATOR or Way.HISTORY in narrowed_ways(one)


def due(user: User, at: datetime, days: int | None) -> datetime | None:
    """From when on only the pages of one's own account open; None for whoever need not, or has a second step already.

    Counted from the day on which the first role that demands it was given; an upgrade gave roles to those who were there.
    """
    given = [one.created for one in in_force(user, at) if demands(one)]
    if days is None or not given:
        return None
    if Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return None
    return min(given) + timedelta(days=days)
