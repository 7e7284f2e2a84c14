"""Length of SMS: what is counted, and in how many parts it is paid for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.dispatch.sms import GSM7, UCS2, Length, length_of, plain


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length(GSM7, 0, 0)),
        ("a" * 160, Length(GSM7, 160, 1)),
        ("a" * 161, Length(GSM7, 161, 2)),
        ("a" * 306, Length(GSM7, 306, 2)),
        ("a" * 307, Length(GSM7, 307, 3)),
        ("€" * 80, Length(GSM7, 160, 1)),
        ("a" + "€" * 153, Length(GSM7, 307, 3)),  # the 77th in a part would be cut: it goes into the next
        ("ệ" * 70, Length(UCS2, 70, 1)),
        ("ệ" * 71, Length(UCS2, 71, 2)),
        ("ệ" * 135, Length(UCS2, 135, 3)),
        ("🚨" * 35, Length(UCS2, 70, 1)),
        ("🚨" * 36, Length(UCS2, 72, 2)),
    ],
)
def test_as_the_standards_count(text: str, length: Length) -> None:
    assert length_of(text) == length


@given(st.text(max_size=400))
def test_parts_hold_what_is_in_them_and_no_more_than_needed(text: str) -> None:
    found = length_of(text)
    room, each = (160, 153) if found.coding == GSM7 else (70, 67)
    assert found.parts == (0 if not text else 1) if found.places <= room else found.parts >= -(-found.places // each)
    assert found.parts * each <= found.places + found.parts + each or found.parts <= 1  # at most one place a part is lost


@given(st.text(alphabet="aăâeêioôơuưyđĐẤếệộợữỹ ,.0123", max_size=200))
def test_vietnamese_without_accents_fits_into_gsm7(text: str) -> None:
    assert length_of(plain(text)).coding == GSM7


def test_without_accents_a_letter_stays_a_letter() -> None:
    assert plain("Đường Nguyễn Huệ ngập sâu") == "Duong Nguyen Hue ngap sau"
