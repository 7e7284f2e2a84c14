"""Tags for people's pages: roles in words, what was ticked, changes and devices as people say them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.forms import BoundField
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.civic.access.models import Change, ChangeCode, Role
from luytre.civic.registry.groups import group_at
from luytre.civic.registry.places import place_name
from luytre.web.people_words import roles_said

register = template.Library()


@dataclass(frozen=True, slots=True)
class RoleChoice:
    value: str
    words: str
    explained: str


@register.simple_tag
def role_choices() -> list[RoleChoice]:
    explained = {
        Role.HEAD: _("Sees all cameras live and recorded, takes out clips, approves the regulation."),
        Role.DUTY: _("Sees all cameras live and recorded, and takes out clips. For the police on duty."),
        Role.HAMLET_HEAD: _("Sees the cameras of one hamlet, or those you tick, live."),
        Role.SECURITY_TEAM: _("The same, for the hamlet's security team."),
        Role.SURVEYOR: _("Surveys cameras and needs on a telephone, in one hamlet or the whole commune. Sees no picture."),
        Role.OWNER: _("Sees the cameras of their own that you tick, as far as the regulation lets owners."),
        Role.TREASURER: _("Keeps the book of contributions: money and gifts in and out. Sees no picture."),
        Role.COMMITTEE: _("Plans and reports. Sees no picture."),
        Role.AUDITOR: _("Reads who looked at what, and proves that the log is whole. Sees no picture."),
        Role.ADMINISTRATOR: _("Sets up cameras, people and the machine. Sees no picture."),
        Role.RESIDENT: _("A resident with an account. Sees no picture."),
    }
    return [RoleChoice(str(role), _(str(role.label)), words) for role, words in explained.items()]


@register.filter
def as_roles(roles: Collection[str]) -> str:
    return roles_said(roles)


@register.filter
def chosen(key: str, field: BoundField) -> bool:
    return key in {str(value) for value in (field.value() or ())}


@register.filter
def as_change(change: Change) -> str:
    """What was and what is; for cameras how many of a group, or (before there were assignments) live and with footage."""
    if change.code == ChangeCode.CAMERAS and "/" in change.after:
        live, _slash, history = change.after.partition("/")
        return _("%(live)s live, %(history)s of them with footage") % {"live": live, "history": history}
    if change.code == ChangeCode.ROLE and not (change.before and change.after):
        return (
            _("given: %(what)s") % {"what": _said(change.after, change.at)}
            if change.after
            else _("ended: %(what)s") % {"what": _said(change.before, change.at)}
        )
    return " → ".join(_said(value, change.at) for value in (change.before, change.after) if value)


_OLD_ROLES = {"operator": N_("operator"), "viewer": N_("viewer")}


def _said(value: str, at: datetime) -> str:
    """A role's key at the beginning becomes its words, a place what it was called then; the rest is told as it was written."""
    if (group := group_at(value.partition(" ")[0])) is not None:
        return _("%(count)s cameras in the group “%(name)s”") % {"count": value.partition(" ")[2], "name": group.name}
    first, _space, rest = value.partition(" ")
    words = _(str(Role(first).label)) if first in Role.values else _(_OLD_ROLES[first]) if first in _OLD_ROLES else first
    return f"{words} {_place_said(rest, at)}".strip()


def _place_said(rest: str, at: datetime) -> str:
    first, space, others = rest.partition(" ")
    group = group_at(first)
    return f"{group.name if group else place_name(first, at) or first}{space}{others}"
