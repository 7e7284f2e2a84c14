"""What the public reads of a tip: what came of it, in an officer's words, by hamlet, kind and day; taken back by a press.

Never the sender's words: a text that repeats some of them is refused. It ends with its tip (`erasing`), and when that is
opened again.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.tips.models import MOST_ANSWER, End, State, StepCode, Tip, TipPicture, TipRelease, TipStep
from luytre.civic.tips.taking import plain

SAME_WORDS = 6
"""So many words in a row as the sender wrote them are the sender's: a quotation by which neighbours know who told."""
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")


def release(by: User, tip: Tip, words: str, at: datetime, *, pictures: bool) -> TipRelease:
    """Errors: ValidationError by field (`words`), or where the tip is open, a joke, erased or released already."""
    words = plain(words)
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        if found.state != State.CLOSED or found.erased is not None or found.end == End.ABUSE:
            raise ValidationError(N_("Only what was answered and closed can be published, and no joke or insult."))
        _check(found, words)
        try:
            with transaction.atomic():
                made = TipRelease.objects.create(tip=found, words=words, pictures=pictures, at=at, by=by)
        except IntegrityError as error:
            raise ValidationError(N_("It is published already. Take it back first to change it.")) from error
        TipStep.objects.create(at=at, by=by, tip=found.key, code=StepCode.RELEASED)
    return made


def retract(by: User | None, tip: Tip, at: datetime) -> bool:
    """Whether there was something to take back."""
    with transaction.atomic():
        gone, _each = TipRelease.objects.filter(tip=tip).delete()
        if gone:
            TipStep.objects.create(at=at, by=by, tip=tip.key, code=StepCode.RETRACTED)
    return bool(gone)


def released() -> QuerySet[TipRelease]:
    """The newest first. Its tip's own words are not read here."""
    return TipRelease.objects.select_related("tip__hamlet").defer("tip__words", "tip__place").order_by("-tip__received", "-pk")


def picture_of(key: str, sha256: str) -> TipPicture | None:
    """A copy that the public may see: of a release that shows its photos, looked at by an officer. `sha256`: of the copy."""
    shown = TipPicture.objects.filter(tip__release__key=key, tip__release__pictures=True, checked__isnull=False)
    return shown.exclude(blurred="").filter(blurred=sha256).first()


def _check(tip: Tip, words: str) -> None:
    if not words:
        raise ValidationError({"words": N_("Write what everybody may read.")})
    if len(words) > MOST_ANSWER:
        raise ValidationError({"words": N_("1,000 letters at most.")})
    if _NUMBER.search(words):
        raise ValidationError({"words": N_("A telephone number stands in it. Nobody's number is published here.")})
    told = [tip.words, tip.place, *tip.messages.filter(by=None).values_list("words", flat=True)]
    if (same := repeated(words, told)) is not None:
        theirs = N_("These are the sender's own words: “%(same)s”. Say it in yours.")
        raise ValidationError({"words": ValidationError(theirs, params={"same": same})})


def repeated(words: str, told: list[str]) -> str | None:
    """The first `SAME_WORDS` words in a row of `words` that stand so in one of `told`, whatever case and signs they have."""
    theirs = {run for text in told for run in _runs(text)}
    return next((" ".join(run) for run in _runs(words) if run in theirs), None)


def _runs(text: str) -> list[tuple[str, ...]]:
    parts = _WORD.findall(text.casefold())
    return [tuple(parts[at : at + SAME_WORDS]) for at in range(len(parts) - SAME_WORDS + 1)]
