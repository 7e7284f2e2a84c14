"""What an owner does by the link: reads, answers. Files are `files`."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.civic.appeals.models import MOST_WORDS, Answer, Appeal, StepCode
from luytre.civic.appeals.steps import locked_open, write_step
from luytre.civic.registry.seal import seal, unseal
from luytre.civic.tips.taking import plain

_STEPS = {
    Answer.AGREED: StepCode.AGREED, Answer.FETCH: StepCode.FETCH, Answer.GONE: StepCode.GONE, Answer.DECLINED: StepCode.DECLINED,
}  # fmt: skip


def open_appeal(appeal: Appeal, at: datetime) -> Appeal:
    """The owner pressed to read it: written down once."""
    with transaction.atomic():
        found = Appeal.objects.select_for_update().get(pk=appeal.pk)
        if found.opened is None and found.closed is None:
            found.opened = at
            found.save(update_fields=["opened"])
            write_step(found, None, StepCode.OPENED, at)
    return found


def answer(appeal: Appeal, said: str, words: str, at: datetime) -> None:
    """May change while the request is open and nothing has arrived. Errors: ValidationError by field."""
    words = plain(words)
    if said not in Answer.values:
        raise ValidationError({"answer": N_("Choose one of the answers.")})
    if len(words) > MOST_WORDS:
        raise ValidationError({"words": N_("400 letters at most.")})
    if said == Answer.FETCH and not words:
        raise ValidationError({"words": N_("Say when somebody may come, and how you are reached.")})
    with transaction.atomic():
        found = locked_open(appeal)
        if said in (Answer.DECLINED, Answer.GONE) and found.files.filter(arrived__isnull=False).exists():
            raise ValidationError(
                {"answer": N_("A file of yours has arrived and is kept. Telephone the commune police about it.")}
            )
        is_new = found.answer != said
        found.answer, found.answered, found.sealed_words = said, at, seal(words)
        found.opened = found.opened or at
        found.save(update_fields=["answer", "answered", "sealed_words", "opened"])
        if is_new:
            write_step(found, None, _STEPS[Answer(said)], at)


def words_of(appeal: Appeal) -> str:
    """What the owner wrote. Errors: LuytreError where the key is another."""
    return unseal(appeal.sealed_words)
