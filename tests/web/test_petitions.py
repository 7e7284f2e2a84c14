"""Requests to see footage, through the web: without an account or a script, taken once, held, decided, shown, over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile as File
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.petitions import scans
from luytre.civic.petitions.kinds import End, State
from luytre.civic.petitions.models import Petition, PetitionStep
from luytre.civic.registry.models import Eye
from luytre.civic.tips.pace import Pace
from luytre.web.forms_tips import local_input
from luytre.web.views import tip_public
from tests.civic.petitions.cast import HERE
from tests.civic.petitions.test_petitions import PDF
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NASTY = "Xe máy 🏍️ <script>alert(1)</script>'; DROP TABLE petitions;--"
SENDER = {"name": "Nguyễn Thị Mận <b>", "phone": "0912 345 678"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nobody has sent anything in this hour, and keys and scans lie in the test's own folder."""
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


@pytest.fixture
def head(log_in: LogIn) -> Client:
    return log_in(person(Role.HEAD))


def wish(**changes: object) -> dict[str, object]:
    now = timezone.now()
    span = {"start": local_input(now - timedelta(hours=3)), "end": local_input(now - timedelta(hours=2))}
    return {"about": "theft", "place": "trước cổng chợ", "words": NASTY, **span, **changes}


def ask(client: Client, number: int = 1, **changes: object) -> HttpResponse:
    sent: HttpResponse = client.post("/xin-xem-hinh", wish(**({**SENDER, "sending": f"{number:032x}"} | changes)))  # type: ignore[assignment]
    return sent


def text(response: Any) -> str:
    return str(response.content.decode())


def code_in(response: HttpResponse) -> str:
    return re.search(r'id="code">([0-9A-Z-]{14})<', text(response))[1]  # type: ignore[index]


def test_the_page_says_beforehand_what_may_be_got_and_leaves_nothing_behind(client: Client) -> None:
    one = camera()
    answer = client.get(f"/xin-xem-hinh?camera={one.code}")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    page = text(answer)
    for said in ("2 ngày làm việc", "10 ngày làm việc", "lưu 30 ngày", "không bao giờ được giao nguyên bản", "gọi 113"):
        assert said in page, said
    assert f'name="camera" value="{one.code}"' in page
    assert "Ask to see footage" in text(client.get("/xin-xem-hinh?lang=en"))
    assert f'href="/xin-xem-hinh?camera={one.code}"' in text(client.get(f"/camera-nay/{one.code}"))
    assert 'href="/xin-xem-hinh"' in text(client.get("/theo-doi"))


def test_asked_held_decided_read_shown_and_over(client: Client, head: Client) -> None:
    gate = camera()
    sent = ask(client, camera=gate.code)
    assert sent.status_code == 201
    code, petition = code_in(sent), Petition.objects.get()
    assert code_in(ask(client, camera=gate.code)) == code
    page = text(head.get(f"/petitions/{petition.key}"))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "Mận" not in page
    assert f"reference=%C4%90+1%2F{petition.year}" in page
    shown = text(head.post(f"/petitions/{petition.key}/sender"))
    assert "Nguyễn Thị Mận &lt;b&gt;" in shown
    assert "0912 345 678" in shown
    assert head.post(f"/petitions/{petition.key}/hold", {"cameras": [gate.key, "nosuch"], "do": "hold"}).status_code == 302
    assert "đang giữ" in text(head.get(f"/petitions/{petition.key}"))
    head.post(f"/petitions/{petition.key}/write", {"said": "Mời bà chờ."})
    assert "Mời bà chờ." in text(client.post("/theo-doi", {"code": code}))
    meet = {"meet_at": local_input(timezone.now() + timedelta(days=1)), "meet_place": "Trụ sở Công an xã"}
    refused = head.post(f"/petitions/{petition.key}/decide", {"decision": "raw", "reason": "Xe có trong hình.", **meet})
    assert refused.status_code == 422
    assert "Xe có trong hình." in text(refused)
    head.post(f"/petitions/{petition.key}/decide", {"decision": "shown", "reason": "Xe có trong hình.", **meet})
    followed = text(client.post("/theo-doi", {"code": code.lower()}))
    for said in ("Xe có trong hình.", "Trụ sở Công an xã", "khiếu nại", f"Đ 1/{petition.year}"):
        assert said in followed, said
    assert "Mận" not in followed
    assert petition.start
    assert petition.end
    span = {"shown_start": local_input(petition.start), "shown_end": local_input(petition.end)}
    seen = {"cameras": [gate.key], "seen": "Một người dắt xe đi.", **span}
    assert head.post(f"/petitions/{petition.key}/show", seen).status_code == 302
    assert Petition.objects.get().finish == End.SHOWN
    assert "đã xem tại trụ sở" in text(client.post("/theo-doi", {"code": code}))
    steps = " ".join(str(one) for one in PetitionStep.objects.values_list("note", "thing", "code"))
    assert "Mận" not in steps
    assert head.get("/petitions?state=all&q=dat+xe").status_code == 200


