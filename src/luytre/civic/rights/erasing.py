"""What a claim leaves: `KEPT_DAYS` after its end all that is of who asked is gone. Number, right, days and decision stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from luytre.civic.rights.desk import step
from luytre.civic.rights.kinds import State
from luytre.civic.rights.models import Claim, ClaimCode
from luytre.civic.rights.things import POINTED_OUT
from luytre.civic.tips.erasing import KEPT_DAYS


def erase_old(now: datetime) -> int:
    """How many were erased. Errors: django.db.Error."""
    old = Claim.objects.filter(state=State.CLOSED, erased=None, closed__lte=now - timedelta(days=KEPT_DAYS))
    return sum(_erase(one, now) for one in old)


@transaction.atomic
def _erase(claim: Claim, now: datetime) -> bool:
    found = Claim.objects.select_for_update().get(pk=claim.pk)
    found.words = found.place = found.sealed_name = found.sealed_phone = ""
    found.reason = found.extension = found.meet_place = ""
    if found.subject in POINTED_OUT and not found.restricts:  # it leads to a person; a mark that holds needs it
        found.thing = ""
    found.start = found.end = found.meet_at = None
    found.erased = now
    found.messages.all().delete()
    found.save()
    step(found, None, ClaimCode.ERASED, now)
    return True
