"""Which tickets a person meets, and which are the person's own to see to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.registry.places import COMMUNE
from luytre.civic.registry.scope import devices_of
from luytre.civic.upkeep.models import Ticket

OVERSEERS = POLICE | {Role.ADMINISTRATOR}
"""They give tickets to units and firms, and see to what is nobody's."""
ACTING = OVERSEERS | {Role.HAMLET_HEAD, Role.SECURITY_TEAM}
"""They take tickets, put them off, close them."""


def tickets_of(user: User, at: datetime) -> QuerySet[Ticket]:
    """Those of the cameras that the person meets as devices; whoever has the whole commune meets all, the machine's too."""
    if has_all(user, at):
        return Ticket.objects.all()
    keys = list(devices_of(user, at).values_list("key", flat=True))
    return Ticket.objects.filter(Q(outages__camera__in=keys) | Q(camera__in=keys)).distinct()


def has_all(user: User, at: datetime) -> bool:
    """Whether the person oversees the whole commune."""
    return any(one.place == EVERYWHERE and one.role in OVERSEERS for one in in_force(user, at))


def mine(user: User, at: datetime) -> Q:
    """Taken by the person, given to the person's place; for those who oversee the whole also what is nobody's, what was given to
    the commune or one of its offices, and what a firm was given: somebody must telephone."""
    places = {one.place for one in in_force(user, at) if one.place}
    found = Q(taken_by=user) | Q(unit__place__in=places, taken_by=None)
    if has_all(user, at):
        found |= Q(unit__place=None, taken_by=None) | Q(unit__place=COMMUNE, taken_by=None)
    return found
