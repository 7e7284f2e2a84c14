"""Coding again: what comes out decodes clean, every picture at its time; damage and nonsense end nothing else."""

from __future__ import annotations

import io
import json
import struct
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import GapReason
from luytre.base.polygons import SCALE, Polygon
from luytre.media.fragment import BoxError, Fragmenter, parse_fragment_head
from luytre.media.transcode import PLAIN, Kind, Order, pack, shrunk, unpack_head
from luytre.media.transcode.__main__ import Child
from luytre.media.transcode.messages import END, HEAD, UNKNOWN_END, unpack_order
from luytre.media.transcode.recode import Recoder
from luytre.media.unit import FormatChange, Fragment, InitSegment, Item, Sample, StreamFormat
from luytre.media.unit.parameter_sets import nal_type, video_format
from tests.media.encode import encode


class Kept:
    """A sink that keeps one run."""

    def __init__(self) -> None:
        self.init: InitSegment | None = None
        self.fragments: list[Fragment] = []

    def begin_run(self, init: InitSegment, start_utc_90k: int, gap_reason: GapReason) -> None:
        self.init = init

    def append(self, fragment: Fragment) -> None:
        self.fragments.append(fragment)

    def end_run(self, reason: GapReason) -> None: ...


def run_of(codec: str = "h265", width: int = 320, height: int = 240, bframes: int = 0, batch: int = 5) -> Kept:
    """Two seconds, a key frame each ten pictures, in fragments of `batch`."""
    units = encode(codec, 50, width, height, 10, bframes)
    kept = Kept()
    cutter = Fragmenter(kept, gap_reason=GapReason.UNKNOWN)
    items: list[Item] = [FormatChange(StreamFormat(video_format(codec, units[0].nals)))]
    for index, unit in enumerate(units):
        nals = [nal for nal in unit.nals if nal_type(codec, nal) not in (7, 8, 32, 33, 34)]
        chunks = [part for nal in nals for part in (len(nal).to_bytes(4, "big"), nal)]
        items.append(Sample(unit.is_key, unit.pts_90k + 7200 * (bframes > 0), index * 3600, sum(map(len, chunks)), chunks))
        if len(items) >= batch:
            cutter.deliver(items, 10**12 + index * 3600, index / 25)
            items = []
    cutter.deliver(items, 10**12 + len(units) * 3600, len(units) / 25)
    assert kept.init is not None
    return kept


def times_of(fragments: Sequence[bytes]) -> list[int]:
    """When each picture is shown, on the run's line."""
    shown = []
    for data in fragments:
        picture = parse_fragment_head(data, 0, 0).tracks[0]
        dts = picture.dts
        for index, duration in enumerate(picture.durations):
            shown.append(dts + (picture.cts_offsets[index] if picture.cts_offsets is not None else 0))
            dts += duration
    return sorted(shown)


def judged_clean(data: bytes) -> int:
    """How many pictures ffmpeg decodes, without a word of complaint."""
    command = ["ffmpeg", "-v", "warning", "-xerror", "-i", "-", "-f", "null", "-"]
    done = subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        return len(list(container.decode(video=0)))


@pytest.mark.parametrize(("codec", "bframes"), [("h265", 0), ("h265", 2), ("h264", 0)])
def test_live_fragments_come_out_at_once_and_every_picture_at_its_time(codec: str, bframes: int) -> None:
    kept = run_of(codec, bframes=bframes)
    assert kept.init is not None
    recoder = Recoder(kept.init)
    out = [made for fragment in kept.fragments if (made := recoder.feed(fragment.data)) is not None]
    rest = recoder.whole(b"", None)
    assert bframes or (len(out), rest) == (len(kept.fragments), None)  # nothing is held back
    made = [*out, *([rest] if rest else [])]
    assert times_of([one.data for one in made]) == times_of([one.data for one in kept.fragments])
    assert judged_clean(recoder.init.data + b"".join(one.data for one in made)) == 50
    if not bframes:
        assert [one.starts_gop for one in made] == [one.starts_gop for one in kept.fragments]
        assert [(one.dts_90k, one.start_utc_90k) for one in made] == [(one.dts_90k, one.start_utc_90k) for one in kept.fragments]


