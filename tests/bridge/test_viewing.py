"""Copies for watching with regions hidden: judged by what comes out of them when they are decoded."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.base.polygons import Polygon
from luytre.base.tracks import Key, Track
from luytre.bridge.viewing import ViewingBounds, ViewingChild, order_text
from luytre.civic.ports import BlurKey, BlurTrack, ViewingAnswer, ViewingOrder, ViewingTrouble
from luytre.media.playback import export
from luytre.media.transcode.mosaic import MOST_BLOCKS, STEP, Mosaic, averages, pixels_of
from luytre.media.transcode.viewing import OrderError, read_order
from tests.media.archive.helpers import FRAME_90K, Camera, open_archive

START = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
WIDTH, HEIGHT, PICTURES, STEP_MS = 320, 192, 20, 100
MARK = "BAN XEM - KHONG PHAI BAN GOC 12/2026"
Grey = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of noise that stands still, but for a hole of 400 ms in the middle; with words that must not come along."""
    path = tmp_path_factory.mktemp("viewing") / "source.mp4"
    noise = np.random.default_rng(3).integers(0, 2, (HEIGHT // 4, WIDTH // 4), np.uint8).repeat(4, 0).repeat(4, 1) * 200 + 20
    with av.open(str(path), "w") as made:
        made.metadata["title"] = "SECRET"
        track = made.add_stream("libx264", rate=10, options={"crf": "12", "preset": "ultrafast"})
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(PICTURES):
            frame = av.VideoFrame.from_ndarray(noise, format="gray")
            frame.pts = number if number < 10 else number + 4
            made.mux(track.encode(frame))
        made.mux(track.encode(None))
    return path


def seen(path: Path) -> list[tuple[int, Grey]]:
    """(milliseconds, luma) of each picture."""
    with av.open(str(path)) as found:
        return [
            (round((frame.time or 0.0) * 1000), np.asarray(frame.to_ndarray(format="gray"), np.uint8))
            for frame in found.decode(video=0)
        ]


def key(at_ms: int, x: float, y: float = 0.25, side: float = 0.25) -> BlurKey:
    return BlurKey(START + timedelta(milliseconds=at_ms), x, y, side, side)


def copied(source: Path, target: Path, *tracks: BlurTrack, masks: tuple[Polygon, ...] = ()) -> ViewingAnswer:
    return ViewingChild().copy(source, target, ViewingOrder(START, masks, tracks, MARK))


def test_a_moving_region_is_hidden_and_the_rest_is_there(source: Path, tmp_path: Path) -> None:
    still = ((7500, 0), (10000, 0), (10000, 2500), (7500, 2500))
    moving = BlurTrack((key(300, 0.0), key(800, 0.5)))
    answer = copied(source, tmp_path / "out.mp4", moving, BlurTrack((key(90_000, 0.5),)), masks=(still,))
    assert answer == ViewingAnswer(2.4, PICTURES, 1)
    before, after = seen(source), seen(tmp_path / "out.mp4")
    assert [at for at, _ in after] == [at for at, _ in before]  # the hole too
    for (at, original), (_, copy) in zip(before, after, strict=True):
        assert copy[:40, 248:].std() < 3, "a mask fails"
        shown = np.abs(copy[70:150, 230:].astype(int) - original[70:150, 230:]).mean()
        assert shown < 12, f"{at}: what may be seen is not"
        x = min(1.0, max(0.0, (at - 300) / 500)) * WIDTH * 0.5
        left, right = round(x) + 2, round(x) + WIDTH // 4 - 2
        inside = copy[48:96, left:right]
        if 200 <= at <= 900:  # a picture before its first key and one after its last as well
            assert len(np.unique(inside // 8)) < 16
            assert np.abs(np.diff(inside.astype(int), axis=1)).mean() < 6, f"{at}: there is detail in the region"
        else:
            assert np.abs(inside.astype(int) - original[48:96, left:right]).mean() < 12, f"{at}: hidden without need"


def test_the_copy_plays_anywhere_and_carries_its_mark_and_nothing_else(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    copied(source, out)
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"SECRET" not in data
    with av.open(str(out)) as found:
        assert [stream.type for stream in found.streams] == ["video"]
        assert (found.streams.video[0].codec_context.name, found.streams.video[0].width) == ("h264", WIDTH)
    first = seen(out)[0][1]
    assert first[-12:, 150:170].min() < 60 < 180 < first[-12:, 60:260].max()
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("drift_ms", [0, 200])
def test_a_region_is_where_it_was_drawn_by_the_clips_own_times(tmp_path: Path, drift_ms: int) -> None:
    """From the middle of a GOP on, with a camera whose clock falls behind ours by so much at each GOP."""
    clock = FakeClock()
    archive = open_archive(tmp_path / "archive", clock, segment_s=1.0)  # a file for each GOP
    camera = Camera(archive.writer("gate"), clock, "h265", 3, per_fragment=25)
    camera.begin()
    began = camera.start_utc_90k
    for _ in range(3):
        camera.send()
        camera.start_utc_90k += drift_ms * 90
    camera.end()
    clock.advance(1)
    archive.run_pending()
    start = began + 12 * FRAME_90K
    (part,) = export(archive.queries, "gate", "main", start, start + 2200 * 90, tmp_path / "clip.mp4").parts

    def drawn(frame: int) -> BlurKey:
        taken = began + (frame * 40 + frame // 25 * drift_ms) * 90
        return replace(key(0, 0.25), at=datetime.fromtimestamp(taken / TICKS_PER_S, UTC))

    out, plain = tmp_path / "out.mp4", tmp_path / "plain.mp4"
    answer = copied(Path(part.path), out, BlurTrack((drawn(30), drawn(34))), BlurTrack((drawn(53),)))
    assert (answer.trouble, answer.regions) == (None, 2)
    copied(Path(part.path), plain)
    pairs = zip(seen(out), seen(plain), strict=True)
    changed = [at for at, one, other in ((at, one, other) for (at, one), (_, other) in pairs)
               if np.abs(one[70:110, 90:150].astype(int) - other[70:110, 90:150]).mean() > 30]  # fmt: skip
    hidden = [(frame - 12) * 40 for frame in (*range(29, 36), 52, 53, 54)]  # those pictures, and one before and after
    assert changed == hidden


def test_no_copy_is_made_where_the_order_or_the_film_is_not_understood(source: Path, tmp_path: Path) -> None:
    out, good = tmp_path / "out.mp4", ViewingOrder(START, mark=MARK)
    out.write_bytes(b"of before")
    bad = [
        replace(good, start=START.replace(tzinfo=None)), replace(good, mark="BẢN XEM"), replace(good, mark="x" * 101),
        replace(good, tracks=(BlurTrack(()),)), replace(good, tracks=(BlurTrack((key(5, 0.9),)),)),
        replace(good, tracks=(BlurTrack((key(5, 0.1), key(5, 0.2))),)), replace(good, masks=(((0, 0), (5, 5)),)),
        replace(good, tracks=(BlurTrack((key(5, float("nan")),)),)),
    ]  # fmt: skip
    for order in bad:
        assert ViewingChild().copy(source, out, order) == ViewingAnswer(trouble=ViewingTrouble.ORDER), order
        assert not list(tmp_path.iterdir())
    (tmp_path / "text").write_bytes(b"#EXTM3U\n/etc/passwd\n")
    for film in (tmp_path / "text", tmp_path / "nothing"):
        assert ViewingChild().copy(film, out, good).trouble is ViewingTrouble.UNREADABLE
    assert not out.exists()


def test_bounds_leave_nothing_behind(source: Path, tmp_path: Path) -> None:
    out, order = tmp_path / "out.mp4", ViewingOrder(START, mark=MARK)
    for child, trouble in [
        (ViewingChild(ViewingBounds(cpu_s=0.01)), ViewingTrouble.TIME),
        (ViewingChild(ViewingBounds(written_bytes=500)), ViewingTrouble.LARGE),
        (ViewingChild(wall_s=0.01), ViewingTrouble.TIME),
    ]:
        assert child.copy(source, out, order).trouble is trouble
        assert not list(tmp_path.iterdir())


def test_the_child_ends_when_nobody_waits_for_it_any_longer(source: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "luytre.media.transcode.viewing", str(source), str(tmp_path / "out.mp4")]
    line = order_text(ViewingOrder(START, mark=MARK)) + "\n"
    done = subprocess.run(command, input=line.encode(), capture_output=True, timeout=30, check=False)  # and closes its stdin
    assert done.returncode == 6


@settings(max_examples=40)
@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=9
).map(lambda value: json.dumps({"start_ms": 5, "masks": value, "tracks": value, "mark": value}).encode()))  # fmt: skip
def test_anything_else_is_no_order(data: bytes) -> None:
    with pytest.raises(OrderError):
        read_order(data)


SIDES = st.integers(2, 9990)


@settings(max_examples=50)
@given(SIDES, SIDES, SIDES, SIDES, st.integers(1, 60), st.integers(1, 40))
def test_a_region_is_covered_whole_with_its_margin(a: int, b: int, c: int, d: int, wide: int, high: int) -> None:
    width, height = wide * 16, high * 16
    left, right, upper, lower = min(a, b), max(a, b) + 5, min(c, d), max(c, d) + 5
    x0, x1, y0, y1 = pixels_of((left, upper, right, lower), width, height)
    assert all(edge % 2 == 0 for edge in (x0, x1, y0, y1))
    assert 0 <= x0 <= max(0.0, left * width / 10_000 - 4)
    assert min(width, right * width / 10_000 + 4) <= x1 <= width
    assert 0 <= y0 < y1 <= height
    luma = np.random.default_rng(1).integers(16, 236, (height, width), np.uint8)
    blocks, *_ = averages((luma, luma[::2, ::2], luma[::2, ::2]), (x0, x1, y0, y1))
    assert max(blocks.shape) <= MOST_BLOCKS
    assert set(np.unique(blocks % STEP)) <= {STEP // 2, 235 % STEP}


def test_averages_are_taken_anew_only_now_and_then() -> None:
    """Else each picture of what moves under a mosaic would tell a little more of it."""
    track: Track = (Key(0, 2000, 2000, 4000, 4000), Key(2000, 2000, 2000, 4000, 4000))
    mosaic, told = Mosaic(track), set()
    for number in range(50):
        luma = np.full((96, 160), 16 + 4 * number, np.uint8)
        planes = (luma, luma[::2, ::2].copy(), luma[::2, ::2].copy())
        place = mosaic.look(planes, 40.0 * (number - 1), 40.0 * number, 40.0 * (number + 1))
        assert place is not None
        mosaic.paint(planes, place)
        told.add(int(planes[0][48, 60]))
    assert len(told) == 4  # at 0, 520, 1040 and 1560 ms
