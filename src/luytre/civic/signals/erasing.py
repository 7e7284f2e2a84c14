"""Names of telephone trees do not stay in alarms for ever: they are mostly residents'. Minutes and counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from luytre.civic.access.units import histories
from luytre.civic.signals.models import Called

KEPT_DAYS = 365
"""After the alarm ended. No law names a number; it is that of people concerned by incidents."""


def forget_old(now: datetime) -> int:
    """How many lost their name. Of a line that stood for a unit the unit's name stays, as those of roles and staff do: they are
    the organisation's. Errors: django.db.Error."""
    old = Called.objects.filter(sounding__ended__lte=now - timedelta(days=KEPT_DAYS), actor="", person=None)
    known, today = histories(), localdate(now)
    count = old.filter(unit=None).exclude(name="", caller="").update(name="", caller="", line=None)
    for one in old.filter(unit__isnull=False):
        name = known[one.unit_id].name_on(today) if one.unit_id in known else ""
        if one.caller or one.line_id is not None or one.name != name:
            one.name, one.caller, one.line = name, "", None
            one.save(update_fields=["name", "caller", "line"])
            count += 1
    return count
