"""What is written can be found again: segments, runs, gaps and their reasons, holds on the clock."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest

from luytre.base.clock import FakeClock
from luytre.base.errors import ArchiveError, GapReason, NotFound, UsageError
from luytre.media.archive import Archive, Gap, StateKind, check_archive
from luytre.media.archive.layout import read_head, read_seal
from tests.media.archive.helpers import Camera, all_time, open_archive, pictures, record, segment_files


def gaps_of(archive: Archive, camera: str = "gate", stream: str = "main") -> list[Gap]:
    return list(archive.timeline(camera, stream, *all_time()).gaps)


def is_clean(root: Path, clock: FakeClock) -> bool:
    report = check_archive(root, clock)
    assert [one.sentence() for one in report.disagreements] == []
    return report.segments > 0


def test_segments_follow_each_other_without_a_seam(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 13)
    segments = archive.segments("gate", "main", *all_time())
    assert [segment.seq for segment in segments] == [0, 1, 2, 3]
    assert [segment.is_closed for segment in segments] == [True, True, True, False]
    for before, after in itertools.pairwise(segments):
        assert (before.end_utc_90k, before.end_dts_90k) == (after.start_utc_90k, after.start_dts_90k)
    assert sum(segment.samples for segment in segments) == 325
    (span,) = archive.timeline("gate", "main", *all_time()).spans
    assert (span.samples, span.to_utc_90k - span.from_utc_90k) == (325, 13 * 90_000)
    assert gaps_of(archive) == []
    assert is_clean(tmp_path, clock)
    archive.close()
    assert is_clean(tmp_path, clock)


def test_a_closed_file_is_sealed_with_the_hash_of_what_is_before_the_seal(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 5)
    archive.close()
    for path, segment in zip(segment_files(tmp_path), _reopened(tmp_path, clock), strict=True):
        data = path.read_bytes()
        with path.open("rb") as file:
            seal = read_seal(file.fileno(), len(data))
            head = read_head(file.fileno())
        assert seal is not None
        assert hashlib.sha256(data[: seal.sealed_bytes]).digest() == seal.sha256 == segment.sha256
        assert data[: head.init_bytes] == camera.init.data
        assert head.header.archive_id == open_id(tmp_path, clock)


def _reopened(root: Path, clock: FakeClock) -> tuple[object, ...]:
    archive = open_archive(root, clock)
    found = archive.segments("gate", "main", *all_time())
    archive.close()
    return found


def open_id(root: Path, clock: FakeClock) -> str:
    archive = open_archive(root, clock)
    archive.close()
    return archive.id


def test_gop_table_names_every_key_frame(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    for segment in archive.segments("gate", "main", *all_time()):
        data = Path(segment.path).read_bytes()
        assert segment.gops[0].offset_bytes == segment.media_offset_bytes
        assert [gop.dts_90k % 90_000 for gop in segment.gops] == [0] * len(segment.gops)
        for gop in segment.gops:
            assert data[gop.offset_bytes + 4 : gop.offset_bytes + 8] == b"prft"
            assert gop.utc_90k == camera.start_utc_90k + gop.dts_90k
    archive.close()


@pytest.mark.parametrize("name", ["Cổng chợ / số 1", "..", ".", "a'b\"c", "x" * 300, "50%", "thôn Đông\n2", "~", "CON"])
def test_a_camera_may_be_named_anything(tmp_path: Path, name: str) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer(name), clock)
    camera.begin()
    record(archive, camera, 2)
    archive.close()
    (path,) = segment_files(tmp_path)
    assert path.relative_to(tmp_path / "media").parts[1] == "main"
    archive = open_archive(tmp_path, clock)
    (segment,) = archive.segments(name, "main", *all_time())
    assert Path(segment.path) == path
    archive.close()
    assert is_clean(tmp_path, clock)


def test_a_hole_has_the_reason_that_ended_the_run_and_stays_open_until_now(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 2)
    lost_at = clock.utc_90k()
    camera.end(GapReason.CAMERA_LOST)
    clock.advance(5)
    archive.run_pending()
    assert gaps_of(archive) == [Gap(lost_at, clock.utc_90k(), GapReason.CAMERA_LOST, True)]
    archive.note_gap_reason("gate", "main", GapReason.WRONG_PASSWORD)
    clock.advance(5)
    archive.run_pending()
    assert gaps_of(archive) == [Gap(lost_at, clock.utc_90k(), GapReason.WRONG_PASSWORD, True)]
    back_at = clock.utc_90k()
    camera.begin(GapReason.UNKNOWN)
    record(archive, camera, 2)
    assert gaps_of(archive) == [Gap(lost_at, back_at, GapReason.WRONG_PASSWORD)]
    assert len(archive.timeline("gate", "main", *all_time()).spans) == 2
    archive.close()
    assert is_clean(tmp_path, clock)


def test_two_runs_without_a_hole_have_no_gap(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 2)
    camera.end(GapReason.FORMAT_CHANGED)
    clock.advance(0.04)
    archive.run_pending()
    camera.begin(GapReason.FORMAT_CHANGED)
    record(archive, camera, 2)
    assert gaps_of(archive) == []
    archive.close()
    assert is_clean(tmp_path, clock)


def test_a_restart_is_a_gap_of_its_own_beside_what_is_learnt_later(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 2)
    stopped_at = clock.utc_90k()
    archive.close()
    clock.advance(60)
    archive = open_archive(tmp_path, clock)
    restarted_at = clock.utc_90k()
    archive.note_gap_reason("gate", "main", GapReason.CAMERA_UNREACHABLE)
    clock.advance(2)
    archive.run_pending()
    clock.advance(30)
    camera = Camera(archive.writer("gate"), clock)
    back_at = clock.utc_90k()
    camera.begin(GapReason.CAMERA_UNREACHABLE)
    record(archive, camera, 2)
    expected = [
        Gap(stopped_at, restarted_at, GapReason.RECORDER_STOPPED),
        Gap(restarted_at, back_at, GapReason.CAMERA_UNREACHABLE),
    ]
    assert gaps_of(archive) == expected
    newest = archive.segments("gate", "main", *all_time())[-1]
    with open(newest.path, "rb") as file:
        assert list(read_head(file.fileno()).header.gaps) == expected
    archive.close()


def test_a_clock_set_back_loses_nothing(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    camera.end(GapReason.CLOCK_STEP)
    clock.step_utc(-4)
    camera.begin(GapReason.CLOCK_STEP)
    record(archive, camera, 6)
    timeline = archive.timeline("gate", "main", *all_time())
    assert sum(span.samples for span in timeline.spans) == 300
    assert timeline.gaps == ()
    assert archive.find("gate", "main", camera.start_utc_90k + 90_000) is not None
    archive.close()
    assert is_clean(tmp_path, clock)


def test_a_run_starts_only_on_a_key_frame(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    camera.fragment()  # the one with the key frame is lost on the way
    record(archive, camera, 3)
    (segment,) = archive.segments("gate", "main", *all_time())
    assert segment.samples == 55
    assert segment.start_dts_90k == 90_000
    archive.close()
    assert is_clean(tmp_path, clock)


def test_a_queue_that_is_too_long_drops_to_the_next_gop_and_owns_up(tmp_path: Path) -> None:
    clock = FakeClock()
    gop_bytes = sum(len(data) for data, _, _ in pictures()[1])
    archive = open_archive(tmp_path, clock, queue_max_bytes=4 * gop_bytes)
    writer = archive.writer("gate")
    camera = Camera(writer, clock)
    camera.begin()
    record(archive, camera, 2)
    camera.send(50)  # the disk is not looked at meanwhile
    assert writer.dropped_samples > 0
    archive.run_pending()
    camera.send(10)
    archive.run_pending()
    clock.advance(2)
    archive.run_pending()
    timeline = archive.timeline("gate", "main", *all_time())
    assert [gap.reason for gap in timeline.gaps] == [GapReason.RECORDER_BEHIND]
    lost = timeline.gaps[0].to_utc_90k - timeline.gaps[0].from_utc_90k
    assert lost == writer.dropped_samples * 3600
    assert sum(span.samples for span in timeline.spans) + writer.dropped_samples == camera.frame
    archive.close()
    assert is_clean(tmp_path, clock)


def test_the_thread_writes_by_itself(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = Archive.open(tmp_path, clock=clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    camera.send(10)
    archive.flush_tick()
    archive.close()
    archive = Archive.open(tmp_path, clock=clock, expected_id=archive.id)
    assert archive.timeline("gate", "main", *all_time()).spans[0].samples == 50
    archive.close()


def test_two_recorders_do_not_share_an_archive(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    with pytest.raises(ArchiveError) as caught:
        open_archive(tmp_path, clock)
    assert "another recorder" in caught.value.cause
    assert caught.value.hint
    archive.close()
    open_archive(tmp_path, clock).close()


def test_another_archive_is_not_written_to(tmp_path: Path) -> None:
    clock = FakeClock()
    open_archive(tmp_path / "one", clock).close()
    with pytest.raises(ArchiveError):
        Archive.open(tmp_path / "one", clock=clock, expected_id="0123456789")
    with pytest.raises(ArchiveError):
        Archive.open(tmp_path / "two", clock=clock, expected_id="0123456789")
    with pytest.raises(ArchiveError):
        Archive.open(tmp_path / "two", clock=clock, create=False)
    assert not (tmp_path / "two").exists()


def test_questions_that_make_no_sense_are_told_so(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 2)
    with pytest.raises(NotFound):
        archive.timeline("nowhere", "main", *all_time())
    with pytest.raises(NotFound):
        archive.segments("gate", "sub", *all_time())
    with pytest.raises(UsageError):
        archive.timeline("gate", "main", 5, 5)
    with pytest.raises(NotFound):
        archive.segment(4711)
    assert archive.find("gate", "main", 1) is None
    archive.close()


def test_usage_and_streams_add_up(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path, clock)
    for name in ("gate", "market"):
        camera = Camera(archive.writer(name), clock)
        camera.begin()
        record(archive, camera, 5)
        camera.end()
    archive.set_policy("gate", "main", 30.0, None)
    clock.advance(1)
    archive.run_pending()
    usage, facts = archive.usage(), archive.streams()
    assert usage.bytes_used == sum(one.bytes for one in facts)
    assert [(one.camera, one.keep_days) for one in facts] == [("gate", 30.0), ("market", None)]
    assert usage.days_left is not None
    assert facts[0].bitrate_bps == pytest.approx(facts[0].bytes * 8 / 5)
    assert archive.state.kind is StateKind.OK
    archive.close()
