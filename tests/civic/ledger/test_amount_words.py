"""Amounts in words: every one is read back to what it was by a reader that knows nothing of the writer."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luytre.base.money import MOST_VND
from luytre.civic.ledger.amount_words import dong_in_words

UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}


def read_back(words: str) -> int:
    """Word by word, as somebody who hears it writes it down."""
    *said, end = words.split()
    assert end == "đồng"
    billions = below = group = 0
    last: int | None = None
    for word in said:
        if word in UNITS:
            last = UNITS[word]
            group += last
        elif word == "mười":
            group, last = group + 10, None
        elif word in ("mươi", "trăm"):
            assert last is not None
            group += last * ((10 if word == "mươi" else 100) - 1)
            last = None
        elif word in ("nghìn", "triệu"):
            below, group, last = below + group * (1000 if word == "nghìn" else 10**6), 0, None
        elif word == "tỷ":
            billions, below, group, last = below + group, 0, 0, None
        else:
            assert word == "linh", word
    return billions * 10**9 + below + group


@given(st.integers(0, MOST_VND))
@example(0)
@example(10**9 + 5)
@example(MOST_VND)
@example(1_000_021_000)
def test_words_are_read_back(amount: int) -> None:
    assert read_back(dong_in_words(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"), (1_350_000, "một triệu ba trăm năm mươi nghìn đồng"), (15, "mười lăm đồng"), (10, "mười đồng"),
        (21_000, "hai mươi mốt nghìn đồng"), (11, "mười một đồng"), (105, "một trăm linh năm đồng"),
        (1_005_000, "một triệu không trăm linh năm nghìn đồng"), (2_000_000_000, "hai tỷ đồng"),
        (1_000_000_050, "một tỷ không trăm năm mươi đồng"), (10**12, "một nghìn tỷ đồng"),
        (25_500, "hai mươi lăm nghìn năm trăm đồng"),
    ],
)  # fmt: skip
def test_as_people_here_say_it(amount: int, words: str) -> None:
    assert dong_in_words(amount) == words


def test_below_zero_there_are_no_words() -> None:
    with pytest.raises(ValueError, match="below zero"):
        dong_in_words(-1)
