"""Tags for the movement's pages: offices and endings in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from luytre.civic.committee.models import Document, EndedHow, Member, Office

register = template.Library()


@register.filter
def as_office(member: Member) -> str:
    """What somebody is in the committee."""
    return _(str(Office(member.office).label))


@register.filter
def as_ending(document: Document) -> str:
    """How another document ended it."""
    return _(str(EndedHow(document.ended_how).label)) if document.ended_how else ""
