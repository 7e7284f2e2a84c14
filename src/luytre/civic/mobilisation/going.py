"""Going to people: visits, meetings, whom to come back to, commitments and where they lead. Pressed twice, each is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.base.money import MOST_VND
from luytre.civic.access.models import User
from luytre.civic.ledger.desk import PartyDraft
from luytre.civic.ledger.models import Pledge
from luytre.civic.ledger.pledges import PledgeDraft, promise
from luytre.civic.mobilisation.models import (
    MOST_COUNT,
    MOST_MINUTES,
    MOST_NAME,
    MOST_PHONE,
    MOST_WORDS,
    Campaign,
    Commitment,
    FollowUp,
    Meeting,
    MobilisationStep,
    Sort,
    StepCode,
    Visit,
)
from luytre.civic.mobilisation.scope import hamlets_gone_to
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.seal import seal, unseal

LATEST = timedelta(days=366)
"""So far ahead may somebody ask to be visited again."""
_Row = TypeVar("_Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Where:
    """Of which campaign and hamlet, on which day; `once`: of the form."""

    once: str
    campaign: Campaign
    hamlet: Hamlet | None
    day: date


def _place(by: User, where: Where, at: datetime, *, ahead: bool = False) -> Refusals:
    faults = Refusals()
    if where.hamlet is None or not hamlets_gone_to(by, at).filter(pk=where.hamlet.pk).exists():
        faults.tell("hamlet", N_("Choose a hamlet of yours."))
    today = localdate(at)
    if ahead and not today <= where.day <= today + LATEST:
        faults.tell("day", N_("A day to come, within a year."))
    if not ahead and not where.campaign.first_day <= where.day <= today:
        faults.tell("day", N_("A day of the campaign that is not still to come."))
    return faults


def _once(made: _Row) -> _Row:
    """The row, or the one that was sent with the same number before."""
    kept = type(made)._default_manager
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        before = kept.filter(once=made.once).first()  # type: ignore[attr-defined]  # every row that comes here has it
        if before is None:
            raise
        return before
    return made


def visit(by: User, where: Where, carrier: str, households: int, thinking: int, at: datetime) -> Visit:
    """How many doors, and how many want to think about it.

    Errors: ValidationError by field (hamlet, day, households, thinking).
    """
    faults = _place(by, where, at)
    if not 1 <= households <= MOST_COUNT:
        faults.tell("households", N_("At least one household."))
    if not 0 <= thinking <= households:
        faults.tell("thinking", N_("No more than the households that were visited."))
    faults.raise_any()
    return _once(
        Visit(
            once=where.once, campaign=where.campaign, hamlet=where.hamlet, day=where.day, carrier=one_line(carrier)[:MOST_NAME],
            households=households, thinking=thinking, by=by,
        )
    )  # fmt: skip


def meeting(by: User, where: Where, place: str, came: int, minutes: str, at: datetime) -> Meeting:
    """Errors: ValidationError by field (hamlet, day, came, minutes)."""
    faults = _place(by, where, at)
    if not 0 <= came <= MOST_COUNT:
        faults.tell("came", N_("Write how many came."))
    if len(minutes) > MOST_MINUTES:
        faults.tell("minutes", N_("%(most)s letters at most."), most=MOST_MINUTES)
    faults.raise_any()
    return _once(
        Meeting(
            once=where.once, campaign=where.campaign, hamlet=where.hamlet, day=where.day, place=one_line(place)[:MOST_NAME],
            came=came, minutes=minutes.strip(), by=by,
        )
    )  # fmt: skip


def come_back(by: User, where: Where, whither: str, at: datetime) -> FollowUp:
    """`whither`: where to go and whom to ask for; it lies sealed. Errors: ValidationError by field (hamlet, day, whither)."""
    faults = _place(by, where, at, ahead=True)
    if not one_line(whither) or len(one_line(whither)) > MOST_WORDS:
        faults.tell("whither", N_("Write where to go and whom to ask for."))
    faults.raise_any()
    return _once(
        FollowUp(
            once=where.once, campaign=where.campaign, hamlet=where.hamlet, day=where.day, sealed_where=seal(one_line(whither)),
            by=by,
        )
    )  # fmt: skip


def went(followup: FollowUp) -> None:
    """The row goes, whatever came of it: what was won is a commitment, and nothing else is anybody's business."""
    followup.delete()


