"""What officers write to people, and who it is that is written to: shared by tips, requests for footage and claims to data."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.registry.seal import unseal
from luytre.civic.tips.models import MOST_ANSWER
from luytre.civic.tips.taking import plain


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    phone: str


def unsealed(sealed_name: str, sealed_phone: str) -> Sender:
    """The caller writes down that somebody looked. Errors: LuytreError where the key is another."""
    return Sender(unseal(sealed_name), unseal(sealed_phone))


def answer_words(words: str, name: str, missing: str) -> str:
    """Words to who asked or told, as they are kept. Errors: ValidationError at the field `name`, `missing` for none."""
    words = plain(words)
    if not words:
        raise ValidationError({name: missing})
    if len(words) > MOST_ANSWER:
        raise ValidationError({name: N_("1,000 letters at most.")})
    return words
