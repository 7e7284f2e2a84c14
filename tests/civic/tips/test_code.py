"""The code of a tip: one sending, one code; slips are told; the database alone gives none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.ids import ALPHABET
from luytre.civic.tips.code import LENGTH, BadCode, code_of, digest_of, grouped, read_code, tips_key

KEY = b"k" * 32
sendings = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


@given(sendings)
def test_a_sending_has_one_code_and_it_is_read_however_it_is_typed(sending: str) -> None:
    code = code_of(KEY, sending)
    assert code == code_of(KEY, sending)
    assert (
        read_code(grouped(code)) == read_code(f" {code.upper()} ") == read_code(grouped(code).lower().replace("-", " – ")) == code
    )
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@given(sendings, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_slip_is_told(sending: str, place: int, letter: str) -> None:
    code = code_of(KEY, sending)
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(BadCode):
        read_code(wrong)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_none(text: str) -> None:
    try:
        code = read_code(text)
    except BadCode:
        return
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)


@given(sendings, sendings)
def test_another_sending_or_another_machine_has_another_code(one: str, two: str) -> None:
    if one != two:
        assert code_of(KEY, one) != code_of(KEY, two)
    assert code_of(KEY, one) != code_of(b"o" * 32, one)
    assert code_of(KEY, one) not in digest_of(KEY, code_of(KEY, one))


@pytest.mark.parametrize("sending", ["", "z" * 32, "0" * 31, "0" * 33, "A" * 32])
def test_what_is_no_sending_has_no_code(sending: str) -> None:
    with pytest.raises(ValueError, match="32 hex"):
        code_of(KEY, sending)


def test_the_key_is_made_once_and_is_secret(tmp_path: Path) -> None:
    key = tips_key(tmp_path)
    assert key == tips_key(tmp_path)
    assert len(key) == 32
    assert (tmp_path / "tips.key").stat().st_mode & 0o777 == 0o600
