"""`luytre archive …` as a user calls it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import FakeClock, to_iso
from luytre.base.errors import GapReason, UsageError
from luytre.base.i18n import use_language
from luytre.cli.archive import parse_moment
from luytre.cli.main import main
from luytre.media.archive.schema import ReadIndex
from tests.media.archive.helpers import Camera, all_time, open_archive, record, segment_files


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUYTRE_LANG", "en")
    use_language("en")


def call(*arguments: object) -> int:
    """Exit status of `luytre archive …`."""
    try:
        main(["archive", *map(str, arguments)])
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0


def two_runs(root: Path, name: str = "gate") -> FakeClock:
    clock = FakeClock()
    archive = open_archive(root, clock)
    camera = Camera(archive.writer(name), clock)
    camera.begin()
    record(archive, camera, 5)
    camera.end(GapReason.CAMERA_LOST)
    clock.advance(10)
    archive.run_pending()
    camera = Camera(archive.writer(name), clock)
    camera.begin(GapReason.CAMERA_LOST)
    record(archive, camera, 5)
    archive.close()
    return clock


def test_check_of_a_whole_archive_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path)
    assert call("check", tmp_path) == 0
    assert "agree" in capsys.readouterr().out
    assert call("check", tmp_path, "--quick") == 0
    assert "not compared" in capsys.readouterr().out


def test_check_names_a_changed_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path)
    path = next(segment_files(tmp_path))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert call("check", tmp_path) == 1
    out = capsys.readouterr().out
    assert str(path.relative_to(tmp_path)) in out
    assert "changed" in out
    assert call("check", tmp_path, "--quick") == 0


@pytest.mark.parametrize("damage", ["lost", "short", "long", "foreign", "stranger", "seal", "moved", "sums", "gap"])
def test_check_says_each_disagreement(tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path)
    path = next(segment_files(tmp_path))
    data = path.read_bytes()
    index = tmp_path / "index.sqlite3"
    if damage == "lost":
        path.unlink()
    elif damage == "short":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "long":
        path.write_bytes(data + b"more")
    elif damage == "foreign":
        path.write_bytes(bytes(len(data)))
    elif damage == "stranger":
        path.with_name("holiday.mp4").write_bytes(b"x")
    elif damage == "seal":
        path.write_bytes(data[:-20] + b"\0" * 20)
    elif damage == "moved":
        shutil.copy(path, path.with_name("000000.000-0000000000-0.mp4"))
    elif damage == "sums":
        _execute(index, "UPDATE run SET bytes = bytes + 1")
    elif damage == "gap":
        _execute(index, "DELETE FROM gap")
    if damage == "moved":  # what is younger than the last publish may be a crash's: this copy claims to be old
        _execute(index, "UPDATE meta SET value = '999999999999999999' WHERE key = 'last_publish_utc_90k'")
    assert call("check", tmp_path) == 1
    assert capsys.readouterr().out


def _execute(index: Path, statement: str) -> None:
    db = sqlite3.connect(index)
    with db:
        db.execute(statement)
    db.close()


def test_a_timeline_in_json_and_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path, "Cổng chợ")
    assert call("timeline", tmp_path, "--camera", "Cổng chợ", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["camera"], found["stream"]) == ("Cổng chợ", "main")
    assert [(run["from"], run["to"], run["codec"], run["frames"]) for run in found["runs"]] == [
        ("2026-11-24T06:00:00.000Z", "2026-11-24T06:00:05.000Z", "h264", 125),
        ("2026-11-24T06:00:15.000Z", "2026-11-24T06:00:20.000Z", "h264", 125),
    ]
    lost = {"from": "2026-11-24T06:00:05.000Z", "to": "2026-11-24T06:00:15.000Z", "reason": "camera_lost"}
    assert found["gaps"] == [lost], "that recording was stopped on purpose is no hole in it"
    assert call("timeline", tmp_path, "--camera", "Cổng chợ", "--json", "--to", "2026-11-24T07:00:00Z") == 0
    assert [gap["reason"] for gap in json.loads(capsys.readouterr().out)["gaps"]] == ["camera_lost", "recorder_stopped"]
    assert call("timeline", tmp_path, "--camera", "Cổng chợ") == 0
    out = capsys.readouterr().out
    assert "24/11/2026 13:00:05" in out
    assert "connection to the camera lost" in out


def test_a_span_in_a_gap_has_no_runs_but_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path)
    span = ("--from", "2026-11-24T13:00:06+07:00", "--to", "2026-11-24T06:00:10Z")
    assert call("timeline", tmp_path, "--camera", "gate", "--json", *span) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["runs"] == []
    assert found["gaps"] == [{"from": "2026-11-24T06:00:06.000Z", "to": "2026-11-24T06:00:10.000Z", "reason": "camera_lost"}]


def test_an_export_says_that_more_files_follow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path / "archive")
    out = tmp_path / "clip.mp4"
    assert call("export", tmp_path / "archive", "--camera", "gate", "-o", out) == 0
    printed = capsys.readouterr().out
    assert "clip.2.mp4" in printed
    assert "2 files" in printed
    for path in (out, tmp_path / "clip.2.mp4"):
        done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, check=True)
        assert done.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--camera", "nobody"), 1, "no such camera"),
        (("--camera", "gate", "--stream", "sub"), 1, "no such stream"),
        (("--camera", "gate", "--from", "2026-11-24T14:00:00"), 2, "no zone"),
        (("--camera", "gate", "--from", "yesterday"), 2, "not a time"),
        (("--camera", "gate", "--from", "2026-11-24T07:00:00Z", "--to", "2026-11-24T06:00:00Z"), 2, "end after it begins"),
        (("--camera", "gate", "--from", "2026-11-24T06:00:06Z", "--to", "2026-11-24T06:00:10Z"), 1, "no footage"),
        (("--camera", "gate", "--from", "2020-01-01T00:00:00Z", "--to", "2020-01-02T00:00:00Z"), 1, "no footage"),
        ((), 2, "--camera"),
    ],
)
def test_bad_use_is_one_sentence_and_writes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    two_runs(tmp_path / "archive")
    out = tmp_path / "clip.mp4"
    assert call("export", tmp_path / "archive", "-o", out, *arguments) == status
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
    assert list(tmp_path.glob("clip*")) == []


@pytest.mark.parametrize("command", ["check", "rebuild", "timeline", "export"])
def test_a_folder_that_is_no_archive_is_told_so(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = {"timeline": ("--camera", "x"), "export": ("--camera", "x", "-o", tmp_path / "x.mp4")}.get(command, ())
    for folder in (tmp_path / "nowhere", tmp_path):
        assert call(command, folder, *more) == 1
        assert capsys.readouterr().err.strip()
    assert list(tmp_path.iterdir()) == []


def test_rebuild_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_runs(tmp_path)
    for path in tmp_path.glob("index.sqlite3*"):
        path.unlink()
    assert call("timeline", tmp_path, "--camera", "gate") == 1
    assert call("rebuild", tmp_path) == 0
    assert "4 files of 1 streams" in capsys.readouterr().out
    assert call("check", tmp_path) == 0
    assert call("rebuild", tmp_path) == 0
    assert "kept as" in capsys.readouterr().out


def test_all_but_rebuild_work_beside_a_recorder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    root = tmp_path / "archive"
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    camera.send(3)
    assert call("check", root) == 0
    assert call("timeline", root, "--camera", "gate", "--json") == 0
    assert call("export", root, "--camera", "gate", "-o", tmp_path / "clip.mp4") == 0
    assert call("rebuild", root) == 1
    assert "another recorder" in capsys.readouterr().err
    archive.close()


def test_a_copy_that_cannot_be_written_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite cannot make its -shm file, index and WAL are copied aside: as on a read-only disk."""
    clock = FakeClock()
    root = tmp_path / "archive"
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock)
    camera.begin()
    record(archive, camera, 6)
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    archive.close()
    genuine = ReadIndex._open

    def as_if_read_only(self: ReadIndex, uri: str) -> sqlite3.Connection:
        if "luytre-index-" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return genuine(self, uri)

    monkeypatch.setattr(ReadIndex, "_open", as_if_read_only)
    before = sorted(path.name for path in copy.iterdir())
    assert call("timeline", copy, "--camera", "gate", "--json") == 0
    assert call("check", copy) == 0
    assert call("export", copy, "--camera", "gate", "-o", tmp_path / "clip.mp4") == 0
    assert sorted(path.name for path in copy.iterdir()) == before
    assert all_time()


def test_help_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--help") == 0
    out = capsys.readouterr().out
    assert all(command in out for command in ("check", "export", "rebuild", "timeline"))
    for command in ("check", "export", "rebuild", "timeline"):
        assert call(command, "--help") == 0


@given(st.one_of(st.text(max_size=40), st.datetimes().map(lambda moment: moment.isoformat() + "+07:00")))
def test_any_text_is_a_moment_or_a_sentence(text: str) -> None:
    try:
        found = parse_moment(text, "--from")
    except UsageError:
        return
    if found > 0:
        assert parse_moment(to_iso(found), "--from") // 90 == found // 90
