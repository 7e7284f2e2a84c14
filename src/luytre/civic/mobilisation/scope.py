"""Who plans campaigns, and in which hamlets somebody writes down visits and commitments."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force, roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import Hamlet
from luytre.civic.tips.scope import LOCAL

PLANS = frozenset[str]({Role.HEAD, Role.DUTY, Role.COMMITTEE})
GOES = frozenset[str]({*POLICE, *LOCAL})


def plans(user: User, at: datetime) -> bool:
    """Whether the person makes and changes campaigns."""
    return bool(roles_of(user, at) & PLANS)


def hamlets_seen(user: User, at: datetime) -> QuerySet[Hamlet]:
    """Of which hamlets the person reads counts: of all, for whoever plans; else of the own."""
    return Hamlet.objects.all() if plans(user, at) else hamlets_gone_to(user, at)


def hamlets_gone_to(user: User, at: datetime) -> QuerySet[Hamlet]:
    """Where the person writes down visits, meetings and commitments, and reads whom to come back to."""
    giving = [one for one in in_force(user, at) if one.role in GOES]
    if any(one.place == EVERYWHERE and one.role in POLICE for one in giving):
        return Hamlet.objects.all()
    places = [hamlet_of(one.place) for one in giving]
    return Hamlet.objects.filter(pk__in=[one for one in places if one is not None])
