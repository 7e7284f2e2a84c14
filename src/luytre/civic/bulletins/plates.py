"""Licence plates as people write them: `15B1-234.56`, `15 b1 23456` and `15b123456` are one. Shapes are hints, never refusals.

Which letters and digits stand on a plate: Circular 79/2024/TT-BCA (numbers 11 to 99 for the province). Not checked against the
official text: so a plate of any other shape is taken, and its writer is asked to look again.
"""

from __future__ import annotations

import re

from luytre.base.letters import folded_words

LONGEST = 20
"""As it is written, in characters."""
LEAST_SOUGHT = 3
"""From so many letters and digits on a search looks among the plates."""
_SHAPES = re.compile(
    r"[1-9]\d[a-z]{1,2}\d{4,6}"  # cars, motorbikes: 15A-234.56, 15B1-234.56, 29MĐ1-234.56, 29AA-234.56
    r"|[1-9]\d\d{3}(?:ng|nn|qt|cv)\d{2}"  # foreign bodies: 80-011-NG-01
    r"|[a-z]{2}\d{4}"  # the army: AA-12-34
    r"|[a-z]{2,3}\d{4,5}(?:ts)?"  # boats: HP-1234, HP-90123-TS
)
_IN_WORDS = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d[ .-]?[A-Za-zĐđ]{1,2}\d?[ .-]{0,3}(?:\d{3}[ .]?\d{2}|\d{4}))(?![0-9A-Za-z])"
)  # fmt: skip


def plain_plate(text: str) -> str:
    """Letters and digits alone, folded: what one plate has in common however it is written. Empty for what has none."""
    return "".join(folded_words(text))


def looks_like_plate(text: str) -> bool:
    """Whether it has the shape of a Vietnamese plate."""
    return _SHAPES.fullmatch(plain_plate(text)) is not None


def plate_in(words: str) -> str:
    """The first plate of a car or motorbike that stands in a text, as it is written there; empty: none does."""
    found = _IN_WORDS.search(words)
    return found[1] if found else ""
