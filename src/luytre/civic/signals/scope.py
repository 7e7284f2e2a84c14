"""Which alarms a person meets, which wait for the person's answer, and what the person may do with one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from luytre.civic.access.assignments import in_force
from luytre.civic.access.models import User
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.scope import oversees
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import Hamlet
from luytre.civic.regulations.rules import Actor
from luytre.civic.signals.kinds import Answer
from luytre.civic.signals.models import Called, Sounding

RINGS_FOR = timedelta(hours=1)
"""So long after it was sounded telephones ring and pages sound for whoever has not answered."""


def own_hamlets(user: User, at: datetime) -> frozenset[int]:
    """Numbers of the hamlets whose head or team the person is in these hours."""
    found = (hamlet_of(one.place) for one in in_force(user, at) if one.role in LOCAL)
    return frozenset(number for number in found if number is not None)


def soundings_of(user: User, at: datetime) -> QuerySet[Sounding]:
    """Commune police meet all; a hamlet's people those of their hamlet and those of the whole commune."""
    if oversees(user, at):
        return Sounding.objects.all()
    mine = own_hamlets(user, at)
    return Sounding.objects.filter(Q(everywhere=True) | Q(hamlet__in=mine)) if mine else Sounding.objects.none()


def running(user: User, at: datetime) -> QuerySet[Sounding]:
    """Those that nobody has ended."""
    return soundings_of(user, at).filter(ended=None)


def called_of(user: User, at: datetime) -> QuerySet[Called]:
    """Who is called, as far as the person meets it: of the whole commune's alarm a hamlet's people meet the police and their own,
    since the trees of other hamlets are those people's."""
    if oversees(user, at):
        return Called.objects.all()
    return Called.objects.filter(Q(actor=Actor.DUTY) | Q(hamlet__in=own_hamlets(user, at)))


def calling(user: User, at: datetime) -> QuerySet[Sounding]:
    """Those that wait for this person's answer. Whoever sounded one knows of it; the police answer for one another."""
    if not Sounding.objects.filter(ended=None, sounded__gt=at - RINGS_FOR).exists():  # every page asks this
        return Sounding.objects.none()
    found = running(user, at).filter(sounded__gt=at - RINGS_FOR).exclude(by=user)
    said = Called.objects.filter(sounding=OuterRef("pk")).exclude(state=Answer.WAITING)
    if oversees(user, at):
        return found.exclude(Exists(said.filter(actor=Actor.DUTY, person=None)))
    return found.exclude(Exists(said.filter(person=user)))


def may_sound(user: User, hamlet: Hamlet | None, at: datetime) -> bool:
    """`hamlet` None: for the whole commune, which is the police's."""
    return oversees(user, at) or (hamlet is not None and hamlet.pk in own_hamlets(user, at))


def may_end(user: User, sounding: Sounding, at: datetime) -> bool:
    """End it, write beside it: the police, and those of its own hamlet."""
    if oversees(user, at):
        return True
    return not sounding.everywhere and sounding.hamlet_id is not None and sounding.hamlet_id in own_hamlets(user, at)


def may_enter(user: User, called: Called, at: datetime) -> bool:
    """Say what somebody else answered: the police for every party; a hamlet's people for units and telephone lines of theirs,
    not for roles, whose people have accounts."""
    if called.person_id is not None:
        return False
    return oversees(user, at) or (not called.actor and called.hamlet_id in own_hamlets(user, at))
