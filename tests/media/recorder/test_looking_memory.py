"""What is remembered of the cameras' pictures: whole or as if there were none."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.base.verdicts import Verdict
from luytre.media.look.steady import Steady
from luytre.media.recorder.looking_files import ViewFiles
from luytre.media.recorder.looking_memory import YOUNG_S, MemoryFile, Remembered

DARK = Remembered(1000.0, Steady(Verdict.DARK, 900.0), '{"a":1}')
WELL = Remembered(1001.5, Steady(), "")


def test_what_was_told_is_there_after_a_restart(tmp_path: Path) -> None:
    assert MemoryFile(tmp_path / "views").read() == {}
    file = ViewFiles(tmp_path / "views").memory
    file.write({"cho": DARK, "cu": WELL})
    assert MemoryFile(tmp_path / "views").read() == {"cho": DARK, "cu": WELL}
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "views").iterdir()] == [0o600]
    file.write({"cu": Remembered(2000.0, Steady(Verdict.WELL, 5.0), "")})
    assert file.read() == {"cu": Remembered(2000.0, Steady(), "")}  # that all is well is seen anew


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10**6), how=st.sampled_from(["cut", "changed", "longer"]), value=st.integers(1, 255))
def test_a_torn_or_changed_file_is_as_if_there_were_none(tmp_path: Path, at: int, how: str, value: int) -> None:
    file = MemoryFile(tmp_path)
    file.write({"cho": DARK, "cu": WELL})
    data = bytearray(file.path.read_bytes())
    at %= len(data)
    if how == "cut":
        del data[at:]
    elif how == "changed":
        data[at] ^= value
    else:
        data += bytes([value])
    file.path.write_bytes(data)
    with structlog.testing.capture_logs() as lines:
        assert file.read() == {}
    assert [line["event"] for line in lines] == ["look.memory_unreadable"]


def test_one_half_written_takes_nothing_with_it_and_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    file = MemoryFile(tmp_path)
    file.write({"cho": DARK})
    (tmp_path / ".looked.new").write_bytes(b"half")
    assert file.read() == {"cho": DARK}
    (tmp_path / "file").write_bytes(b"no folder")
    with pytest.raises(OSError, match="file"):
        MemoryFile(tmp_path / "file").write({})


def test_no_view_and_no_sweep_takes_it_for_its_own(tmp_path: Path) -> None:
    files = ViewFiles(tmp_path)
    files.memory.write({"cho": DARK})
    files.sweep(set(), 1e12)
    assert files.memory.read() == {"cho": DARK}
    assert files.of(".looked") == ()


@pytest.mark.parametrize(("after_s", "young"), [(0.0, True), (YOUNG_S, True), (YOUNG_S + 1, False), (-1.0, False)])
def test_what_is_old_or_from_the_future_is_not_believed(after_s: float, *, young: bool) -> None:
    assert DARK.is_young(DARK.seen_s + after_s) is young
