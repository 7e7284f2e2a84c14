"""Tags for people's pages: roles in words, what was ticked, changes and devices as people say them."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.forms import BoundField
from django.utils.translation import gettext as _

from luytre.civic.access.models import Change, ChangeCode, Role

register = template.Library()


@dataclass(frozen=True, slots=True)
class RoleChoice:
    value: str
    words: str
    explained: str


@register.simple_tag
def role_choices() -> list[RoleChoice]:
    explained = {
        Role.VIEWER: _("Sees the cameras that you tick below, nothing else. For hamlet heads, security teams, camera owners."),
        Role.OPERATOR: _("Sees all cameras live and recorded, and takes out clips. For the police on duty."),
        Role.ADMINISTRATOR: _("Besides that, sets up cameras, people and the machine."),
    }
    return [RoleChoice(str(role), _(str(role.label)), words) for role, words in explained.items()]


@register.filter
def chosen(key: str, field: BoundField) -> bool:
    return key in {str(value) for value in (field.value() or ())}


@register.filter
def as_change(change: Change) -> str:
    """`viewer → operator`; for cameras: how many live and how many with footage."""
    if change.code == ChangeCode.CAMERAS:
        live, _slash, history = change.after.partition("/")
        return _("%(live)s live, %(history)s of them with footage") % {"live": live, "history": history}
    said = [_(str(Role(value).label)) if value in Role.values else value for value in (change.before, change.after) if value]
    return " → ".join(said)
