"""Outages in the database: each look written once, restarts and clocks that step, and the jobs' minute."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luytre.base.clock import FakeClock, from_datetime
from luytre.civic.devices.models import Device
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.models import Outage, Watching
from luytre.civic.upkeep.outages import cameras_kept, look, times_of
from luytre.civic.upkeep.uptime import Division, month_span
from luytre.web.jobs import end_process, look_each_minute
from tests.web.cast import FakeRecorder, camera

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def said(key: str, state: str, at: datetime) -> Status:
    return Status(at, (StreamState(key, "main", state, since=at),))


def rows() -> list[tuple[str, datetime, datetime | None, str]]:
    return [(one.fault, one.start, one.end, one.how) for one in Outage.objects.all()]


def test_an_outage_is_one_row_over_many_looks_and_a_flap() -> None:
    key = camera().key
    for number, state in enumerate(["recording", "failed", "failed", "recording", "failed", "recording"]):
        look(said(key, state, NOON + number * MINUTE), NOON + number * MINUTE)
    assert rows() == [(Fault.DOWN, NOON + MINUTE, NOON + 5 * MINUTE, "back")]
    assert Watching.objects.get().looked == NOON + 5 * MINUTE


def test_that_a_camera_turns_is_known_of_its_device() -> None:
    one, other, unread = camera("Xoay"), camera("Đứng yên"), camera("Chưa đọc")
    Camera.objects.update(created=NOON - 60 * MINUTE)
    Device.objects.create(camera=one, ptz=True)
    Device.objects.create(camera=other, ptz=False)
    assert {kept.key: kept.turns for kept in cameras_kept(NOON)} == {one.key: True, other.key: False, unread.key: False}


def test_the_time_of_a_camera_is_divided_up_to_now() -> None:
    one = camera()
    Camera.objects.update(created=NOON - 5 * MINUTE)
    one.refresh_from_db()
    for number, state in enumerate(["recording", "failed", "failed", "recording"]):
        look(said(one.key, state, NOON + number * MINUTE), NOON + number * MINUTE)
    month = month_span(2026, 11, ZoneInfo("Asia/Ho_Chi_Minh"))
    (found,) = times_of([one], month, NOON + 4 * MINUTE)
    passed = int((NOON + 4 * MINUTE - month[0]).total_seconds())
    assert found.time == Division(up=120, down=120, unknown=300, not_counted=passed - 540)
    (later,) = times_of([one], month, NOON + 63 * MINUTE)
    assert later.time.unknown == 300 + 60 * 60


def test_a_restart_an_hour_later_leaves_an_hour_unknown_and_no_answer_is_unknown_too() -> None:
    key = camera().key
    look(said(key, "recording", NOON), NOON)
    later = NOON + 60 * MINUTE
    look(said(key, "recording", later), later)
    look(None, later + MINUTE)
    look(said(key, "recording", later), later + 2 * MINUTE)
    assert rows() == [(Fault.UNKNOWN, NOON, later, "back"), (Fault.UNKNOWN, later, later + 2 * MINUTE, "back")]


def test_a_camera_that_was_just_added_is_not_down_before_the_recorder_knows_it() -> None:
    camera()
    Camera.objects.update(created=NOON)
    look(Status(NOON), NOON + timedelta(seconds=40))
    assert rows() == []
    look(Status(NOON), NOON + 2 * MINUTE)
    assert [row[0] for row in rows()] == [Fault.DOWN]


def test_the_clock_leaps_and_comes_back() -> None:
    one = camera()
    look(said(one.key, "recording", NOON), NOON)
    wrong = NOON + timedelta(days=400)
    look(said(one.key, "failed", wrong), wrong)
    look(said(one.key, "failed", NOON), NOON + MINUTE)
    assert rows() == [(Fault.UNKNOWN, NOON, NOON + MINUTE, "clock"), (Fault.DOWN, NOON + MINUTE, None, "")]
    archive_camera(one)
    look(said(one.key, "failed", NOON), NOON + 2 * MINUTE)
    assert [row[0] for row in rows() if row[2] is None] == [Fault.OFF]


def test_the_jobs_look_with_their_own_clock() -> None:
    class Once(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout == 60.0
            clock.advance(60)
            return clock.utc_90k() > from_datetime(NOON + MINUTE)

    camera()
    recorder, clock = FakeRecorder(now=None), FakeClock(from_datetime(NOON))
    look_each_minute(Once(), clock, recorder)
    assert rows() == [(Fault.UNKNOWN, NOON, None, "")]
    assert Watching.objects.get().looked == NOON + MINUTE


def test_a_thread_that_ends_by_a_fault_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[int] = []
    monkeypatch.setattr("luytre.web.jobs.os._exit", ended.append)
    monkeypatch.setattr(threading, "excepthook", end_process)
    thread = threading.Thread(target=lambda: 1 // 0, name="the look")
    thread.start()
    thread.join()
    assert (ended, "the look ended" in caplog.text) == ([1], True)
