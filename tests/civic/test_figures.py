"""Figures, days, sensors and choices as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.base.letters import one_line
from luytre.civic.registry.figures import parse_choice, parse_day, parse_number, parse_sensor, parse_whole
from luytre.civic.registry.register import Condition, OwnerKind, Tier


@pytest.mark.parametrize(("typed", "number"), [("3,6", 3.6), ("3.6", 3.6), (" -12 ", -12.0), ("−5,5", -5.5), ("+7", 7.0)])
def test_numbers_with_a_comma_or_a_point(typed: str, number: float) -> None:
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["", "1.920,5", "1,920,500", "3 m", "nan", "inf", "1e5", "٣", "--4", "9999999999", "3,"])
def test_what_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["", "1.920", "-1", "12,5", "²", "1 920"])
def test_what_is_no_whole_number_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_whole(typed)


@pytest.mark.parametrize(
    "typed", ["24/11/2026", "24-11-2026", "24.11.2026", "2026-11-24", "2026-11-24 00:00:00", " 24 / 11 / 2026 "]
)
def test_days_as_people_and_spreadsheets_write_them(typed: str) -> None:
    assert parse_day(typed) == date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["", "31/02/2026", "11/24/2026", "24/11/26", "0/0/0000", "tháng 11", "٢٤/11/2026"])
def test_what_is_no_day_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_day(typed)


@pytest.mark.parametrize("typed", ['1/2.8"', "1/2,8", "1/2.8 inch", "1/2.8''", " 1 / 2.8 ", "1/2.8 INCH"])
def test_sensors_as_makers_write_them(typed: str) -> None:
    assert parse_sensor(typed) == "1/2.8"


@pytest.mark.parametrize("typed", ["2.8", "1/0", "0/3", "9/1", "1/2.8/3", "một phần ba"])
def test_what_is_no_sensor_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_sensor(typed)
    assert parse_sensor("") == ""


@pytest.mark.parametrize(
    ("typed", "kind"), [("hộ dân", "household"), ("Ho Dan", "household"), ("household", "household"), ("", "")]
)
def test_choices_in_either_language_without_accents(typed: str, kind: str) -> None:
    assert parse_choice(OwnerKind, typed) == kind


@pytest.mark.parametrize("kinds", [OwnerKind, Tier, Condition])
def test_words_that_are_no_choice_are_told(kinds: type[OwnerKind]) -> None:
    with pytest.raises(UsageError):
        parse_choice(kinds, "ông trăng")


@given(st.floats(-1e6, 1e6).map(lambda number: round(number, 4)))
def test_a_number_written_with_a_comma_is_itself(number: float) -> None:
    assert parse_number(f"{number:.4f}".replace(".", ",")) == pytest.approx(number)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_written_is_itself(day: date) -> None:
    assert parse_day(f"{day:%d/%m/%Y}") == parse_day(day.isoformat()) == day


@given(st.text(max_size=30), st.sampled_from([parse_number, parse_whole, parse_day, parse_sensor]))
def test_any_text_is_read_or_refused_in_words(typed: str, parse: object) -> None:
    with suppress(UsageError):
        assert parse(typed) is not None  # type: ignore[operator]


@given(st.text(max_size=60))
def test_a_kept_line_is_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line)
    assert line.encode() is not None
    assert "\n" not in line
