"""The coordination regulation in the web: read by all, drafted and approved by the head, printed, in force for what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.coordination.approval import draft
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.coordination.force import in_force_now
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.web.forms_coordination import MatrixForm
from tests.web.cast import person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOON = time(12)


@pytest.fixture
def chief() -> User:
    return person(Role.HEAD)


@pytest.fixture
def head(log_in: LogIn, chief: User) -> Client:
    return log_in(chief)


def typed() -> dict[str, Any]:
    """What the form shows of the built-in matrix, as a browser sends it back."""
    form = MatrixForm(BUILT_IN)
    return {field.name: field.value() or "" for field in form if field.value() is not False}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_read_by_anybody_with_an_account_and_drafted_by_the_head_alone(log_in: LogIn, head: Client) -> None:
    auditor = log_in(person(Role.AUDITOR))
    page = text(auditor.get("/coordination"))
    assert "nhận việc trong 5 phút, có mặt trong 20 phút" in page
    assert "coordination/draft" not in page
    assert auditor.post("/coordination/draft").status_code == 403
    assert head.get("/coordination/draft").headers["Location"] == "/coordination"
    assert head.get("/coordination/draft/approve").headers["Location"] == "/coordination"
    assert head.post("/coordination/draft").status_code == 302
    assert "Dự thảo" in text(head.get("/coordination/draft"))


def test_from_the_draft_to_an_incident_under_the_new_clock(head: Client, chief: User) -> None:
    head.post("/coordination/draft")
    stamp = draft().stamp  # type: ignore[union-attr]
    sent = typed() | {"stamp": stamp, "accept_theft": 7, "sign": "05/QC-CAX", "approve": "yes"}
    assert head.post("/coordination/draft", sent).headers["Location"] == "/coordination/draft/approve"
    page = text(head.get("/coordination/draft/approve"))
    assert "nhận việc trong 7 phút" in page
    assert page.count("<del>") == 1
    now = datetime.now(UTC)
    before = open_incident(chief, IncidentDraft("theft", "Mất xe", now), now)
    assert head.post("/coordination/draft/approve", {"stamp": stamp + 1, "begins": "32/13/2026"}).status_code == 422
    assert head.post("/coordination/draft/approve", {"stamp": stamp, "begins": ""}).status_code == 422
    assert head.post("/coordination/draft/approve", {"stamp": stamp + 1, "begins": ""}).status_code == 302
    found = in_force_now(datetime.now(UTC))
    assert (found.matrix.line_of("theft", NOON).accept_min, found.matrix.heading.sign) == (7, "05/QC-CAX")
    now = datetime.now(UTC)
    after = open_incident(chief, IncidentDraft("theft", "Mất xe nữa", now), now)
    assert (before.accept_min, after.accept_min, after.due, after.matrix) == (5, 7, now + timedelta(minutes=7), 1)
    assert "05/QC-CAX" not in text(head.get("/coordination"))  # the heading is on the paper
    pdf = head.get("/coordination/1/paper/pdf")
    assert pdf.content.startswith(b"%PDF")
    assert head.get("/coordination/1/paper/docx").status_code == 200
    assert head.get("/coordination/0/paper/pdf").status_code == 200
    assert {head.get(f"/coordination/{path}").status_code for path in ("2/paper/pdf", "1/paper/txt")} == {404}


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(head: Client) -> None:
    head.post("/coordination/draft")
    wrong = typed() | {
        "accept_fire": 0,
        "backup_theft": "duty",
        "signals": "kẻng không nghĩa",
        "duties": "một\n\nhai",
        "stamp": 1,
    }
    answer = head.post("/coordination/draft", wrong)
    assert answer.status_code == 422
    page = text(answer)
    assert "Người hỗ trợ phải là người khác" in page
    assert "Dòng 1: ghi dấu hiệu" in page
    assert "kẻng không nghĩa" in page
    assert draft().matrix == BUILT_IN  # type: ignore[union-attr]
    late = head.post("/coordination/draft", typed() | {"stamp": 99, "accept_fire": 9})
    assert late.status_code == 422
    assert 'value="9"' in text(late)
    assert head.get("/coordination/draft/paper/pdf").content.startswith(b"%PDF")
    assert head.post("/coordination/draft/discard").status_code == 302
    assert draft() is None


def at_night(**more: object) -> dict[str, object]:
    """A fire is answered by the police on duty from ten in the evening to five in the morning."""
    line = {"first": "duty", "accept": 1, "arrive": 9, "backup": "hamlet_head"}
    return {"night_from": "22h", "night_to": "5:00", **{f"night_{name}_fire": value for name, value in line.items()}, **more}


def test_a_night_that_differs_is_drafted_printed_and_holds_by_the_moment_of_opening(head: Client, chief: User) -> None:
    head.post("/coordination/draft")
    stamp = draft().stamp  # type: ignore[union-attr]
    sent = typed() | at_night(stamp=stamp, approve="yes")
    assert head.post("/coordination/draft", sent).headers["Location"] == "/coordination/draft/approve"
    page = text(head.get("/coordination/draft/approve"))
    assert "Từ 22:00 đến 05:00 (theo lúc tiếp nhận), cháy" in page
    shown = text(head.get("/coordination/draft"))
    assert 'value="22:00"' in shown
    assert '<details class="card mb-3" open>' in shown
    now = datetime.now(UTC)
    assert head.post("/coordination/draft/approve", {"stamp": stamp + 1, "begins": ""}).status_code == 302
    midnight = datetime(now.year + 1, 1, 1, 17, tzinfo=UTC)  # in Vietnam
    for when, first, minutes in ((midnight, "duty", 1), (midnight + timedelta(hours=12), "team", 2)):
        opened = open_incident(chief, IncidentDraft("fire", "Cháy bếp", when), when)
        assert (opened.accept_min, opened.due) == (minutes, when + timedelta(minutes=minutes)), first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"night_from": ""}, "night_from"), ({"night_to": "25:00"}, "night_to"), ({"night_to": "22:00"}, "night_to"),
        ({"night_accept_fire": ""}, "night_accept_fire"), ({"night_first_fire": ""}, "night_first_fire"),
        ({"night_backup_fire": "duty"}, "night_backup_fire"), ({"night_arrive_fire": "0"}, "night_arrive_fire"),
        ({f"night_{name}_fire": "" for name in ("first", "accept", "arrive", "backup")}, "night_from"),
    ],
)  # fmt: skip
def test_a_night_that_is_not_whole_is_told_at_its_field(change: dict[str, str], field: str) -> None:
    form = MatrixForm(BUILT_IN, typed() | at_night(**change))
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert form.has_night()
