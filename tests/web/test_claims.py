"""Claims to data and the breach file, through the web: without an account or a script, taken once, decided, carried out, over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.committee.models import Document
from luytre.civic.registry.models import Eye
from luytre.civic.rights.erasing import erase_old
from luytre.civic.rights.kinds import End, State
from luytre.civic.rights.models import Breach, BreachStep, Claim, ClaimStep
from luytre.civic.tips.code import code_of, digest_of
from luytre.civic.tips.erasing import KEPT_DAYS
from luytre.civic.tips.models import Tip
from luytre.civic.tips.pace import Pace
from luytre.web.forms_tips import local_input
from luytre.web.views import rights_code, tip_public
from tests.civic.ledger.cast import money, somebody
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NASTY = "Tên tôi sai 🏍️ <script>alert(1)</script>'; DROP TABLE claims;--"
SENT = {"right": "correct", "subject": "ledger", "words": NASTY, "name": "Nguyễn Thị Mận <b>", "phone": "0912 345 678"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nobody has sent anything in this hour, and keys lie in the test's own folder."""
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


@pytest.fixture
def head(log_in: LogIn) -> Client:
    return log_in(person(Role.HEAD))


def ask(client: Client, number: int = 1, **changes: object) -> HttpResponse:
    sent: HttpResponse = client.post("/quyen-du-lieu", SENT | {"sending": f"{number:032x}"} | changes)  # type: ignore[assignment]
    return sent


def text(response: Any) -> str:
    return str(response.content.decode())


def code_in(response: Any) -> str:
    return re.search(r'id="code">([0-9A-Z-]{14})<', text(response))[1]  # type: ignore[index]


def test_asked_extended_decided_carried_out_and_over(client: Client, head: Client) -> None:
    page = client.get("/quyen-du-lieu")
    assert not page.cookies
    assert "20 ngày (xóa)" in text(page)
    assert 'href="/quyen-du-lieu"' in text(client.get("/theo-doi"))
    sent = ask(client)
    assert sent.status_code == 201
    code, claim = code_in(sent), Claim.objects.get()
    assert code_in(ask(client)) == code
    one = f"/rights/{claim.key}"
    page_of = text(head.get(one))
    assert "&lt;script&gt;" in page_of
    assert "<script>alert" not in page_of
    assert "Mận" not in page_of
    assert 'href="/ledger"' in page_of
    assert "Nguyễn Thị Mận &lt;b&gt;" in text(head.post(f"{one}/sender"))
    assert claim.sign in text(head.get("/rights"))
    assert claim.sign in text(head.get("/health/morning"))
    assert 'class="badge waiting"' in text(head.get("/rights"))
    head.post(f"{one}/write", {"said": "Mời bà chờ."})
    head.post(f"{one}/extend", {"longer": "Cần đối chiếu sổ cũ."})
    wrong = head.post(f"{one}/decide", {"decision": "refused", "reason": "Sổ phải giữ."})
    assert (wrong.status_code, "Sổ phải giữ." in text(wrong)) == (422, True)
    head.post(f"{one}/decide", {"decision": "granted", "reason": "Sửa theo giấy."})
    followed = text(client.post("/theo-doi", {"code": code.lower()}))
    for said in ("Mời bà chờ.", "Cần đối chiếu sổ cũ.", "Sửa theo giấy.", "khiếu nại", claim.sign):
        assert said in followed, said
    assert "Mận" not in followed
    for name in ("receipt", "extension", "answer"):
        assert head.post(f"{one}/paper", {"paper": name}).content[:5] == b"%PDF-"
    assert head.post(f"{one}/carry", {"finish": "done", "done": "Đã sửa tên."}).status_code == 302
    assert Claim.objects.get().finish == End.DONE
    assert head.post(f"{one}/carry", {"finish": "done", "done": "Lần nữa."}).status_code == 422
    assert "Mận" not in " ".join(str(step) for step in ClaimStep.objects.values_list("note", "thing", "code"))