def test_the_duty_prepares_and_the_head_alone_decides(client: Client, log_in: LogIn) -> None:
    code = code_in(ask(client))
    duty, petition = log_in(person(Role.DUTY)), Petition.objects.get()
    assert "quyết định. Hãy giữ hình" in text(duty.get(f"/petitions/{petition.key}"))
    assert duty.post(f"/petitions/{petition.key}/decide", {"decision": "refused"}).status_code == 403
    assert duty.post(f"/petitions/{petition.key}/note", {"note": "Đã gọi lại."}).status_code == 302
    listed = text(duty.get("/petitions"))
    assert petition.sign in listed
    assert 'class="badge waiting"' in listed
    assert petition.sign in text(duty.get("/health/morning"))
    assert "Đã rút đơn." in text(client.post("/theo-doi", {"code": code, "do": "withdraw"}))
    assert "xong rồi" in text(client.post("/theo-doi", {"code": code, "do": "withdraw"}))
    assert Petition.objects.get().state == State.CLOSED
    late = duty.post(f"/petitions/{petition.key}/write", {"said": "Còn gì nữa?"})
    assert (late.status_code, "xong rồi" in text(late)) == (422, True), "its form stands there no more"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "họ tên"), ({"phone": "số của tôi"}, "0912 345 678"), ({"about": "war"}, "err-about"),
        ({"start": "hôm qua"}, "24/11/2026 14:05"), ({"end": "1999-01-01T00:00"}, "đứng trước"),
        ({"start": "0001-01-01T00:00"}, "Nhiều nhất sáu giờ"), ({"end": "9999-12-31T23:59"}, "chưa đến"),
        ({"hamlet": "999999"}, "err-hamlet"), ({"hamlet": "x'; --"}, "err-hamlet"), ({"place": " "}, "Hãy cho biết ở đâu"),
        ({"words": "a" * 2001}, "err-words"), ({"start": "2020-01-01T08:00", "end": "2020-01-01T09:00"}, "đã bị xóa"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(client: Client, changes: Any, words: str) -> None:
    answer = ask(client, **changes)
    assert answer.status_code == 422
    page = text(answer)
    assert words in page
    assert re.search(r'class="error" id="err-\w+" role="alert">\S', page)
    for kept in ("Mận", "&lt;script&gt;", f'value="{1:032x}"') if "name" not in changes and "words" not in changes else ():
        assert kept in page, kept
    assert not Petition.objects.exists()


def test_behind_one_address_the_sum_is_enough_until_the_hours_bound(client: Client) -> None:
    """The page has no script: nobody could do other work. The twenty-first of an hour is told to telephone."""
    for number in range(20):
        done = asked_with_the_sum(client, number)
        assert done.status_code == 201, number
    refused = asked_with_the_sum(client, 20)
    assert (refused.status_code, Petition.objects.count()) == (429, 20)
    assert "thử lại sau một giờ" in text(refused)


def asked_with_the_sum(client: Client, number: int) -> Any:
    page = text(client.get("/xin-xem-hinh"))
    task = re.search(r'name="task" value="([^"]+)"', page)
    assert task is not None
    asked = re.search(r"(\d+) cộng (\d+)", page)
    answer = str(int(asked[1]) + int(asked[2])) if asked else ""
    return ask(client, number, task=task[1], answer=answer)


def test_a_flood_does_some_work_and_a_guess_of_a_code_is_held_off(client: Client) -> None:
    assert [ask(client, number).status_code for number in (1, 2, 3)] == [201, 201, 429]
    page = text(ask(client, 3))
    assert "Mận" in page
    one, two = map(int, re.search(r"nhỏ: (\d+) cộng (\d+)", page).groups())  # type: ignore[union-attr]
    task = re.search(r'name="task" value="([^"]+)"', page)[1]  # type: ignore[index]
    last = ask(client, 3, task=task, answer=str(one + two))
    code = code_in(last)
    Petition.objects.get(number=3).delete()
    assert {client.post("/theo-doi", {"code": code}).status_code for _ in range(tip_public.MOST_WRONG_CODES)} == {404}
    assert client.post("/theo-doi", {"code": code}).status_code == 429


def letter(**changes: object) -> dict[str, object]:
    said = {"authority": "Viện kiểm sát", "letter": "Đề nghị", "letter_number": "12/CV", "letter_day": "2026-01-02"}
    return wish(**said, scan=File("a.pdf", PDF, "application/pdf"), **changes)


def test_an_authority_s_letter_is_entered_with_its_scan(head: Client, tmp_path: Path) -> None:
    gate = camera()
    for scan, words in (
        (File("a.pdf", b"no pdf at all"), "không phải tệp PDF"), (File("a.pdf", b"%PDF-" + b"0" * scans.MOST_BYTES), "10 MB"),
        (None, "bản quét hoặc ảnh"),
    ):  # fmt: skip
        sent = letter() | {"scan": scan}
        refused = head.post("/petitions/new", {name: value for name, value in sent.items() if value is not None})
        assert refused.status_code == 422
        assert words in text(refused)
        assert "Viện kiểm sát" in text(refused)
    assert not list((tmp_path / "petitions" / "in").glob("*"))
    assert head.post("/petitions/new", letter(hamlet=gate.site.hamlet_id)).status_code == 302
    petition = Petition.objects.get()
    got = head.get(f"/petitions/{petition.key}/scan")
    assert (got.content, got.headers["Content-Type"]) == (PDF, "application/octet-stream")
    head.post(f"/petitions/{petition.key}/hold", {"cameras": gate.key, "do": "name"})
    meet = {"meet_at": local_input(timezone.now() + timedelta(days=1)), "meet_place": "Trụ sở"}
    head.post(f"/petitions/{petition.key}/decide", {"decision": "raw", "reason": "Đủ căn cứ.", **meet})
    clip = head.post(f"/petitions/{petition.key}/clip", {"purpose": "order"})
    assert clip.status_code == 302  # the built-in rules want nobody's approval, and the original still waits for another's
    for paper in ("receipt", "letter"):
        made = head.post(f"/petitions/{petition.key}/paper", {"paper": paper})
        assert made.content.startswith(b"%PDF-"), paper
    assert [one.thing for one in PetitionStep.objects.filter(code="printed")] == ["receipt", "letter"]


def test_an_incident_and_its_petitions_lead_to_each_other(client: Client, head: Client) -> None:
    """The camera that has the incident's place in view stands before the one that hangs nearer and looks away."""
    lat, lon = HERE
    near = camera("Gần", place="Gần", position=(lat + Decimal("0.0003"), lon))
    sees = camera("Nhìn", place="Nhìn", position=(lat - Decimal("0.0004"), lon))
    Eye.objects.filter(camera__in=[near, sees]).update(bearing_deg=0.0, hfov_deg=70.0, height_m=5.0)
    draft = IncidentDraft(kind="theft", title="Mất xe <b>", happened=timezone.now() - timedelta(hours=3), position=HERE)
    incident = open_incident(person(Role.DUTY), draft, timezone.now())
    wrong = ask(client, case=f"{incident.number + 1}/{incident.year}")
    assert (wrong.status_code, f'value="{incident.number + 1}/{incident.year}"' in text(wrong)) == (422, True)
    assert "không có vụ việc mang số này" in text(wrong)
    ask(client, case=f"0{incident.sign}")
    petition = Petition.objects.get()
    page = text(head.get(f"/petitions/{petition.key}"))
    assert f'href="/incidents/{incident.key}"' in page
    assert page.index(f'value="{sees.key}"') < page.index("nhìn thấy chỗ xảy ra") < page.index(f'value="{near.key}"')
    assert page.count("nhìn thấy chỗ xảy ra") == 1
    shown = text(head.get(f"/incidents/{incident.key}"))
    assert f'href="/petitions/{petition.key}"' in shown
    [opens] = re.findall(r'href="(/petitions/new\?incident=\w+)"', shown)
    form = text(head.get(opens))
    for said in (incident.sign, local_input(incident.happened - timedelta(minutes=30))):
        assert f'value="{said}"' in form
    refused = text(head.post("/petitions/new", wish(case=f"{incident.number + 9}/{incident.year}")))
    assert "không có vụ việc mang số này" in refused


def test_without_the_role_there_is_none(log_in: LogIn, client: Client) -> None:
    ask(client)
    key = Petition.objects.get().key
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        someone = log_in(person(role))
        assert {someone.get(path).status_code for path in ("/petitions", f"/petitions/{key}", f"/petitions/{key}/scan")} == {403}
