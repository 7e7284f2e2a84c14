"""Clocks that ran out: the backup is called, then the head is told; a task is late. The jobs' process asks every few seconds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luytre.civic.incidents import tasks
from luytre.civic.incidents.desk import pass_on
from luytre.civic.incidents.models import Incident


def escalate(at: datetime) -> int:
    """How many ran out. Doing it twice does nothing twice. Errors: django.db.Error."""
    late = list(Incident.objects.filter(due__lte=at).values_list("pk", flat=True))
    return sum(_one(number, at) for number in late) + tasks.run_out(at)


@transaction.atomic
def _one(number: int, at: datetime) -> bool:
    """Looked at once more, locked: somebody may have gone meanwhile."""
    found = Incident.objects.select_for_update().filter(pk=number, due__lte=at).first()
    if found is None:
        return False
    pass_on(found, at)
    return True
