"""Amounts in dong as people type and read them: `200.000.000`, `200 triệu`, `1,5 tỷ`."""

from __future__ import annotations

import re

from luytre.base.errors import UsageError
from luytre.base.i18n import N_

MOST_VND = 10**15
_GROUPED = re.compile(r"\d{1,3}(?:([.,  ])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"\d{1,16}")
_WITH_WORD = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?\s*(ngàn|nghìn|nghin|ngan|k|triệu|trieu|tr|tỷ|tỉ|ty|ti)")
_TIMES = {"n": 1_000, "k": 1_000, "t": 1_000_000}
_BILLION = frozenset({"tỷ", "tỉ", "ty", "ti"})
_UNIT = re.compile(r"\s*(?:đồng|dong|vnđ|vnd|đ|₫)\.?$")


def parse_dong(typed: str) -> int:
    """Whole dong, not below 0. Errors: UsageError.

    Points, commas and blanks group thousands; after a word (`triệu`, `tỷ`, `nghìn`) comes nothing, before it at most three
    decimals. What could mean two things (`1.5`, `200.00`) is refused.
    """
    text = _UNIT.sub("", " ".join(typed.casefold().split()))
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        found = int(re.sub(r"\D", "", text))
    elif match := _WITH_WORD.fullmatch(text):
        times = 1_000_000_000 if match[3] in _BILLION else _TIMES[match[3][0]]
        found = int(match[1]) * times + int((match[2] or "").ljust(3, "0")) * times // 1000
    else:
        found = -1
    if not text.isascii() and not _WITH_WORD.fullmatch(text) and not _GROUPED.fullmatch(text):
        found = -1
    if not 0 <= found <= MOST_VND:
        raise UsageError(N_("this is no amount of money"), hint=N_("Write it like 200.000.000, 200 triệu or 1,5 tỷ."))
    return found


def dong(amount: int) -> str:
    """As it stands on paper here: `200.000.000`."""
    return f"{amount:,}".replace(",", ".")
