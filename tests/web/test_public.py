"""The public page of a camera and the pages with its sign: who opens them, what they tell, and that they leave no cookie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.regulations.approval import draft, write_draft
from tests.civic.test_notice import OWN, SITE, codes, put_in_force
from tests.web.cast import EARLY, FakeRecorder, camera, person, viewer_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


@pytest.fixture
def known(settings: Any) -> None:
    """Somebody has said how telephones reach this machine."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, public_url=SITE)


def test_it_tells_who_why_how_long_and_whom_to_ask(client: Client) -> None:
    one = camera("Nhà ông Năm", place="Trước nhà bà Tư", road="Đường làng")
    put_in_force()
    answer = client.get(f"/camera-nay/{one.code}")
    said = answer.content.decode()
    for words in (
        "CÔNG AN XÃ AN BÌNH", "Xử lý vụ việc về an ninh, trật tự", "15 ngày", "Không ghi âm", OWN.contact, "Luật Bảo vệ dữ liệu",
        "Số 12/QC-CAX, có hiệu lực từ 24/11/2026", OWN.notice, OWN.prohibited[0], "Thôn Đông", "Đường làng", one.code,
    ):  # fmt: skip
        assert words in said, words
    for secret in ("Năm", "bà Tư", one.key, "10.0.0.5"):
        assert secret not in said
    english = client.get(f"/camera-nay/{one.code}?lang=en")
    assert "Handling an incident of public order" in english.content.decode()
    assert (answer.headers["Content-Language"], english.headers["Content-Language"]) == ("vi", "en")


def test_it_leaves_no_cookie_needs_no_script_and_may_be_kept(client: Client) -> None:
    one = camera()
    for path in (f"/camera-nay/{one.code}", f"/camera-nay/{one.code}?lang=en", "/camera-nay/nothing0"):
        answer = client.get(path)
        assert not answer.cookies
        assert "<script" not in answer.content.decode()
        assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_whoever_is_logged_in_reads_the_same(client: Client, log_in: LogIn) -> None:
    one = camera()
    user = person(Role.DUTY, language="en")
    assert log_in(user).get(f"/camera-nay/{one.code}").content == client.get(f"/camera-nay/{one.code}").content


def test_an_unknown_code_is_a_plain_page_and_a_camera_out_of_use_says_so(client: Client) -> None:
    one = camera()
    assert client.head(f"/camera-nay/{one.code}").status_code == 200
    unknown = client.get(f"/camera-nay/{one.key}")  # the key is no code
    assert unknown.status_code == 404
    assert "Không có camera nào mang mã này" in unknown.content.decode()
    archive_camera(one)
    over = client.get(f"/camera-nay/{one.code}")
    assert over.status_code == 200
    assert "đã ngừng ghi hình" in over.content.decode()


@pytest.mark.usefixtures("known", "recorder")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD, Role.DUTY])
def test_the_sign_is_printed_and_its_code_opens_the_page(log_in: LogIn, client: Client, role: str) -> None:
    put_in_force()
    one, other = camera(), camera("Ngã ba")
    officer = log_in(person(role, "officer"))
    assert f"/cameras/{one.key}/sign/a4" in officer.get("/cameras/signs").content.decode()
    assert "/cameras/signs" in officer.get("/cameras").content.decode()
    answer = officer.get(f"/cameras/{one.key}/sign/a3")
    assert answer.headers["Content-Type"] == "application/pdf"
    [address] = codes(answer.content)
    assert client.get(address.removeprefix(SITE)).context["notice"].code == one.code
    every = officer.get("/cameras/signs/a4")
    assert len(PdfReader(BytesIO(every.content)).pages) == 3
    assert officer.get("/cameras/signs/a5").status_code == 404
    assert other.code in officer.get(f"/cameras/signs?camera={other.key}").content.decode()


@pytest.mark.usefixtures("recorder")
def test_without_an_address_or_a_regulation_the_page_says_what_is_missing(log_in: LogIn) -> None:
    one = camera()
    officer = log_in(person(Role.HEAD, "officer"))
    answer = officer.get(f"/cameras/{one.key}/sign/a4")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cameras/signs")
    said = officer.get("/cameras/signs").content.decode()
    for words in ("Chưa in được biển", "LUYTRE_PUBLIC_URL", "Chưa có quy chế sử dụng nào có hiệu lực", "Chưa có tên xã"):
        assert words in said, words
    assert "/sign/a4" not in said


@pytest.mark.usefixtures("recorder")
def test_before_an_approval_it_is_said_that_signs_must_be_printed_again(log_in: LogIn) -> None:
    put_in_force()
    head = User.objects.get(username="head")
    assign(None, head, Wanted(Role.HEAD, first_day=EARLY), NOW)
    page, words = log_in(head), "in và treo lại"
    page.post("/regulation/draft", {"from": "force"})
    assert words not in page.get("/regulation/draft/approve").content.decode()
    write_draft(head, replace(OWN, contact="Khác"), draft().stamp, NOW)  # type: ignore[union-attr]
    assert words in page.get("/regulation/draft/approve").content.decode()


@pytest.mark.usefixtures("recorder")
def test_a_code_that_was_withdrawn_leads_nowhere(log_in: LogIn, client: Client) -> None:
    one = camera()
    admin = log_in(person(Role.ADMINISTRATOR))
    said = admin.post(f"/cameras/{one.key}/code", follow=True).content.decode()
    assert f"Mã {one.code} không còn dùng được" in said
    assert client.get(f"/camera-nay/{one.code}").status_code == 404
    one.refresh_from_db()
    assert client.get(f"/camera-nay/{one.code}").status_code == 200
    assert log_in(person(Role.DUTY)).post(f"/cameras/{one.key}/code").status_code == 403


@pytest.mark.usefixtures("known")
def test_a_camera_s_page_offers_the_sign_to_police_alone(log_in: LogIn, recorder: FakeRecorder) -> None:
    one = camera()
    assert f"/cameras/signs?camera={one.key}" in log_in(person(Role.DUTY)).get(f"/cameras/{one.key}").content.decode()
    team = log_in(viewer_of(one))
    assert "/cameras/signs" not in team.get(f"/cameras/{one.key}").content.decode()
    assert team.get(f"/cameras/{one.key}/sign/a4").status_code == 403
