"""What fills the disk, measured by and by; footage that goes before its time; what connections did each hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from luytre.civic.ports import ArchiveState, DayKept, ErasedLine, Status, StreamState
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.links import KEPT, count_on, hours_of, keep_links
from luytre.civic.upkeep.loads import AT_ONCE, days_seen, load_of, measure
from luytre.civic.upkeep.minute import minute
from luytre.civic.upkeep.models import CameraLoad, LinkHour, Outage, Ticket
from tests.web.cast import FakeRecorder, camera

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
GB = 10**9
HOUR = timedelta(hours=1)


def kept(back: int, size: int = 40 * GB, covered_s: float = 86_400) -> DayKept:
    return DayKept(TODAY - timedelta(days=back), covered_s, 0, 0.0, size)


def test_a_day_is_the_mean_of_the_last_whole_ones_while_it_recorded() -> None:
    days = [kept(0, GB, 600), *(kept(back) for back in range(1, 12)), kept(3, 20 * GB, 43_200), kept(30, 0, 0)]
    bytes_a_day, depth = load_of(days, TODAY)
    assert (round(bytes_a_day), depth) == (40 * GB, 13)
    assert load_of([kept(0, GB, 8640)], TODAY) == (10 * GB, 1)
    assert load_of([kept(0, GB, 60)], TODAY) == (0.0, 1)
    assert load_of([], TODAY) == (0.0, 0)


def test_all_are_measured_by_and_by_and_again_after_an_hour() -> None:
    cameras = [camera(f"Cột {number}") for number in range(AT_ONCE + 1)]
    recorder = FakeRecorder(kept={one.key: (kept(1),) for one in cameras})
    assert [measure(recorder, NOON + timedelta(minutes=number)) for number in range(3)] == [AT_ONCE, 1, 0]
    assert {(one.bytes_a_day, one.depth_days) for one in CameraLoad.objects.all()} == {(40 * GB, 1.0)}
    assert measure(recorder, NOON + HOUR) == AT_ONCE
    assert measure(FakeRecorder(now=None), NOON + 3 * HOUR) == 0
    recorder.kept = {}
    late = NOON + timedelta(days=1)
    assert [measure(recorder, late + timedelta(minutes=number)) for number in (0, 1, 9, 10)] == [AT_ONCE, 1, 0, AT_ONCE]


def test_footage_that_goes_before_its_time_and_a_promise_that_soon_breaks_are_tickets() -> None:
    one = camera()
    Camera.objects.update(created=NOON - timedelta(days=90))
    status = Status(
        NOON, (StreamState(one.key, "main", "recording"),), ArchiveState("ok", bytes_used=400 * GB, bytes_free=100 * GB)
    )
    recorder = FakeRecorder(now=status, kept={one.key: tuple(kept(back) for back in range(10))})
    measure(recorder, NOON)
    assert days_seen(recorder, status, NOON)[one.key].fault == ""
    gone = ErasedLine(1, NOON - HOUR, one.key, "main", NOON - timedelta(days=13), NOON - timedelta(days=12, hours=2), GB, "floor")
    recorder.gone = [gone]
    seen = days_seen(recorder, status, NOON)
    assert (seen[one.key].fault, seen[one.key].cause) == (Fault.DAYS_SHORT, "12/30")
    assert (seen[""].fault, seen[""].cause) == (Fault.DAYS_SHORT, "soon/2")
    minute(recorder, NOON)
    assert sorted(Ticket.objects.values_list("camera", "fault")) == [("", "days_short"), (one.key, "days_short")]
    recorder.gone = [replace(gone, rule="days")]
    recorder.now = replace(status, archive=replace(status.archive, bytes_free=10_000 * GB))
    minute(recorder, NOON + timedelta(minutes=1))
    assert Outage.objects.filter(end=None).count() == 2  # it is asked again after ten minutes
    minute(recorder, NOON + timedelta(minutes=10))
    assert not Outage.objects.filter(end=None, fault=Fault.DAYS_SHORT).exists()


def stream(reconnects: int = 0, gaps: int = 0, frames: int = 0, state: str = "recording") -> StreamState:
    return StreamState("a", "main", state, reconnects=reconnects, gaps=gaps, frames=frames)


def test_counters_become_what_was_new_in_each_hour() -> None:
    row = count_on(None, stream(5, 9, 1000), NOON)
    assert (row.looks, row.reconnects, row.gaps, row.frames) == (1, 0, 0, 0)
    row = count_on(row, stream(7, 9, 2500, "failed"), NOON + timedelta(minutes=1))
    assert (row.looks, row.well, row.reconnects, row.gaps, row.frames) == (2, 1, 2, 0, 1500)
    following = count_on(row, stream(1, 0, 100), NOON + HOUR)  # the recorder was started again
    assert (following.hour, following.looks, following.reconnects, following.frames) == (NOON + HOUR, 1, 1, 100)


def test_packets_are_counted_on_and_jitter_is_looked_at() -> None:
    looks = [(500, 5, None), (1500, 6, 4.0), (2500, 8, 10.0), (300, 1, 1.0)]  # the last: the recorder was started again
    row = None
    for number, (packets, lost, jitter) in enumerate(looks):
        told = replace(stream(frames=number), packets=packets, packets_lost=lost, jitter_ms=jitter)
        row = count_on(row, told, NOON + timedelta(minutes=number))
    assert row is not None
    assert (row.packets, row.packets_lost) == (2300, 4)
    assert (row.jitter_looks, row.jitter_sum_ms, row.jitter_most_ms) == (3, 15.0, 10.0)
    unknown = count_on(row, stream(frames=9), NOON + HOUR)  # since then through FFmpeg
    assert (unknown.packets, unknown.packets_lost, unknown.jitter_looks) == (0, 0, 0)


def test_hours_are_kept_for_seven_days_and_no_longer() -> None:
    for number in range(3):
        told = replace(stream(number, 0, 1500 * number), packets=100 * number, packets_lost=number, jitter_ms=2.5)
        keep_links(Status(NOON, (told,)), NOON + timedelta(minutes=number))
    assert [(row.looks, row.reconnects, row.frames) for row in hours_of("a", NOON + HOUR)] == [(3, 2, 3000)]
    assert [(row.packets, row.packets_lost, row.jitter_sum_ms) for row in hours_of("a", NOON + HOUR)] == [(200, 2, 7.5)]
    keep_links(Status(NOON, (stream(2, 0, 3000), StreamState("b", "main", "disabled"))), NOON + KEPT + HOUR)
    assert [(row.camera, row.hour) for row in LinkHour.objects.all()] == [("a", NOON + KEPT + HOUR)]
