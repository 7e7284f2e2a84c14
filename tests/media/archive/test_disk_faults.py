"""A disk that fills up, turns read-only, breaks, or goes away: recording stops honestly, says so, and resumes by itself."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from luytre.base.clock import FakeClock
from luytre.base.errors import ArchiveError, GapReason
from luytre.media.archive import Archive, ArchiveState, FakeDisk, StateKind, check_archive
from tests.media.archive.helpers import SMALL, Camera, all_time, open_archive, pictures, record, segment_files

GOP_BYTES = sum(len(data) for data, _, _ in pictures()[1])


def gap_reasons(archive: Archive, camera: str = "gate") -> list[GapReason]:
    return [gap.reason for gap in archive.timeline(camera, "main", *all_time()).gaps]


def frames(archive: Archive, camera: str = "gate") -> int:
    return sum(span.samples for span in archive.timeline(camera, "main", *all_time()).spans)


def assert_whole(root: Path, clock: FakeClock) -> None:
    assert [one.sentence() for one in check_archive(root, clock).disagreements] == []


@pytest.mark.parametrize("operation", ["write", "sync", "create", "sync_folder", "before publish", "identity"])
@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        (errno.ENOSPC, StateKind.FULL, GapReason.DISK_FULL),
        (errno.EROFS, StateKind.READ_ONLY, GapReason.DISK_READ_ONLY),
        (errno.EIO, StateKind.FAILED, GapReason.DISK_FAILED),
    ],
)
def test_a_fault_stops_recording_and_it_resumes_by_itself(
    tmp_path: Path, operation: str, code: int, kind: StateKind, reason: GapReason
) -> None:
    clock, disk = FakeClock(), FakeDisk()
    told: list[ArchiveState] = []
    archive = open_archive(tmp_path, clock, disk)
    archive.writer_thread.on_alarm = told.append
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 3)
    disk.fail_with = {operation: code}
    record(archive, camera, 6)
    assert archive.state.kind is kind
    assert archive.state.words.cause
    (gap,) = archive.timeline("gate", "main", *all_time()).gaps
    assert (gap.reason, gap.is_open, gap.to_utc_90k) == (reason, True, clock.utc_90k())
    disk.fail_with = {}
    record(archive, camera, 8)
    assert archive.state.kind is StateKind.OK
    assert [state.kind for state in told[:1] + told[-1:]] == [kind, StateKind.OK]
    assert len(told) == 2 or operation == "before publish", "a fault that a probe can see does not flutter"
    assert set(gap_reasons(archive)) == {reason}
    timeline = archive.timeline("gate", "main", *all_time())
    missing = sum(gap.to_utc_90k - gap.from_utc_90k for gap in timeline.gaps)
    assert frames(archive) == 17 * 25 - missing // 3600
    archive.close()
    assert_whole(tmp_path, clock)


def test_the_mount_goes_and_comes_back(tmp_path: Path) -> None:
    """The folder is empty for a while, as a mount point without its disk is; nothing is written there."""
    clock = FakeClock()
    root, away = tmp_path / "mount", tmp_path / "disk"
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 3)
    root.rename(away)
    root.mkdir()
    record(archive, camera, 8)
    assert archive.state.kind is StateKind.MISSING
    assert list(root.iterdir()) == []
    root.rmdir()
    away.rename(root)
    record(archive, camera, 8)
    assert archive.state.kind is StateKind.OK
    assert gap_reasons(archive) == [GapReason.DISK_MISSING]
    archive.close()
    assert_whole(root, clock)


def test_another_disk_in_its_place_is_left_alone(tmp_path: Path) -> None:
    clock = FakeClock()
    root = tmp_path / "mount"
    open_archive(tmp_path / "other", clock).close()
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 2)
    root.rename(tmp_path / "away")
    shutil.copytree(tmp_path / "other", root)
    record(archive, camera, 8)
    assert archive.state.kind is StateKind.MISSING
    assert list(segment_files(root)) == []
    archive.close()


def test_an_archive_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    clock = FakeClock()
    made = open_archive(tmp_path / "disk", clock)
    made.close()
    told: list[ArchiveState] = []
    root = tmp_path / "mount"
    with pytest.raises(ArchiveError):
        Archive.open(root, clock=clock, expected_id=made.id, threaded=False)
    archive = Archive.open(
        root, clock=clock, expected_id=made.id, patient=True, threaded=False, settings=SMALL, on_alarm=told.append
    )
    assert archive.state.kind is StateKind.MISSING
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    (tmp_path / "disk").rename(root)
    record(archive, camera, 5)
    assert [state.kind for state in told] == [StateKind.OK]
    assert frames(archive) >= 25
    archive.close()
    assert_whole(root, clock)


def test_a_camera_that_comes_back_while_the_disk_is_away_gets_two_reasons(tmp_path: Path) -> None:
    clock, disk = FakeClock(), FakeDisk()
    archive = open_archive(tmp_path, clock, disk)
    camera, other = Camera(archive.writer("gate"), clock), Camera(archive.writer("market"), clock)
    camera.begin()
    other.begin()
    record(archive, camera, 3)
    camera.end(GapReason.CAMERA_LOST)
    record(archive, other, 3)
    disk.fail_with = {"write": errno.EIO}
    record(archive, other, 2)
    assert archive.state.kind is StateKind.FAILED
    camera.begin(GapReason.CAMERA_LOST)
    record(archive, camera, 2)
    assert gap_reasons(archive) == [GapReason.CAMERA_LOST, GapReason.DISK_FAILED]
    archive.close()


def test_capacity_is_respected_by_deleting_the_oldest(tmp_path: Path) -> None:
    """A disk of thirty seconds' footage goes on recording for two minutes, and the oldest goes first."""
    clock = FakeClock()
    disk = FakeDisk(capacity_bytes=30 * GOP_BYTES)
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    cameras = [Camera(archive.writer(name), clock) for name in ("gate", "market")]
    for name in ("gate", "market"):
        archive.set_policy(name, "main", 30.0, None)
    cameras[0].begin()
    record(archive, cameras[0], 10)
    cameras[0].end()
    cameras[1].begin()
    for _ in range(110):
        record(archive, cameras[1], 1)
        assert archive.state.kind is StateKind.OK
    assert frames(archive, "gate") == 0
    assert 8 * 25 < frames(archive, "market") < 30 * 25
    assert len(archive.timeline("market", "main", *all_time()).spans) == 1, "what is erased at the beginning leaves no hole"
    assert gap_reasons(archive, "market") == []
    archive.close()
    assert_whole(tmp_path, clock)


