"""Making and changing a campaign with its goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.mobilisation.models import MOST_COUNT, MOST_NAME, MOST_WORDS, Campaign, Goal, MobilisationStep, StepCode
from luytre.civic.mobilisation.scope import plans
from luytre.civic.registry.refusals import Refusals

MOST_CARRIERS = 30


@dataclass(frozen=True, slots=True)
class Aim:
    eyes: int = 0
    households: int = 0


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """`goals`: by the hamlet's number. `carriers`: names, in order."""

    name: str
    first_day: date
    last_day: date
    carriers: tuple[str, ...]
    words: str
    goals: Mapping[int, Aim]


def save_campaign(
    by: User, draft: CampaignDraft, at: datetime, campaign: Campaign | None = None, revision: int = 0
) -> Campaign:  # fmt: skip
    """A new one, or a changed one. `revision`: the one on which the change stands.

    Errors: ValidationError by field (name, last_day, carriers, words, goals), without one where somebody was faster.
    """
    if not plans(by, at):
        raise ValidationError(N_("Campaigns are planned by the police and the committee."))
    _check(draft)
    with transaction.atomic():
        made = Campaign(made=at, by=by) if campaign is None else Campaign.objects.select_for_update().get(pk=campaign.pk)
        if campaign is not None and made.revision != revision:
            raise ValidationError(
                N_("Somebody else has changed this campaign meanwhile. What you typed is still here: look, and save again.")
            )
        made.name, made.words = one_line(draft.name), one_line(draft.words)
        made.first_day, made.last_day, made.carriers = draft.first_day, draft.last_day, "\n".join(draft.carriers)
        made.revision += campaign is not None
        made.save()
        made.goals.all().delete()
        Goal.objects.bulk_create(
            Goal(campaign=made, hamlet_id=hamlet, eyes=aim.eyes, households=aim.households)
            for hamlet, aim in draft.goals.items() if aim != Aim()
        )  # fmt: skip
        code = StepCode.PLANNED if campaign is None else StepCode.CHANGED
        MobilisationStep.objects.create(at=at, by=by, code=code, thing=made.key)
    return made


def _check(draft: CampaignDraft) -> None:
    faults = Refusals()
    if not one_line(draft.name) or len(one_line(draft.name)) > MOST_NAME:
        faults.tell("name", N_("Write what the campaign is called."))
    if draft.last_day < draft.first_day:
        faults.tell("last_day", N_("The last day must not lie before the first."))
    if len(draft.carriers) > MOST_CARRIERS or any(len(one) > MOST_NAME for one in draft.carriers):
        faults.tell("carriers", N_("At most 30 units, one a line."))
    if len(one_line(draft.words)) > MOST_WORDS:
        faults.tell("words", N_("%(most)s letters at most."), most=MOST_WORDS)
    if any(max(aim.eyes, aim.households) > MOST_COUNT for aim in draft.goals.values()):
        faults.tell("goals", N_("This goal is too large."))
    faults.raise_any()


def aims_of(campaign: Campaign) -> dict[int, Aim]:
    return {one.hamlet_id: Aim(one.eyes, one.households) for one in campaign.goals.all()}
