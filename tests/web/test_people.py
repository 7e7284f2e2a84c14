"""Inviting, links for a password, roles and cameras, switching off; and that one administrator always stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.assignments import Wanted, assign, end, is_last_administrator, roles_of
from luytre.civic.access.models import Change, ChangeCode, EntryLink, LookKind, Role, User
from luytre.civic.access.people import GivenLink, Person, give_link, invite, open_link, plain_username, switch, use_link
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.seal import seal
from tests.web.cast import PASSWORD, FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
NEW = "another-four-words-here"
LogIn = Callable[[User], Client]


def link_on(page: Any) -> str:
    """The path of the link that a page shows."""
    found = re.search(r'id="address" readonly value="http://testserver(/enter/[^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def invited(role: str = "", name: str = "Trưởng thôn Đông") -> GivenLink:
    by = User.objects.filter(assignments__role=Role.ADMINISTRATOR).first() or person(Role.ADMINISTRATOR)
    link = invite(by, Person(name), timezone.now())
    if role:
        assign(by, link.user, Wanted(role), timezone.now())
    return link


# --- inviting -------------------------------------------------------------------------------------------------------
def test_a_hamlet_head_comes_in_by_the_link_and_sees_the_cameras_given(log_in: LogIn, recorder: FakeRecorder) -> None:
    gate, market = camera("Cổng chợ"), camera("Ngã ba")
    keys = [gate.key, market.key]
    form = {"name": "Trưởng thôn Đông", "username": "", "role": "hamlet_head", "place": "cameras", "cameras": keys}
    shown = log_in(person(Role.ADMINISTRATOR)).post("/people/add", form)
    head = User.objects.get(username="truong.thon.dong")
    assert (head.entered, head.has_usable_password()) == (False, False)
    path, browser = link_on(shown), Client()
    assert "no-store" in shown.headers["Cache-Control"]

    page = browser.get(path)
    assert "Chào mừng, Trưởng thôn Đông" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"  # the address holds the secret: no other site learns it
    assert browser.get(path).status_code == 200  # a messenger's own look uses nothing up
    assert browser.post(path, {"new": NEW, "again": NEW}).headers["Location"] == "/"
    assert browser.get("/wall").status_code == 200
    head.refresh_from_db()
    assert head.entered
    assert {one.key for one in cameras_of(head)} == {gate.key, market.key}
    assert not cameras_of(head, LookKind.HISTORY).exists()  # footage only where somebody says so
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"new": NEW, "again": NEW}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "bắt buộc"),
        ({"username": "duty"}, "Tên đăng nhập này đã có người dùng"),
        ({"username": "DUTY"}, "Tên đăng nhập này đã có người dùng"),
        ({"username": "có dấu cách"}, "Điền tên đăng nhập hợp lệ"),
        ({"role": "emperor"}, "emperor"),
        ({"cameras": ["nosuchkey"]}, "Có camera không còn dùng nữa"),
        ({"cameras": []}, "Đánh dấu ít nhất một camera"),
        ({"place": ""}, "chọn thôn hoặc camera"),
        ({"hours_from": "18:00"}, "Điền cả hai giờ"),
        ({"hours_from": "18:00", "hours_to": "18:00"}, "không được bắt đầu và kết thúc cùng một lúc"),
        ({"last_day": "2020-01-01"}, "không được trước ngày đầu"),
        ({"role": "auditor", "place": "", "ways": "live"}, "không được xem theo cách này"),
    ],
)
def test_a_wrong_invitation_is_told_and_keeps_what_was_typed(
    log_in: LogIn, recorder: FakeRecorder, typed: dict[str, Any], words: str
) -> None:
    one = camera()
    person(Role.DUTY)
    form = {"name": "Tổ bảo vệ thôn 3", "username": "", "role": "security_team", "place": "cameras", "cameras": [one.key]} | typed
    page = log_in(person(Role.ADMINISTRATOR)).post("/people/add", form)
    assert page.status_code == 422
    assert words in page.content.decode()
    if "name" not in typed:
        assert 'value="Tổ bảo vệ thôn 3"' in page.content.decode()
    if "cameras" not in typed:
        assert re.search(rf'name="cameras" value="{one.key}" checked', page.content.decode())
    assert User.objects.count() == 2
    assert not EntryLink.objects.exists()


def test_two_of_one_name_get_two_user_names() -> None:
    assert [invited().user.username for _ in range(3)] == ["truong.thon.dong", "truong.thon.dong2", "truong.thon.dong3"]


@given(st.text(max_size=150))
def test_any_name_gives_a_user_name_that_holds(name: str) -> None:
    made = plain_username(name)
    candidate = User(username=made)
    candidate.clean_fields(exclude=["password", "display_name"])
    assert made.isascii()


def test_marks_and_đ_become_plain_letters() -> None:
    assert plain_username("Đội trưởng  tổ Ấp-Mỹ 2") == "doi.truong.to.ap.my.2"


# --- links ----------------------------------------------------------------------------------------------------------
def test_a_link_is_over_after_its_time_and_a_newer_one_ends_the_older() -> None:
    first, now = invited(), timezone.now()
    assert open_link(first.secret, now) is not None
    assert open_link(first.secret, first.expires) is None
    second = give_link(person(Role.ADMINISTRATOR, "second"), first.user, now)
    assert open_link(first.secret, now) is None
    assert open_link(second.secret, now) is not None
    assert second.expires - now == timedelta(days=7)  # an invitation still: nobody came in yet


def test_only_a_digest_of_the_secret_is_kept() -> None:
    given_link = invited()
    row = EntryLink.objects.values_list().get()
    assert given_link.secret not in str(row)


def test_of_two_who_use_a_link_at_once_one_comes_in() -> None:
    link, now = invited(), timezone.now()
    first, second = open_link(link.secret, now), open_link(link.secret, now)
    assert first
    assert second
    assert use_link(first, NEW, now) == link.user
    assert use_link(second, "a-password-of-a-thief", now) is None
    link.user.refresh_from_db()
    assert link.user.check_password(NEW)


def test_a_weak_password_leaves_the_link_unused() -> None:
    link, now = invited(), timezone.now()
    opened = open_link(link.secret, now)
    assert opened
    with pytest.raises(ValidationError):
        use_link(opened, "abc", now)
    assert open_link(link.secret, now) is not None
    page = Client().post(f"/enter/{link.secret}", {"new": "abc", "again": "abd"})
    assert page.status_code == 422
    assert "không giống nhau" in page.content.decode()


def test_a_link_for_a_new_password_ends_the_old_sessions(log_in: LogIn, recorder: FakeRecorder) -> None:
    forgetful = person(Role.DUTY)
    elsewhere = Client()
    elsewhere.post("/login", {"login": "duty", "password": PASSWORD})
    assert elsewhere.get("/wall").status_code == 200
    path = link_on(log_in(person(Role.ADMINISTRATOR)).post(f"/people/{forgetful.pk}/link"))
    Client().post(path, {"new": NEW, "again": NEW})
    assert elsewhere.get("/wall").status_code == 302
    assert Client().post("/login", {"login": "duty", "password": PASSWORD}).status_code == 200  # refused
    assert Client().post("/login", {"login": "duty", "password": NEW}).status_code == 302


@pytest.mark.parametrize("secret", ["x", "a" * 43, "../../etc/passwd", "%00", "é" * 20])
def test_a_guessed_link_gives_nothing(secret: str) -> None:
    invited()
    assert Client().get(f"/enter/{secret}").status_code == 404


# --- roles, cameras, switching off ----------------------------------------------------------------------------------
def test_a_role_is_given_and_ended_and_the_page_tells_it(log_in: LogIn, recorder: FakeRecorder) -> None:
    one, other, user = camera("Một"), camera("Hai", hamlet="Thôn Đoài"), person(Role.DUTY)
    client = log_in(person(Role.ADMINISTRATOR))
    east = place_key(one.site.hamlet)  # type: ignore[arg-type]
    form = {"role": "security_team", "place": east, "hours_from": "18:00", "hours_to": "06:00", "last_day": "2036-12-31"}
    assert client.post(f"/people/{user.pk}/assign", form).headers["Location"] == f"/people/{user.pk}"
    page = client.get(f"/people/{user.pk}").content.decode()
    assert "Tổ bảo vệ an ninh, trật tự, Thôn Đông, chỉ trực tiếp, 18:00–06:00, đến 31/12/2036" in page
    duty = user.assignments.get(role=Role.DUTY)
    assert {item.key for item in cameras_of(user)} == {one.key, other.key}  # of two roles the union
    client.post(f"/people/{user.pk}/assignments/{duty.pk}/end")
    page = client.get(f"/people/{user.pk}").content.decode()
    assert "đã thôi: Công an xã trực ban" in page
    assert "đã giao: tổ bảo vệ an ninh, trật tự Thôn Đông" in page
    assert not cameras_of(user, LookKind.EXPORT).exists()
    assert client.post(f"/people/{user.pk}/edit", {"name": "Ông Ba"}).status_code == 302
    assert [row.code for row in user.changes.all()][:2] == [ChangeCode.NAME, ChangeCode.ROLE]
    assert client.post(f"/people/{user.pk}/edit", {"name": " "}).status_code == 422


def test_nobody_audits_himself(log_in: LogIn, recorder: FakeRecorder) -> None:
    user, auditor = person(Role.DUTY), person(Role.AUDITOR)
    client = log_in(person(Role.ADMINISTRATOR))
    for one, role in ((user, "auditor"), (auditor, "duty"), (auditor, "head"), (auditor, "administrator")):
        answer = client.post(f"/people/{one.pk}/assign", {"role": role, "place": ""})
        assert answer.status_code == 422
        assert "không ai tự kiểm tra mình" in answer.content.decode()
    assert client.post(f"/people/{auditor.pk}/assign", {"role": "committee", "place": ""}).status_code == 302
    with pytest.raises(ValidationError):
        assign(None, auditor, Wanted(Role.HEAD), timezone.now())


def test_whoever_is_switched_off_is_out_at_once(log_in: LogIn, recorder: FakeRecorder) -> None:
    user, browser = person(Role.DUTY), Client()
    browser.post("/login", {"login": "duty", "password": PASSWORD})
    assert UserSession.objects.filter(user=user).count() == 1
    client = log_in(person(Role.ADMINISTRATOR))
    client.post(f"/people/{user.pk}/switch")
    assert browser.get("/wall").status_code == 302
    again = Client()
    again.post("/login", {"login": "duty", "password": PASSWORD})
    assert again.get("/wall").headers["Location"].startswith("/login")
    assert not UserSession.objects.filter(user=user).exists()
    assert client.post(f"/people/{user.pk}/link").status_code == 404
    client.post(f"/people/{user.pk}/switch", {"on": "1"})
    assert Client().post("/login", {"login": "duty", "password": PASSWORD}).headers["Location"] == "/"


def test_the_last_administrator_stays(log_in: LogIn, recorder: FakeRecorder) -> None:
    only = person(Role.ADMINISTRATOR)
    invited(Role.ADMINISTRATOR, "Quản trị hai")  # who has not come in yet does not count
    mine, now = only.assignments.get(), timezone.now()
    assert is_last_administrator(only, now)
    with pytest.raises(UsageError):
        switch(only, only, on=False, now=now)
    with pytest.raises(UsageError):
        end(only, mine, now)
    client = log_in(only)
    page = client.post(f"/people/{only.pk}/assignments/{mine.pk}/end", follow=True)
    assert "quản trị cuối cùng" in page.content.decode()
    client.post(f"/people/{only.pk}/switch")
    only.refresh_from_db()
    assert only.is_active
    assert roles_of(only, timezone.now()) == {Role.ADMINISTRATOR}
    guest = person(Role.DUTY)
    assign(only, guest, Wanted(Role.ADMINISTRATOR, last_day=timezone.localdate(now) + timedelta(days=3)), now)
    assert is_last_administrator(only, now)  # in three days nobody would be left
    assign(only, guest, Wanted(Role.ADMINISTRATOR), now)
    end(only, mine, now)
    assert roles_of(only, timezone.now()) == frozenset()


def test_a_lost_telephone_is_helped(log_in: LogIn, recorder: FakeRecorder) -> None:
    user = person(Role.DUTY)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = log_in(person(Role.ADMINISTRATOR))
    assert "Mất điện thoại hoặc khóa" in client.get(f"/people/{user.pk}").content.decode()
    client.post(f"/people/{user.pk}/second-step/remove")
    assert not Authenticator.objects.exists()
    assert user.changes.first().code == ChangeCode.SECOND_STEP_REMOVED  # type: ignore[union-attr]


def test_a_row_of_the_changes_is_never_changed_or_removed() -> None:
    row = Change.objects.get(subject=invited().user, code=ChangeCode.INVITED)
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_the_list_finds_people_by_name_and_role_and_escapes_them(log_in: LogIn, recorder: FakeRecorder) -> None:
    client = log_in(person(Role.ADMINISTRATOR))
    person(Role.SECURITY_TEAM, "quan", display_name="<script>alert(1)</script> 'Quán' \"Mới\"")
    person(Role.DUTY)
    everybody = client.get("/people").content.decode()
    assert "<script>alert" not in everybody
    assert "&lt;script&gt;" in everybody
    only = client.get("/people", {"q": "QUÁN", "role": "security_team"}).content.decode()
    assert "Quán" in only
    assert ">duty<" not in only
    assert "Không có ai tên như vậy" in client.get("/people", {"q": "không ai"}).content.decode()


# --- one's own sessions ---------------------------------------------------------------------------------------------
def test_one_ends_ones_own_sessions_and_nobody_elses(recorder: FakeRecorder) -> None:
    person(Role.DUTY)
    person(Role.SECURITY_TEAM)
    here, there, other = Client(), Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/140"), Client()
    for browser, name in ((here, "duty"), (there, "duty"), (other, "security_team")):
        browser.post("/login", {"login": name, "password": PASSWORD})
    page = here.get("/account").content.decode()
    assert "Chrome, Android" in page
    assert "thiết bị này" in page
    others = UserSession.objects.get(user__username="security_team")
    assert here.post(f"/account/sessions/{others.pk}/end").status_code == 404
    assert other.get("/wall").status_code == 200
    mine = UserSession.objects.get(user__username="duty", user_agent__contains="Android")
    here.post(f"/account/sessions/{mine.pk}/end")
    assert there.get("/wall").status_code == 302
    there.post("/login", {"login": "duty", "password": PASSWORD})
    here.post("/account/sessions/end")
    assert there.get("/wall").status_code == 302
    assert here.get("/wall").status_code == 200


def test_when_somebody_was_last_seen_is_written_once_a_minute(log_in: LogIn, recorder: FakeRecorder) -> None:
    client = log_in(person(Role.DUTY))
    client.get("/account")
    long_ago = timezone.now() - timedelta(hours=3)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/account")
    assert UserSession.objects.get().last_seen_at == long_ago
    cache.clear()  # the minute is over
    client.get("/account")
    assert UserSession.objects.get().last_seen_at > long_ago


def test_a_lost_key_file_is_told_with_what_to_do(recorder: FakeRecorder, settings: Any, tmp_path: Path) -> None:
    user, browser = person(Role.DUTY), Client()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": seal("JBSWY3DPEHPK3PXP")})
    browser.post("/login", {"login": "duty", "password": PASSWORD})
    settings.LUYTRE_SECRETS_DIR = tmp_path  # where another key is made
    page = browser.post("/account/second-step/code", {"code": "123456"})
    assert page.status_code == 503
    assert "secrets/cameras.key" in page.content.decode()
    assert "Không đọc được dữ liệu đã khóa" in page.content.decode()
