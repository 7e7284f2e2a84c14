"""How long a text is as SMS: GSM 03.38 (7 bits) or UCS-2, and in how many parts (3GPP TS 23.040 §9.2.3.24). Pure functions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = "\f^{}\\[~]|€"
"""Letters that take two places each, with the escape before them."""
GSM7, UCS2 = "GSM-7", "UCS-2"
_ONE_PART = {GSM7: 160, UCS2: 70}
_EACH_PART = {GSM7: 153, UCS2: 67}


@dataclass(frozen=True, slots=True)
class Length:
    """`places`: what is counted, septets or UTF-16 units. `parts`: so many messages are paid for."""

    coding: str
    places: int
    parts: int


def length_of(text: str) -> Length:
    costs = _costs(text)
    coding = GSM7 if costs is not None else UCS2
    if costs is None:
        costs = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    places = sum(costs)
    if places <= _ONE_PART[coding]:
        return Length(coding, places, 1 if places else 0)
    return Length(coding, places, _parts(costs, _EACH_PART[coding]))


def _costs(text: str) -> list[int] | None:
    """Places a letter in GSM-7; None where one letter is not in it."""
    if any(letter not in _BASIC and letter not in _TWO for letter in text):
        return None
    return [2 if letter in _TWO else 1 for letter in text]


def _parts(costs: list[int], room: int) -> int:
    """A letter of two places is not cut in two."""
    parts, used = 1, 0
    for cost in costs:
        if used + cost > room:
            parts, used = parts + 1, 0
        used += cost
    return parts


def plain(text: str) -> str:
    """Vietnamese without accents, as it fits into GSM-7."""
    decomposed = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
