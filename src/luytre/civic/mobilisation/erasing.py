"""What ends by itself: names of who committed, and whom to come back to, `KEPT_DAYS` after a campaign's last day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from luytre.civic.mobilisation.models import Commitment, FollowUp

KEPT_DAYS = 180
"""Half a year in which a commitment may still be entered; no law names a number."""


def erase_old(now: datetime) -> int:
    """How many were erased. Errors: django.db.Error."""
    last = localdate(now) - timedelta(days=KEPT_DAYS)
    gone, _rows = FollowUp.objects.filter(campaign__last_day__lt=last, day__lt=last).delete()
    old = Commitment.objects.filter(over=None, campaign__last_day__lt=last, day__lt=last)
    return gone + old.update(over=now, sealed_name="", sealed_phone="")
