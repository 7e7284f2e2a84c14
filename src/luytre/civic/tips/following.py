"""What whoever has the code may do: read where the tip stands and the answer, add words and photos, say whether it helped."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.civic.tips.code import BadCode, digest_of, read_code
from luytre.civic.tips.models import MOST_WORDS, State, StepCode, Tip, TipMessage, TipPicture, TipStep
from luytre.civic.tips.taking import add_pictures, minute, plain

MOST_ADDED = 20
"""So often words are added to one tip: beyond that somebody should telephone."""


def find(typed: str, key: bytes) -> Tip | None:
    """None where no tip has this code. Errors: BadCode where no tip can have it."""
    code = read_code(typed)
    return Tip.objects.select_related("hamlet").filter(code_digest=digest_of(key, code)).first()


def add(tip: Tip, words: str, kept: list[TipPicture], now: datetime) -> None:
    """Words, photos or both, from the sender. A closed tip stays closed, and an officer sees that something came. Errors:
    ValidationError."""
    words = plain(words)
    if len(words) > MOST_WORDS:
        raise ValidationError({"words": N_("2,000 letters at most.")})
    if not words and not kept:
        raise ValidationError({"words": N_("Write something, or choose a photo.")})
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        if found.erased is not None:
            raise ValidationError(N_("This tip is over and its words are erased. Send a new one."))
        if words and not found.messages.filter(by=None, words=words, at=minute(now)).exists():  # a double press
            if found.messages.filter(by=None).count() >= MOST_ADDED:
                raise ValidationError(N_("So much was added that it is better to telephone the commune police."))
            TipMessage.objects.create(tip=found, at=minute(now), words=words)
        add_pictures(found, kept)
        TipStep.objects.create(at=minute(now), tip=found.key, code=StepCode.ADDED)


def rate(tip: Tip, helped: bool, now: datetime) -> None:
    """Whether the answer helped; the last word counts. Errors: ValidationError while it is open."""
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        if found.state != State.CLOSED:
            raise ValidationError(N_("Say so when it is answered."))
        if found.helped is helped:
            return
        found.helped = helped
        found.save(update_fields=["helped"])
        TipStep.objects.create(at=minute(now), tip=found.key, code=StepCode.RATED)


__all__ = ["MOST_ADDED", "BadCode", "add", "find", "rate"]
