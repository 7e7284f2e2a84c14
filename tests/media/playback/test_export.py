"""Exports are judged by ffprobe and ffmpeg, not by us: they decode without a complaint and last what was asked."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.errors import ArchiveError, GapReason, NotFound, UsageError
from luytre.media.archive import Archive
from luytre.media.playback import ExportPlan, Slice, export, hls_playlist, picture_at, plan_export
from tests.media.archive.helpers import Camera, all_time, open_archive, record

FRAME_S = 0.04


def probe(path: Path) -> dict[str, object]:
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-count_frames", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found: dict[str, object] = json.loads(done.stdout)
    return found


def decode(path: Path) -> int:
    """ffmpeg decodes the file without a word; how many pictures it shows."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-xerror", "-i", str(path), "-an", "-f", "framemd5", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return sum(not line.startswith("#") for line in done.stdout.splitlines())


def duration_s(path: Path) -> float:
    return float(probe(path)["format"]["duration"])  # type: ignore[index]


def recorded(root: Path, codec: str = "h264", bframes: int = 0, seconds: int = 10) -> tuple[Archive, FakeClock, int]:
    clock = FakeClock()
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock, codec, bframes)
    camera.begin()
    record(archive, camera, seconds)
    camera.end()
    clock.advance(1)
    archive.run_pending()
    return archive, clock, camera.start_utc_90k


CODECS = [("h264", 0), ("h264", 3), ("h265", 0), ("h265", 3)]


@pytest.mark.parametrize(("codec", "bframes"), CODECS)
def test_a_whole_recording_has_every_picture(tmp_path: Path, codec: str, bframes: int) -> None:
    archive, _, _ = recorded(tmp_path / "archive", codec, bframes)
    out = tmp_path / "out.mp4"
    result = export(archive.queries, "gate", "main", *all_time(), out)
    assert [Path(part.path) for part in result.parts] == [out]
    assert decode(out) == 250
    assert duration_s(out) == pytest.approx(10, abs=FRAME_S)
    archive.close()


