"""Kept views on disk: whole or left out, bounded, and gone with their camera."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.base.verdicts import Light
from luytre.media.look.keeping import LEARNT_OF_A_LIGHT
from luytre.media.look.messages import ViewHead
from luytre.media.look.sizes import PACKED_BYTES
from luytre.media.recorder.looking_files import GONE_DAYS, MOST_ACCEPTED, ViewFiles

SIGNATURE = b"\x01" * PACKED_BYTES
JPEG = b"\xff\xd8 a picture \xff\xd9"


def add(files: ViewFiles, at_s: float = 1000.0, *, accepted: bool = True, light: Light = Light.DAY, camera: str = "cho") -> str:
    return files.add(camera, ViewHead("", light, accepted, at_s, 1, -1), SIGNATURE, JPEG).id


def test_what_is_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    first = add(files)
    night = add(files, 2000.0, accepted=False, light=Light.NIGHT_IR)
    again = ViewFiles(tmp_path)
    assert [(view.id, view.head, view.acceptance) for view in again.of("cho")] == [
        (night, ViewHead(night, Light.NIGHT_IR, False, 2000.0, 1, -1), 1),
        (first, ViewHead(first, Light.DAY, True, 1000.0, 1, -1), 1),
    ]
    assert again.picture("cho", first) == JPEG
    assert [(head.id, data) for head, data in again.in_force("cho")] == [(night, SIGNATURE), (first, SIGNATURE)]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "cho").iterdir())


def test_a_new_acceptance_is_compared_alone_and_older_accepted_ones_are_kept(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    first = add(files)
    add(files, 1500.0, accepted=False)
    second = add(files, 2000.0)
    assert [(view.id, view.acceptance) for view in files.of("cho")] == [(second, 2), (first, 1)]
    assert [head.id for head, _ in files.in_force("cho")] == [second]
    assert add(files, 2000.0, accepted=False) != second
    assert files.forget("cho", first)
    assert not files.forget("cho", first)
    assert files.picture("cho", first) is None
    assert [view.acceptance for view in ViewFiles(tmp_path).of("cho")] == [2, 2]


def test_there_are_never_more_than_so_many(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    for number in range(MOST_ACCEPTED + 3):
        add(files, float(number))
    for number in range(LEARNT_OF_A_LIGHT + 2):
        for light in (Light.DAY, Light.DUSK):
            add(files, 2000.0 + number, accepted=False, light=light)
    kept = files.of("cho")
    assert len(kept) == len(list((tmp_path / "cho").iterdir())) == MOST_ACCEPTED + 2 * LEARNT_OF_A_LIGHT
    assert min(view.head.at_s for view in kept if not view.head.is_accepted) == 2002.0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), how=st.sampled_from(["cut", "changed", "longer"]), value=st.integers(1, 255))
def test_a_torn_or_changed_file_is_left_out_and_told(tmp_path: Path, at: int, how: str, value: int) -> None:
    files = ViewFiles(tmp_path)
    whole, torn = add(files), add(files, 2000.0)
    path = tmp_path / "cho" / f"{torn}.view"
    data = bytearray(path.read_bytes())
    at %= len(data)
    if how == "cut":
        del data[at:]
    elif how == "changed":
        data[at] ^= value
    else:
        data += bytes([value])
    path.write_bytes(data)
    with structlog.testing.capture_logs() as lines:
        again = ViewFiles(tmp_path)
        assert [view.id for view in again.of("cho")] == [whole]
    assert [line["event"] for line in lines] == ["view.unreadable"]
    assert path.exists()
    assert files.picture("cho", torn) is None
    assert files.in_force("cho") == []
    for left in (tmp_path / "cho").iterdir():
        left.unlink()


def test_a_file_half_written_is_no_view(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    name = add(files)
    (tmp_path / "cho" / "2-day-5.new").write_bytes(b"half")
    assert [view.id for view in ViewFiles(tmp_path).of("cho")] == [name]
    assert ViewFiles(tmp_path).of("../khac") == ()
    assert ViewFiles(tmp_path / "nowhere").of("cho") == ()


def test_views_go_when_their_camera_has_long_been_in_no_list(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    add(files)
    add(files, camera="cu")
    now_s = os.stat(tmp_path / "cu").st_mtime
    files.sweep({"cho"}, now_s + (GONE_DAYS - 1) * 86_400)
    assert (tmp_path / "cu").is_dir()
    files.sweep({"cho"}, now_s + (GONE_DAYS + 1) * 86_400)
    assert not (tmp_path / "cu").exists()
    assert (tmp_path / "cho").is_dir()
    assert files.of("cu") == ()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "views").write_bytes(b"no folder")
    with pytest.raises(OSError, match="views"):
        add(ViewFiles(tmp_path / "views"))
