"""Motion counted by the hour: what counts as beginning, who is listened to, cameras that are gone and come back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role
from luytre.civic.devices.listening import AFTER_FAILURE, LISTENS_S, MOST_COUNTED, Listeners, count, count_motion, hours_of
from luytre.civic.devices.models import Device, MotionHour, StepCode
from luytre.civic.devices.steps import steps_of
from luytre.civic.ports import MotionRead
from luytre.civic.registry.models import Camera
from tests.web.cast import FakeDevices, camera, person

NOW = datetime(2026, 11, 24, 7, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_who_says_again_that_it_moves_says_nothing_new() -> None:
    events = [(after(5), True), (after(9), True), (after(20), False), (after(70), True), (after(71), False)]
    hours, moving = count(events, False, NOW, after(120))
    first, second = NOW.replace(minute=0), NOW.replace(minute=0) + HOUR
    assert {hour: (one.begun, one.heard_s) for hour, one in hours.items()} == {first: (1, 60.0), second: (1, 60.0)}
    assert not moving
    hours, moving = count([(after(125), True)], True, after(120), after(240))
    assert (sum(one.begun for one in hours.values()), moving) == (0, True)


@given(st.lists(st.tuples(st.integers(0, 20_000), st.booleans())), st.booleans(), st.integers(0, 20_000))
def test_nothing_is_counted_twice_however_it_is_divided(told: list[tuple[int, bool]], moving: bool, cut: int) -> None:
    events = [(after(seconds), state) for seconds, state in sorted(told)]
    whole, ends = count(events, moving, NOW, after(20_000))
    first, between = count([one for one in events if one[0] < after(cut)], moving, NOW, after(cut))
    second, same = count([one for one in events if one[0] >= after(cut)], between, after(cut), after(20_000))
    parts = [*first.values(), *second.values()]
    assert sum(one.begun for one in whole.values()) == sum(one.begun for one in parts)
    assert sum(one.heard_s for one in whole.values()) == pytest.approx(sum(one.heard_s for one in parts))
    assert ends is same


class Beside:
    """Listening that ends when a test says so."""

    def __init__(self) -> None:
        self.answers: list[Future[MotionRead]] = []

    def __call__(self, work: Callable[[], MotionRead]) -> Future[MotionRead]:
        work()
        self.answers.append(Future())
        return self.answers[-1]


@pytest.mark.django_db
def test_a_camera_is_counted_goes_comes_back_and_is_left_alone_again() -> None:
    one, beside, user = camera(), Beside(), person(Role.HEAD)
    listeners = Listeners(FakeDevices(), beside)
    assert listeners.tick(NOW) == 0
    count_motion(user, one, on=True, at=NOW)
    count_motion(user, one, on=True, at=NOW)
    assert [listeners.tick(NOW), listeners.tick(after(5))] == [1, 0]
    heard = MotionRead(True, events=((after(10), True), (after(90), False), (after(100), True)))
    beside.answers[0].set_result(heard)
    assert listeners.tick(after(LISTENS_S)) == 1  # at once again
    assert [(row.begun, row.heard_s) for row in hours_of(one, after(LISTENS_S))] == [(1, 60), (1, 60)]
    beside.answers[1].set_result(MotionRead(False, "timeout"))
    assert listeners.tick(after(130)) == 0
    assert Device.objects.get().motion_problem == "timeout"
    back = 130 + AFTER_FAILURE.total_seconds()
    assert [listeners.tick(after(back - 1)), listeners.tick(after(back))] == [0, 1]
    beside.answers[2].set_result(MotionRead(True))
    count_motion(user, one, on=False, at=NOW)
    assert listeners.tick(after(back + 10)) == 0
    count_motion(user, one, on=True, at=NOW)
    listeners.tick(after(back + 15))
    beside.answers[3].set_result(MotionRead(True))
    week = NOW + timedelta(days=7, hours=2)
    listeners.tick(week)
    assert Device.objects.get().motion_problem == ""
    assert not MotionHour.objects.filter(hour__lt=week - timedelta(days=7)).exists()
    codes = [step.code for step in steps_of(one)]
    assert codes == [StepCode.MOTION_COUNTED, StepCode.MOTION_LEFT, StepCode.MOTION_COUNTED]


@pytest.mark.django_db
def test_so_many_are_counted_and_one_whose_login_cannot_be_read_is_alone_in_it() -> None:
    user, beside = person(Role.HEAD), Beside()
    cameras = [camera(f"Cột {number}") for number in range(MOST_COUNTED + 1)]
    for one in cameras[:-1]:
        count_motion(user, one, on=True, at=NOW)
    with pytest.raises(ValidationError, match="at most 8"):
        count_motion(user, cameras[-1], on=True, at=NOW)
    Camera.objects.filter(pk=cameras[0].pk).update(sealed_password="nonsense")
    Camera.objects.filter(pk=cameras[1].pk).update(archived=True)
    assert Listeners(FakeDevices(), beside).tick(NOW) == MOST_COUNTED - 2
    assert Device.objects.get(camera=cameras[0]).motion_problem == "password_needed"
    count_motion(user, cameras[-1], on=True, at=NOW)  # one that is out of use takes no place
