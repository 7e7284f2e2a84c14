"""kill -9 at every step of the write path, torn files of every kind: after the next opening the invariants hold.

The process under test is a real one: it kills itself (SIGKILL) when it comes to the n-th step of its `Disk`.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason
from luytre.media.archive import Archive, check_archive
from luytre.media.archive.layout import read_head
from luytre.media.archive.tools import rebuild_archive
from luytre.media.fragment import walk_fragments
from tests.media.archive.crash_child import count_steps, cut_power, live_and_die
from tests.media.archive.helpers import Camera, all_time, open_archive, record, segment_files


def assert_whole(root: Path, clock: FakeClock) -> None:
    report = check_archive(root, clock)
    assert [one.sentence() for one in report.disagreements] == []


def frames(archive: Archive, camera: str = "gate") -> int:
    return sum(span.samples for span in archive.timeline(camera, "main", *all_time()).spans)


@pytest.mark.parametrize("is_power_cut", [False, True])
@pytest.mark.parametrize("part", range(4))
def test_kill_at_each_step(tmp_path: Path, part: int, is_power_cut: bool) -> None:
    """Every fourth step in each part. At a power cut, bytes that were not synced are gone too."""
    total = count_steps()
    for step in range(1 + part, total + 1, 4):
        root = tmp_path / f"step-{step}"
        death = live_and_die(root, step)
        assert death.status == -signal.SIGKILL, f"step {step} of {total} was not reached"
        if is_power_cut:
            cut_power(root, death.durable)
        clock = FakeClock()
        clock.advance(60)
        if (root / "index.sqlite3").exists() and (root / "archive.json").exists():
            assert_whole(root, clock)  # as the crash left it
        archive = open_archive(root, clock)
        assert tombstones(root) == 0, "deletions that were decided are done"
        if death.published:
            assert frames(archive) >= death.published, f"step {step}"
        camera = Camera(archive.writer("gate"), clock)
        camera.begin()
        record(archive, camera, 2)
        archive.close()
        assert_whole(root, clock)
        shutil.rmtree(root)


def tombstones(root: Path) -> int:
    db = sqlite3.connect(root / "index.sqlite3")
    (count,) = db.execute("SELECT count(*) FROM tombstone").fetchone()
    db.close()
    return int(count)


def test_the_hole_of_a_crash_is_owned_up_to(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 3)
    abandon(archive)
    clock.advance(100)
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin(GapReason.UNKNOWN)
    record(archive, camera, 2)
    timeline = archive.timeline("gate", "main", *all_time())
    assert [gap.reason for gap in timeline.gaps] == [GapReason.RECORDER_CRASHED]
    assert timeline.gaps[0].from_utc_90k == timeline.spans[0].to_utc_90k
    assert timeline.gaps[0].to_utc_90k == timeline.spans[1].from_utc_90k
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_camera_that_was_away_when_we_died_has_both_reasons(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    gate, market = (Camera(archive.writer(name), clock) for name in ("gate", "market"))
    gate.begin()
    record(archive, gate, 3)
    gate.end(GapReason.CAMERA_LOST)
    lost_at = clock.utc_90k()
    market.begin()
    record(archive, market, 5)
    died_at = clock.utc_90k()
    abandon(archive)
    clock.advance(60)
    archive = open_archive(tmp_path, clock)
    archive.note_gap_reason("gate", "main", GapReason.CAMERA_UNREACHABLE)
    noted_at = clock.utc_90k()
    clock.advance(30)
    gate = Camera(archive.writer("gate"), clock)
    gate.begin(GapReason.RECORDER_STOPPED)
    record(archive, gate, 2)
    gaps = [(gap.from_utc_90k, gap.reason) for gap in archive.timeline("gate", "main", *all_time()).gaps]
    assert gaps == [
        (lost_at, GapReason.CAMERA_LOST),
        (died_at, GapReason.RECORDER_CRASHED),
        (noted_at, GapReason.CAMERA_UNREACHABLE),
    ]
    archive.close()
    assert_whole(tmp_path, clock)


def abandon(archive: Archive) -> None:
    """As a crash leaves it: nothing is sealed or published, the lock is gone."""
    writer = archive.writer_thread
    for lane in writer.lanes():
        lane.segment = None
    writer._drop_volume()


def crashed(root: Path, seconds: int = 3) -> FakeClock:
    clock = FakeClock()
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, seconds)
    abandon(archive)
    return clock


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_torn_tail_is_cut_to_whole_fragments(tmp_path: Path, data: st.DataObject) -> None:
    root = tmp_path / "archive"
    shutil.rmtree(root, ignore_errors=True)
    clock = crashed(root)
    (path,) = segment_files(root)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)), label="bytes left")
    garbage = data.draw(st.binary(max_size=64), label="garbage after them")
    path.write_bytes(whole[:cut] + garbage)
    archive = open_archive(root, clock)
    kept = frames(archive) if archive.streams() else 0
    assert kept % 5 == 0
    for segment in archive.segments("gate", "main", *all_time()) if archive.streams() else ():
        kept_bytes = min(cut, segment.size_bytes)
        assert Path(segment.path).read_bytes()[:kept_bytes] == whole[:kept_bytes]
        assert segment.size_bytes <= cut + len(garbage)
        assert segment.is_closed
    archive.close()
    assert_whole(root, clock)


def test_an_index_that_is_lost_is_made_again_at_the_next_opening(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    for reason in (GapReason.CAMERA_LOST, GapReason.WRONG_PASSWORD, GapReason.CAMERA_FROZEN):
        camera = Camera(archive.writer("Cổng/1"), clock)
        camera.begin(reason)
        record(archive, camera, 6)
        camera.end(reason)
        clock.advance(30)
        archive.run_pending()
    before = archive.timeline("Cổng/1", "main", *all_time())
    rows = archive.segments("Cổng/1", "main", *all_time())
    archive.close()
    for path in tmp_path.glob("index.sqlite3*"):
        path.unlink()
    archive = open_archive(tmp_path, clock)
    after = archive.timeline("Cổng/1", "main", *all_time())
    assert (after.spans, after.gaps[:-1]) == (before.spans, before.gaps[:-1])
    assert after.gaps[-1].reason is GapReason.CAMERA_FROZEN
    assert [row._replace(id=0, run_row=0) for row in archive.segments("Cổng/1", "main", *all_time())] == [
        row._replace(id=0, run_row=0) for row in rows
    ]
    archive.close()
    assert_whole(tmp_path, clock)


def test_an_index_that_is_garbage_is_kept_aside(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    archive.close()
    (tmp_path / "index.sqlite3").write_bytes(b"not a database at all" * 300)
    archive = open_archive(tmp_path, clock)
    assert frames(archive) == 150
    archive.close()
    assert_whole(tmp_path, clock)
    assert len(list(tmp_path.glob("index-*.old"))) == 1


def test_an_index_older_than_the_files_learns_of_them(tmp_path: Path) -> None:
    """A backup of the index is put back: what came since is adopted, also what was open then and is sealed now."""
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    archive.writer_thread._volume.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    backup = (tmp_path / "index.sqlite3").read_bytes()
    record(archive, camera, 10)
    camera.end(GapReason.CAMERA_LOST)
    clock.advance(50)
    again = Camera(archive.writer("gate"), clock)
    again.begin(GapReason.CAMERA_LOST)
    record(archive, again, 5)
    archive.close()
    for path in tmp_path.glob("index.sqlite3-*"):
        path.unlink()
    (tmp_path / "index.sqlite3").write_bytes(backup)
    archive = open_archive(tmp_path, clock)
    assert frames(archive) == 21 * 25
    timeline = archive.timeline("gate", "main", *all_time())
    assert [gap.reason for gap in timeline.gaps if not gap.is_open] == [GapReason.CAMERA_LOST]
    archive.close()
    assert_whole(tmp_path, clock)


def test_rebuild_makes_the_same_index(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    for name in ("gate", "market"):
        for reason in (GapReason.CAMERA_LOST, GapReason.DISK_FULL):
            camera = Camera(archive.writer(name), clock)
            camera.begin(reason)
            record(archive, camera, 5)
            camera.end(reason)
            clock.advance(10)
            archive.run_pending()
    before = archive.timelines(*all_time())
    archive.close()
    result = rebuild_archive(tmp_path, clock)
    assert (result.streams, result.segments, result.torn, result.foreign) == (2, 8, 0, ())
    archive = open_archive(tmp_path, clock)
    after = archive.timelines(*all_time())
    for one, other in zip(before, after, strict=True):
        assert one.spans == other.spans
        assert [gap for gap in one.gaps if not gap.is_open] == [gap for gap in other.gaps if not gap.is_open]
    archive.close()
    assert_whole(tmp_path, clock)


def tear(path: Path, fragments: int) -> None:
    """The file as a power cut leaves it: its seal and last fragments never reached the disk."""
    with path.open("r+b") as file:
        heads = list(walk_fragments(file.fileno(), read_head(file.fileno()).media_offset_bytes, path.stat().st_size))
        file.truncate(heads[-fragments].offset_bytes + 5)


def torn_in_the_middle(root: Path, clock: FakeClock) -> None:
    """Three segments of a run; the first lost its last 0.4 s (two fragments), what came after is there."""
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 9)
    archive.close()
    tear(next(segment_files(root)), 2)


def assert_hole_is_told(archive: Archive) -> None:
    timeline = archive.timeline("gate", "main", *all_time())
    assert [gap.reason for gap in timeline.gaps if not gap.is_open] == [GapReason.RECORDER_CRASHED]
    first, second = timeline.spans
    assert (timeline.gaps[0].from_utc_90k, timeline.gaps[0].to_utc_90k) == (first.to_utc_90k, second.from_utc_90k)
    assert second.from_utc_90k - first.to_utc_90k == 36_000
    assert frames(archive) == 9 * 25 - 10


def test_a_file_that_lost_its_tail_is_not_joined_to_the_next_by_rebuild(tmp_path: Path) -> None:
    clock = FakeClock()
    torn_in_the_middle(tmp_path, clock)
    assert rebuild_archive(tmp_path, clock).torn == 1
    archive = open_archive(tmp_path, clock)
    assert_hole_is_told(archive)
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_file_that_lost_its_tail_is_not_joined_to_the_next_by_recovery(tmp_path: Path) -> None:
    """The disk took the beginning of the next file before the end of this one; the index knew of this one only."""
    clock = FakeClock()
    torn_in_the_middle(tmp_path, clock)
    db = sqlite3.connect(tmp_path / "index.sqlite3")
    db.execute("DELETE FROM segment WHERE seq > 0")
    db.execute("UPDATE segment SET is_closed = 0, sha256 = NULL")
    db.execute("UPDATE run SET is_closed = 0")
    db.execute("DELETE FROM gap")
    db.commit()
    db.close()
    archive = open_archive(tmp_path, clock)
    assert_hole_is_told(archive)
    archive.close()
    assert_whole(tmp_path, clock)


def test_rebuild_also_brings_back_a_lost_identity_and_leaves_foreign_files_alone(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    archive.close()
    (tmp_path / "archive.json").unlink()
    stranger = next(segment_files(tmp_path)).parent / "holiday.mp4"
    stranger.write_bytes(b"not ours")
    result = rebuild_archive(tmp_path, clock)
    assert result.foreign == (str(stranger.relative_to(tmp_path)),)
    assert stranger.read_bytes() == b"not ours"
    reopened = Archive.open(tmp_path, clock=clock, expected_id=archive.id, threaded=False)
    assert frames(reopened) == 125
    assert reopened.erased() == ()
    reopened.close()