def test_held_footage_is_never_deleted_and_recording_stops_instead(tmp_path: Path) -> None:
    clock = FakeClock()
    disk = FakeDisk(capacity_bytes=30 * GOP_BYTES)
    told: list[ArchiveState] = []
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    archive.writer_thread.on_alarm = told.append
    archive.add_hold("h1", "gate", *all_time(), "incident 12")
    archive.set_policy("gate", "main", 30.0, None)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 60)
    assert archive.state.kind is StateKind.HELD
    held = frames(archive)
    assert 15 * 25 < held <= 25 * 25
    assert gap_reasons(archive) == [GapReason.DISK_HELD]
    record(archive, camera, 10)
    assert frames(archive) == held
    archive.remove_hold("h1")
    record(archive, camera, 10)
    assert [state.kind for state in told] == [StateKind.HELD, StateKind.OK]
    assert archive.timeline("gate", "main", *all_time()).spans[-1].to_utc_90k == clock.utc_90k()
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_disk_that_others_fill_stops_recording(tmp_path: Path) -> None:
    clock = FakeClock()
    disk = FakeDisk(capacity_bytes=1000 * GOP_BYTES)
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 1)
    disk.used_bytes = disk.capacity_bytes or 0
    record(archive, camera, 3)
    assert archive.state.kind is StateKind.FULL
    disk.used_bytes = 0
    record(archive, camera, 3)
    assert archive.state.kind is StateKind.OK
    archive.close()


