"""A second step of logging in is demanded of roles that may look back or administer: first told, then insisted on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from tests.web.cast import FakeRecorder, camera, chief, person, viewer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
LogIn = Callable[[User], Client]
TOLD = "Vai trò của bạn cần đăng nhập hai bước"


def long_ago(user: User, days: float) -> User:
    user.assignments.update(created=timezone.now() - timedelta(days=days))
    return user


def test_it_is_told_on_each_page_and_then_only_the_account_opens(log_in: LogIn) -> None:
    user = long_ago(person(Role.DUTY), 6.9)
    client = log_in(user)
    for page in ("/wall", "/playback", "/health", "/account"):
        assert TOLD in client.get(page).content.decode(), page
    long_ago(user, 7.1)
    for page in ("/", "/wall", "/playback", "/health", "/regulation"):
        assert client.get(page).headers["Location"] == "/account", page
    answer = client.post("/media/token", "{}", content_type="application/json", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (403, {"error": "second_step"})
    assert "không mở được trang nào khác" in client.get("/account").content.decode()
    assert client.get("/password").status_code == 200
    assert client.get("/account/second-step/app").headers["Location"].startswith("/account/")  # the password again, not refused


def test_whoever_has_one_is_left_in_peace_and_codes_on_paper_are_none(log_in: LogIn) -> None:
    user = long_ago(person(Role.DUTY), 99)
    client = log_in(user)
    TOTP.activate(user, generate_totp_secret())
    assert TOLD not in client.get("/wall").content.decode()
    user.authenticator_set.all().delete()
    RecoveryCodes.activate(user)
    assert client.get("/wall").headers["Location"] == "/account"


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_which_roles(log_in: LogIn, role: str) -> None:
    demanded = {Role.HEAD, Role.DUTY, Role.ADMINISTRATOR, Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.OWNER}
    assert (TOLD in log_in(person(role)).get("/account").content.decode()) is (role in demanded)


def test_a_hamlets_role_that_is_live_only_needs_none(log_in: LogIn) -> None:
    assert log_in(long_ago(viewer_of(camera()), 99)).get("/wall").status_code == 200
    assert log_in(long_ago(viewer_of(camera("Hai"), history=True, role=Role.HAMLET_HEAD), 99)).get("/wall").status_code == 302


def test_it_can_be_switched_off(log_in: LogIn, recorder: FakeRecorder, settings: Any) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, second_step_days=None)
    assert log_in(long_ago(chief(), 99)).get("/wall").status_code == 200
