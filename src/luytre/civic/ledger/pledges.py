"""Pledges: what somebody promised, what came of it, what was let go. Read by the treasurer and the head alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.base.money import MOST_VND, dong
from luytre.civic.access.models import User
from luytre.civic.ledger.accounts import KIND_SORTS
from luytre.civic.ledger.booking import reversed_by
from luytre.civic.ledger.desk import PartyDraft, check_party, make_party, may_enter, step
from luytre.civic.ledger.models import MOST_WORDS, Kind, LedgerStep, Line, Pledge, Posting, StepCode
from luytre.civic.registry.refusals import Refusals

MOST_WHY = 60


@dataclass(frozen=True, slots=True)
class PledgeDraft:
    """`amount_vnd`: 0 for something in kind without a worth. `due`: by when, or None."""

    once: str
    sort: str
    amount_vnd: int
    words: str
    place: str
    due: date | None
    party: PartyDraft


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a pledge. `times`: how often something was given. `open_vnd`: of money, what is still to come."""

    paid_vnd: int
    times: int
    open_vnd: int
    is_open: bool


def promise(by: User, draft: PledgeDraft, at: datetime) -> Pledge:
    """Pressed twice, it is one. Errors: ValidationError by field."""
    may_enter(by, at)
    if (before := Pledge.objects.filter(once=draft.once).first()) is not None:
        return before
    _check(draft)
    try:
        with transaction.atomic():
            made = Pledge.objects.create(
                once=draft.once, party=make_party(draft.party), place=draft.place, sort=draft.sort, amount_vnd=draft.amount_vnd,
                words=one_line(draft.words), due=draft.due, made=at, by=by,
            )  # fmt: skip
            step(by, StepCode.PLEDGED, made.key, at, draft.amount_vnd)
    except IntegrityError:  # pressed twice at once
        return Pledge.objects.get(once=draft.once)
    return made


def _check(draft: PledgeDraft) -> None:
    faults = Refusals()
    if draft.sort not in ("money", *KIND_SORTS):
        faults.tell("sort", N_("Choose what is promised."))
    if draft.sort == "money" and draft.amount_vnd == 0:
        faults.tell("amount", N_("More than 0 dong."))
    _check_said(faults, draft.sort, draft.amount_vnd, draft.words)
    if not one_line(draft.party.name):
        faults.tell("name", N_("Write who promises it."))
    check_party(faults, draft.party)
    faults.raise_any()


def _check_said(faults: Refusals, sort: str, amount_vnd: int, words: str) -> None:
    if not 0 <= amount_vnd <= MOST_VND:
        faults.tell("amount", N_("this is no amount of money"))
    if sort in KIND_SORTS and not one_line(words):
        faults.tell("words", N_("Say what is promised, and how much of it."))
    if len(one_line(words)) > MOST_WORDS:
        faults.tell("words", N_("%(most)s letters at most."), most=MOST_WORDS)


@dataclass(frozen=True, slots=True)
class Amended:
    """What a pledge should say from now on. `seen`: `stamp` of what whoever corrects it was shown."""

    amount_vnd: int
    words: str
    due: date | None
    why: str
    seen: str


def stamp(pledge: Pledge) -> str:
    """Of what can be corrected in it: another one says that somebody did so in between."""
    return hashlib.sha256(f"{pledge.amount_vnd} {pledge.due} {pledge.words}".encode()).hexdigest()[:12]


def amend(by: User, pledge: Pledge, new: Amended, at: datetime) -> None:
    """Corrects amount, words or day; what was before and why stands in the log. Errors: ValidationError by field."""
    may_enter(by, at)
    with transaction.atomic():
        found = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        _check_amended(found, new)
        before = _said(found)
        found.amount_vnd, found.words, found.due = new.amount_vnd, one_line(new.words), new.due
        if _said(found) == before:
            return
        found.save(update_fields=["amount_vnd", "words", "due"])
        step(by, StepCode.AMENDED, found.key, at, new.amount_vnd, f"{one_line(new.why)} ({before})")


def _said(pledge: Pledge) -> str:
    return f"{pledge.amount_vnd}; {pledge.due or '-'}; {pledge.words}"


def _check_amended(found: Pledge, new: Amended) -> None:
    faults = Refusals()
    if found.forgiven is not None:
        faults.tell("__all__", N_("This pledge was let go: nothing is corrected in it any more."))
    elif new.seen != stamp(found):
        faults.tell("__all__", N_("Somebody else corrected this pledge meanwhile: look at it again, then send yours."))
    if not one_line(new.why):
        faults.tell("why", N_("Say in a few words why."))
    elif len(one_line(new.why)) > MOST_WHY:
        faults.tell("why", N_("%(most)s letters at most."), most=MOST_WHY)
    paid = came([found])[found.key].paid_vnd
    if found.sort == "money" and new.amount_vnd < max(1, paid):
        faults.tell("amount", N_("Not below what came of it already: %(paid)s dong."), paid=dong(paid))
    _check_said(faults, found.sort, new.amount_vnd, new.words)
    faults.raise_any()


def let_go(by: User, pledge: Pledge, note: str, at: datetime) -> None:
    """Nothing more is expected of it. Errors: ValidationError by field (`note`)."""
    may_enter(by, at)
    if not one_line(note):
        raise ValidationError({"note": N_("Say in a few words why.")})
    with transaction.atomic():
        found = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
        if found.forgiven is not None:
            raise ValidationError({"note": N_("Somebody was faster: this pledge was let go already.")})
        found.forgiven = at
        found.save(update_fields=["forgiven"])
        step(by, StepCode.FORGIVEN, found.key, at, note=note)


def corrections(pledge: Pledge) -> list[LedgerStep]:
    """How it was corrected, the newest first."""
    return list(LedgerStep.objects.filter(thing=pledge.key, code=StepCode.AMENDED).select_related("by").order_by("-seq"))


def given_for(pledge: Pledge) -> list[Posting]:
    """What came of it and was not taken back."""
    found = list(Posting.objects.filter(pledge=pledge.key).exclude(kind=Kind.REVERSAL))
    taken_back = reversed_by(found)
    return [one for one in found if one.seq not in taken_back]


def came(pledges: Sequence[Pledge]) -> dict[str, Came]:
    """By the pledge's key. Three queries."""
    keys = [one.key for one in pledges]
    rows = list(Posting.objects.filter(pledge__in=keys).exclude(kind=Kind.REVERSAL))
    taken_back = reversed_by(rows)
    whole = [row for row in rows if row.seq not in taken_back]
    sums = dict(
        Line.objects.filter(posting__in=whole, amount_vnd__gt=0).values_list("posting").annotate(sum=Sum("amount_vnd"))
    )  # fmt: skip
    found = {}
    for one in pledges:
        of_it = [row for row in whole if row.pledge == one.key]
        paid = sum(int(sums.get(row.seq, 0)) for row in of_it)
        left = max(0, one.amount_vnd - paid) if one.sort == "money" else 0
        is_open = one.forgiven is None and (left > 0 if one.sort == "money" else not of_it)
        found[one.key] = Came(paid, len(of_it), left, is_open)
    return found