def test_a_tip_by_its_code_without_a_name_restricted_and_marked(
    client: Client, head: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/bao-tin", {"kind": "other", "when": "now", "words": "Có người lạ.", "place": "chợ", "sending": "a" * 32})
    tip, key = Tip.objects.get(), rights_code.key()
    code = code_of(key, "a" * 32)
    assert tip.code_digest == digest_of(key, code)
    asked = {"right": "restrict", "subject": "tip", "name": "", "phone": ""}
    wrong = ask(client, code="0000-0000-0000", **asked)
    assert (wrong.status_code, "err-code" in text(wrong), Claim.objects.count()) == (422, True, 0)
    assert tip_public.PACE.so_far(tip_public.CODE, "127.0.0.1") == 1
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))  # the small question is not what this is about
    assert ask(client, code=code.upper(), **asked).status_code == 201
    claim = Claim.objects.get()
    assert f'href="/tips/{tip.key}"' in text(head.get(f"/rights/{claim.key}"))
    assert claim.sign not in text(head.get(f"/tips/{tip.key}"))
    head.post(f"/rights/{claim.key}/decide", {"decision": "granted", "reason": "Được."})
    head.post(f"/rights/{claim.key}/carry", {"finish": "done", "done": "Đã đánh dấu."})
    marked = text(head.get(f"/tips/{tip.key}"))
    assert (f"({claim.sign})" in marked, f'href="/rights/{claim.key}"' in marked) == (True, True)
    head.post(f"/rights/{claim.key}/lift", {"lifting": "Đã làm rõ."})
    assert claim.sign not in text(head.get(f"/tips/{tip.key}"))


def test_a_restriction_stands_on_the_page_of_what_an_officer_pointed_out(head: Client, log_in: LogIn) -> None:
    by = User.objects.get(username=Role.HEAD)
    entry, eye = money(by, party=somebody("Nguyễn Thị Mận")), Eye.objects.create(name="Nhà bà Mận", site=camera().site)
    admin, treasurer, reader = (log_in(person(role)) for role in (Role.ADMINISTRATOR, Role.TREASURER, Role.COMMITTEE))
    pages = {
        "account": ("Head", admin, f"/people/{by.pk}"), "ledger": (f" {entry.series.lower()}{entry.number}/{entry.year}",
        treasurer, f"/ledger/entries/{entry.key}"), "agreement": (eye.key, head, f"/owners/{eye.key}"),
    }  # fmt: skip
    for number, (subject, (which, reads, page)) in enumerate(pages.items(), 1):
        head.post("/rights/new", SENT | {"right": "restrict", "subject": subject, "sending": f"{number:032x}"})
        claim = Claim.objects.get(subject=subject)
        one = f"/rights/{claim.key}"
        head.post(f"{one}/decide", {"decision": "granted", "reason": "Được."})
        early = head.post(f"{one}/carry", {"finish": "done", "done": "Đã đánh dấu."})
        assert (early.status_code, "Hãy ghi trước là cái nào" in text(early)) == (422, True)
        wrong = head.post(f"{one}/which", {"which": "PT 99/2026 <b>"})
        assert (wrong.status_code, "<b>" in text(wrong)) == (422, False)
        for _press in range(2):
            assert head.post(f"{one}/which", {"which": which}).status_code == 302
        assert claim.sign not in text(reads.get(page))
        assert head.post(f"{one}/carry", {"finish": "done", "done": "Đã đánh dấu."}).status_code == 302
        marked = text(reads.get(page))
        assert (f"({claim.sign})" in marked, f'href="{one}"' in marked) == (True, reads is head)
        assert ("Hãy hỏi công an xã" in marked) == (reads is not head), "who may not open it is not sent there"
        assert ClaimStep.objects.filter(claim=claim.key, thing="pointed_out").count() == 1
    assert 'href="/ledger/entries/' in text(head.get(f"/rights/{Claim.objects.get(subject='ledger').key}"))
    assert "Q 2/" not in text(reader.get(pages["ledger"][2]))  # who only reads there does not act
    Claim.objects.filter(subject="account").update(lifted=timezone.now())
    erase_old(timezone.now() + timedelta(days=KEPT_DAYS))
    assert [bool(one.thing) for one in Claim.objects.order_by("pk")] == [False, True, True]  # a mark that holds stays
    head.post(f"/rights/{Claim.objects.get(subject='agreement').key}/lift", {"lifting": "Đã làm rõ."})
    assert Claim.objects.get(subject="agreement").thing == ""
    assert "Q 3/" not in text(head.get(pages["agreement"][2]))
    head.post("/rights/new", SENT | {"subject": "other", "sending": f"{4:032x}"})
    assert head.post(f"/rights/{Claim.objects.get(subject='other').key}/which", {"which": "x"}).status_code == 404