def test_pieces_made_alone_fit_together_under_one_init_segment() -> None:
    kept = run_of()
    assert kept.init is not None
    starts = [index for index, one in enumerate(kept.fragments) if one.starts_gop] + [len(kept.fragments)]
    pieces, inits = [], set()
    for first, last in pairwise(starts):
        recoder = Recoder(kept.init)
        end = kept.fragments[last].dts_90k if last < len(kept.fragments) else 50 * 3600
        piece = recoder.whole(b"".join(one.data for one in kept.fragments[first:last]), end)
        assert piece is not None
        assert (piece.starts_gop, piece.dts_90k, piece.dts_90k + piece.duration_90k) == (True, kept.fragments[first].dts_90k, end)
        pieces.append(piece.data)
        inits.add(recoder.init.data)
    assert len(inits) == 1
    assert judged_clean(inits.pop() + b"".join(pieces)) == 50
    assert times_of(pieces) == times_of([one.data for one in kept.fragments])


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((1920, 1080), (1280, 720)),
        ((2560, 1440), (1280, 720)),
        ((1280, 960), (960, 720)),
        ((640, 360), (640, 360)),
        ((1080, 1920), (404, 720)),
        ((321, 241), (320, 240)),
    ],
)
def test_pictures_are_made_no_larger_than_720_lines(size: tuple[int, int], made: tuple[int, int]) -> None:
    assert shrunk(*size) == made


def test_a_damaged_picture_is_left_out_and_the_rest_goes_on() -> None:
    kept = run_of()
    assert kept.init is not None
    recoder = Recoder(kept.init)
    broken = bytearray(kept.fragments[0].data)
    broken[-2000:-100] = bytes(1900)
    recoder.feed(bytes(broken))
    out = [made for one in kept.fragments[1:] if (made := recoder.feed(one.data)) is not None]
    assert sum(one.sample_count for one in out) >= 40


def test_what_comes_before_the_first_key_frame_is_left_out() -> None:
    kept = run_of()
    assert kept.init is not None
    recoder = Recoder(kept.init)
    assert recoder.feed(kept.fragments[1].data) is None
    with pytest.raises(BoxError):
        recoder.feed(b"\x00" * 200)


def said(out: io.BytesIO) -> list[tuple[Kind, bytes]]:
    data, found, at = out.getvalue(), [], 0
    while at < len(data):
        kind, size = unpack_head(data[at : at + HEAD.size])
        found.append((kind, data[at + HEAD.size : at + HEAD.size + size]))
        at += HEAD.size + size
    return found


def test_a_child_answers_each_finish_also_for_nonsense() -> None:
    kept, out = run_of(), io.BytesIO()
    assert kept.init is not None
    child = Child(out)
    for payload in (b"nonsense", PLAIN.pack() + kept.init.data):
        child.take(Kind.BEGIN, payload)
        child.take(Kind.FINISH, END.pack(UNKNOWN_END) + kept.fragments[0].data)
    child.take(Kind.BEGIN, PLAIN.pack() + kept.init.data)
    child.take(Kind.FINISH, END.pack(5) + b"\x01" * 300)
    assert [kind for kind, _ in said(out)] == [
        Kind.FAULT, Kind.FINISH, Kind.BEGIN, Kind.FRAGMENTS, Kind.FINISH, Kind.BEGIN, Kind.FAULT, Kind.FINISH,
    ]  # fmt: skip


@given(st.sampled_from(Kind), st.binary(max_size=2000))
def test_messages_come_back_as_they_were(kind: Kind, payload: bytes) -> None:
    packed = pack(kind, payload)
    assert (*unpack_head(packed[: HEAD.size]), packed[HEAD.size :]) == (kind, len(payload), payload)


@given(st.binary(max_size=12))
def test_a_head_is_understood_or_refused(head: bytes) -> None:
    try:
        kind, size = unpack_head(head)
    except ValueError:
        return
    assert (kind in Kind, size <= 64 << 20) == (True, True)


HOME: Polygon = ((1000, 2000), (6000, 1500), (5000, 7000), (1500, 8000))