@pytest.mark.parametrize(("codec", "bframes"), CODECS)
@pytest.mark.parametrize(("start_s", "length_s"), [(0.5, 1.0), (3.98, 2.5), (4.0, 4.0), (7.123, 0.5), (0.0, 0.04)])
def test_a_span_begins_and_ends_where_asked(tmp_path: Path, codec: str, bframes: int, start_s: float, length_s: float) -> None:
    archive, _, begin = recorded(tmp_path / "archive", codec, bframes)
    start, stop = begin + round(start_s * TICKS_PER_S), begin + round((start_s + length_s) * TICKS_PER_S)
    out = tmp_path / "out.mp4"
    (part,) = export(archive.queries, "gate", "main", start, stop, out).parts
    assert abs(part.plan.from_utc_90k - start) < 3600
    assert part.plan.to_utc_90k == stop
    assert part.plan.key_utc_90k <= start
    assert duration_s(out) == pytest.approx(length_s, abs=FRAME_S)
    assert decode(out) == -(-(part.plan.to_utc_90k - part.plan.from_utc_90k) // 3600)
    archive.close()


def test_a_run_that_ends_between_reordered_pictures_is_exported_to_its_last(tmp_path: Path) -> None:
    for frames in range(26, 40):
        clock = FakeClock()
        archive = open_archive(tmp_path / f"{frames}", clock)
        camera = Camera(archive.writer("gate"), clock, "h264", 3, per_fragment=1)
        camera.begin()
        camera.send(frames)
        camera.end()
        archive.run_pending()
        (plan,) = plan_export(archive.queries, "gate", "main", *all_time())
        assert plan.samples == frames
        archive.close()


def test_runs_that_cover_the_same_time_stay_one_part_each(tmp_path: Path) -> None:
    """Our clock was set back while a camera recorded."""
    clock = FakeClock()
    archive = open_archive(tmp_path / "archive", clock)
    camera = Camera(archive.writer("gate"), clock)
    begin = clock.utc_90k()
    for reason in (GapReason.UNKNOWN, GapReason.CLOCK_STEP):
        camera.begin(reason)
        record(archive, camera, 40)
        camera.end(GapReason.CLOCK_STEP)
        archive.run_pending()
        clock.step_utc(-20.0)
    at = [begin + second * TICKS_PER_S for second in (25, 35)]
    assert [plan.samples for plan in plan_export(archive.queries, "gate", "main", *at)] == [250, 250]
    whole = plan_export(archive.queries, "gate", "main", *all_time())
    assert [(plan.samples, plan.from_utc_90k - begin) for plan in whole] == [(1000, 0), (1000, 20 * TICKS_PER_S)]
    playlist = hls_playlist(archive.queries, "gate", "main", begin, begin + 60 * TICKS_PER_S, base_url=".")
    assert playlist.count("#EXT-X-DISCONTINUITY") == 1
    archive.close()


def test_the_pictures_of_a_span_are_those_of_the_whole(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive", bframes=3)
    export(archive.queries, "gate", "main", *all_time(), tmp_path / "whole.mp4")
    export(archive.queries, "gate", "main", begin + 5 * 3600 + 90_000, begin + 20 * 3600 + 90_000, tmp_path / "part.mp4")
    assert pictures(tmp_path / "part.mp4") == pictures(tmp_path / "whole.mp4")[30:45]
    archive.close()


def pictures(path: Path) -> list[str]:
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-f", "framemd5", "-"], capture_output=True, text=True, check=True
    )
    return [line.rsplit(",", 1)[1].strip() for line in done.stdout.splitlines() if not line.startswith("#")]


def test_samples_are_copied_byte_for_byte(tmp_path: Path) -> None:
    archive, _, _ = recorded(tmp_path / "archive")
    out = tmp_path / "out.mp4"
    export(archive.queries, "gate", "main", *all_time(), out)
    data = out.read_bytes()
    for segment in archive.segments("gate", "main", *all_time()):
        source = Path(segment.path).read_bytes()[segment.media_offset_bytes : segment.size_bytes]
        assert source in data
    archive.close()


def test_a_plan_is_the_file(tmp_path: Path) -> None:
    """What is served by range is what an export writes."""
    archive, _, begin = recorded(tmp_path / "archive")
    span = (begin + 90_000, begin + 7 * 90_000)
    (plan,) = plan_export(archive.queries, "gate", "main", *span)
    export(archive.queries, "gate", "main", *span, tmp_path / "out.mp4")
    written = (tmp_path / "out.mp4").read_bytes()
    assert plan.size_bytes == len(written)
    assert read(plan, 0, plan.size_bytes) == written
    middle = plan.size_bytes // 2
    assert read(plan, middle, middle + 100_000) == written[middle : middle + 100_000]
    archive.close()


def read(plan: ExportPlan, start: int, stop: int) -> bytes:
    data = b""
    for piece in plan.read_ranges(start, stop):
        if piece.path:
            with open(piece.path, "rb") as file:
                file.seek(piece.offset_bytes)
                data += file.read(piece.size_bytes)
        else:
            data += piece.data
    return data


@given(st.lists(st.binary(max_size=20), max_size=6), st.integers(0, 130), st.integers(0, 130))
def test_ranges_of_a_plan_add_up(pieces: list[bytes], start: int, stop: int) -> None:
    slices = tuple(Slice(len(piece), data=piece) for piece in pieces)
    whole = b"".join(pieces)
    plan = ExportPlan("gate", "main", slices, len(whole), 0, 0, 1, 0, "h264", "")
    found = plan.read_ranges(start, stop)
    assert b"".join(piece.data for piece in found) == whole[start:stop]
    assert all(piece.size_bytes == len(piece.data) > 0 for piece in found)


def test_a_large_export_reads_and_copies_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    module = sys.modules["luytre.media.playback.export"]
    monkeypatch.setattr(module, "_SMALL_BYTES", 0)
    archive, _, begin = recorded(tmp_path / "archive", bframes=2)
    out = tmp_path / "out.mp4"
    seen: list[tuple[int, int]] = []
    export(
        archive.queries, "gate", "main", begin + 90_000, begin + 9 * 90_000, out, lambda done, total: seen.append((done, total))
    )
    assert seen[-1][0] == seen[-1][1]
    assert decode(out) == 200
    assert out.read_bytes()[32:].find(b"moov") < 100, "the head comes first"
    archive.close()


def test_a_gap_or_a_change_of_format_begins_another_file(tmp_path: Path) -> None:
    archive, clock, _ = recorded(tmp_path / "archive", seconds=3)
    clock.advance(5)
    wider = Camera(archive.writer("gate"), clock, width=480)
    wider.begin(GapReason.CAMERA_LOST)
    record(archive, wider, 3)
    result = export(archive.queries, "gate", "main", *all_time(), tmp_path / "out.mp4")
    assert [Path(part.path).name for part in result.parts] == ["out.mp4", "out.2.mp4"]
    assert [decode(Path(part.path)) for part in result.parts] == [75, 75]
    assert [probe(Path(part.path))["streams"][0]["width"] for part in result.parts] == [320, 480]  # type: ignore[index]
    archive.close()


def test_creation_time_is_utc_of_the_first_picture(tmp_path: Path) -> None:
    archive, _, _ = recorded(tmp_path / "archive", seconds=2)
    export(archive.queries, "gate", "main", *all_time(), tmp_path / "out.mp4")
    tags = probe(tmp_path / "out.mp4")["format"]["tags"]  # type: ignore[index]
    assert tags["creation_time"] == "2026-11-24T06:00:00.000000Z"
    archive.close()


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    archive, _, begin = recorded(tmp_path / "archive")
    out = tmp_path / "out" / "clip.mp4"
    with pytest.raises(UsageError):
        export(archive.queries, "gate", "main", *all_time(), out)
    out.parent.mkdir()
    with pytest.raises(NotFound):
        export(archive.queries, "gate", "main", begin - 9_000_000, begin - 1, out)
    with pytest.raises(NotFound):
        export(archive.queries, "nobody", "main", *all_time(), out)
    with pytest.raises(UsageError):
        export(archive.queries, "gate", "main", begin + 90_000, begin, out)
    Path(archive.segments("gate", "main", *all_time())[1].path).unlink()
    with pytest.raises(ArchiveError):
        export(archive.queries, "gate", "main", *all_time(), out)
    assert list(out.parent.iterdir()) == []
    out.write_bytes(b"kept")
    with pytest.raises(UsageError):
        export(archive.queries, "gate", "main", *all_time(), out)
    assert out.read_bytes() == b"kept"
    archive.close()


def test_copying_by_hand_where_the_kernel_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, "cross-device")

    monkeypatch.setattr(os, "copy_file_range", refuse)
    archive, _, _ = recorded(tmp_path / "archive", seconds=3)
    export(archive.queries, "gate", "main", *all_time(), tmp_path / "out.mp4")
    assert decode(tmp_path / "out.mp4") == 75
    archive.close()


