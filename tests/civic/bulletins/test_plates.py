"""Licence plates: one plate is one, however it is written; what is no plate is a hint, never a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.bulletins.plates import looks_like_plate, plain_plate, plate_in

DIGITS = st.text("0123456789", min_size=5, max_size=5)
GAPS = st.text(" .-–\t", max_size=3)
SERIES = st.sampled_from(["A", "b1", "C2", "LD", "AA", "MĐ1", "mđ2"])


@given(st.integers(11, 99), SERIES, DIGITS, GAPS, GAPS)
def test_one_plate_is_one_in_any_writing_and_has_a_shape(province: int, series: str, digits: str, one: str, two: str) -> None:
    plain = plain_plate(f"{province}{series}{digits}")
    written = f"{one}{province}{one}{series.upper()}{two}{digits[:3]}{one}{digits[3:]}{two}"
    assert plain_plate(written) == plain
    assert looks_like_plate(written)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    plain = plain_plate(text)
    assert plain_plate(plain) == plain
    assert plain == "" or (plain.isascii() and plain.isalnum() and plain == plain.lower())
    assert isinstance(looks_like_plate(text), bool)
    assert plate_in(text) in text


@given(st.integers(11, 99), SERIES, DIGITS, st.text("abc ơ,(", max_size=5))
def test_a_plate_in_a_sentence_is_found(province: int, series: str, digits: str, around: str) -> None:
    plate = f"{province}{series}-{digits[:3]}.{digits[3:]}"
    assert plate_in(f"Mất xe {around} {plate}, đỏ") == plate


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("15B1-234.56", True), ("15b123456", True), ("80-011-NG-01", True), ("AA-12-34", True), ("HP-90123-TS", True),
        ("29MĐ1-123.45", True), ("không biển", False), ("09A-123.45", False), ("15B1-23", False), ("", False),
    ],
)  # fmt: skip
def test_shapes(written: str, shape: bool) -> None:
    assert looks_like_plate(written) is shape


@pytest.mark.parametrize("words", ["", "gọi 0912 345 678", "nhà 15, ngõ 234", "ngày 24/11/2026", "115B1-234.56"])
def test_what_is_no_plate_is_not_taken_for_one(words: str) -> None:
    assert plate_in(words) == ""
