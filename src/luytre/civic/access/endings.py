"""From when on a person's tokens must have been made to be worth something (design/rules.md, "Ending rights at once").

A right ends because somebody ends it (a row here), or because its hours or its last day are over (computed when asked).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from luytre.civic.access.models import Assignment, RightsCut, User

EVERYBODY = "*"
TOLD_FOR = timedelta(hours=2)
"""No token lives as long, so what lies further back need not be told."""


def cut_rights(user: User | None, at: datetime) -> None:
    """What was given to this person (None: to everybody) before `at` is worth nothing. Never goes back."""
    row, made = RightsCut.objects.get_or_create(user=user, defaults={"at": at})
    if not made and row.at < at:
        row.at = at
        row.save(update_fields=["at"])


def endings(at: datetime) -> dict[str, datetime]:
    """By the subject of their tokens (`*` for everybody): the latest moment at which something ended, of the last two hours."""
    found: dict[str, datetime] = {}
    for user, moment in RightsCut.objects.filter(at__gt=at - TOLD_FOR).values_list("user", "at"):
        found[EVERYBODY if user is None else str(user)] = moment
    timed = Assignment.objects.filter(ended=None).exclude(hours_from=None, last_day=None)
    for one in timed:
        moments = [moment for moment in _own_endings(one, at) if at - TOLD_FOR < moment <= at]
        if moments:
            subject = str(one.user_id)
            found[subject] = max([*moments, *([found[subject]] if subject in found else [])])
    return found


def passed_hour(end: time, at: datetime) -> datetime:
    """The latest moment, not after `at`, at which the commune's clocks showed this hour."""
    zone = timezone.get_default_timezone()
    today = datetime.combine(at.astimezone(zone).date(), end, zone)
    return today if today <= at else datetime.combine(today.date() - timedelta(days=1), end, zone)


def _own_endings(one: Assignment, at: datetime) -> list[datetime]:
    moments = [passed_hour(one.hours_to, at)] if one.hours_to else []
    if one.last_day:
        moments.append(datetime.combine(one.last_day + timedelta(days=1), time(0), timezone.get_default_timezone()))
    return moments
