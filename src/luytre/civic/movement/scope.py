"""Whose cameras a person meets as somebody else's property: to agree on them, or as the own."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import CameraGrant, Eye, Hamlet
from luytre.civic.registry.register import OwnerKind
from luytre.civic.tips.scope import LOCAL


def hamlets_for(user: User, at: datetime) -> QuerySet[Hamlet]:
    """Where the person speaks with owners: police of the commune everywhere, others in the own place."""
    giving = [one for one in in_force(user, at) if one.role in POLICE or one.role in LOCAL]
    if any(one.place == EVERYWHERE and one.role in POLICE for one in giving):
        return Hamlet.objects.all()
    places = [hamlet_of(one.place) for one in giving]
    return Hamlet.objects.filter(pk__in=[one for one in places if one is not None])


def is_everywhere(user: User, at: datetime) -> bool:
    return any(one.place == EVERYWHERE and one.role in POLICE for one in in_force(user, at))


def owned_eyes(user: User, at: datetime) -> QuerySet[Eye]:
    """Eyes in use that are not the commune's, of the places of `hamlets_for`."""
    found = Eye.objects.filter(archived=False).exclude(owner_kind=OwnerKind.COMMUNE).select_related("site__hamlet", "camera")
    return found if is_everywhere(user, at) else found.filter(site__hamlet__in=hamlets_for(user, at))


def own_eyes(user: User, at: datetime) -> QuerySet[Eye]:
    """The eyes of somebody who is an owner, by the cameras that were named."""
    giving = [one for one in in_force(user, at) if one.role == Role.OWNER]
    cameras = CameraGrant.objects.filter(assignment__in=giving).values("camera")
    found = Eye.objects.filter(camera__in=cameras).exclude(owner_kind=OwnerKind.COMMUNE)
    return found.select_related("site__hamlet", "camera")
