"""Days are typed as offices write them, and read the same whatever the browser's language."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.web.days import DayField, read_day

WEB = Path(__file__).parents[2] / "src" / "luytre" / "web"


@pytest.mark.parametrize("typed", ["24/11/2026", "24/11/26", "24-11-2026", "24.11.2026", "2026-11-24", " 24/11/2026 "])
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert read_day(typed) == DayField().clean(typed) == date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["", "11/24/2026", "31/02/2026", "24/11", "hôm qua", "24/11/0026", "2026-11-24T00:00", "\0"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


@given(st.text())
def test_whatever_stands_in_an_address_is_a_day_or_none(text: str) -> None:
    found = read_day(text)
    assert found is None or 2000 <= found.year < 3000


@given(st.dates(date(2000, 1, 1), date(2999, 12, 31)))
def test_what_is_shown_is_read_again(day: date) -> None:
    assert read_day(f"{day:%d/%m/%Y}") == day
    assert DayField().clean(DayField().prepare_value(day)) == day


def test_no_page_leaves_the_order_of_day_and_month_to_the_browser() -> None:
    guilty = [
        path.name for path in WEB.rglob("*") if path.suffix in (".py", ".html") and 'type="date"' in path.read_text("utf-8")
    ]
    guilty += [path.name for path in WEB.rglob("*.py") if '"type": "date"' in path.read_text("utf-8")]
    assert guilty == []
