"""Campaigns: made, changed, closed; how far each hamlet is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.refusals import Refusals
from luytre.civic.survey.models import Campaign, CampaignHamlet, Entry, EntryKind, EntryState

MOST_TARGET = 10_000
LONGEST_DAYS = 731


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign whole. `targets`: by hamlet; 0 sets no number."""

    name: str
    first_day: date
    last_day: date
    targets: Mapping[Hamlet, int]
    surveyors: Iterable[User] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hamlet of a campaign is. `done`: cameras and needs; visits that found nothing are counted beside it."""

    hamlet: Hamlet
    target: int
    eyes: int
    needs: int
    nothing: int

    @property
    def done(self) -> int:
        return self.eyes + self.needs

    @property
    def percent(self) -> int:
        """0 to 100; without a target 0."""
        return min(100, 100 * self.done // self.target) if self.target else 0


@transaction.atomic
def save_campaign(by: User, draft: CampaignDraft, campaign: Campaign | None = None) -> Campaign:
    """Errors: ValidationError by field (name, last_day, hamlets)."""
    name, refused = one_line(draft.name), Refusals()
    if not 0 < len(name) <= 120:
        refused.tell("name", N_("A campaign needs a name of at most 120 characters."))
    if not 0 <= (draft.last_day - draft.first_day).days <= LONGEST_DAYS:
        refused.tell("last_day", N_("The last day must not lie before the first, nor more than two years after it."))
    if not draft.targets:
        refused.tell("hamlets", N_("Tick at least one hamlet."))
    if any(not 0 <= target <= MOST_TARGET for target in draft.targets.values()):
        refused.tell("hamlets", N_("A target lies between 0 and 10000."))
    refused.raise_any()
    made = campaign or Campaign(made_by=by)
    made.name, made.first_day, made.last_day = name, draft.first_day, draft.last_day
    made.save()
    made.surveyors.set(draft.surveyors)
    made.places.exclude(hamlet__in=[hamlet.pk for hamlet in draft.targets]).delete()
    for hamlet, target in draft.targets.items():
        CampaignHamlet.objects.update_or_create(campaign=made, hamlet=hamlet, defaults={"target": target})
    return made


def close_campaign(campaign: Campaign, at: datetime | None) -> None:
    """`at` None opens it again. What telephones still send of a closed one is taken all the same."""
    campaign.closed = at
    campaign.save(update_fields=["closed"])


def hand_over(old: Hamlet, new: Hamlet, **_sent: object) -> None:
    """A hamlet went into another: in each campaign of it the other takes over what is expected, beside its own."""
    for place in CampaignHamlet.objects.filter(hamlet=old):
        other, _made = CampaignHamlet.objects.get_or_create(campaign=place.campaign, hamlet=new)
        other.target += place.target
        other.save(update_fields=["target"])


def progress_of(campaign: Campaign) -> list[Progress]:
    """By hamlet, in the commune's order. Two queries."""
    places = {place.hamlet: place.target for place in campaign.places.select_related("hamlet")}
    counted = _counts(campaign)
    return [Progress(hamlet, places[hamlet], *counted.get(hamlet.pk, (0, 0, 0))) for hamlet in hamlets_in_order(places)]


def _counts(campaign: Campaign) -> dict[int | None, tuple[int, int, int]]:
    """A camera that two people filled in counts once."""
    applied = Entry.objects.filter(campaign=campaign).exclude(state__in=(EntryState.REFUSED, EntryState.DISCARDED))
    rows = applied.order_by().values("hamlet").annotate(
        eyes=Count("target", filter=Q(kind=EntryKind.EYE), distinct=True),
        needs=Count("target", filter=Q(kind=EntryKind.NEED), distinct=True),
        nothing=Count("pk", filter=Q(kind=EntryKind.NOTHING_HERE)),
    )  # fmt: skip
    return {row["hamlet"]: (row["eyes"], row["needs"], row["nothing"]) for row in rows}
