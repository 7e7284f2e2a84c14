"""Who fills in the survey where, and who oversees it. Who sees owners is `registry.eye_scope`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from luytre.civic.access.assignments import EVERYWHERE, in_force, roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import SURVEY_ROLES
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.survey.models import Campaign, CampaignHamlet

OVERSEERS = frozenset({Role.HEAD, Role.ADMINISTRATOR})
"""These make campaigns, decide on needs and on anybody's two versions."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody surveys: the whole commune, or these hamlets (their numbers)."""

    everywhere: bool
    hamlets: frozenset[int]

    def covers(self, hamlet: int | None) -> bool:
        """What is in no hamlet is the matter of those who survey the whole commune."""
        return self.everywhere or (hamlet is not None and hamlet in self.hamlets)

    def query(self, field: str) -> Q:
        """Rows whose `field` is such a hamlet."""
        return Q() if self.everywhere else Q(**{f"{field}__in": self.hamlets})


def reach_of(user: User, at: datetime) -> Reach:
    """From assignments with a role of the survey, and open campaigns in which the person is named. Two queries.

    Named cameras and groups give no hamlet: somebody who watches one camera is not sent through its hamlet by that.
    """
    giving = [one for one in in_force(user, at) if one.role in SURVEY_ROLES]
    if not giving:
        return Reach(False, frozenset())
    if any(one.place == EVERYWHERE for one in giving):
        return Reach(True, frozenset())
    own = {number for one in giving if (number := hamlet_of(one.place)) is not None}
    named = CampaignHamlet.objects.filter(campaign__surveyors=user, campaign__closed=None)
    return Reach(False, frozenset(own | set(named.values_list("hamlet", flat=True))))


def campaigns_of(user: User, at: datetime, today: Iterable[Campaign] | None = None) -> list[Campaign]:
    """Open campaigns with a hamlet in the person's reach."""
    reach = reach_of(user, at)
    found = Campaign.objects.filter(closed=None) if today is None else today
    return [one for one in found if any(reach.covers(place.hamlet_id) for place in one.places.all())]


def oversees(user: User, at: datetime) -> bool:
    return bool(OVERSEERS & roles_of(user, at))
