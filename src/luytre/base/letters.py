"""Letters without their accents, as people type them in a hurry: `chợ`, `cho` and `CHO` are one word."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[0-9a-z]+")
_STROKES = str.maketrans({"đ": "d", "Đ": "d"})


def fold(text: str) -> str:
    """Lower case, no accents, `đ` as `d`. Everything else stays."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_STROKES)


def folded_words(text: str) -> list[str]:
    """The folded words of a text; what is neither letter nor digit separates."""
    return _WORD.findall(fold(text))


def one_line(text: str) -> str:
    """As it is kept: composed letters (NFC), single spaces, no control characters, no lone halves of a letter."""
    printable = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(printable.split())