def pictures(data: bytes) -> list[np.ndarray[Any, Any]]:
    """The luma of every picture."""
    with av.open(io.BytesIO(data)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def off(shown: Sequence[np.ndarray[Any, Any]], sent: Sequence[np.ndarray[Any, Any]], where: np.ndarray[Any, Any]) -> float:
    """How far what is shown is from what the camera sent, in steps of luma. What came out may be a column less."""
    height, width = where.shape
    return float(np.mean([np.abs(a[where].astype(int) - b[:height, :width][where]) for a, b in zip(shown, sent, strict=True)]))


def inside(width: int, height: int) -> np.ndarray[Any, Any]:
    """Which pixels' middles lie in HOME, by the rule of even and odd: another way than the product's."""
    x, y = (np.arange(width) + 0.5) / width * SCALE, (np.arange(height)[:, None] + 0.5) / height * SCALE
    found = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip(HOME, (*HOME[1:], HOME[0]), strict=True):
        found ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return found


@pytest.mark.parametrize(("codec", "bframes", "width", "height"), [("h265", 2, 320, 240), ("h264", 0, 322, 242)])
def test_masks_are_burned_into_every_picture_and_the_rest_stays(codec: str, bframes: int, width: int, height: int) -> None:
    kept = run_of(codec, width, height, bframes=bframes)
    assert kept.init is not None
    plain, masked = Recoder(kept.init), Recoder(kept.init, Order((HOME,)))
    data = b"".join(one.data for one in kept.fragments)
    bare, covered = plain.whole(data, None), masked.whole(data, None)
    assert bare is not None
    assert covered is not None
    assert times_of([covered.data]) == times_of([bare.data])
    assert plain.init.data == masked.init.data, "one init segment fits both"
    before, after = pictures(plain.init.data + bare.data), pictures(masked.init.data + covered.data)
    home = inside(after[0].shape[1], after[0].shape[0])
    far = ~binary_grown(home, 24)
    assert len(after) == len(before) == 50
    for new in after:
        grey = np.abs(new[home].astype(int) - np.median(new[home]))
        assert np.quantile(grey, 0.98) <= 1, "nothing but what the coder smears over its edge from beside it"
    sent = pictures(kept.init.data + data)
    assert off(after, sent, far) <= off(before, sent, far) * 1.15 + 1, "and what is beside it is no worse than without"
    assert np.ptp(before[0][home]) > 60, "there was something to hide"


def binary_grown(found: np.ndarray[Any, Any], by: int) -> np.ndarray[Any, Any]:
    padded = np.pad(found, by)
    rows = np.lib.stride_tricks.sliding_window_view(padded, 2 * by + 1, axis=0).any(axis=-1)
    return np.lib.stride_tricks.sliding_window_view(rows, 2 * by + 1, axis=1).any(axis=-1)


def test_a_clip_holds_the_pictures_of_its_span_and_its_line_begins_with_it() -> None:
    kept = run_of("h264", 640, 360)
    assert kept.init is not None
    data = b"".join(one.data for one in kept.fragments)
    recoder = Recoder(kept.init, Order((HOME,), True, 13 * 3600, 31 * 3600))
    made = recoder.whole(data, 50 * 3600)
    assert made is not None
    assert times_of([made.data]) == [index * 3600 for index in range(18)]
    assert made.starts_gop
    assert made.start_utc_90k == kept.fragments[0].start_utc_90k + 13 * 3600
    assert judged_clean(recoder.init.data + made.data) == 18
    assert Recoder(kept.init, Order((HOME,), True, 60 * 3600, None)).whole(data, None) is None


@given(st.booleans(), st.none() | st.integers(), st.none() | st.integers(), st.binary(max_size=50))
def test_an_order_comes_back_as_it_was(whole: bool, start: int | None, end: int | None, init: bytes) -> None:
    order = Order((HOME,), whole, start, end)
    assert unpack_order(order.pack() + init) == (order, init)


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: struct.pack(">I", len(text.encode())) + text.encode()))
def test_an_order_is_understood_or_refused(payload: bytes) -> None:
    try:
        order, _ = unpack_order(payload)
    except ValueError:
        return
    assert isinstance(order, Order)


def test_a_child_that_does_not_understand_its_order_makes_nothing_at_all() -> None:
    kept, out = run_of("h264"), io.BytesIO()
    assert kept.init is not None
    child = Child(out)
    child.take(Kind.BEGIN, PLAIN.pack() + kept.init.data)
    text = json.dumps([[[[0, 0], [1, 1]]], False, None, None]).encode()
    child.take(Kind.BEGIN, struct.pack(">I", len(text)) + text + kept.init.data)
    child.take(Kind.FRAGMENTS, kept.fragments[0].data)
    child.take(Kind.FINISH, END.pack(UNKNOWN_END) + kept.fragments[0].data)
    assert [kind for kind, _ in said(out)] == [Kind.BEGIN, Kind.FAULT, Kind.FINISH]
