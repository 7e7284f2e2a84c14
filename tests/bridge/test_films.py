"""Copies for watching: of what cameras write, of what is broken, of what was made to do harm."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from luytre.bridge.films import FilmBounds, FilmChild
from luytre.civic.ports import FilmTrouble

MARK = "BAN SAO DE XEM / VIEWING COPY 1a2b3c4d5e6f"


def film(
    path: Path, codec: str, pictures: int = 20, size: tuple[int, int] = (320, 240), step: int = 1, noise: bool = False
) -> Path:
    """Plain white or noise, ten pictures a second; `step`: so many tenths from one to the next."""
    chance = np.random.default_rng(7)
    with av.open(str(path), "w") as made:
        track = made.add_stream(codec, rate=10)
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = *size, "yuv420p"
        if codec == "libx265":
            track.options = {"x265-params": "log-level=none", "preset": "ultrafast"}
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(
                chance.integers(250 if not noise else 0, 255, (size[1], size[0], 3), np.uint8), format="rgb24"
            )
            frame.pts = number * step
            for packet in track.encode(frame):
                made.mux(packet)
        for packet in track.encode(None):
            made.mux(packet)
    return path


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx265"), ("a.avi", "mpeg4")])
def test_what_cameras_write_becomes_what_browsers_play_with_a_mark(tmp_path: Path, name: str, codec: str) -> None:
    out = tmp_path / "out"
    answer = FilmChild().copy(film(tmp_path / name, codec, size=(1600, 1200)), out, MARK)
    assert (answer.trouble, answer.cut) == (None, False)
    assert answer.seconds == pytest.approx(1.9, abs=0.2)
    with av.open(str(out)) as found:
        track = found.streams.video[0]
        assert (found.format.name.split(",")[0], track.codec_context.name) == ("mov", "h264")
        assert (track.width, track.height, found.metadata["title"]) == (960, 720, MARK)
        picture = next(found.decode(track)).to_ndarray(format="gray")
    assert picture[2:8, 2:200].min() < 100  # the mark, on white
    assert picture[100:].min() > 200


def test_a_film_that_breaks_off_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.avi", "mpeg4", noise=True).read_bytes()
    (tmp_path / "cut.avi").write_bytes(whole[: len(whole) * 2 // 3])
    answer = FilmChild().copy(tmp_path / "cut.avi", tmp_path / "out", MARK)
    assert answer.trouble is None
    assert 0.1 < answer.seconds < 1.9


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    whole = film(tmp_path / "a.mp4", "libx265").read_bytes()
    for data in (b"", b"DHAV of a maker" * 50, b"#EXTM3U\n/etc/passwd\n", whole[: len(whole) // 2]):
        (tmp_path / "x.dav").write_bytes(data)
        assert FilmChild().copy(tmp_path / "x.dav", tmp_path / "out", MARK).trouble is FilmTrouble.UNREADABLE, data[:20]
    assert FilmChild().copy(tmp_path / "nothing", tmp_path / "out", MARK).trouble is FilmTrouble.UNREADABLE


def test_a_film_that_says_it_lasts_months_does_not(tmp_path: Path) -> None:
    answer = FilmChild().copy(film(tmp_path / "a.mp4", "libx264", 10, step=10**5), tmp_path / "out", MARK)
    assert answer.trouble is None
    assert answer.seconds < 2


def test_bombs_end_at_their_bounds(tmp_path: Path) -> None:
    many = film(tmp_path / "many.avi", "mpeg4", 300)
    for bounds in (FilmBounds(film_s=1.0), FilmBounds(cpu_s=0.01), FilmBounds(written_bytes=2000)):
        answer = FilmChild(bounds).copy(many, tmp_path / "out", MARK)
        assert (answer.trouble, answer.cut) == (None, True), bounds
        assert answer.seconds < 29
        with av.open(str(tmp_path / "out")) as found:
            assert next(found.decode(video=0)).width == 320  # what was made till then plays
    assert FilmChild(wall_s=0.05).copy(many, tmp_path / "out", MARK).trouble is FilmTrouble.TIME
    large = film(tmp_path / "large.avi", "mpeg4", 1, (8190, 4400))
    assert FilmChild().copy(large, tmp_path / "out", MARK).trouble is FilmTrouble.LARGE
