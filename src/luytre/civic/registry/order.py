"""The order in which people here look for a name: the Vietnamese alphabet, and numbers by their size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from luytre.civic.registry.models import Camera, Hamlet

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS = {letter: rank for rank, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_PARTS = re.compile(r"([0-9]+)")
_Part = tuple[int, int, tuple[tuple[int, str], ...]]


def name_key(name: str) -> tuple[tuple[_Part, ...], tuple[int, ...], str]:
    """Letters and numbers first, then tones, then the name itself, so that no two names are the same."""
    parts = tuple(_part(part) for part in _PARTS.split(name.casefold()) if part)
    return parts, tuple(_tone(letter) for letter in unicodedata.normalize("NFC", name.casefold())), name


def in_order(cameras: Iterable[Camera]) -> list[Camera]:
    return sorted(cameras, key=lambda camera: (name_key(camera.name), camera.key))


def hamlets_in_order(hamlets: Iterable[Hamlet]) -> list[Hamlet]:
    """As the commune ordered them; those of one order by the alphabet."""
    return sorted(hamlets, key=lambda hamlet: (hamlet.order, name_key(hamlet.name)))


def _part(text: str) -> _Part:
    if text.isascii() and text.isdigit():
        return 0, int(text), ()  # numbers come before letters
    return 1, 0, tuple(_rank(letter) for letter in unicodedata.normalize("NFC", text))


def _rank(letter: str) -> tuple[int, str]:
    """Ranks the letter without its tone; what is no letter of the alphabet stands before it."""
    bare = unicodedata.normalize("NFC", "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES))
    return (_RANKS[bare] + 1, "") if bare in _RANKS else (0, bare)


def _tone(letter: str) -> int:
    return next((_TONES[mark] for mark in unicodedata.normalize("NFD", letter) if mark in _TONES), 0)
