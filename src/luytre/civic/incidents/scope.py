"""Which incidents a person meets, which call for the person now, and what the person may do with one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import User
from luytre.civic.access.ways import POLICE
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.models import Incident, State, Task
from luytre.civic.incidents.shifts import duty_now
from luytre.civic.regulations.rules import Actor


def incidents_of(user: User, at: datetime) -> QuerySet[Incident]:
    """Commune police meet all; a hamlet's people those that their own hamlet answers, backs up (once it is called) or has
    a task in."""
    if oversees(user, at):
        return Incident.objects.all()
    tasked = Task.objects.filter(unit__place__in=_places(user, at)).values("incident")
    return Incident.objects.filter(_answered_by(user, at) | Q(pk__in=tasked))


def answers(user: User, incident: Incident, at: datetime) -> bool:
    """Whether the person may say "I go" and what follows: who only has a task in it reads it, and answers the task."""
    return oversees(user, at) or Incident.objects.filter(_answered_by(user, at), pk=incident.pk).exists()


def _answered_by(user: User, at: datetime) -> Q:
    """By a hamlet's people: as first, or as backup once that is called."""
    places = _places(user, at)
    return Q(unit__place__in=places) | Q(backup_unit__place__in=places, level__gte=1)


def oversees(user: User, at: datetime) -> bool:
    """Whether the person opens, gives and closes incidents: police of the whole commune."""
    return any(one.place == EVERYWHERE and one.role in POLICE for one in in_force(user, at))


def calling(user: User, at: datetime) -> QuerySet[Incident]:
    """Those that wait for this person's "I go": the person's role is called, and nobody has accepted.

    A head who took the shift is called as the police on duty are: the book says who is there.
    """
    roles = {one.role for one in in_force(user, at) if one.role in POLICE and one.place == EVERYWHERE}
    if roles and Actor.DUTY not in roles and duty_now().who == user:
        roles.add(Actor.DUTY)
    found = Q(first__in=roles, unit=None) | Q(backup__in=roles, backup_unit=None, level__gte=1)
    if Actor.HEAD in roles:
        found |= Q(level__gte=2)
    for one in in_force(user, at):
        if one.role in LOCAL and one.place != EVERYWHERE:
            found |= Q(first=one.role, unit__place=one.place) | Q(backup=one.role, backup_unit__place=one.place, level__gte=1)
    return Incident.objects.filter(found, state=State.CALLED)


def _places(user: User, at: datetime) -> set[str]:
    return {one.place for one in in_force(user, at) if one.role in LOCAL and one.place != EVERYWHERE}