def where_of(followup: FollowUp) -> str:
    return unseal(followup.sealed_where)


@dataclass(frozen=True, slots=True)
class CommitmentDraft:
    """`amount_vnd`: of money; 0 for all else."""

    sort: str
    amount_vnd: int
    words: str
    name: str
    phone: str = ""


def commit(by: User, where: Where, draft: CommitmentDraft, at: datetime) -> Commitment:
    """Errors: ValidationError by field (hamlet, day, sort, amount, words, name, phone)."""
    faults = _place(by, where, at)
    if draft.sort not in Sort.values:
        faults.tell("sort", N_("Choose what is promised."))
    if not 0 <= draft.amount_vnd <= MOST_VND:
        faults.tell("amount", N_("this is no amount of money"))
    if draft.sort == Sort.MONEY and draft.amount_vnd == 0:
        faults.tell("amount", N_("More than 0 dong."))
    if draft.sort != Sort.MONEY and not one_line(draft.words):
        faults.tell("words", N_("Say what is promised, and how much of it."))
    if len(one_line(draft.words)) > 300:
        faults.tell("words", N_("%(most)s letters at most."), most=300)
    name, phone = one_line(draft.name), one_line(draft.phone)
    if not name or len(name) > MOST_NAME:
        faults.tell("name", N_("Write who promises it."))
    if phone and (PHONE.fullmatch(phone) is None or len(phone) > MOST_PHONE):
        faults.tell("phone", N_("A telephone number has digits only, like 0912 345 678."))
    faults.raise_any()
    return _once(
        Commitment(
            once=where.once, campaign=where.campaign, hamlet=where.hamlet, day=where.day, sort=draft.sort, by=by,
            amount_vnd=draft.amount_vnd if draft.sort == Sort.MONEY else 0, words=one_line(draft.words), sealed_name=seal(name),
            sealed_phone=seal(phone),
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    name: str
    phone: str


def who_of(by: User, commitment: Commitment, at: datetime) -> Who:
    """Who committed; that it was read is a step."""
    MobilisationStep.objects.create(at=at, by=by, code=StepCode.READ, thing=commitment.key)
    return Who(unseal(commitment.sealed_name), unseal(commitment.sealed_phone))


def joined(by: User, commitment: Commitment, eye: Eye, at: datetime) -> None:
    """A camera stands in the register now: the agreement is its own. Errors: ValidationError where somebody was faster."""
    with transaction.atomic():
        found = _open(commitment)
        if found.sort != Sort.CAMERA:
            raise ValidationError(N_("This commitment is none of a camera."))
        _over(by, found, at, led=eye.key)


def as_pledge(by: User, commitment: Commitment, at: datetime) -> Pledge:
    """Into the book of contributions, by who enters there. Errors: ValidationError where it is a camera, where somebody was
    faster, or from the book."""
    with transaction.atomic():
        found = _open(commitment)
        if found.sort == Sort.CAMERA:
            raise ValidationError(N_("Who lends a camera signs an agreement: let it join."))
        party = PartyDraft(unseal(found.sealed_name), unseal(found.sealed_phone))
        place = place_key(found.hamlet) if found.hamlet is not None else ""
        made = promise(
            by, PledgeDraft(f"m-{found.key}", found.sort, found.amount_vnd, found.words, place, None, party), at
        )  # fmt: skip
        _over(by, found, at, led=made.key)
    return made


def finish(by: User, commitment: Commitment, at: datetime) -> None:
    """Nothing more is expected of it; why is not kept. Errors: ValidationError where somebody was faster."""
    with transaction.atomic():
        _over(by, _open(commitment), at)


def _open(commitment: Commitment) -> Commitment:
    found = Commitment.objects.select_for_update(of=("self",)).select_related("hamlet").get(pk=commitment.pk)
    if found.over is not None:
        raise ValidationError(N_("Somebody was faster: this commitment is finished with."))
    return found


def _over(by: User, commitment: Commitment, at: datetime, led: str = "") -> None:
    commitment.over, commitment.led = at, led
    commitment.sealed_name = commitment.sealed_phone = ""
    commitment.save()
    code = StepCode.LED if led else StepCode.OVER
    MobilisationStep.objects.create(at=at, by=by, code=code, thing=commitment.key)
