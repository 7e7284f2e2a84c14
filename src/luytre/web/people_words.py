"""Assignments and roles in words, as people's pages tell them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, is_in_force, is_over, narrowed_ways
from luytre.civic.access.models import Assignment, Role, User
from luytre.civic.access.ways import Way, ways_of
from luytre.civic.registry.grants import named_cameras
from luytre.civic.registry.groups import group_at
from luytre.civic.registry.places import place_name


@dataclass(frozen=True, slots=True)
class Said:
    """One assignment as a line. `state`: now, later (or outside its hours), over."""

    number: int
    words: str
    state: str
    cameras: tuple[str, ...]


def roles_said(roles: Collection[str]) -> str:
    """In the order of `Role`; `no role` for none."""
    found = [_(str(role.label)) for role in Role if role in roles]
    words = ", ".join(found) or _("no role")
    return words[:1].upper() + words[1:]


def in_words(user: User, at: datetime) -> list[Said]:
    """Those that hold first, the latest first."""
    lines = [_line(one, at) for one in user.assignments.order_by("-pk")]
    return sorted(lines, key=lambda line: line.state == "over")


def _line(one: Assignment, at: datetime) -> Said:
    names = tuple(camera.name for camera in named_cameras(one)) if one.place == NAMED_CAMERAS else ()
    where = [_where(one, len(names))] if ways_of(one.role) or one.role == Role.SURVEYOR else []
    parts = [roles_said([one.role]), *where, _ways(one)]
    if one.hours_from and one.hours_to:
        parts.append(f"{one.hours_from:%H:%M}–{one.hours_to:%H:%M}")
    if one.last_day:
        parts.append(_("until %(day)s") % {"day": date_format(one.last_day, "d/m/Y")})
    state = "over" if is_over(one, at) else "now" if is_in_force(one, at) else "later"
    return Said(one.pk, ", ".join(part for part in parts if part), state, names)


def _where(one: Assignment, count: int) -> str:
    if one.place == EVERYWHERE:
        return _("the whole commune")
    if one.place == NAMED_CAMERAS:
        return ngettext("%(count)d camera", "%(count)d cameras", count) % {"count": count}
    if (group := group_at(one.place)) is not None:
        return _("the group “%(name)s”") % {"name": group.name}
    return place_name(one.place, one.ended) or _("a place that is no more")


def _ways(one: Assignment) -> str:
    """Told where it is less than the role may."""
    if not one.ways:
        return ""
    return _("live and footage") if Way.HISTORY in narrowed_ways(one) else _("live only")
