"""Figures and choices as people type them: a comma or a point before the fraction, words with or without accents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import TextChoices

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import folded_words

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?")
_WHOLE = re.compile(r"\+?\d{1,9}")
_SENSOR = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s*/\s*(\d{1,2}(?:\.\d{1,3})?)")
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_MINUS = str.maketrans({"−": "-", "–": "-"})


def parse_number(typed: str) -> float:
    """`3,6` and `3.6`. Errors: UsageError, also for digits in groups (`1.920,5`), which could mean two things."""
    text = typed.translate(_MINUS).strip()
    if _NUMBER.fullmatch(text) is None or not text.isascii():
        raise UsageError(N_("this is no number"), hint=N_("Write it like 3,6 or 120, without unit."))
    return float(text.replace(",", "."))


def parse_whole(typed: str) -> int:
    """A number without a fraction, not below 0. Errors: UsageError."""
    text = typed.strip()
    if _WHOLE.fullmatch(text) is None or not text.isascii():
        raise UsageError(N_("this is no whole number"), hint=N_("Write it like 1920, without points between the digits."))
    return int(text)


def parse_day(typed: str) -> date:
    """`24/11/2026` (day first, also with points or dashes) and `2026-11-24`. Errors: UsageError."""
    text = typed.strip()
    match, iso = _DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    parts = match.groups() if match else iso.groups()[::-1] if iso else None
    try:
        if parts is None or not text.isascii():
            raise ValueError(text)
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError as error:
        raise UsageError(N_("this is no day"), hint=N_("Write it like 24/11/2026: day, month, year.")) from error


def parse_sensor(typed: str) -> str:
    """The size of an image sensor as makers write it (`1/2.8"`, `1/2,8 inch`), as `1/2.8`; empty for none. Errors: UsageError."""
    text = typed.replace(",", ".").replace("”", '"').replace("''", '"').casefold()
    text = text.replace("inches", "").replace("inch", "").replace("in", "").replace('"', "").strip()
    if not text:
        return ""
    match = _SENSOR.fullmatch(text)
    if match is None or not text.isascii() or not 0.05 <= float(match[1]) / (float(match[2]) or 1e9) <= 2:
        raise UsageError(N_("this is no size of a sensor"), hint=N_("It stands in the data sheet, like 1/2.8."))
    return f"{match[1]}/{match[2]}"


def parse_choice(kinds: type[TextChoices], typed: str) -> str:
    """The choice that is meant: its key or its words in either language, with or without accents; empty for nothing.

    Errors: UsageError.
    """
    wanted = folded_words(typed)
    if not typed.strip():
        return ""
    for kind in kinds:
        if wanted and any(wanted == folded_words(text) for text in _names(kind)):
            return str(kind.value)
    raise UsageError(N_("this word is none of the choices"), hint=N_("Choose one from the list."))


def _names(kind: TextChoices) -> Iterable[str]:
    label = str(kind.label)
    return kind.value, label, translate(label, "vi")
