"""Coding again: what comes out decodes clean, every picture at its time; damage and nonsense end nothing else."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from itertools import pairwise

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import GapReason
from luytre.media.fragment import BoxError, Fragmenter, parse_fragment_head
from luytre.media.transcode import Kind, pack, shrunk, unpack_head
from luytre.media.transcode.__main__ import Child
from luytre.media.transcode.messages import END, HEAD, UNKNOWN_END
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
    for payload in (b"nonsense", kept.init.data):
        child.take(Kind.BEGIN, payload)
        child.take(Kind.FINISH, END.pack(UNKNOWN_END) + kept.fragments[0].data)
    child.take(Kind.BEGIN, kept.init.data)
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
