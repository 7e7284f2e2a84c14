"""Estimates that a hamlet's meeting votes on, and what was spent against them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.base.money import MOST_VND
from luytre.civic.access.models import User
from luytre.civic.filed import Filed
from luytre.civic.ledger.accounts import SORT_WORDS, cost
from luytre.civic.ledger.desk import check_day, may_enter, step
from luytre.civic.ledger.models import MOST_ITEM_WORDS, MOST_MINUTES, MOST_NAME, Estimate, EstimateLine, Line, Standing, StepCode
from luytre.civic.registry.refusals import Refusals
from luytre.civic.tips.taking import plain

MOST_VOTES = 100_000


MOST_ITEMS = 30
MOST_QUANTITY = 100_000


@dataclass(frozen=True, slots=True)
class Item:
    """`number`: its row in the form, from 1, at which what is wrong is told. `sort`: of `SORT_WORDS`."""

    number: int
    sort: str
    words: str
    quantity: int
    unit_vnd: int

    @property
    def amount_vnd(self) -> int:
        return self.quantity * self.unit_vnd


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    once: str
    title: str
    place: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """What a meeting came to. Minutes are words, a file, or both."""

    met: date
    votes_for: int
    votes_against: int
    votes_abstained: int
    agreed: bool
    minutes: str = ""
    document: Filed | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """One line: what was estimated and what was spent under it so far."""

    sort: str
    estimated_vnd: int
    spent_vnd: int

    @property
    def left_vnd(self) -> int:
        """Below zero where more was spent."""
        return self.estimated_vnd - self.spent_vnd


def write(by: User, draft: EstimateDraft, at: datetime) -> Estimate:
    """Pressed twice, it is one.

    Errors: ValidationError by field; of an item by `sort`, `words`, `quantity` or `unit` with its number.
    """
    may_enter(by, at)
    if (before := Estimate.objects.filter(once=draft.once).first()) is not None:
        return before
    _check_draft(draft)
    try:
        with transaction.atomic():
            made = Estimate.objects.create(once=draft.once, title=one_line(draft.title), place=draft.place, made=at, by=by)
            EstimateLine.objects.bulk_create(
                EstimateLine(
                    estimate=made, sort=one.sort, words=one_line(one.words), quantity=one.quantity, unit_vnd=one.unit_vnd
                )
                for one in draft.items
            )
            step(by, StepCode.ESTIMATED, made.key, at, sum(one.amount_vnd for one in draft.items))
    except IntegrityError:  # pressed twice at once
        return Estimate.objects.get(once=draft.once)
    return made


def _check_draft(draft: EstimateDraft) -> None:
    faults = Refusals()
    if not one_line(draft.title):
        faults.tell("title", N_("Say in one line what it is for."))
    elif len(one_line(draft.title)) > MOST_NAME:
        faults.tell("title", N_("%(most)s letters at most."), most=MOST_NAME)
    if not draft.items:
        faults.tell("__all__", N_("Enter at least one amount."))
    for one in draft.items:
        _check_item(faults, one)
    if len(draft.items) > MOST_ITEMS or sum(one.amount_vnd for one in draft.items) > MOST_VND:
        faults.tell("__all__", N_("This is more than one estimate holds."))
    faults.raise_any()


def _check_item(faults: Refusals, one: Item) -> None:
    if one.sort not in SORT_WORDS:
        faults.tell(f"sort{one.number}", N_("Choose what it is for."))
    if len(one_line(one.words)) > MOST_ITEM_WORDS:
        faults.tell(f"words{one.number}", N_("%(most)s letters at most."), most=MOST_ITEM_WORDS)
    if not 0 < one.quantity <= MOST_QUANTITY:
        faults.tell(f"quantity{one.number}", N_("This must lie between %(least)s and %(most)s."), least=1, most=MOST_QUANTITY)
    if not 0 < one.unit_vnd <= MOST_VND:
        faults.tell(f"unit{one.number}", N_("Enter the price of one."))


def decide(by: User, estimate: Estimate, vote: Vote, at: datetime) -> None:
    """Sets down how a meeting voted, for good. Errors: ValidationError by field."""
    may_enter(by, at)
    _check(vote, at)
    with transaction.atomic():
        found = Estimate.objects.select_for_update(of=("self",)).get(pk=estimate.pk)
        if found.state != Standing.OPEN:
            raise ValidationError(N_("Somebody was faster: the vote on this estimate is set down already."))
        found.state = Standing.AGREED if vote.agreed else Standing.REFUSED
        found.met, found.minutes = vote.met, plain(vote.minutes)
        found.votes_for, found.votes_against, found.votes_abstained = vote.votes_for, vote.votes_against, vote.votes_abstained
        found.document = vote.document.name if vote.document else ""
        found.save()
        said = f"{found.state} {vote.votes_for}/{vote.votes_against}/{vote.votes_abstained} {found.document}"
        step(by, StepCode.DECIDED, found.key, at, note=said)


def _check(vote: Vote, at: datetime) -> None:
    faults = Refusals()
    check_day(faults, "met", vote.met, at)
    for field in ("votes_for", "votes_against", "votes_abstained"):
        if not 0 <= getattr(vote, field) <= MOST_VOTES:
            faults.tell(field, N_("This must lie between %(least)s and %(most)s."), least=0, most=MOST_VOTES)
    if vote.agreed and vote.votes_for <= vote.votes_against:
        faults.tell("agreed", N_("More were against it than for it, or as many: it is not agreed."))
    if not vote.minutes.strip() and vote.document is None:
        faults.tell("minutes", N_("Write the minutes in short, or add their file."))
    if len(vote.minutes) > MOST_MINUTES:
        faults.tell("minutes", N_("%(most)s letters at most."), most=MOST_MINUTES)
    faults.raise_any()


def against(estimate: Estimate) -> list[Against]:
    """By what it is for, all items of it together, and what was spent that no item is for."""
    rows = Line.objects.filter(posting__estimate=estimate.key).values_list("account").annotate(sum=Sum("amount_vnd"))
    spent = {account: int(amount) for account, amount in rows}
    estimated = Counter[str]()
    for line in estimate.lines.all():
        estimated[line.sort] += line.amount_vnd
    both = [Against(sort, estimated[sort], spent.get(cost(sort), 0)) for sort in SORT_WORDS]
    return [one for one in both if one.estimated_vnd or one.spent_vnd]
