"""Working days in the web: read and written by the head and the administrator, errors at their field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.workdays.book import holidays
from luytre.civic.workdays.days import built_in
from luytre.civic.workdays.models import DayStep
from tests.web.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.HEAD))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def a_weekday(year: int) -> date:
    return next(day for day in (date(year, 3, number) for number in range(1, 9)) if day.weekday() == 2)


def test_a_year_is_read_a_day_written_taken_back_and_the_year_confirmed(head: Client) -> None:
    year = timezone.localdate().year + 1
    day = a_weekday(year)
    page = text(head.get(f"/settings/workdays?year={year}"))
    assert f"01/01/{year}" in page
    assert "Tết Dương lịch" in page
    sent = {"year": year, "day": f"{day:%d/%m/%Y}", "said": "off", "words": "Thông báo 15/TB"}
    assert head.post("/settings/workdays/say", sent).headers["Location"] == f"/settings/workdays?year={year}"
    assert day in holidays([year]).off
    assert "Thông báo 15/TB" in text(head.get(f"/settings/workdays?year={year}"))
    assert head.post("/settings/workdays/say", {"year": year, "day": f"{day:%Y-%m-%d}", "said": "usual"}).status_code == 302
    assert holidays([year]) == built_in([year])
    assert head.post("/settings/workdays/check", {"year": year}).status_code == 302
    assert "Đã đối chiếu" in text(head.get(f"/settings/workdays?year={year}"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "32/13/2026"}, "ngày"), ({"said": "checked"}, "err-said"), ({"words": ""}, "Hãy ghi lý do"),
        ({"day": "01/01/2001"}, "ba năm tới"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(head: Client, change: dict[str, str], words: str) -> None:
    day = a_weekday(timezone.localdate().year)
    sent = {"year": day.year, "day": f"{day:%d/%m/%Y}", "said": "off", "words": "TB 15 <b>"} | change
    answer = head.post("/settings/workdays/say", sent)
    assert answer.status_code == 422
    assert words in text(answer)
    assert sent["day"] in text(answer)
    assert "<b>" not in text(answer).replace("TB 15 &lt;b&gt;", "")
    assert not DayStep.objects.exists()


@pytest.mark.parametrize("year", ["1999", "9999", "abcd", "²⁰²⁶", ""])
def test_any_year_in_the_address_shows_one_that_can_be_written(head: Client, year: str) -> None:
    assert head.get("/settings/workdays", {"year": year}).status_code == 200
    assert head.post("/settings/workdays/check", {"year": year}).status_code == 302
    assert DayStep.objects.count() == 1
