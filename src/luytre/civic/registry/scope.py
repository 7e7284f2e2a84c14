"""Which cameras a person may see. Every page and every token asks here; a camera outside is as if it did not exist."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, in_force, narrowed_ways, roles_of
from luytre.civic.access.models import Assignment, LookKind, Role, User
from luytre.civic.access.ways import Way
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.groups import group_key
from luytre.civic.registry.lending import BACK_KINDS, held_only, lending
from luytre.civic.registry.models import Camera, CameraGrant, CameraGroup
from luytre.civic.regulations.enforce import masked_for, may, right_of
from luytre.civic.regulations.force import in_force_now

NOTHING = Q(pk__in=())


def cameras_of(
    user: User, kind: str = LookKind.LIVE, at: datetime | None = None, *, out_of_use: bool = False
) -> QuerySet[Camera]:
    """The person's cameras for this way of looking (`access.ways.Way`) at a moment (now, where none is named): what the
    assignments in force give together and owners lend (`registry.lending`). Cameras out of use are left out, unless asked for."""
    at = at or timezone.now()
    found = given_of(user, kind, at, out_of_use=out_of_use)
    closed = lending(at).closed_to(kind)
    if kind in BACK_KINDS:  # of what is lent no longer, what holds keep may be looked at, and no second more (`within_terms`)
        closed -= held_only(closed, at).keys()
    return found.exclude(key__in=closed) if closed else found


def given_of(user: User, kind: str, at: datetime, *, out_of_use: bool = False) -> QuerySet[Camera]:
    """As `cameras_of`, also those that their owners do not lend for it now: for what shows no picture."""
    return _within(_giving(user, kind, at), out_of_use=out_of_use)


def _within(giving: list[Assignment], *, out_of_use: bool = False) -> QuerySet[Camera]:
    if not giving:
        return Camera.objects.none()
    found = Camera.objects.select_related("site__hamlet") if out_of_use else _present()
    if any(one.place == EVERYWHERE for one in giving):
        return found
    wanted = NOTHING
    for one in giving:
        wanted |= _place(one)
    return found.filter(wanted)


def unmasked_of(user: User, kind: str, at: datetime | None = None) -> QuerySet[Camera]:
    """Of `cameras_of`, those that the person is shown without their masks: where one and the same assignment gives the look
    and the right to see without masks, and its role is not one to whom the rules in force burn masks in."""
    at = at or timezone.now()
    rules = in_force_now(at).rules
    return _within(
        [
            one
            for one in _giving(user, kind, at)
            if str(Way.UNMASKED) in narrowed_ways(one)
            and may(rules, one.role, Way.UNMASKED, at)
            and not masked_for(rules, one.role)
        ]
    )


def devices_of(user: User, at: datetime | None = None) -> QuerySet[Camera]:
    """Cameras as devices: whether they work, and for the administrator their settings. No picture comes with it."""
    at = at or timezone.now()
    return _present() if Role.ADMINISTRATOR in roles_of(user, at) else given_of(user, LookKind.LIVE, at)


def hours_given(user: User, kind: str, at: datetime) -> tuple[str, ...]:
    """In which hours of the day the rules in force give this way to the roles that the person has; empty: at any, or at none."""
    rules = in_force_now(at).rules
    roles = [one.role for one in in_force(user, at) if str(kind) in narrowed_ways(one)]
    rights = [right for role in dict.fromkeys(roles) if (right := right_of(rules, role, kind))]
    return tuple(dict.fromkeys(str(hours) for right in rights for hours in right.hours))


def has_way(user: User, kind: str, at: datetime | None = None) -> bool:
    """Whether the person may look in this way at any camera at all."""
    at = at or timezone.now()
    return bool(_giving(user, kind, at))


def _present() -> QuerySet[Camera]:
    return Camera.objects.filter(archived=False).select_related("site__hamlet")


def _giving(user: User, kind: str, at: datetime) -> list[Assignment]:
    """The bounds, the assignment, and the rules in force must all agree."""
    left = [one for one in in_force(user, at) if str(kind) in narrowed_ways(one)]
    if not left:
        return []
    rules = in_force_now(at).rules
    return [one for one in left if may(rules, one.role, kind, at)]


def _place(one: Assignment) -> Q:
    if one.place == NAMED_CAMERAS:
        return Q(pk__in=CameraGrant.objects.filter(assignment=one).values("camera"))
    if (key := group_key(one.place)) is not None:
        return Q(pk__in=CameraGroup.objects.filter(key=key, ended=None).values("cameras"))
    hamlet = hamlet_of(one.place)
    return Q(site__hamlet=hamlet) if hamlet is not None else NOTHING
