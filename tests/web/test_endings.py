"""Whose rights ended when: what the recorder is told, and that nothing is told for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.assignments import Hours, Wanted, assign, end, in_force, is_over
from luytre.civic.access.endings import cut_rights, endings, passed_hour
from luytre.civic.access.models import Role, User
from luytre.civic.access.people import switch
from luytre.civic.registry.config import recorder_config
from tests.web.cast import FakeRecorder, chief, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)  # 14:05 in the commune
NIGHT = Hours(time(18), time(6))


def here(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.get_default_timezone())


def night_watch(**more: object) -> User:
    user = User.objects.create_user("watch")
    assign(None, user, Wanted(Role.DUTY, hours=NIGHT, **more), here(1, 12))  # type: ignore[arg-type]
    return user


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (here(1, 17, 59), False), (here(1, 18), True), (here(2, 5, 59), True), (here(2, 6), False), (here(1, 5), False),
        (here(3, 23, 59), True), (here(4, 0), True), (here(4, 5, 59), True), (here(4, 6), False), (here(4, 18), False),
    ],
)  # fmt: skip
def test_hours_over_midnight_belong_to_the_day_they_begin_on(at: datetime, holds: bool) -> None:
    user = night_watch(last_day=date(2026, 11, 3))
    assert bool(in_force(user, at)) is holds
    assert is_over(user.assignments.get(), at) is (at >= here(5, 0))


@pytest.mark.parametrize(("at", "ended"), [(here(3, 6), here(3, 6)), (here(3, 7, 30), here(3, 6)), (here(3, 5, 59), None)])
def test_hours_that_are_over_end_what_was_given_in_them(at: datetime, ended: datetime | None) -> None:
    user = night_watch()
    assert endings(at).get(str(user.pk)) == ended


def test_a_last_day_ends_at_midnight() -> None:
    user = User.objects.create_user("until")
    assign(None, user, Wanted(Role.DUTY, last_day=date(2026, 11, 3)), here(1, 12))
    assert [bool(in_force(user, at)) for at in (here(3, 23, 59), here(4, 0))] == [True, False]
    assert endings(here(4, 0, 1)) == {str(user.pk): here(4, 0)}
    assert endings(here(3, 23)) == {}
    assert endings(here(4, 2, 1)) == {}


def test_an_end_is_told_for_two_hours_and_never_goes_back() -> None:
    admin, user = chief(), person(Role.DUTY)
    end(admin, user.assignments.get(), NOW)
    cut_rights(user, NOW - timedelta(hours=1))
    assert recorder_config(NOW)["not_before"] == {str(user.pk): "2026-11-24T07:05:00.000Z"}
    cut_rights(None, NOW + timedelta(minutes=1))
    assert set(recorder_config(NOW + timedelta(minutes=2))["not_before"]) == {"*", str(user.pk)}
    assert recorder_config(NOW + timedelta(hours=3))["not_before"] == {}


def test_an_account_that_is_switched_off_or_logged_out_is_told_at_once(
    log_in: Callable[[User], Client], recorder: FakeRecorder
) -> None:
    client, user = log_in(chief()), person(Role.DUTY)
    client.post(f"/people/{user.pk}/sessions/end")
    assert (set(endings(timezone.now())), recorder.refreshed) == ({str(user.pk)}, 1)
    client.post(f"/people/{user.pk}/assignments/{user.assignments.get().pk}/end")
    assert recorder.refreshed == 2
    other = person(Role.HEAD)
    switch(user, other, on=False, now=timezone.now())
    assert set(endings(timezone.now())) == {str(user.pk), str(other.pk)}


def test_the_hour_that_passed_last() -> None:
    assert passed_hour(time(14, 5), NOW) == NOW
    assert passed_hour(time(14, 6), NOW) == NOW + timedelta(minutes=1) - timedelta(days=1)


def test_ending_ones_own_sessions_ends_the_pictures_there(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    user = person(Role.DUTY)
    log_in(user).post("/account/sessions/end")
    assert (set(endings(timezone.now())), recorder.refreshed) == ({str(user.pk)}, 1)
