"""Amounts in Vietnamese words, as receipts have them: `một triệu ba trăm năm mươi nghìn đồng`. Pure functions."""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9
_SCALES = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))


def dong_in_words(amount: int) -> str:
    """Of an amount not below 0. Errors: ValueError for one below."""
    if amount < 0:
        raise ValueError("words of an amount below zero")
    return f"{_number(amount)} đồng"


def _number(amount: int) -> str:
    """Groups of three digits that are empty are not said; one below a hundred after another is said with its hundred."""
    if amount == 0:
        return DIGITS[0]
    billions, rest = divmod(amount, _BILLION)
    parts = [_number(billions), "tỷ"] if billions else []
    for size, name in _SCALES:
        group, rest = divmod(rest, size)
        if group:
            parts += [_group(group, whole=bool(parts)), name]
    return " ".join(part for part in parts if part)


def _group(group: int, *, whole: bool) -> str:
    """1 to 999. `whole`: also the hundreds that are none."""
    hundreds, below = divmod(group, 100)
    parts = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    tens, units = divmod(below, 10)
    if tens == 0 and units:
        parts.append(f"linh {DIGITS[units]}" if parts else DIGITS[units])
    elif tens == 1:
        parts.append(" ".join(["mười", *([_unit(units, plain_one=True)] if units else [])]))
    elif tens:
        parts.append(" ".join([f"{DIGITS[tens]} mươi", *([_unit(units, plain_one=False)] if units else [])]))
    return " ".join(parts)


def _unit(units: int, *, plain_one: bool) -> str:
    """After tens: `lăm` for five, `mốt` for one from twenty-one on."""
    if units == 5:
        return "lăm"
    return "mốt" if units == 1 and not plain_one else DIGITS[units]
