"""What the rules answer to those who enforce them: pure functions, no database."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import get_default_timezone

from luytre.civic.regulations.bounds import MAY_BE_GIVEN
from luytre.civic.regulations.rules import Actor, Group, Purpose, Right, Rules


def may(rules: Rules, role: str, way: str, at: datetime) -> bool:
    """Whether a role may look in a way at a moment (aware; hours are the commune's). Never beyond `bounds`.

    Roles and ways that nobody knows may nothing.
    """
    right = right_of(rules, role, way)
    if right is None or right.role not in MAY_BE_GIVEN[right.way]:
        return False
    here = at.astimezone(get_default_timezone())
    return not right.hours or any(span.covers(here.hour * 60 + here.minute) for span in right.hours)


def right_of(rules: Rules, role: str, way: str) -> Right | None:
    return next((right for right in rules.rights if right.role == role and right.way == way), None)


def purposes_for(rules: Rules, way: str) -> tuple[Purpose, ...]:
    """The purposes that may be named for a way of looking, in the regulation's order."""
    return tuple(purpose for purpose in rules.purposes if way in purpose.ways)


def purpose_of(rules: Rules, key: str) -> Purpose | None:
    return next((purpose for purpose in rules.purposes if purpose.key == key), None)


def retention_days(rules: Rules, group: str) -> int:
    """Days kept for cameras at a kind of place; a kind that is not named falls under `other`."""
    days = {str(kept.group): kept.days for kept in rules.kept}
    return days.get(group, days[Group.OTHER])


def masked_for(rules: Rules, role: str) -> bool:
    """Whether masks are burned into what a role is shown. A role that nobody knows sees them."""
    return role not in (Actor.HEAD, Actor.DUTY) or role in rules.masked_for