def test_sound_goes_along(tmp_path: Path) -> None:
    from tests.media.playback.sound import record_with_sound

    archive, begin = record_with_sound(tmp_path / "archive")
    out = tmp_path / "out.mp4"
    export(archive.queries, "gate", "main", begin + 90_000, begin + 4 * 90_000, out)
    streams = probe(out)["streams"]
    assert [one["codec_type"] for one in streams] == ["video", "audio"]  # type: ignore[attr-defined]
    assert float(streams[1]["duration"]) == pytest.approx(3, abs=0.1)  # type: ignore[index]
    assert decode(out) == 75
    archive.close()


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_a_picture_of_a_moment_is_the_key_frame_before_it(tmp_path: Path, codec: str) -> None:
    archive, _, begin = recorded(tmp_path / "archive", codec)
    jpeg = picture_at(archive.queries, "gate", "main", begin + 5 * 90_000 + 1234)
    assert jpeg[:2] == b"\xff\xd8"
    (tmp_path / "shot.jpg").write_bytes(jpeg)
    stream = probe(tmp_path / "shot.jpg")["streams"][0]  # type: ignore[index]
    assert (stream["width"], stream["height"]) == (320, 240)
    small = picture_at(archive.queries, "gate", "main", begin, width_px=160)
    assert hashlib.sha256(small).digest() != hashlib.sha256(jpeg).digest()
    with pytest.raises(NotFound):
        picture_at(archive.queries, "gate", "main", begin - 1)
    archive.close()
