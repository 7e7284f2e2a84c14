"""Who writes, who reads, whose unit is whose. Which pages are whose is `access.permissions`."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.access.assignments import in_force, roles_of
from luytre.civic.access.models import Role, Unit, User
from luytre.civic.committee.scope import reads, writes

__all__ = ["is_head", "may_write", "own_places", "reads", "speaks_for", "writes"]


def may_write(by: User, at: datetime) -> None:
    """Errors: ValidationError."""
    if not writes(by, at):
        raise ValidationError(N_("Only the committee and the head of the police write here."))


def is_head(user: User, at: datetime) -> bool:
    """The head alone writes down breaches and opens a quarter again."""
    return Role.HEAD in roles_of(user, at)


def own_places(user: User, at: datetime) -> frozenset[str]:
    """The hamlets whose head the person is."""
    return frozenset(one.place for one in in_force(user, at) if one.role == Role.HAMLET_HEAD and one.place)


def speaks_for(user: User, unit: Unit, at: datetime) -> bool:
    """Whether the person scores for the unit itself: its head for a hamlet, the committee for unions, which have no account."""
    return unit.place in own_places(user, at) if unit.place else writes(user, at)
