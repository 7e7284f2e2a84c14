"""What goes, what stays, and what is told of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason, UsageError
from luytre.media.archive import Archive, EraseRule, Hold, check_archive
from tests.media.archive.helpers import Camera, all_time, open_archive, record, segment_files

DAY_S = 86_400


def frames(archive: Archive, camera: str = "gate") -> int:
    return sum(span.samples for span in archive.timeline(camera, "main", *all_time()).spans)


def settle(archive: Archive, clock: FakeClock, passes: int = 30) -> None:
    for _ in range(passes):
        clock.advance(11)
        archive.run_pending()


def assert_whole(root: Path, clock: FakeClock) -> None:
    assert [one.sentence() for one in check_archive(root, clock).disagreements] == []


def test_footage_older_than_its_days_is_erased_and_logged(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    for name in ("gate", "market"):
        camera = Camera(archive.writer(name), clock)
        camera.begin()
        record(archive, camera, 13)
        camera.end()
    total = sum(path.stat().st_size for path in segment_files(tmp_path))
    archive.set_policy("gate", "main", 30.0, None)
    clock.advance(29 * DAY_S)
    settle(archive, clock)
    assert frames(archive) == 325
    clock.advance(DAY_S)
    settle(archive, clock)
    assert (frames(archive), frames(archive, "market")) == (0, 325)
    assert archive.timeline("gate", "main", *all_time()).gaps[0].is_open
    (line,) = archive.erased()
    assert (line.camera, line.rule, line.to_utc_90k - line.from_utc_90k) == ("gate", EraseRule.DAYS, 13 * 90_000)
    assert 0 < total - line.bytes - sum(path.stat().st_size for path in segment_files(tmp_path)) < 20_000
    archive.close()
    assert_whole(tmp_path, clock)


def test_the_erase_log_is_append_only(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    camera.end()
    archive.set_policy("gate", "main", 1.0, None)
    clock.advance(3 * DAY_S)
    settle(archive, clock)
    archive.close()
    db = sqlite3.connect(tmp_path / "index.sqlite3")
    for statement in ("DELETE FROM erased", "UPDATE erased SET bytes = 0", "UPDATE erased SET camera = 'other'"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)
    db.close()


def test_a_stream_keeps_no_more_bytes_than_it_may(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 20)
    half = archive.usage().bytes_used // 2
    archive.set_policy("gate", "main", None, half)
    settle(archive, clock)
    assert 0 < archive.usage().bytes_used <= half
    assert {line.rule for line in archive.erased()} == {EraseRule.BYTES}
    assert archive.timeline("gate", "main", *all_time()).spans[-1].to_utc_90k == camera.start_utc_90k + 20 * 90_000
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_hold_keeps_its_span_and_the_hole_around_it_is_owned_up_to(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    begin = camera.start_utc_90k
    record(archive, camera, 30)
    archive.add_hold("h1", "gate", begin + 9 * 90_000, begin + 10 * 90_000, "incident 7")
    archive.add_hold("h2", "gate", begin + 21 * 90_000, begin + 22 * 90_000, "incident 8")
    archive.set_policy("gate", "main", 1.0, None)
    camera.end()
    clock.advance(2 * DAY_S)
    settle(archive, clock)
    timeline = archive.timeline("gate", "main", *all_time())
    assert [(span.from_utc_90k - begin) // 90_000 for span in timeline.spans] == [8, 20]
    assert [(span.to_utc_90k - begin) // 90_000 for span in timeline.spans] == [12, 24]
    assert [gap.reason for gap in timeline.gaps] == [GapReason.ERASED, GapReason.ERASED, GapReason.CAMERA_LOST]
    assert_whole(tmp_path, clock)
    archive.sync_holds([Hold("h2", "gate", begin + 21 * 90_000, begin + 22 * 90_000, "incident 8")])
    settle(archive, clock)
    timeline = archive.timeline("gate", "main", *all_time())
    assert [(span.from_utc_90k - begin) // 90_000 for span in timeline.spans] == [20]
    assert_whole(tmp_path, clock)
    archive.remove_hold("h2")
    settle(archive, clock)
    assert frames(archive) == 0
    archive.close()
    assert_whole(tmp_path, clock)


@pytest.mark.parametrize("keep_bytes", [None, 1], ids=["by days", "by bytes"])
def test_a_hold_that_a_wrong_date_ended_is_spared_until_the_clock_is_trusted(tmp_path: Path, keep_bytes: int | None) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=900.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 13)
    camera.end()
    archive.add_hold("h1", "gate", *all_time(), "incident 7")
    archive.set_policy("gate", "main", 1.0, keep_bytes)
    settle(archive, clock, passes=3)
    clock.step_utc(100 * DAY_S)
    archive.sync_holds([])  # what the web says at this date: its last day is over
    settle(archive, clock, passes=60)
    assert (frames(archive), archive.erased()) == (325, ())
    clock.step_utc(-100 * DAY_S)
    archive.add_hold("h1", "gate", *all_time(), "incident 7")  # the clock was set right, and the web says so again
    settle(archive, clock, passes=120)
    assert frames(archive) == 325
    archive.sync_holds([])  # lifted by a person, with a clock that is right
    settle(archive, clock, passes=3)
    assert (frames(archive) == 0) == (keep_bytes == 1)
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_machine_that_wakes_with_a_wrong_date_spares_what_was_held(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=900.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 13)
    camera.end()
    archive.add_hold("h1", "gate", *all_time(), "incident 7")
    archive.set_policy("gate", "main", 1.0, 1)
    archive.close()
    clock.step_utc(100 * DAY_S)
    archive = open_archive(tmp_path, clock, clock_trust_s=900.0)
    archive.sync_holds([])
    settle(archive, clock, passes=60)
    assert (frames(archive), archive.erased()) == (325, ())
    archive.close()


def test_a_date_that_stays_is_believed_after_a_while(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=900.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 13)
    camera.end()
    archive.add_hold("h1", "gate", *all_time(), "incident 7")
    archive.set_policy("gate", "main", 30.0, 1)
    settle(archive, clock, passes=3)
    clock.step_utc(100 * DAY_S)
    archive.sync_holds([])
    settle(archive, clock, passes=81)  # 891 s
    assert frames(archive) == 325
    settle(archive, clock, passes=4)
    assert frames(archive) == 0
    archive.close()


def test_holds_outlive_the_index(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    archive.add_hold("h1", "gate", *all_time(), "incident")
    archive.close()
    for path in tmp_path.glob("index.sqlite3*"):
        path.unlink()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    archive.set_policy("gate", "main", 1.0, None)
    clock.advance(5 * DAY_S)
    settle(archive, clock)
    assert frames(archive) == 125
    archive.close()


def test_a_hold_that_is_empty_is_refused(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, FakeClock())
    with pytest.raises(UsageError):
        archive.add_hold("h1", "gate", 5, 5, "incident")
    archive.close()


def test_a_clock_that_leaps_ahead_erases_nothing_at_once(tmp_path: Path) -> None:
    """A wrong date after a flat battery must not cost a month of footage."""
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=900.0)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    camera.end()
    archive.set_policy("gate", "main", 30.0, None)
    settle(archive, clock, 3)
    clock.step_utc(400 * DAY_S)
    settle(archive, clock, 10)
    assert frames(archive) == 125
    clock.step_utc(-400 * DAY_S)
    settle(archive, clock, 200)
    assert frames(archive) == 125
    clock.step_utc(400 * DAY_S)
    settle(archive, clock, 100)
    assert frames(archive) == 0, "a date that stays is believed"
    archive.close()


def test_deleting_is_bounded_in_each_second(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0, deletes_per_s=2)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 40)
    camera.end()
    archive.set_policy("gate", "main", 1.0, None)
    clock.advance(3 * DAY_S)
    before = len(list(segment_files(tmp_path)))
    seen = []
    for _ in range(3):
        clock.advance(11)
        archive.run_pending()
        seen.append(len(list(segment_files(tmp_path))))
    assert seen == [before - 2, before - 4, before - 6]
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_run_that_still_grows_may_lose_its_beginning(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 12)
    archive.set_policy("gate", "main", None, archive.usage().bytes_used // 3)
    for _ in range(12):
        record(archive, camera, 1)
    clock.advance(11)
    archive.run_pending()
    (span,) = archive.timeline("gate", "main", *all_time()).spans
    assert span.samples == sum(one.samples for one in archive.segments("gate", "main", *all_time()))
    assert_whole(tmp_path, clock)
    archive.close()
    assert_whole(tmp_path, clock)
