"""Names in the order in which people here look for them."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.registry.order import name_key

IN_ORDER = [
    "2 Bà Trưng", "10 Lê Lợi", "(kho)", "Ao làng", "Ăn uống", "Âu thuyền", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Cầu Đá",
    "Cổng 2", "Cổng 10", "Dốc", "Đình", "Em", "Êm", "Ngã ba", "Ô tô", "Ở", "Trạm", "UBND", "Ưu tiên", "Yên",
]  # fmt: skip


def test_the_alphabet_the_tones_and_numbers_by_size() -> None:
    mixed = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(mixed, key=name_key) == IN_ORDER
    assert sorted(mixed, key=lambda name: name_key(name.upper())) == IN_ORDER


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_names_have_an_order(one: str, other: str) -> None:
    assert (name_key(one) < name_key(other)) + (name_key(other) < name_key(one)) == (one != other)


@given(st.text(max_size=20))
def test_both_ways_to_write_an_accent_stand_together(name: str) -> None:
    composed, split = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    assert name_key(composed)[:2] == name_key(split)[:2]
