"""The committee in the web: its register, tasks, meetings and launch; who reads, who writes; what was typed is never lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luytre.base.ids import new_id
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.committee.models import Document, Launch, Meeting, Member, Resolution, Task
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.sites import hamlet_named
from luytre.web.ringing import morning_letter
from tests.web.cast import EARLY, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.COMMITTEE))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def today(days: int = 0) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


def join(client: Client, name: str, office: str = "member", user: str = "") -> Member:
    sent = {"once": new_id(), "user": user, "name": name, "post": "", "office": office, "first_day": "05/01/2020"}
    assert client.post("/committee/members", sent).status_code == 302
    return Member.objects.latest("pk")


def paper(**changes: Any) -> dict[str, Any]:
    return {"once": new_id(), "sign": "05/QĐ-UBND", "kind": "decision", "issued": "05/01/2026", "issuer": "UBND xã",
            "subject": "Thành lập Ban Chỉ đạo", "force_from": "", "force_until": "", "kept": ""} | changes  # fmt: skip


def test_a_document_comes_with_its_file_and_nothing_typed_is_lost(committee: Client, log_in: Callable[[User], Client]) -> None:
    scan = SimpleUploadedFile("qd.pdf", b"%PDF-1.7 quyet dinh %%EOF")
    wrong = committee.post("/committee/documents/new", paper(issued="32/01/2026", subject="<b>Lập</b>", file=scan))
    assert wrong.status_code == 422
    assert "&lt;b&gt;Lập" in text(wrong)
    kept = wrong.context["form"].data["kept"]
    bad = committee.post("/committee/documents/new", paper(file=SimpleUploadedFile("x.docx", b"PK\x03\x04 hong")))
    assert "Tệp Word này bị hỏng" in text(bad)
    made = committee.post("/committee/documents/new", paper(kept=kept, establishes="on"))
    one = Document.objects.get()
    assert (made.status_code, made.headers["Location"]) == (302, f"/committee/documents/{one.key}")
    auditor = log_in(person(Role.AUDITOR))
    answer = auditor.get(f"/committee/documents/{one.key}/file")
    assert (answer.content, answer.headers["Content-Type"]) == (b"%PDF-1.7 quyet dinh %%EOF", "application/pdf")
    assert "Ghi vào sổ" not in text(auditor.get("/committee/documents"))
    twice = committee.post("/committee/documents/new", paper())
    assert (twice.status_code, "đã có trong sổ" in text(twice)) == (422, True)
    committee.post("/committee/documents/new", paper(sign="=9+1", kind="plan", subject="Kế hoạch"))
    other = Document.objects.get(sign="=9+1")
    assert "05/QĐ-UBND" not in text(committee.get("/committee/documents?q=ke+hoach"))
    assert "Ngày không đúng" in text(committee.get("/committee/documents?from=hm"))
    rows = list(openpyxl.load_workbook(io.BytesIO(committee.get("/committee/documents/sheet").content)).active.values)
    assert (len(rows), sorted(str(row[0]) for row in rows[1:])) == (3, ["'=9+1", "05/QĐ-UBND"])
    end = {"how": "abolished", "other": other.key, "last_day": "01/01/2026"}
    assert "err-last_day" in text(committee.post(f"/committee/documents/{one.key}/end", end))
    assert committee.post(f"/committee/documents/{one.key}/end", end | {"last_day": today(-1)}).status_code == 302
    assert "bị bãi bỏ bởi =9+1" in text(committee.get("/committee/documents?force=over"))
    assert committee.post(f"/committee/documents/{other.key}/strike", {"why": "nhầm"}).status_code == 422
    assert committee.post(f"/committee/documents/{one.key}/strike", {"why": "nhầm"}).status_code == 302
    assert "<s>05/QĐ-UBND</s>" in text(committee.get("/committee/documents?force=struck"))


def test_a_meeting_becomes_minutes_and_tasks(committee: Client, log_in: Callable[[User], Client]) -> None:
    head = person(Role.HEAD)
    chair, secretary = join(committee, "", "head", str(head.pk)), join(committee, "Cô Thư", "secretary")
    call = {"once": "m1", "title": "Họp quý", "moment": "2026-01-20T14:00", "place": "Hội trường", "agenda": "Kiểm điểm"}
    wrong = committee.post("/committee/meetings/new", call | {"moment": "ngày mai"})
    assert ("24/11/2026 14:05" in text(wrong), "Kiểm điểm" in text(wrong)) == (True, True)
    for _press in range(2):
        assert committee.post("/committee/meetings/new", call).status_code == 302
    one = Meeting.objects.get()
    address = f"/committee/meetings/{one.key}"
    assert committee.get(f"{address}/paper/invitation").content[:5] == b"%PDF-"
    assert committee.get(f"{address}/paper/minutes").status_code == 404
    said = {"revision": "1", "chair": chair.key, "secretary": secretary.key, "came": [chair.key], "guests": "", "quorum": "yes",
            "ended": "", "minutes": "Đã bàn.", "resolutions": "Lắp 5 mắt\nThu quỹ"}  # fmt: skip
    assert committee.post(f"{address}/minutes", said).status_code == 302
    late = committee.post(f"{address}/minutes", said | {"minutes": "Bản của tôi"})
    assert (late.status_code, "Bản của tôi" in text(late), "Đã bàn." in text(late)) == (422, True, True)
    first = Resolution.objects.get(number=1)
    task = {f"{first.key}-who": f"m:{secretary.key}", f"{first.key}-due": "hôm nào"}
    assert "hôm nào" in text(committee.post(f"/committee/resolutions/{first.key}/task", task))
    for _press in range(2):
        committee.post(f"/committee/resolutions/{first.key}/task", task | {f"{first.key}-due": today(2)})
    assert Task.objects.get().resolution == first
    chairing, sign = log_in(head), {"part": "chair", "revision": "2"}
    assert "Chỉ " in text(committee.post(f"{address}/sign", sign, follow=True))
    assert chairing.post(f"{address}/sign", sign).status_code == 302
    assert "đã ký rồi" in text(chairing.post(f"{address}/sign", sign, follow=True))
    assert "đọc lại rồi ký" in text(
        committee.post(f"{address}/sign", {"part": "secretary", "paper": "yes", "revision": "1"}, follow=True)
    )
    committee.post(f"{address}/sign", {"part": "secretary", "paper": "yes", "revision": "2"})
    assert Meeting.objects.get().state == "closed"
    assert committee.post(f"{address}/correct", {"note": "là 6 mắt"}).status_code == 302
    assert "là 6 mắt" in text(log_in(person(Role.AUDITOR)).get(address))
    assert committee.get(f"{address}/paper/minutes").content[:5] == b"%PDF-"
    assert "Lắp 5 mắt" in text(committee.get("/committee"))


def test_who_left_is_refused_by_name_and_the_list_of_any_day_is_there(committee: Client) -> None:
    one = join(committee, "Ông Bảy")
    sent = {"once": "t1", "title": "Vận động", "words": "", "who": f"m:{one.key}", "due": today(3)}
    assert committee.post(f"/committee/members/{one.key}", {"last_day": "x"}).status_code == 422
    assert committee.post(f"/committee/members/{one.key}", {"last_day": today(-1), "note": ""}).status_code == 302
    answer = committee.post("/committee/tasks/new", sent)
    assert (answer.status_code, "Ông Bảy đã thôi tham gia" in text(answer), "Vận động" in text(answer)) == (422, True, True)
    assert "Thêm thành viên" in text(committee.get("/committee/members?day=99/99/2026"))
    assert "Ông Bảy" in text(committee.get("/committee/members?day=06/01/2020"))
    assert "Ông Bảy" not in text(committee.get("/committee/members?day=04/01/2020"))


def test_a_hamlet_head_meets_the_own_tasks_alone(committee: Client, log_in: Callable[[User], Client]) -> None:
    hamlet = hamlet_named("Thôn Đoài")
    assert hamlet is not None
    one = User.objects.create_user("doai", "x")
    assign(None, one, Wanted(Role.HAMLET_HEAD, place_key(hamlet), first_day=EARLY), timezone.now())
    other = join(committee, "Cô Sáu")
    for title, who in (("Của thôn", f"u:{hamlet_unit(hamlet).pk}"), ("Của cô Sáu", f"m:{other.key}")):
        sent = {"once": title, "title": title, "words": "", "who": who, "due": today(2)}
        assert committee.post("/committee/tasks/new", sent).status_code == 302
    mine, hers = Task.objects.get(title="Của thôn"), Task.objects.get(title="Của cô Sáu")
    client = log_in(one)
    page = text(client.get("/committee/tasks/mine"))
    assert ("Của thôn" in page, "Của cô Sáu" in page, "Sắp đến hạn" in page) == (True, False, True)
    assert "Của thôn" in text(client.get("/health/morning"))
    letter = morning_letter(one, timezone.now(), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert "sắp đến hạn: 1" in str(letter)
    assert (client.get(f"/committee/tasks/{hers.key}").status_code, client.get("/committee").status_code) == (404, 403)
    address = f"/committee/tasks/{mine.key}"
    assert "Nhận việc" in text(client.get(address))
    assert client.post(f"{address}/take").status_code == 302
    assert "err-note" in text(client.post(f"{address}/report", {"note": ""}))
    assert client.post(f"{address}/report", {"note": "xong rồi"}).status_code == 302
    assert "Chỉ Ban Chỉ đạo" in text(client.post(f"{address}/confirm", {"note": ""}))
    assert committee.post(f"{address}/prolong", {"due": today(9), "note": "mưa"}).status_code == 422
    assert committee.post(f"{address}/confirm", {"note": ""}).status_code == 302
    assert Task.objects.get(pk=mine.pk).state == "done"
    assert "Của thôn" in text(committee.get("/committee/tasks?state=over"))
    assert client.post(f"{address}/nonsense").status_code == 404


def test_the_launch_says_what_is_missing_and_freezes(committee: Client) -> None:
    page = text(committee.get("/committee/launch"))
    assert ("Đã xong 0/11 mục" in page, "còn thiếu" in page) == (True, True)
    sent = {
        "revision": "1",
        "day": today(),
        "place": "Nhà văn hóa",
        "eyes_wanted": "hai mươi",
        "programme": "Khai mạc",
        "invited": "",
    }
    wrong = committee.post("/committee/launch", sent)
    assert (wrong.status_code, "hai mươi" in text(wrong)) == (422, True)
    assert committee.post("/committee/launch", sent | {"eyes_wanted": "20"}).status_code == 302
    assert "Đã xong 1/11 mục" in text(committee.get("/committee/launch"))
    assert committee.get("/committee/launch/paper").content[:5] == b"%PDF-"
    assert "err-why" in text(committee.post("/committee/launch/held", {"why": "", "minutes": ""}))
    assert committee.post("/committee/launch/held", {"why": "ngày truyền thống", "minutes": ""}).status_code == 302
    assert "ngày truyền thống" in text(committee.get("/committee/launch"))
    assert Launch.objects.get().held is not None
