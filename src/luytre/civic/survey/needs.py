"""Needs: adding, changing, and what becomes of them. Each change is one step of the register's history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.bounds import Land, land, too_far
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import NOTHING, Fields, Plain, record
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.position import format_position
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import RegisterCode, Thing
from luytre.civic.registry.sites import Position
from luytre.civic.survey.models import Campaign, Need, NeedState, Reason, Urgency

PRIVATE = frozenset({"to_see", "words"})
"""Named in steps, never kept: people write there whose home it is and what befell them. Why a need was declined is kept."""
LIMITS = {"name": 120, "to_see": 400, "words": 400}


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """What is to be kept of a need, whole."""

    name: str
    position: Position | None
    reason: str
    hamlet: Hamlet | None = None
    to_see: str = ""
    words: str = ""
    urgency: int = int(Urgency.MIDDLE)
    campaign: Campaign | None = None


def draft_of_need(need: Need) -> NeedDraft:
    """The need as it is: `replace` what is to change, and save."""
    position = (need.latitude, need.longitude)
    return NeedDraft(need.name, position, need.reason, need.hamlet, need.to_see, need.words, need.urgency, need.campaign)


def fields_of_need(need: Need) -> dict[str, Plain]:
    """The need for its steps, and for comparing."""
    return {
        "name": need.name, "hamlet": need.hamlet.name if need.hamlet else "",
        "position": format_position((Decimal(need.latitude), Decimal(need.longitude))), "to_see": need.to_see,
        "reason": need.reason, "words": need.words, "urgency": need.urgency, "state": need.state, "state_words": need.state_words,
    }  # fmt: skip


@transaction.atomic
def save_need(
    by: User | None,
    draft: NeedDraft,
    at: datetime,
    need: Need | None = None,
    revision: int | None = None,
    here: Land | None = None,
) -> Need:
    """A new need, or a changed one; its state stays. `revision`: the one on which the change stands; None asks nothing.

    Errors: ValidationError by field, registry.eyes.Stale.
    """
    draft = replace(draft, name=one_line(draft.name), to_see=one_line(draft.to_see), words=one_line(draft.words))
    made = locked_need(need, revision) if need is not None else Need(by=by)
    _check(draft, here or land())
    assert draft.position is not None
    before: Fields = fields_of_need(made) if need is not None else NOTHING
    made.name, made.hamlet, made.campaign = draft.name, draft.hamlet, draft.campaign
    made.latitude, made.longitude = draft.position
    made.to_see, made.words, made.reason, made.urgency = draft.to_see, draft.words, draft.reason, draft.urgency
    return _written(by, at, made, before)


@transaction.atomic
def set_need_state(by: User, need: Need, state: str, words: str, at: datetime, revision: int | None = None) -> Need:
    """Errors: ValidationError (state, state_words), registry.eyes.Stale."""
    words, refused = one_line(words), Refusals()
    if state not in NeedState.values:
        refused.tell("state", N_("Choose one of the list."))
    if state == NeedState.DECLINED and not words:
        refused.tell("state_words", N_("Say why it is declined: whoever asked for it reads this."))
    if len(words) > 400:
        refused.tell("state_words", N_("This is too long: at most %(most)s characters."), most=400)
    refused.raise_any()
    present = locked_need(need, revision)
    before = fields_of_need(present)
    present.state, present.state_words = state, words
    return _written(by, at, present, before)


def locked_need(need: Need, revision: int | None = None) -> Need:
    """As it is in the database, its row locked. Errors: registry.eyes.Stale."""
    present = Need.objects.select_for_update(of=("self",)).select_related("hamlet").get(pk=need.pk)
    if revision is not None and present.revision != revision:
        raise Stale(present.name, present.revision)
    return present


def _check(draft: NeedDraft, here: Land) -> None:
    """Errors: ValidationError by field."""
    refused = Refusals()
    if not draft.name:
        refused.tell("name", N_("A need needs a name, such as the place."))
    for name, most in LIMITS.items():
        if len(getattr(draft, name)) > most:
            refused.tell(name, N_("This is too long: at most %(most)s characters."), most=most)
    if draft.position is None:
        refused.tell("position", N_("Say where: the position is missing."))
    else:
        refused.add("position", too_far(draft.position, here))
    if draft.reason not in Reason.values:
        refused.tell("reason", N_("Choose one of the list."))
    if draft.reason == Reason.OTHER and not draft.words:
        refused.tell("words", N_("Say which reason."))
    if draft.urgency not in Urgency.values:
        refused.tell("urgency", N_("Choose one of the list."))
    refused.raise_any()


def _written(by: User | None, at: datetime, need: Need, before: Fields) -> Need:
    """Saves it with its step, where anything changed."""
    is_new, after = need.pk is None, fields_of_need(need)
    if is_new or before != after:
        need.revision = 1 if is_new else need.revision + 1
        need.save()
        code = RegisterCode.ADDED if is_new else RegisterCode.CHANGED
        record(by, at, Thing.NEED, need.key, need.name, code, before, after, PRIVATE)
    return need
