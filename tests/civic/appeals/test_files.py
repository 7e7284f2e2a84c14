"""Files of owners: in pieces, over a line that breaks, with other bytes, onto a full disk; what they are."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role
from luytre.civic.appeals import files, what
from luytre.civic.appeals.ending import HALF_SENT, end_old
from luytre.civic.appeals.files import DiskFull, OtherBytes, WrongPlace
from luytre.civic.appeals.manifest import PIECES, FileRefused, Manifest, read_manifest, safe_name
from luytre.civic.appeals.models import Appeal, AppealFile
from luytre.civic.appeals.shelf import Shelf
from tests.civic.appeals.test_appeals import NOW, asked, codes
from tests.web.cast import person

MIB = PIECES[0]
DATA = bytes(range(256)) * 4096 * 2 + b"the end"
"""Two pieces and a little."""


def manifest(data: bytes = DATA, **changes: Any) -> Manifest:
    pieces = tuple(hashlib.sha256(data[at : at + MIB]).hexdigest() for at in range(0, len(data), MIB))
    return replace(Manifest("ch01.dav", len(data), hashlib.sha256(data).hexdigest(), MIB, pieces), **changes)


@pytest.fixture(autouse=True)
def secrets(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "appeals", 1000, lambda _folder: 10**9)


@pytest.fixture
def appeal(db: None) -> Appeal:
    return asked(person(Role.HEAD))


def send(file: AppealFile, shelf: Shelf, data: bytes = DATA, most: int = 99) -> AppealFile:
    """From where it stands, at most so many pieces."""
    for _piece in range(most):
        if file.arrived is not None:
            break
        offset = file.got_bytes
        file = files.take_piece(file, offset, data[offset : offset + MIB], shelf, NOW)
    return file


def test_a_file_comes_in_pieces_goes_on_after_a_break_and_is_kept_as_it_came(appeal: Appeal, shelf: Shelf) -> None:
    half = send(files.begin(appeal, manifest(), shelf, NOW), shelf, most=2)
    assert (half.got_bytes, half.arrived) == (2 * MIB, None)
    again = files.begin(Appeal.objects.get(), manifest(), shelf, NOW)  # another server, another page
    assert (again.pk, again.got_bytes) == (half.pk, 2 * MIB)
    whole = send(again, shelf)
    path = shelf.kept(manifest().sha256)
    assert whole.arrived is not None
    assert (path.read_bytes() == DATA, path.stat().st_mode & 0o777) == (True, 0o400)
    assert not shelf.coming(whole.key).exists()
    assert codes(appeal) == ["asked", "begun", "arrived"]
    assert files.begin(appeal, manifest(), shelf, NOW) == whole
    with pytest.raises(WrongPlace):
        files.take_piece(whole, 0, DATA[:MIB], shelf, NOW)


def test_other_bytes_are_refused_at_their_piece_and_nothing_is_lost(appeal: Appeal, shelf: Shelf) -> None:
    half = send(files.begin(appeal, manifest(), shelf, NOW), shelf, most=1)
    for wrong in (b"\0" * MIB, DATA[MIB : 2 * MIB - 1], DATA[: MIB + 1], b""):
        with pytest.raises(OtherBytes):
            files.take_piece(half, MIB, wrong, shelf, NOW)
    for offset in (0, 2 * MIB, -1):
        with pytest.raises(WrongPlace) as caught:
            files.take_piece(half, offset, DATA[MIB : 2 * MIB], shelf, NOW)
        assert caught.value.offset == MIB
    assert send(half, shelf).arrived is not None


def test_two_that_send_the_same_piece_at_once_make_one_file(appeal: Appeal, shelf: Shelf) -> None:
    one = files.begin(appeal, manifest(), shelf, NOW)
    two = files.begin(appeal, manifest(), shelf, NOW)
    files.take_piece(one, 0, DATA[:MIB], shelf, NOW)
    assert files.take_piece(two, 0, DATA[:MIB], shelf, NOW).got == 1  # it read the row before the other moved it on
    assert send(AppealFile.objects.get(), shelf).arrived is not None


def test_a_whole_that_is_not_what_was_announced_is_begun_anew(appeal: Appeal, shelf: Shelf) -> None:
    with pytest.raises(OtherBytes):
        send(files.begin(appeal, manifest(sha256="0" * 64), shelf, NOW), shelf)
    assert not AppealFile.objects.exists()
    assert not list(shelf.folder.glob("*/*/*"))
    assert send(files.begin(appeal, manifest(), shelf, NOW), shelf).arrived is not None


def test_a_crash_between_keeping_and_writing_it_down_is_made_good(appeal: Appeal, shelf: Shelf) -> None:
    file = files.begin(appeal, manifest(), shelf, NOW)
    shelf.put(file.key, 0, DATA)
    AppealFile.objects.update(got=3)
    shelf.keep(file.key, file.sha256)
    again = files.begin(appeal, manifest(), shelf, NOW)
    assert files.settle(again, shelf, NOW).arrived is not None
    assert codes(appeal) == ["asked", "begun", "arrived"]


def test_the_disk_is_never_filled(appeal: Appeal, shelf: Shelf) -> None:
    tight = replace(shelf, free=lambda _folder: 1000 + len(DATA) + 500)
    file = files.begin(appeal, manifest(), tight, NOW)
    with pytest.raises(DiskFull):  # what is still to come of the first counts
        files.begin(appeal, manifest(b"x" * 501), tight, NOW)
    with pytest.raises(DiskFull):
        files.take_piece(file, 0, DATA[:MIB], replace(shelf, free=lambda _folder: 1000 + MIB - 1), NOW)
    with pytest.raises(DiskFull):
        files.take_whole(appeal, "a.mp4", 501, [b"x" * 501], tight, NOW)
    assert send(AppealFile.objects.get(), tight).arrived is not None  # nothing that was sent is lost


def test_a_disk_that_somebody_else_filled_meanwhile_loses_nothing(
    appeal: Appeal, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = send(files.begin(appeal, manifest(), shelf, NOW), shelf, most=1)

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr(os, "pwrite", full)
        with pytest.raises(DiskFull):
            files.take_piece(half, MIB, DATA[MIB : 2 * MIB], shelf, NOW)
    assert send(AppealFile.objects.get(), shelf).arrived is not None


def test_a_plain_form_s_file_takes_the_place_of_the_same_one_on_its_way(appeal: Appeal, shelf: Shelf) -> None:
    half = send(files.begin(appeal, manifest(), shelf, NOW), shelf, most=1)
    for _press in range(2):
        whole = files.take_whole(appeal, "../<b>ch01</b>.dav", len(DATA), [DATA], shelf, NOW)
    assert [one.pk for one in AppealFile.objects.all()] == [whole.pk]
    assert (whole.announced, whole.sha256) == (False, manifest().sha256)
    assert not shelf.coming(half.key).exists()


def test_twelve_files_and_no_more(appeal: Appeal, shelf: Shelf) -> None:
    for number in range(files.MOST_FILES):
        files.begin(appeal, manifest(bytes([number])), shelf, NOW)
    with pytest.raises(FileRefused) as caught:
        files.begin(appeal, manifest(b"one more"), shelf, NOW)
    assert "twelve" in caught.value.cause


def test_what_stays_half_sent_is_dropped(appeal: Appeal, shelf: Shelf) -> None:
    half = send(files.begin(appeal, manifest(), shelf, NOW), shelf, most=1)
    end_old(NOW, 180, shelf)
    assert shelf.coming(half.key).exists()
    end_old(NOW + HALF_SENT, 180, shelf)
    assert not shelf.coming(half.key).exists()
    assert not AppealFile.objects.exists()


# --- what is said of a file -------------------------------------------------------------------------------------------
def written(**changes: Any) -> bytes:
    said = manifest()
    whole = {"name": said.name, "size": said.size_bytes, "sha256": said.sha256, "piece": MIB, "pieces": list(said.pieces)}
    return json.dumps(whole | changes).encode()


def test_a_manifest_is_read() -> None:
    assert read_manifest(written()) == manifest()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 0, "pieces": []}, "empty"),
        ({"size": 2 * 1024**3 + 1}, "larger"),
        ({"size": True}, "understood"),
        ({"size": "5"}, "understood"),
        ({"piece": 5}, "understood"),
        ({"piece": [MIB]}, "understood"),
        ({"pieces": ["0" * 64]}, "understood"),
        ({"pieces": [1, 2, 3]}, "understood"),
        ({"pieces": {"0": 1}}, "understood"),
        ({"sha256": "../../etc/passwd"}, "understood"),
        ({"name": 5}, "understood"),
    ],
)
def test_a_manifest_that_is_none(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_manifest(written(**changes))
    assert words in caught.value.cause


ANY_JSON = st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda one: json.dumps(one).encode())
NO_FILMS = [b"", b"PK\3\4 a recorder's archive", b"#EXTM3U\n/etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"]


@given(st.binary(max_size=300) | ANY_JSON)
def test_any_bytes_whatever_are_refused_in_words(text: bytes) -> None:
    with pytest.raises(FileRefused):
        read_manifest(text)


@given(st.text())
def test_a_name_is_one_line_without_a_path(name: str) -> None:
    made = safe_name(name)
    assert made
    assert len(made) <= 200
    assert not set("/\\\n\r\0") & set(made)
    made.encode()


def test_a_path_in_a_name_goes() -> None:
    assert [safe_name(one) for one in ("../../a.mp4", "C:\\phim\\b.dav", "..", "")] == ["a.mp4", "b.dav", "..", "?"]


def film(path: Path, codec: str = "libx264") -> Path:
    with av.open(str(path), "w") as made:
        track = made.add_stream(codec, rate=10)
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for _number in range(20):
            for packet in track.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")):
                made.mux(packet)
        for packet in track.encode(None):
            made.mux(packet)
    return path


def test_a_child_tells_what_a_file_is_and_whether_browsers_play_it(tmp_path: Path) -> None:
    told = what.look_at(film(tmp_path / "a.mp4"))
    assert (told.container, told.codec, told.width_px, told.height_px, told.plays) == ("mov", "h264", 64, 48, "video/mp4")
    assert told.seconds == pytest.approx(2.0, abs=0.2)
    assert what.look_at(film(tmp_path / "a.avi")).plays == ""


@pytest.mark.parametrize("data", NO_FILMS)
def test_of_anything_else_nothing_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.dav").write_bytes(data)
    assert what.look_at(tmp_path / "a.dav") == what.NOTHING
