"""The book of shifts: taken, handed over, taken over without it; what is left stands on the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.incidents import shifts
from luytre.civic.incidents.models import ShiftStep
from luytre.civic.incidents.scope import calling
from tests.civic.incidents.test_incidents import opened
from tests.web.cast import EARLY, PASSWORD, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


@pytest.fixture
def day() -> User:
    return person(Role.DUTY, "day")


@pytest.fixture
def night() -> User:
    return person(Role.DUTY, "night")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_shift_is_taken_handed_and_taken_over(day: User, night: User) -> None:
    assert shifts.duty_now().who is None
    with pytest.raises(ValidationError):
        shifts.hand_over(day, night, "", NOW)  # nobody is on duty
    shifts.take_over(day, "", NOW)
    with pytest.raises(ValidationError):
        shifts.take_over(day, "", NOW)
    opened(night)
    for wrong in (day, person(Role.AUDITOR)):
        with pytest.raises(ValidationError):
            shifts.hand_over(day, wrong, "", NOW)
    shifts.hand_over(day, night, "Chợ đông", NOW)
    duty = shifts.duty_now()
    assert (duty.who, duty.handed and duty.handed.whom, duty.handed and duty.handed.called) == (day, night, 1)
    shifts.take_over(night, "", NOW)
    duty = shifts.duty_now()
    assert (duty.who, duty.handed) == (night, None)


def test_a_head_who_took_the_shift_is_called_as_the_police_on_duty_are(day: User) -> None:
    head = person(Role.HEAD, "head")
    incident = opened(day, kind="theft")  # which the police on duty answer first
    assert [list(calling(one, NOW)) for one in (day, head)] == [[incident], []]
    shifts.take_over(head, "", NOW)
    assert [list(calling(one, NOW)) for one in (day, head)] == [[incident], [incident]]
    shifts.take_over(day, "", NOW)
    assert list(calling(head, NOW)) == []


def test_who_falls_ill_is_relieved_without_handing_over(day: User, night: User) -> None:
    shifts.take_over(day, "", NOW)
    shifts.take_over(night, "ca trước ốm", NOW)
    assert shifts.duty_now().who == night
    with pytest.raises(ValidationError):
        shifts.hand_over(day, night, "", NOW)


def test_only_police_of_the_whole_commune_take_a_shift(day: User) -> None:
    local = User.objects.create_user("local", PASSWORD)
    assign(None, local, Wanted(Role.DUTY, "hamlet:1", first_day=EARLY), NOW)
    person(Role.COMMITTEE)
    assert shifts.takers(NOW) == [day]


def test_the_page_leads_through_it(log_in: LogIn, day: User, night: User) -> None:
    early, late = log_in(day), log_in(night)
    assert "Chưa ai nhận ca" in text(early.get("/shifts"))
    assert early.post("/shifts/hand", {"whom": night.pk, "hand_note": "x"}).status_code == 422
    early.post("/shifts/take", {"take_note": ""})
    opened(day, title="Cây đổ")
    assert "Cây đổ" in text(early.get("/shifts"))
    assert early.post("/shifts/hand", {"whom": "", "hand_note": "giữ lời"}).status_code == 422
    assert "giữ lời" in text(early.post("/shifts/hand", {"whom": "", "hand_note": "giữ lời"}))
    early.post("/shifts/hand", {"whom": night.pk, "hand_note": "Canh <b>cổng chợ</b>"})
    page = text(late.get("/shifts"))
    assert "Canh &lt;b&gt;cổng chợ" in page
    assert "chờ người đi 1" in page
    late.post("/shifts/take")
    assert late.post("/shifts/take").status_code == 422
    late.post("/shifts/note", {"shift_note": "Yên"})
    assert early.post("/shifts/note", {"shift_note": " "}).status_code == 422
    assert [step.code for step in ShiftStep.objects.all()] == ["taken", "handed", "taken", "noted"]
