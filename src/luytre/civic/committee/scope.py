"""Who writes, who reads, whose a task is. Which pages are whose is `access.permissions`."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.civic.access.assignments import in_force, roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.committee.models import Task

WRITES = frozenset[str]({Role.COMMITTEE, Role.HEAD})
READS = WRITES | {Role.AUDITOR}


def writes(user: User, at: datetime) -> bool:
    return bool(roles_of(user, at) & WRITES)


def reads(user: User, at: datetime) -> bool:
    return bool(roles_of(user, at) & READS)


def may_write(by: User, at: datetime) -> None:
    """Errors: ValidationError."""
    if not writes(by, at):
        raise ValidationError(N_("Only the committee and the head of the police write here."))


def own_tasks(user: User, at: datetime) -> QuerySet[Task]:
    """Those given to the person as a member, and to the hamlets whose head the person is."""
    places = [one.place for one in in_force(user, at) if one.role == Role.HAMLET_HEAD and one.place]
    today = localdate(at)
    as_member = Q(member__user=user, member__first_day__lte=today) & (Q(member__last_day=None) | Q(member__last_day__gte=today))
    return Task.objects.filter(as_member | Q(unit__place__in=places)).select_related("member", "unit")


def tasks_of(user: User, at: datetime) -> QuerySet[Task]:
    """Those that the person may open."""
    return Task.objects.select_related("member", "unit") if reads(user, at) else own_tasks(user, at)
