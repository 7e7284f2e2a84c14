"""What is written is read back to the same values, and ffprobe (not ours) reads it too."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import GapReason
from luytre.media.fragment import (
    BoxError,
    Fragmenter,
    build_fragment,
    build_init,
    iter_boxes,
    parse_fragment_head,
    parse_init,
    walk_fragments,
)
from luytre.media.fragment.moof import ntp_of_utc_90k, utc_90k_of_ntp
from luytre.media.unit import AudioFormat, FormatChange, Fragment, InitSegment, Sample, StreamFormat
from luytre.media.unit.parameter_sets import nal_type, video_format
from tests.media.encode import AccessUnit, encode

UTC = 1_795_500_000 * 90_000


class Kept:
    def __init__(self) -> None:
        self.runs: list[tuple[InitSegment, int, GapReason, list[Fragment]]] = []
        self.ends: list[GapReason] = []

    def begin_run(self, init: InitSegment, start_utc_90k: int, gap_reason: GapReason) -> None:
        self.runs.append((init, start_utc_90k, gap_reason, []))

    def append(self, fragment: Fragment) -> None:
        self.runs[-1][3].append(fragment)

    def end_run(self, reason: GapReason) -> None:
        self.ends.append(reason)


def stream_format(codec: str, units: tuple[AccessUnit, ...], audio: AudioFormat | None = None) -> StreamFormat:
    return StreamFormat(video_format(codec, units[0].nals), audio)


def samples(codec: str, units: tuple[AccessUnit, ...]) -> list[Sample]:
    keep = []
    for index, unit in enumerate(units):
        nals = [nal for nal in unit.nals if nal_type(codec, nal) not in (7, 8, 32, 33, 34)]
        chunks = [part for nal in nals for part in (len(nal).to_bytes(4, "big"), nal)]
        keep.append(Sample(unit.is_key, unit.pts_90k, index * 3600, sum(map(len, chunks)), chunks))
    return keep


def cut(codec: str, bframes: int = 0, batch: int = 5) -> Kept:
    units = encode(codec, bframes=bframes)
    kept = Kept()
    cutter = Fragmenter(kept, gap_reason=GapReason.RECORDER_STOPPED)
    cutter.deliver([FormatChange(stream_format(codec, units))], UTC, 1.0)
    line = samples(codec, units)
    for at in range(0, len(line), batch):
        cutter.deliver(line[at : at + batch], UTC + at * 3600, 1.0 + at / 25)
    return kept


@pytest.mark.parametrize(("codec", "bframes"), [("h264", 0), ("h264", 2), ("h265", 0), ("h265", 2)])
def test_ffprobe_reads_every_frame_in_presentation_order(tmp_path: Path, codec: str, bframes: int) -> None:
    kept = cut(codec, bframes)
    assert len(kept.runs) == 1
    init, _, _, fragments = kept.runs[0]
    path = tmp_path / "run.mp4"
    path.write_bytes(init.data + b"".join(fragment.data for fragment in fragments))
    asked = ["ffprobe", "-v", "error", "-show_frames", "-select_streams", "v", "-of", "json", str(path)]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    frames = json.loads(done.stdout)["frames"]
    assert done.stderr == ""
    shown = [int(frame["pts"]) for frame in frames]
    assert len(shown) == 50
    assert [after - before for before, after in itertools.pairwise(shown)] == [3600] * 49


def test_gop_starts_are_fragment_starts_and_marked() -> None:
    _, start_utc, reason, fragments = cut("h264", batch=7).runs[0]
    assert reason is GapReason.RECORDER_STOPPED
    assert [f.dts_90k for f in fragments if f.starts_gop] == [i * 36_000 for i in range(5)]
    assert sum(f.sample_count for f in fragments) == 50
    assert fragments[0].start_utc_90k == start_utc


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_init_segment_reads_back(codec: str) -> None:
    audio = AudioFormat(16_000, 1, bytes.fromhex("1408"))
    fmt = stream_format(codec, encode(codec), audio)
    init = build_init(fmt)
    assert (fmt.video.width_px, fmt.video.height_px) == (320, 240)
    again = parse_init(init.data + b"what follows does not matter")
    assert (again.format.video.parameter_sets, again.format.audio, again.data) == (
        fmt.video.parameter_sets,
        audio,
        init.data,
    )
    assert again.mime == init.mime


times = st.integers(0, 2**40)
sample_lists = st.lists(
    st.tuples(st.integers(1, 9000), st.binary(min_size=1, max_size=80), st.integers(-(2**20), 2**20), st.booleans()),
    min_size=1,
    max_size=40,
)


def line_of(parts: list[tuple[int, bytes, int, bool]], start: int, plain: bool) -> list[Sample]:
    line, dts = [], start
    for step, data, shift, key in parts:
        line.append(Sample(key, dts if plain else dts + shift, dts, len(data), [data[:3], memoryview(data)[3:]]))
        dts += step
    return line


@given(sample_lists, times, st.integers(1, 9000), st.integers(0, 2**48), st.booleans(), st.integers(0, 500))
def test_fragment_reads_back(
    parts: list[tuple[int, bytes, int, bool]], start: int, last: int, utc: int, plain: bool, lead: int
) -> None:
    line = line_of(parts, start, plain)
    made = build_fragment(line, sequence=3, dts_base_90k=0, last_duration_90k=last, start_utc_90k=utc)
    head = parse_fragment_head(bytes(lead) + made.data, lead, 1000)
    picture = head.tracks[0]
    assert (head.size_bytes, head.dts_90k, head.start_utc_90k) == (len(made.data), start, utc)
    assert (head.duration_90k, head.starts_gop) == (made.duration_90k, line[0].is_key)
    assert list(picture.sizes) == [sample.size_bytes for sample in line]
    at = picture.data_offset_bytes - 1000
    assert made.data[at:] == b"".join(data for _, data, _, _ in parts)
    shifts = [0] * len(line) if picture.cts_offsets is None else list(picture.cts_offsets)
    assert shifts == [sample.pts_90k - sample.dts_90k for sample in line]


@given(st.integers(0, 2**31 * 90_000))
def test_wall_time_survives_ntp(utc_90k: int) -> None:
    assert utc_90k_of_ntp(ntp_of_utc_90k(utc_90k)) == utc_90k


@given(st.binary(max_size=400))
def test_foreign_bytes_are_told_as_such(data: bytes) -> None:
    for attempt in (lambda: parse_init(data), lambda: parse_fragment_head(data, 0, 0)):
        with pytest.raises(BoxError):
            attempt()


@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_changed_init_never_raises_anything_else(at: int, value: int) -> None:
    data = bytearray(build_init(stream_format("h264", encode("h264"))).data)
    data[at % len(data)] = value
    with contextlib.suppress(BoxError):
        parse_init(bytes(data))


@given(st.integers(0, 400_000))
def test_walk_stops_at_the_torn_tail(cut_at: int) -> None:
    init, _, _, fragments = cut("h264").runs[0]
    whole = init.data + b"".join(fragment.data for fragment in fragments)
    torn = whole[: cut_at % (len(whole) + 1)]
    fd = os.memfd_create("segment")
    try:
        os.write(fd, torn)
        heads = list(walk_fragments(fd, len(init.data), len(torn)))
    finally:
        os.close(fd)
    ends = [len(init.data)]
    for fragment in fragments:
        ends.append(ends[-1] + len(fragment.data))
    assert len(heads) == max(0, sum(end <= len(torn) for end in ends) - 1)


def test_iter_boxes_refuses_a_size_that_cannot_be() -> None:
    with pytest.raises(BoxError):
        list(iter_boxes(b"\x00\x00\x00\x04free"))