def test_a_disk_that_others_fill_to_the_brim_is_tidied_up(tmp_path: Path) -> None:
    """Not a byte is left, but there is footage that may go: what was set aside lets the index be written, and room is made."""
    clock = FakeClock()
    disk = FakeDisk(capacity_bytes=200 * GOP_BYTES)
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    archive.set_policy("gate", "main", 30.0, None)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 60)
    disk.used_bytes = disk.capacity_bytes or 0
    record(archive, camera, 1)
    assert archive.state.kind is StateKind.FULL
    record(archive, camera, 15)
    assert archive.state.kind is StateKind.OK
    assert archive.erased()
    assert gap_reasons(archive) == [GapReason.DISK_FULL]
    disk.used_bytes = disk.capacity_bytes or 0
    record(archive, camera, 1)
    archive.close()
    disk.used_bytes = disk.capacity_bytes or 0
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    assert archive.state.kind is StateKind.OK, "opened though not a byte was left"
    archive.close()
    assert_whole(tmp_path, clock)


def test_what_no_rule_covers_is_kept_and_recording_stops(tmp_path: Path) -> None:
    """A headless recording: nobody said that anything may be deleted, so nothing is."""
    clock = FakeClock()
    disk = FakeDisk(capacity_bytes=30 * GOP_BYTES)
    archive = open_archive(tmp_path, clock, disk, free_floor_bytes=10 * GOP_BYTES)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 60)
    assert archive.state.kind is StateKind.FULL
    assert gap_reasons(archive) == [GapReason.DISK_FULL]
    assert archive.erased() == ()
    assert archive.timeline("gate", "main", *all_time()).spans[0].from_utc_90k == camera.start_utc_90k
    archive.close()
    assert_whole(tmp_path, clock)


def test_a_hold_is_in_force_though_the_disk_did_not_take_it(tmp_path: Path) -> None:
    clock, disk = FakeClock(), FakeDisk()
    archive = open_archive(tmp_path, clock, disk)
    disk.fail_with = {"replace_file": errno.EIO}
    archive.add_hold("h1", "gate", 1, 90_000, "incident")
    assert [hold.id for hold in archive.holds()] == ["h1"]
    assert not (tmp_path / "holds.json").exists()
    disk.fail_with = {}
    clock.advance(1)
    archive.run_pending()
    archive.close()
    again = open_archive(tmp_path, clock)
    assert [hold.id for hold in again.holds()] == ["h1"]
    again.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB of its own."""
    mount = tmp_path / "mount"
    mount.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount], check=False).returncode:
        mount = Path("/dev/shm") / f"luytre-{os.getpid()}"  # no right to mount: the floor below makes it small
        mount.mkdir()
        yield mount
        shutil.rmtree(mount)
        return
    yield mount
    subprocess.run(["umount", "-l", mount], check=True)


def test_a_small_real_file_system_fills_up_and_is_emptied(small_disk: Path) -> None:
    clock = FakeClock()
    root = small_disk / "archive"
    free = shutil.disk_usage(small_disk).free
    archive = open_archive(root, clock, free_floor_bytes=max(2 << 20, free - (6 << 20)))
    archive.set_policy("gate", "main", 30.0, None)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    for _ in range(60):
        record(archive, camera, 1)
        assert archive.state.kind is StateKind.OK
    assert archive.erased()
    archive.add_hold("all", "gate", *all_time(), "test")
    record(archive, camera, 60)
    assert archive.state.kind is StateKind.HELD
    archive.sync_holds([])
    record(archive, camera, 10)
    assert archive.state.kind is StateKind.OK
    archive.close()
    assert_whole(root, clock)


def test_a_small_real_file_system_without_a_floor_says_full(small_disk: Path) -> None:
    """The hard way: ENOSPC in the middle of a write. What was published stays whole."""
    if shutil.disk_usage(small_disk).total > 64 << 20:
        disk: FakeDisk | None = FakeDisk(capacity_bytes=6 << 20)
    else:
        disk = None
    clock = FakeClock()
    root = small_disk / "archive"
    archive = open_archive(root, clock, disk)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    for _ in range(200):
        record(archive, camera, 1)
        if archive.state.kind is not StateKind.OK:
            break
    assert archive.state.kind is StateKind.FULL
    kept = frames(archive)
    archive.close()
    assert_whole(root, clock)
    for path in list(segment_files(root))[:2]:
        path.unlink()
    assert {one.fault.value for one in check_archive(root, clock).disagreements} == {"file_missing"}
    assert kept > 0