def test_codes_are_not_guessed_here_either(client: Client) -> None:
    for _one in range(tip_public.MOST_WRONG_CODES):
        tip_public.PACE.add(tip_public.CODE, "127.0.0.1")
    held = ask(client, subject="tip", code="0000-0000-0000")
    assert held.status_code == 429
    assert "nhập sai mã quá nhiều lần" in text(held)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"right": "war"}, "err-right"), ({"name": ""}, "họ tên"), ({"phone": "số của tôi"}, "0912 345 678"),
        ({"words": " "}, "muốn được giải quyết"), ({"words": "a" * 2001}, "err-words"),
        ({"subject": "camera", "place": "chợ", "start": "hôm qua", "end": ""}, "24/11/2026 14:05"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_loses_nothing(client: Client, changes: dict[str, str], words: str) -> None:
    refused = ask(client, **changes)
    assert refused.status_code == 422
    assert words in text(refused)
    assert changes.get("start", "0912") in text(refused) or "phone" in changes
    assert not Claim.objects.exists()


def test_at_the_desk_the_duty_enters_and_the_head_alone_decides(client: Client, log_in: LogIn) -> None:
    duty, gate = log_in(person(Role.DUTY)), camera()
    now = timezone.now()
    sent = SENT | {
        "right": "access", "subject": "camera", "place": "cổng", "phone": "", "sending": "b" * 32,
        "start": local_input(now - timedelta(hours=3)), "end": local_input(now - timedelta(hours=2)),
    }  # fmt: skip
    made = duty.post("/rights/new", sent)
    assert made.status_code == 201
    assert code_in(duty.post("/rights/new", sent)) == code_in(made)
    claim = Claim.objects.get()
    assert claim.received_by
    assert duty.post(f"/rights/{claim.key}/decide", {"decision": "view"}).status_code == 403
    assert "Trưởng Công an xã quyết định." in text(duty.get(f"/rights/{claim.key}"))
    by_sign = f"/quyen-du-lieu?camera={gate.code}"
    assert gate.code in text(client.get(by_sign))
    withdrawn = client.post("/theo-doi", {"code": code_in(made), "do": "withdraw"})
    assert (withdrawn.status_code, "Đã rút yêu cầu." in text(withdrawn)) == (200, True)
    for page in (text(withdrawn), text(duty.get(f"/rights/{claim.key}"))):
        assert "yêu cầu đã rút lại" in page
        assert not re.search("người xin|rút đơn|người báo", page, re.IGNORECASE)  # words of requests for footage and of tips
    assert Claim.objects.get().state == State.CLOSED
    late = duty.post(f"/rights/{claim.key}/write", {"said": "Còn gì?"})
    assert (late.status_code, "Yêu cầu này đã giải quyết xong" in text(late)) == (422, True)


def test_a_breach_from_its_first_hour_to_its_lessons(head: Client, log_in: LogIn) -> None:
    now = timezone.now()
    account = {"once": "c" * 20, "noticed": local_input(now - timedelta(hours=2)), "what": "Mất <b>ổ đĩa</b>.", "kinds": "Hình."}
    wrong = head.post("/rights/breaches/new", account | {"people": "nhiều", "what": "Mất ổ."})
    assert (wrong.status_code, "nhiều" in text(wrong), Breach.objects.count()) == (422, True, 0)
    assert "không ghi tên người" in text(head.post("/rights/breaches/new", account | {"people": "", "kinds": " "}))
    for _press in range(2):
        assert head.post("/rights/breaches/new", account | {"people": ""}).status_code == 302
    breach = Breach.objects.get()
    one = f"/rights/breaches/{breach.key}"
    assert "còn 69 giờ" in text(head.get(one))
    assert "<b>ổ" not in text(head.get(one))
    assert breach.sign in text(head.get("/health/morning"))
    head.post(f"{one}/change", account | {"people": "1200"})
    assert head.post(f"{one}/close", {"verdict": "confirmed", "lessons": "Khóa tủ."}).status_code == 422
    assert head.post(f"{one}/paper").content[:5] == b"%PDF-"
    head.post(f"{one}/notified", {"notified": local_input(now), "how": "Công văn 12."})
    head.post(f"{one}/telling", {"told": "not", "why": "Ổ đĩa đã mã hóa."})
    assert head.post(f"{one}/close", {"verdict": "confirmed", "lessons": "Khóa tủ."}).status_code == 302
    breach.refresh_from_db()
    assert (breach.people, breach.told, breach.closed is not None) == (1200, "not", True)
    assert BreachStep.objects.count() == 6
    auditor = log_in(person(Role.AUDITOR))
    assert "Khóa tủ." in text(auditor.get(one))
    assert auditor.post(f"{one}/change", account).status_code == 403
    Breach.objects.update(closed=None, notified=None, verdict="", notice_due=now - timedelta(hours=5, minutes=1))
    assert "quá hạn 5 giờ" in text(auditor.get("/rights/breaches"))


def test_the_dossier_is_a_document_of_the_register(head: Client) -> None:
    assert "chưa có văn bản nào" in text(head.get("/rights/dossier"))
    Document.objects.create(
        once="d" * 20, sign="07/HS-CAX", kind="other", issued=date(2026, 11, 1), issuer="Công an xã", by=User.objects.first(),
        subject="Hồ sơ Đánh giá tác động xử lý dữ liệu cá nhân", entered=timezone.now(),
    )  # fmt: skip
    assert "07/HS-CAX" in text(head.get("/rights/dossier"))
