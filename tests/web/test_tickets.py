"""The pages of tickets and of the time that cameras worked: read, acted on, refused with nothing lost, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.models import Camera, Eye
from luytre.civic.registry.wiring import FeedDraft, FirmDraft, save_feed, save_firm
from luytre.civic.upkeep.minute import minute
from luytre.civic.upkeep.models import Repair, Ticket, TicketState
from tests.web.cast import FakeRecorder, camera, person, viewer_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def broken(cameras: list[Camera], down: list[Camera], minutes: int = 12) -> list[Ticket]:
    """These went down so many minutes ago, and it was watched."""
    begun = timezone.now() - timedelta(minutes=minutes)
    for number in range(minutes):
        at = begun + timedelta(minutes=number)
        state = {one.key: "failed" if number and one in down else "recording" for one in cameras}
        streams = (
            StreamState(key, "main", one, "unreachable" if one == "failed" else "", since=at) for key, one in state.items()
        )
        minute(FakeRecorder(now=Status(at, tuple(streams))), at)
    return list(Ticket.objects.order_by("pk"))


@pytest.fixture
def head(log_in: LogIn, recorder: FakeRecorder) -> Client:
    return log_in(person(Role.HEAD))


def test_a_ticket_is_read_taken_given_put_off_mended_and_closed(head: Client) -> None:
    one = camera("Cổng chợ")
    Eye.objects.filter(camera=one).update(warranty_until=timezone.localdate() + timedelta(days=400))
    firm = save_firm(None, FirmDraft("Cửa hàng Hải", "0912 345 678"), timezone.now())
    (ticket,) = broken([one], [one])
    at = f"/health/tickets/{ticket.key}"
    listed = head.get("/health/tickets").content.decode()
    for words in ("Cổng chợ", "Không ghi được hình", "Tổ bảo vệ ANTT Thôn Đông", "Cần xử lý"):
        assert words in listed, words
    assert "còn bảo hành đến" in head.get(at).content.decode()
    for path, data in (
        ("take", {}),
        ("assign", {"whom": f"firm:{firm.key}"}),
        ("wait", {"waits": "parts", "words": "chờ nguồn"}),
        ("note", {"note": "đã gọi"}),
        ("repair", {"day": "24/11/2026", "who": "anh Hải", "what": "thay nguồn", "cost": "350 nghìn", "camera": one.key}),
        ("close", {"why": "tháo về xưởng"}),
    ):
        answer = head.post(f"{at}/{path}", data)
        assert (path, answer.status_code, answer.headers["Location"]) == (path, 302, at)
    page = head.get(at).content.decode()
    for words in (
        "Cửa hàng Hải",
        "0912 345 678",
        "350.000 đồng",
        "Chờ linh kiện",
        "đã gọi",
        "Đóng bằng tay",
    ):
        assert words in page, words
    assert (Repair.objects.get().cost_vnd, Ticket.objects.get().state) == (350_000, TicketState.CLOSED)
    assert "đã đóng" in head.post(f"{at}/take", follow=True).content.decode()
    assert "đã đóng" in head.post(f"{at}/close", {"why": "nữa"}, follow=True).content.decode()
    assert head.post(f"{at}/reopen", {"again": ""}).context["reopening"].errors
    again = head.post(f"{at}/reopen", {"again": "dây còn lỏng"}, follow=True).content.decode()
    assert ("Mở lại: dây còn lỏng" in again, Ticket.objects.get().state) == (True, TicketState.OPEN)


def test_repairs_are_a_sheet_of_what_the_person_meets(head: Client, log_in: LogIn) -> None:
    one, other = camera("=1+1"), camera("Đình làng", hamlet="Thôn Đoài")
    broken([one, other], [one, other])
    for key in (one.key, other.key):
        ticket = Ticket.objects.get(camera=key)
        mended = {"day": "24/11/2026", "who": "anh Hải", "what": "thay nguồn", "cost": "350 nghìn", "camera": key}
        head.post(f"/health/tickets/{ticket.key}/repair", mended)
        number = Repair.objects.order_by("-seq").values_list("seq", flat=True)[0]
        head.post(f"/health/tickets/{ticket.key}/repair", mended | {"cost": "530 nghìn", "corrects": str(number)})
    assert "<option>2026</option>" in head.get("/health/tickets").content.decode()
    rows = sheet_rows(head.get("/health/repairs/sheet?month=2026").content)
    assert [row[7] for row in rows[2:]] == [350_000, 530_000, 350_000, 530_000, 1_060_000]
    assert [row[10] for row in rows[2:6]] == [rows[3][9], None, rows[5][9], None]
    assert (rows[2][1], rows[4][1:3]) == ("'=1+1", ("Đình làng", "Thôn Đoài"))
    assert rows[2][0].isoformat() == "2026-11-24T00:00:00"
    own = sheet_rows(log_in(viewer_of(other)).get("/health/repairs/sheet?month=2026-11").content)
    assert [row[1] for row in own[2:4]] == ["Đình làng"] * 2
    assert own[-1][7] == 530_000
    assert len(sheet_rows(head.get("/health/repairs/sheet?month=2025").content)) == 3


def sheet_rows(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(head: Client) -> None:
    one = camera()
    (ticket,) = broken([one], [one])
    at = f"/health/tickets/{ticket.key}"
    answer = head.post(f"{at}/repair", {"day": "31/12/2099", "who": "", "what": "thay dây", "cost": "1.5"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {"who", "cost"} == set(answer.context["repairing"].errors)
    assert "thay dây" in page
    assert 'value="1.5"' in page
    late = head.post(f"{at}/repair", {"day": "31/12/2099", "who": "a", "what": "b", "cost": "0"})
    assert set(late.context["repairing"].errors) == {"day"}
    for path, data, form, field in (
        ("close", {"why": " "}, "closing", "why"),
        ("wait", {"waits": "rain"}, "deferring", "waits"),
        ("assign", {"whom": "unit:999"}, "assigning", "whom"),
        ("note", {"note": ""}, "noting", "note"),
    ):
        refused = head.post(f"{at}/{path}", data)
        assert (refused.status_code, set(refused.context[form].errors)) == (422, {field})


def test_a_cut_is_one_line_and_who_has_two_of_its_cameras_sees_those(head: Client, log_in: LogIn) -> None:
    cameras = [camera(f"Cột {number}") for number in range(5)]
    save_feed(None, FeedDraft("power", "Trạm 2", cameras=frozenset(one.key for one in cameras)), timezone.now())
    (ticket,) = broken(cameras, cameras)
    todo = head.get("/health/todo").content.decode()
    assert ("Nguồn điện Trạm 2" in todo, "5 camera" in todo) == (True, True)
    team = log_in(viewer_of(*cameras[:2]))
    page = team.get(f"/health/tickets/{ticket.key}").content.decode()
    assert ("Cột 0" in page, "Cột 4" in page, "3 camera" in page) == (True, False, True)
    other = log_in(viewer_of(camera("Xa"), role=Role.OWNER))
    assert other.get(f"/health/tickets/{ticket.key}").status_code == 404
    assert "Trạm 2" not in other.get("/health/tickets?state=all").content.decode()
    assert other.post(f"/health/tickets/{ticket.key}/take").status_code == 403


def test_filters_stand_in_the_address(head: Client) -> None:
    one, two = camera("Cổng chợ"), camera("Đình làng", hamlet="Thôn Đoài")
    broken([one, two], [one, two])
    hamlet = two.site.hamlet_id
    both = {"Cổng chợ", "Đình làng"}
    queries = {"": both, "?q=dinh": {"Đình làng"}, f"?hamlet={hamlet}": {"Đình làng"}, "?state=x&fault=y&hamlet=z": both}
    for query, found in (queries | {query: set[str]() for query in ("?fault=dark", "?state=closed", "?state=mine")}).items():
        page = head.get(f"/health/tickets{query}").content.decode()
        assert {name for name in both if f">{name}</a>" in page} == found, query


def test_the_time_cameras_worked_adds_up_on_the_page_and_in_the_sheet(head: Client) -> None:
    one, two = camera("Cổng chợ"), camera("Đình làng", hamlet="Thôn Đoài")
    Camera.objects.update(created=datetime(2020, 1, 1, tzinfo=UTC))
    broken([one, two], [two], minutes=11)
    page = head.get("/health/uptime").content.decode()
    for words in ("Cổng chợ", "100,0 %", "10 phút", "Thôn Đoài"):
        assert words in page, words
    month = f"{timezone.localdate():%Y-%m}"
    answer = head.get(f"/health/uptime/sheet?month={month}")
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=3, values_only=True))
    cameras = {row[1]: row for row in rows}
    lengths = {round(sum(row[3:7]) * 3600) for name, row in cameras.items() if name in ("Cổng chợ", "Đình làng")}
    assert len(lengths) == 1
    assert round(cameras["Đình làng"][4] * 60) == 10
    assert head.get("/health/uptime?month=2026-13").status_code == 200
    assert "Cả năm 2026" in head.get("/health/uptime?month=2026").content.decode()
