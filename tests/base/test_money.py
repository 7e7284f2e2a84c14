"""Amounts in dong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.base.money import MOST_VND, dong, parse_dong


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", 0), ("200000000", 200_000_000), ("200.000.000", 200_000_000), ("200,000,000 đ", 200_000_000),
        ("200 000 000", 200_000_000),
        ("200 triệu", 200_000_000), ("200tr", 200_000_000), ("1,5 tỷ", 1_500_000_000), ("1.25 tỉ đồng", 1_250_000_000),
        ("500 nghìn", 500_000), ("500k", 500_000), (" 12 Triệu VND", 12_000_000), ("3,5 trieu", 3_500_000),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(typed: str, amount: int) -> None:
    assert parse_dong(typed) == amount


@pytest.mark.parametrize(
    "typed", ["", "1.5", "200.00", "1.000,000", "-5", "1.000.00", "năm triệu", "1e9", "٣٤", "10" * 10, "5 triệu 3"]
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_dong(typed)


@given(st.integers(0, MOST_VND))
def test_what_is_shown_is_read_again(amount: int) -> None:
    assert parse_dong(dong(amount)) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        assert 0 <= parse_dong(text) <= MOST_VND
    except UsageError as error:
        assert error.hint  # noqa: PT017
