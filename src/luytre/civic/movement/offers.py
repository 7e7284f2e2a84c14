"""Offers: a household leaves its number by the public form and is called back. Names, numbers and places lie sealed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.movement.models import MOST_NAME, MOST_PHONE, MOST_WORDS, MovementStep, Offer, OfferState, StepCode
from luytre.civic.movement.scope import hamlets_for, is_everywhere
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.seal import seal, unseal

MOST_PLACE = 200


@dataclass(frozen=True, slots=True)
class OfferDraft:
    hamlet: Hamlet | None
    name: str
    phone: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Who:
    """An offer, opened."""

    name: str
    phone: str
    place: str


def take(draft: OfferDraft, sending: str, at: datetime) -> Offer:
    """`sending`: the number that the browser made for this one; sent twice, it is one. To the minute, as residents' tips.

    Errors: ValidationError by field (name, phone, place, words).
    """
    if (before := taken_before(sending)) is not None:
        return before
    once = _once(sending)
    _check(draft)
    made = Offer(
        once=once, made=at.replace(second=0, microsecond=0), hamlet=draft.hamlet, words=one_line(draft.words),
        sealed_name=seal(one_line(draft.name)), sealed_phone=seal(one_line(draft.phone)),
        sealed_place=seal(one_line(draft.place)),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return Offer.objects.get(once=once)
    return made


def taken_before(sending: str) -> Offer | None:
    """What was sent with this number before: an answer that got lost, a double press."""
    return Offer.objects.filter(once=_once(sending)).first()


def _once(sending: str) -> str:
    return hashlib.sha256(sending.encode()).hexdigest()


def _check(draft: OfferDraft) -> None:
    faults = Refusals()
    if not one_line(draft.name) or len(one_line(draft.name)) > MOST_NAME:
        faults.tell("name", N_("Write whom to ask for."))
    phone = one_line(draft.phone)
    if PHONE.fullmatch(phone) is None or len(phone) > MOST_PHONE:
        faults.tell("phone", N_("A telephone number has digits only, like 0912 345 678."))
    if len(one_line(draft.place)) > MOST_PLACE:
        faults.tell("place", N_("%(most)s letters at most."), most=MOST_PLACE)
    if len(one_line(draft.words)) > MOST_WORDS:
        faults.tell("words", N_("%(most)s letters at most."), most=MOST_WORDS)
    faults.raise_any()


def offers_of(user: User, at: datetime) -> QuerySet[Offer]:
    """Those that wait: all for the police of the commune, of the own hamlet for its people. The oldest first."""
    found = Offer.objects.filter(state=OfferState.WAITING).select_related("hamlet").order_by("made", "pk")
    return found if is_everywhere(user, at) else found.filter(hamlet__in=hamlets_for(user, at))


def read(by: User, offer: Offer, at: datetime) -> Who:
    """Whom to call; that it was read is a step."""
    MovementStep.objects.create(at=at, by=by, thing=offer.key, code=StepCode.OFFER)
    return Who(*(unseal(one) for one in (offer.sealed_name, offer.sealed_phone, offer.sealed_place)))


@transaction.atomic
def finish(by: User, offer: Offer, at: datetime, *, joined: bool) -> None:
    """Its name, number and place go at once: who joined stands in the register, and of others nothing is kept.

    Errors: ValidationError where somebody was faster.
    """
    found = Offer.objects.select_for_update().get(pk=offer.pk)
    if found.state != OfferState.WAITING:
        raise ValidationError(N_("Somebody was faster: this offer is finished with."))
    found.state, found.ended, found.erased = (OfferState.JOINED if joined else OfferState.ENDED), at, at
    found.sealed_name = found.sealed_phone = found.sealed_place = found.words = ""
    found.save()
    MovementStep.objects.create(at=at, by=by, thing=found.key, code=StepCode.OFFER_END)
