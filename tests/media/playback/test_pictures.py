"""Single pictures: the key frame alone is read, of both codecs, however large; damage is told, never shown."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.errors import ArchiveError, NotFound
from luytre.media.archive import Archive
from luytre.media.playback import key_frame_at, picture, picture_at, thumbnail
from tests.media.archive.helpers import FRAME_90K, GOP_FRAMES, Camera, open_archive, record


def size_of(jpeg: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        decoded = next(container.decode(video=0))
        return decoded.width, decoded.height


def recorded(root: Path, codec: str = "h264", bframes: int = 0) -> tuple[Archive, int]:
    """Five seconds, a key frame each second; and when they began."""
    clock = FakeClock()
    archive = open_archive(root, clock)
    camera = Camera(archive.writer("gate"), clock, codec=codec, bframes=bframes)
    camera.begin()
    record(archive, camera, 5)
    return archive, camera.start_utc_90k


@pytest.mark.parametrize(("codec", "bframes"), [("h264", 0), ("h264", 2), ("h265", 0)])
def test_each_moment_has_the_key_frame_before_it(tmp_path: Path, codec: str, bframes: int) -> None:
    archive, begin = recorded(tmp_path, codec, bframes)
    for frame in (0, 1, GOP_FRAMES - 1, GOP_FRAMES, 3 * GOP_FRAMES + 7):
        key = key_frame_at(archive.queries, "gate", "main", begin + frame * FRAME_90K)
        assert key.utc_90k == begin + frame // GOP_FRAMES * GOP_FRAMES * FRAME_90K
        assert size_of(thumbnail(key, 96)) == (96, 72)
    assert size_of(picture_at(archive.queries, "gate", "main", begin)) == (320, 240)
    archive.close()


def test_a_key_frame_larger_than_the_first_read_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, begin = recorded(tmp_path)
    key = key_frame_at(archive.queries, "gate", "main", begin)
    at_once = picture.read_key_frame(key)
    monkeypatch.setattr(picture, "_FIRST_READ_BYTES", 1000)
    assert picture.read_key_frame(key) == at_once
    assert len(at_once[1]) > 1000
    archive.close()


def test_names_of_key_frames_are_their_own(tmp_path: Path) -> None:
    archive, begin = recorded(tmp_path)
    names = {key_frame_at(archive.queries, "gate", "main", begin + second * TICKS_PER_S).identity for second in range(5)}
    assert len(names) == 5
    archive.close()


def test_holes_and_damage_are_told(tmp_path: Path) -> None:
    archive, begin = recorded(tmp_path)
    with pytest.raises(NotFound):
        key_frame_at(archive.queries, "gate", "main", begin - 1)
    key = key_frame_at(archive.queries, "gate", "main", begin)
    with open(key.path, "r+b") as file:
        file.seek(key.offset_bytes)
        file.write(bytes(40))
    with pytest.raises(ArchiveError):
        thumbnail(key, 96)
    Path(key.path).unlink()
    with pytest.raises(ArchiveError):
        picture_at(archive.queries, "gate", "main", begin)
    archive.close()
