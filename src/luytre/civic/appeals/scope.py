"""Which requests a person meets, and what the person may do with them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import User
from luytre.civic.appeals.models import Appeal
from luytre.civic.incidents.scope import oversees
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.tips.scope import LOCAL


def appeals_of(user: User, at: datetime) -> QuerySet[Appeal]:
    """Commune police meet all; a hamlet's people those that are open and about cameras of their hamlet: they know the owner, and
    may carry the link."""
    found = Appeal.objects.select_related("eye__site__hamlet", "incident", "asked_by")
    if oversees(user, at):
        return found
    hamlets = [hamlet_of(one.place) for one in in_force(user, at) if one.role in LOCAL and one.place != EVERYWHERE]
    return found.filter(eye__site__hamlet__in=[one for one in hamlets if one is not None], closed=None)
