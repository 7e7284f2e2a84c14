"""Logging in and out, the forced change of a password, language, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from luytre.civic.access.accounts import FIRST_USERNAME, make_first_administrator
from luytre.civic.access.models import Role, User
from luytre.web.prepare import migrate
from tests.web.cast import PASSWORD, FakeRecorder, person

pytestmark = pytest.mark.django_db
NEW = "another-four-words-here"


def log_in_by_form(client: Client, username: str, password: str) -> Any:
    return client.post("/login", {"login": username, "password": password})


def test_the_first_administrator_must_choose_a_password_before_anything_else(client: Client, recorder: FakeRecorder) -> None:
    one_time = make_first_administrator()
    assert one_time is not None
    assert make_first_administrator() is None
    response = log_in_by_form(client, FIRST_USERNAME, one_time)
    assert response.headers["Location"] == "/"
    assert client.get("/wall").headers["Location"] == "/password"
    page = client.get("/password").content.decode()
    assert "Đặt mật khẩu của riêng bạn" in page
    response = client.post("/password", {"present": one_time, "new": NEW, "again": NEW})
    assert response.headers["Location"] == "/"
    assert client.get("/wall").status_code == 200
    assert log_in_by_form(Client(), FIRST_USERNAME, one_time).status_code == 200  # refused: the form again


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "Đây không phải mật khẩu hiện tại"),
        (PASSWORD, NEW, NEW + "x", "không giống nhau"),
        (PASSWORD, PASSWORD, PASSWORD, "trùng với mật khẩu hiện tại"),
        (PASSWORD, "abc", "abc", "Mật khẩu quá ngắn. Mật khẩu phải có ít nhất 10 ký tự"),
        (PASSWORD, "12345678901", "12345678901", "Mật khẩu này hoàn toàn là số"),
        (PASSWORD, "password123", "password123", "Mật khẩu này quá phổ biến"),
    ],
)
def test_a_bad_new_password_is_told_at_its_field(
    log_in: Callable[[User], Client], present: str, new: str, again: str, words: str
) -> None:
    client = log_in(person(Role.DUTY, must_change_password=True))
    response = client.post("/password", {"present": present, "new": new, "again": again})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert User.objects.get().must_change_password


def test_a_wrong_password_is_told_in_plain_words_and_locks_after_five(client: Client) -> None:
    person(Role.DUTY)
    for _ in range(4):
        response = log_in_by_form(client, "duty", "wrong")
        assert response.status_code == 200
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in response.content.decode()
    response = log_in_by_form(client, "duty", "wrong")
    assert response.status_code == 429
    assert "Hãy chờ 15 phút" in response.content.decode()
    assert log_in_by_form(client, "duty", PASSWORD).status_code == 429
    assert log_in_by_form(client, "DUTY", PASSWORD).status_code == 429
    assert not client.session.get("_auth_user_id")
    person(Role.SECURITY_TEAM)
    assert log_in_by_form(client, "security_team", PASSWORD).status_code == 302  # one's lock is not another's


def test_trying_many_accounts_from_one_place_is_slowed_down(client: Client) -> None:
    statuses = [log_in_by_form(client, f"somebody{number}", "wrong").status_code for number in range(32)]
    assert statuses[:30] == [200] * 30
    assert statuses[-1] == 429
    assert "Thử quá nhiều lần" in log_in_by_form(client, "x", "y").content.decode()


def test_an_unknown_name_and_a_wrong_password_look_the_same(client: Client) -> None:
    person(Role.DUTY)
    known = log_in_by_form(client, "duty", "wrong").content
    unknown = log_in_by_form(client, "nobody00", "wrong").content
    assert b"nobody00" in unknown
    assert strip(known) == strip(unknown.replace(b"nobody00", b"duty"))


def strip(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]


def test_an_account_that_was_switched_off_cannot_log_in(client: Client) -> None:
    person(Role.DUTY, is_active=False)
    response = client.post("/login", {"login": "duty", "password": PASSWORD}, follow=True)
    assert "Tài khoản này đã bị tắt" in response.content.decode()
    assert client.get("/wall").status_code == 302


def test_nobody_can_sign_up(client: Client) -> None:
    for path in ("/signup", "/signup/", "/accounts/signup/", "/password/reset/"):
        assert client.get(path).status_code == 404


def test_logging_out_asks_and_then_ends_the_session(log_in: Callable[[User], Client]) -> None:
    client = log_in(person(Role.DUTY))
    assert "Đăng xuất?" in client.get("/logout").content.decode()
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/wall").status_code == 302


def test_vietnamese_first_whatever_the_browser_wishes_english_by_the_switch(client: Client) -> None:
    page = client.get("/login", headers={"Accept-Language": "en"})
    assert 'lang="vi"' in page.content.decode()
    assert "Đăng nhập" in page.content.decode()
    response = client.post("/language", {"language": "en", "next": "/login"})
    assert response.headers["Location"] == "/login"
    page = client.get("/login")
    assert 'lang="en"' in page.content.decode()
    assert "User name" in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_the_language_follows_the_person_to_another_browser(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    user = person(Role.DUTY)
    log_in(user).post("/language", {"language": "en", "next": "/wall"})
    assert "No camera yet" in log_in(User.objects.get(pk=user.pk)).get("/wall").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_switches_never_lead_to_another_site(client: Client, elsewhere: str) -> None:
    for path, field in (("/language", "language"), ("/theme", "theme")):
        assert client.post(path, {field: "en", "next": elsewhere}).headers["Location"] == "/"


def test_light_and_dark_are_remembered(client: Client) -> None:
    assert 'data-bs-theme="light"' in client.get("/login").content.decode()
    client.post("/theme", {"theme": "dark", "next": "/login"})
    assert 'data-bs-theme="dark"' in client.get("/login").content.decode()
    client.post("/theme", {"theme": "<script>", "next": "/login"})
    assert 'data-bs-theme="dark"' in client.get("/login").content.decode()


def test_forms_without_the_page_they_came_from_are_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    person(Role.DUTY)
    response = client.post("/login", {"login": "duty", "password": PASSWORD})
    assert response.status_code == 403
    assert "Trang đã hết hạn" in response.content.decode()


def test_a_prepared_database_needs_nothing_more() -> None:
    assert migrate() is False
