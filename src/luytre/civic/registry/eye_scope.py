"""Which eyes of the register a person meets, and whether with their owners. No picture comes with it.

Head, duty, administrator and committee meet those of the places they were given (mostly the whole commune), a hamlet's head those
of the hamlet. Who owns a device, the owner's telephone and notes are for head, duty and administrator alone.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, in_force, roles_of
from luytre.civic.access.models import Assignment, Role, User
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.groups import group_key
from luytre.civic.registry.models import CameraGrant, CameraGroup, Eye

READERS = frozenset({Role.ADMINISTRATOR, Role.HEAD, Role.DUTY, Role.COMMITTEE, Role.HAMLET_HEAD})
OWNERS_SEEN_BY = frozenset({Role.ADMINISTRATOR, Role.HEAD, Role.DUTY})
_NOTHING = Q(pk__in=())


def eyes_of(user: User, at: datetime, *, out_of_use: bool = False) -> QuerySet[Eye]:
    """With site, hamlet and camera. Those that were removed only where they are asked for."""
    giving = [one for one in in_force(user, at) if one.role in READERS]
    found = Eye.objects.select_related("site__hamlet", "camera")
    if not out_of_use:
        found = found.filter(archived=False)
    if any(one.place == EVERYWHERE for one in giving):
        return found
    wanted = _NOTHING
    for one in giving:
        wanted |= _place(one)
    return found.filter(wanted)


def sees_owners(user: User, at: datetime) -> bool:
    """Whether the person is shown owners' names, telephones and notes."""
    return bool(roles_of(user, at) & OWNERS_SEEN_BY)


def _place(one: Assignment) -> Q:
    if one.place == NAMED_CAMERAS:
        return Q(camera__in=CameraGrant.objects.filter(assignment=one).values("camera"))
    if (key := group_key(one.place)) is not None:
        return Q(camera__in=CameraGroup.objects.filter(key=key, ended=None).values("cameras"))
    hamlet = hamlet_of(one.place)
    return Q(site__hamlet=hamlet) if hamlet is not None else _NOTHING
