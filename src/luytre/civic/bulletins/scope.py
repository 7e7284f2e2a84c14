"""Which bulletins a person reads, who issues and who withdraws them, and whom a sighting rings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.bulletins.models import Bulletin, BulletinHamlet, Sighting
from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.scope import oversees
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import Hamlet


def bulletins_of(user: User, at: datetime) -> QuerySet[Bulletin]:
    """Police of the commune read all; a hamlet's people those of the whole commune and of their hamlet, until they are erased."""
    if issues(user, at):
        return Bulletin.objects.all()
    places = {one.place for one in in_force(user, at) if one.role in LOCAL or one.role in POLICE}
    if not places:
        return Bulletin.objects.none()
    numbers = [number for place in places if (number := hamlet_of(place))]
    named = BulletinHamlet.objects.filter(hamlet__in=numbers).values("bulletin")
    return Bulletin.objects.filter(Q(everywhere=True) | Q(pk__in=named), erased=None)


def in_force_of(user: User, at: datetime) -> QuerySet[Bulletin]:
    """Those of the person that are looked for at this moment, the newest first."""
    return bulletins_of(user, at).filter(closed=None, until__gt=at)


def issues(user: User, at: datetime) -> bool:
    """Whether the person issues, prolongs and closes: police of the whole commune."""
    return oversees(user, at)


def withdraws(user: User, at: datetime) -> bool:
    """Whether the person may withdraw one: the head."""
    return any(one.place == EVERYWHERE and one.role == Role.HEAD for one in in_force(user, at))


def unread_of(user: User, at: datetime) -> QuerySet[Sighting]:
    """Sightings that no officer has read, for an officer; not the officer's own."""
    if not issues(user, at):
        return Sighting.objects.none()
    return Sighting.objects.filter(read=None).exclude(by=user).select_related("bulletin", "bulletin__issued_by", "hamlet")


def ringing_for(user: User, at: datetime) -> list[Sighting]:
    """Those that ring the person: of bulletins that the person issued, and of those whose issuer is not at work now."""
    return [
        one for one in unread_of(user, at)
        if one.bulletin.issued_by == user or not _listens(one.bulletin.issued_by, at)
    ]  # fmt: skip


def _listens(issuer: User, at: datetime) -> bool:
    return issuer.is_active and issues(issuer, at)


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: whose people read of it read of it still. Within its transaction."""
    for one in BulletinHamlet.objects.filter(hamlet=old):
        BulletinHamlet.objects.get_or_create(bulletin=one.bulletin, hamlet=new)
