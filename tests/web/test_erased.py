"""The log of erased footage: what is told, beside which version of the regulation, and to whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.ports import ErasedLine
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.erasing import with_rules
from luytre.civic.regulations.rules import Group, Kept
from tests.civic.test_keeping import RULES, put_in_force
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


def line(number: int, key: str, at: datetime = AT, **changes: object) -> ErasedLine:
    gone = ErasedLine(number, at, key, "main", at - timedelta(days=20, hours=1), at - timedelta(days=20), 3_000_000_000, "days")
    return dataclasses.replace(gone, **changes)  # type: ignore[arg-type]


@pytest.fixture
def auditor(log_in: LogIn, recorder: FakeRecorder) -> Client:
    return log_in(person(Role.AUDITOR))


def test_each_line_stands_beside_the_rules_that_were_in_force_then(monkeypatch: pytest.MonkeyPatch) -> None:
    hot, other = camera("Chợ", kind="hot_spot"), camera("Ngõ", kind="residential")
    put_in_force(RULES, AT - timedelta(days=3), AT - timedelta(days=2))
    head = User.objects.get(username="truong")
    from luytre.civic.regulations.approval import approve, begin_draft, write_draft

    shorter = dataclasses.replace(
        RULES, kept=(Kept(Group.ROUTE, 5), Kept(Group.HOT_SPOT, 7), Kept(Group.RESIDENTIAL, 3), Kept(Group.OTHER, 2))
    )
    begin_draft(head, AT - timedelta(days=2), from_proposal=False)
    write_draft(head, shorter, 1, AT - timedelta(days=2))
    approve(head, 2, AT, AT - timedelta(days=1))
    second = timedelta(seconds=1)
    told = [
        (one.camera, one.version, one.days)
        for one in with_rules([
            line(5, hot.key), line(4, other.key, AT - second), line(3, hot.key, AT - timedelta(days=2) - second),
            line(2, "ai-biet", AT), line(1, hot.key, AT - second),
        ])
    ]  # fmt: skip
    assert told == [("Chợ", 2, 7), ("Ngõ", 1, 10), ("Chợ", 0, None), ("ai-biet", 2, 2), ("Chợ", 1, 20)]


def test_the_page_tells_what_went_and_shows_nothing(auditor: Client, recorder: FakeRecorder) -> None:
    one = camera("=Chợ", kind="hot_spot")
    archive_camera(one)
    put_in_force(RULES, AT - timedelta(days=1))
    recorder.gone = [line(3, one.key), line(2, one.key, rule="floor"), line(1, "khac", rule="bytes", size_bytes=5)]
    page = auditor.get("/erased").content.decode()
    for words in ("24/11/2026 14:05:00", "04/11/2026 13:05:00 – 04/11/2026 14:05:00", "đã lưu 20,0 ngày", "3,0 GB",
                  "Hết số ngày lưu", "Ổ đĩa hết chỗ trống", "Camera đã dùng hết dung lượng", "bản số 1", ": 20 ngày",
                  "=Chợ"):  # fmt: skip
        assert words in page, words
    assert "<img" not in page
    assert "/playback?" not in page


def test_it_is_filtered_by_camera_and_day_and_paged(auditor: Client, recorder: FakeRecorder) -> None:
    one, two = camera("Chợ"), camera("Cổng")
    recorder.gone = [
        line(number, (one if number % 2 else two).key, AT + timedelta(days=number // 60)) for number in range(120, 0, -1)
    ]

    def shown(query: str) -> list[int]:
        return [one.line.number for one, _rule in auditor.get(f"/erased?{query}").context["lines"]]

    assert shown("") == list(range(120, 70, -1))
    older = auditor.get("/erased").context["older"]
    assert older == 71
    assert shown(f"before={older}") == list(range(70, 20, -1))
    assert shown("before=21") == list(range(20, 0, -1))
    assert shown(f"camera={one.key}&before=4") == [3, 1]
    assert shown("from=2026-11-26") == [120]
    assert shown("to=2026-11-23") == []
    assert len(shown("from=2026-11-25&to=2026-11-25")) == 50
    assert "from=2026-11-25" in auditor.get("/erased?from=2026-11-25").context["filters"]
    for nonsense in ("from=9999-12-31&to=0001-01-01", "before=%00", "before=99999999999999999999", "camera=%00", "from=x"):
        assert auditor.get(f"/erased?{nonsense}").status_code == 200, nonsense


def test_the_sheet_has_every_line_and_runs_nothing(auditor: Client, recorder: FakeRecorder) -> None:
    one = camera('=HYPERLINK("x")', kind="hot_spot")
    put_in_force(RULES, AT - timedelta(days=1))
    recorder.gone = [line(number, one.key) for number in range(2500, 0, -1)]
    answer = auditor.get(f"/erased/sheet?camera={one.key}&before=2400")
    assert f"nhat-ky-xoa-hinh-{timezone.localdate().isoformat()}.xlsx" in answer.headers["Content-Disposition"]
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2400
    assert rows[1] == (
        2399, "24/11/2026 14:05:00", "'=HYPERLINK(\"x\")", one.key, "main", "04/11/2026 13:05:00", "04/11/2026 14:05:00",
        3_000_000_000, "hết số ngày lưu", "bản số 1", 20, 20,
    )  # fmt: skip


def test_a_recorder_that_is_down_is_told(auditor: Client, recorder: FakeRecorder) -> None:
    recorder.now = None
    page = auditor.get("/erased")
    assert page.status_code == 200
    assert "Máy ghi không trả lời" in page.content.decode()
    assert auditor.get("/erased/sheet").status_code == 503
