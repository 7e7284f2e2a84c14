"""Owners in the web: joined and signed at a meeting, on screen or paper; their own page; offers; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.looks import record_look
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.movement import links
from luytre.civic.movement.models import MovementStep, Offer, Signature
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Eye, Hamlet, LendingVersion
from luytre.civic.registry.register import OwnerKind
from luytre.civic.registry.terms import terms_of
from luytre.civic.tips.pace import Pace
from luytre.web.views import owner_public, tip_public
from tests.civic.movement.test_movement import AT, EVENING, OWNER, SIGNED, agree
from tests.civic.petitions.test_petitions import PDF
from tests.civic.test_lending import lent
from tests.web.cast import EARLY, PASSWORD, FakeRecorder, person, viewer_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
JOIN = {"name": "Cổng nhà <b>", "hamlet": "Thôn Đông", "owner_kind": "household", "owner_name": OWNER.name,
        "owner_phone": OWNER.phone, "address": "số 5", "sees": "ngã ba"}  # fmt: skip
TERMS = {"owner_name": OWNER.name, "owner_phone": OWNER.phone, "tier": "live", "hour_from": "18h", "hour_to": "6:00", "days": "7",
         "last_day": "", "drawn_over": "0"}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, recorder: FakeRecorder) -> Iterator[None]:
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    monkeypatch.setattr(owner_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def of_hamlet(name: str, role: str = Role.HAMLET_HEAD) -> User:
    hamlet, _made = Hamlet.objects.get_or_create(name=name)
    user = User.objects.create_user(f"{role}-{hamlet.pk}", PASSWORD)
    assign(None, user, Wanted(role, place_key(hamlet), first_day=EARLY), datetime.now(UTC))
    return user


def digest_in(page: str) -> str:
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]  # type: ignore[index]


def test_a_camera_joins_at_the_meeting_and_its_owner_signs_on_the_telephone(log_in: LogIn, recorder: FakeRecorder) -> None:
    client = log_in(of_hamlet("Thôn Đông"))
    Hamlet.objects.create(name="Thôn Tây")
    refused = client.post("/owners/new", JOIN | {"hamlet": "Thôn Tây"})
    assert (refused.status_code, Eye.objects.count()) == (422, 0)
    assert "Cổng nhà &lt;b&gt;" in text(refused)
    answer = client.post("/owners/new", JOIN)
    eye = Eye.objects.get()
    assert answer.headers["Location"] == f"/owners/{eye.key}/agree"
    first = text(client.get(answer.headers["Location"]))
    assert OWNER.name not in first, "a hamlet's head types the name as it is told"
    wrong = client.post(f"/owners/{eye.key}/agree", TERMS | {"hour_from": "25h", "do": "show"})
    assert wrong.status_code == 422
    assert 'value="25h"' in text(wrong)
    ends = text(client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "show", "last_day": "31/12/2027"}))
    assert "đến hết ngày 31/12/2027" in ends
    assert 'name="last_day" value="31/12/2027"' in ends
    page = text(client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "show"}))
    assert "18:00–06:00" in page
    digest = digest_in(page)
    unsigned = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "sign", "digest": digest, "strokes": ""})
    assert "Chưa có chữ ký" in text(unsigned)
    changed = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "sign", "digest": "0" * 64, "strokes": SIGNED})
    assert "Văn bản đã khác" in text(changed)
    assert f'value="{digest}"' in text(changed)
    assert SIGNED not in text(changed).replace("&quot;", '"'), "what was drawn under another text is drawn again"
    done = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "sign", "digest": digest, "strokes": SIGNED})
    assert done.headers["Location"] == f"/owners/{eye.key}"
    assert recorder.refreshed == 1
    assert terms_of(eye.key) is not None
    twice = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "sign", "digest": digest, "strokes": SIGNED})
    assert "người khác đã ghi" in text(twice)
    assert (LendingVersion.objects.count(), Signature.objects.count()) == (1, 1)
    told = text(client.get(f"/owners/{eye.key}"))
    assert "thỏa thuận đang có hiệu lực" in told.lower()
    assert OWNER.name not in told
    assert log_in(of_hamlet("Thôn Tây")).get(f"/owners/{eye.key}").status_code == 404
    police = log_in(person(Role.DUTY))
    assert OWNER.name in text(police.post(f"/owners/{eye.key}/signed/1"))
    assert MovementStep.objects.filter(code="read").count() == 1
    assert client.post(f"/owners/{eye.key}/signed/1").status_code == 403


def test_on_paper_the_code_of_the_text_goes_with_the_scan(log_in: LogIn) -> None:
    client, (eye, _camera) = log_in(person(Role.HEAD)), lent()
    paper = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "paper"})
    assert paper.content[:5] == b"%PDF-"
    page = text(client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "show"}))
    code = digest_in(page)[:8].upper()
    for sent, words in (
        ({"code": code}, "Hãy chọn bản quét"),
        ({"code": "0000", "scan": SimpleUploadedFile("a.pdf", PDF)}, "Mã trên giấy không khớp"),
        ({"code": code, "scan": SimpleUploadedFile("a.pdf", b"%PDF-")}, "PDF"),
    ):
        refused = client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "scan"} | sent)
        assert refused.status_code == 422
        assert words in text(refused)
        assert f'value="{sent["code"]}"' in text(refused)
    assert not Signature.objects.exists()
    client.post(f"/owners/{eye.key}/agree", TERMS | {"do": "scan", "code": code, "scan": SimpleUploadedFile("a.pdf", PDF)})
    assert Signature.objects.get().way == "paper"
    assert client.post(f"/owners/{eye.key}/signed/1").content == PDF


def test_the_list_tells_who_signed_and_names_owners_only_to_who_may_see_them(log_in: LogIn) -> None:
    head = person(Role.HEAD)
    eye, _one = lent()
    agree(head, eye)
    lent("Cửa hàng Ánh", place="Chợ")
    police, local = log_in(head), log_in(of_hamlet("Thôn Đông", Role.SECURITY_TEAM))
    assert OWNER.name in text(police.get("/owners"))
    assert OWNER.name not in text(local.get("/owners?q=man"))
    home, shop = ["Cổng nhà"], ["Cửa hàng Ánh"]
    found = {"standing=signed": home, "standing=none": shop, "q=anh": shop, "tier=live": home, "tier=x&hamlet=%00": []}
    for query, names in found.items():
        page = text(police.get(f"/owners?{query}"))
        assert [name for name in ("Cổng nhà", "Cửa hàng Ánh") if f">{name}</a>" in page] == names, query
    agree(head, eye, replace(EVENING, last_day=timezone.localdate() + timedelta(days=9)), 1)
    page = text(police.get("/owners?standing=ending"))
    assert f"{timezone.localdate() + timedelta(days=9):%d/%m/%Y}" in page
    assert ">Cổng nhà</a>" in text(police.get("/owners?standing=signed")), "what ends soon is in force"
    assert "1 camera đang kết nối mà chủ chưa ký gì" in text(police.get("/owners"))
    rows = {}
    for name, client in (("police", police), ("local", local)):
        book = openpyxl.load_workbook(BytesIO(client.get("/owners/sheet").content))
        rows[name] = [cell.value for row in book.active for cell in row]  # type: ignore[union-attr]
    assert OWNER.phone in rows["police"]
    assert not {OWNER.phone, OWNER.name} & set(rows["local"])


def test_less_and_withdrawing_on_the_owner_s_word(log_in: LogIn, recorder: FakeRecorder) -> None:
    head = person(Role.HEAD)
    (eye, one), client = lent(), log_in(head)
    agree(head, eye)
    less = {"drawn_over": "1", "tier": "on_alarm", "hour_from": "18:00", "hour_to": "06:00", "days": "7"}
    refused = client.post(f"/owners/{eye.key}/narrow", less | {"note": ""})
    assert (refused.status_code, "Ghi chủ camera đã nói" in text(refused)) == (422, True)
    assert client.post(f"/owners/{eye.key}/narrow", less | {"note": "điện thoại"}).status_code == 302
    assert "Mở cho một vụ việc" in text(client.get(f"/owners/{eye.key}"))
    assert "Không có vụ việc nào" in text(client.post(f"/owners/{eye.key}/open", {"incident": "99/2026"}))
    refused = client.post(f"/owners/{eye.key}/withdraw", {"over": "1", "why": "qua điện thoại"})
    assert "người khác đã ghi" in text(refused)
    assert "qua điện thoại" in text(refused)
    client.post(f"/owners/{eye.key}/withdraw", {"over": "2", "why": "qua điện thoại"})
    assert recorder_config()["cameras"][0]["enabled"] is False
    assert recorder.refreshed == 2
    for picture in ("camera_masks_picture", "camera_view_now"):
        assert client.get(reverse(picture, args=[one.key])).status_code == 404, "no single picture either"
    assert recorder.pictured == []
    assert "đã ngừng ghi hình" in text(Client().get(f"/camera-nay/{one.code}")), "the sign's page says so"
    answer = client.post("/media/token", {"right": "live", "cameras": [one.key]}, content_type="application/json")
    assert answer.status_code == 403


def test_the_owner_reads_and_withdraws_by_the_link_without_an_account(client: Client, recorder: FakeRecorder) -> None:
    head = person(Role.HEAD, display_name="Đỗ Văn Trực")
    eye, one = lent()
    agree(head, eye)
    record_look(head, LookKind.LIVE, [one.key])
    link = f"/camera-cua-toi/{links.make_link(head, eye, AT)}"
    first = client.get(link)
    assert not first.cookies
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert eye.name not in text(first), "what a messenger fetches names nothing"
    page = text(client.post(link, {"do": "open"}))
    assert "Xem trực tiếp" in page
    assert "Trưởng Công an xã" in page
    assert "Đỗ Văn Trực" not in page, "by role, never by name"
    assert OWNER.name not in page
    wider = client.post(link, {"do": "narrow", "drawn_over": "1", "tier": "live"})
    assert "chủ camera phải ký" in text(wider)
    less = client.post(
        link, {"do": "narrow", "drawn_over": "1", "tier": "live", "hour_from": "20:00", "hour_to": "22:00", "days": "7"}
    )
    assert "20:00–22:00" in text(less)
    gone = text(client.post(link, {"do": "withdraw", "over": "2"}))
    assert "Đã rút" in gone
    assert "Xem trực tiếp" in gone, "past uses stay"
    assert recorder.refreshed == 2
    assert recorder_config()["cameras"][0]["enabled"] is False
    assert client.get("/camera-cua-toi/" + "0" * 32).status_code == 404
    for _again in range(25):
        last = client.get("/camera-cua-toi/" + "0" * 32)
    assert last.status_code == 429
    assert client.post(link, {"do": "open"}).status_code == 429


def test_an_owner_with_an_account_meets_the_own_cameras_alone(log_in: LogIn) -> None:
    (eye, one), (other, _two) = lent(), lent("Nhà khác", place="Chỗ khác")
    client = log_in(viewer_of(one, role=Role.OWNER))
    page = text(client.get("/my-cameras"))
    assert eye.name in page
    assert other.name not in page
    assert client.get(f"/my-cameras/{other.key}").status_code == 404
    assert "chưa có thỏa thuận" in text(client.get(f"/my-cameras/{eye.key}?skip=x")).lower()
    assert client.post(f"/my-cameras/{eye.key}", {"do": "withdraw", "over": "0"}).status_code == 302
    assert "Đã rút" in text(client.get(f"/my-cameras/{eye.key}"))
    assert client.post(f"/my-cameras/{eye.key}", {"do": "withdraw", "over": "1"}).status_code == 422
    assert client.get("/owners").status_code == 403


def test_a_household_offers_its_camera_is_called_back_and_joins(client: Client, log_in: LogIn) -> None:
    hamlet = Hamlet.objects.create(name="Thôn Đông")
    assert not client.get("/gop-mat").cookies
    sent = {"name": "Trần Văn Ba <b>", "phone": "0987 654 321", "hamlet": str(hamlet.pk), "place": "ngõ 3", "words": "ngã ba"}
    wrong = client.post("/gop-mat", sent | {"phone": "abc", "sending": "a" * 32})
    assert wrong.status_code == 422
    assert "Trần Văn Ba &lt;b&gt;" in text(wrong)
    for _twice in range(2):
        assert client.post("/gop-mat", sent | {"sending": "a" * 32}).status_code == 201
    offer = Offer.objects.get()
    assert log_in(of_hamlet("Thôn Tây")).post(f"/owners/offers/{offer.key}", {"do": "read"}).status_code == 404
    local = log_in(of_hamlet("Thôn Đông"))
    assert "1 đăng ký góp" in text(local.get("/owners"))
    assert "0987" not in text(local.get("/owners/offers"))
    assert "0987 654 321" in text(local.post(f"/owners/offers/{offer.key}", {"do": "read"}))
    assert local.post(f"/owners/new?offer={offer.key}", JOIN).status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.sealed_phone) == ("joined", "")
    assert Eye.objects.get().owner_kind == OwnerKind.HOUSEHOLD
