"""RTP into access units: whatever the cut into packets, the units come out as they went in; whatever is lost, no patched one."""

from __future__ import annotations

import random
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.media.source.depacket import Depacketizer
from luytre.media.source.h264 import H264Depacketizer
from luytre.media.source.h265 import H265Depacketizer
from luytre.media.source.rtp import Interleaved
from luytre.media.source.timeline import Reorder, RtpLine
from luytre.media.unit import Break, FormatChange, Item, Sample
from luytre.media.unit.parameter_sets import nal_type
from tests.media.encode import AccessUnit, encode
from tests.media.source.collect import vcl_digest

SETS = {"h264": (7, 8), "h265": (32, 33, 34)}
MAKERS: dict[str, type[Depacketizer]] = {"h264": H264Depacketizer, "h265": H265Depacketizer}


def fragments(codec: str, nal: bytes, size: int) -> list[bytes]:
    """FU-A (RFC 6184 §5.8) or FU (RFC 7798 §4.4.3), written here independently of the product."""
    if len(nal) <= size:
        return [nal]
    if codec == "h264":
        head, kind, body = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 31, nal[1:]
    else:
        head, kind, body = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), (nal[0] >> 1) & 63, nal[2:]
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    last = len(pieces) - 1
    return [
        head + bytes((kind | (0x80 if i == 0 else 0) | (0x40 if i == last else 0),)) + piece for i, piece in enumerate(pieces)
    ]


def packets(codec: str, units: tuple[AccessUnit, ...], size: int, seq: int, ts: int) -> list[bytes]:
    made = []
    for unit in units:
        payloads = [part for nal in unit.nals for part in fragments(codec, nal, size)]
        for index, payload in enumerate(payloads):
            marker = 0x80 if index == len(payloads) - 1 else 0
            made.append(struct.pack(">BBHII", 0x80, marker | 96, seq & 0xFFFF, (ts + unit.pts_90k) & 0xFFFFFFFF, 7) + payload)
            seq += 1
    return made


def run(codec: str, wire: bytes, cuts: list[int]) -> list[Item]:
    """Feeds the bytes as they would come in reads of these sizes, through one small receive buffer."""
    buffer = bytearray(1 << 17)
    depacketizer = MAKERS[codec](buffer)
    frames = Interleaved(depacketizer, (0, 1))
    items: list[Item] = []
    start = end = at = turn = 0
    while at < len(wire):
        buffer[: end - start] = buffer[start:end]
        start, end = 0, end - start
        step = min(max(1, cuts[turn % len(cuts)]), len(buffer) - end, len(wire) - at)
        buffer[end : end + step] = wire[at : at + step]
        end, at, turn = end + step, at + step, turn + 1
        start = frames.parse(start, end)
        items += [keep(item) for item in frames.take()]
        depacketizer.settle()
    depacketizer.flush()
    return items + [keep(item) for item in frames.take()]


def keep(item: Item) -> Item:
    """Copies a sample out of the receive buffer, as a sink must."""
    if isinstance(item, Sample):
        return Sample(item.is_key, item.pts_90k, item.dts_90k, item.size_bytes, (b"".join(item.chunks),))
    return item


def interleave(made: list[bytes]) -> bytes:
    return b"".join(struct.pack(">BBH", 0x24, 0, len(packet)) + packet for packet in made)


def expected(codec: str, unit: AccessUnit) -> bytes:
    nals = [nal for nal in unit.nals if nal_type(codec, nal) not in SETS[codec]]
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)


streams = st.tuples(
    st.sampled_from(["h264", "h265"]),
    st.sampled_from([0, 2]),
    st.integers(40, 1500),
    st.integers(0, 65_535),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(90, 60_000), min_size=1, max_size=6),
)


@settings(max_examples=30)
@given(streams)
def test_units_come_out_as_they_went_in(stream: tuple[str, int, int, int, int, list[int]]) -> None:
    codec, bframes, size, seq, ts, cuts = stream
    units = encode(codec, bframes=bframes)
    items = run(codec, interleave(packets(codec, units, size, seq, ts)), cuts)
    got = [item for item in items if isinstance(item, Sample)]
    assert isinstance(items[0], FormatChange)
    assert [item.chunks[0] for item in got] == [expected(codec, unit) for unit in units]
    shift = got[0].pts_90k - units[0].pts_90k
    assert [item.pts_90k - shift for item in got] == [unit.pts_90k for unit in units]
    assert all(after.dts_90k > before.dts_90k for before, after in pairwise(got))


@settings(max_examples=30)
@given(streams, st.integers(0, 2**32), st.floats(0.001, 0.05))
def test_loss_never_makes_a_patched_picture(stream: tuple[str, int, int, int, int, list[int]], seed: int, rate: float) -> None:
    codec, bframes, size, seq, ts, cuts = stream
    dice = random.Random(seed)
    units = encode(codec, bframes=bframes)
    made = packets(codec, units, size, seq, ts)
    left = [packet for packet in made if dice.random() > rate]
    items = run(codec, interleave(left), cuts)
    sent = [vcl_digest(codec, expected(codec, unit)) for unit in units]
    at, after_break = -1, True
    for item in items:
        if isinstance(item, Break):
            after_break = True
        elif isinstance(item, Sample):
            # whole as a picture: a message beside it (SEI) that was lost before it is not missed
            place = sent.index(vcl_digest(codec, bytes(item.chunks[0])), at + 1)
            assert item.is_key if after_break else place == at + 1, "a hole that nobody owned up to"
            at, after_break = place, False


@given(st.binary(max_size=3000), st.lists(st.integers(20, 700), min_size=1, max_size=5), st.sampled_from(["h264", "h265"]))
def test_no_bytes_break_the_depacketizer(noise: bytes, cuts: list[int], codec: str) -> None:
    unit = encode(codec)[0]
    good = interleave(packets(codec, (unit,), 900, 5, 9))
    head = bytearray(good + noise)
    run(codec, bytes(head), cuts)
    wrapped = b"".join(
        struct.pack(">BBH", 0x24, 0, len(part)) + part for part in (noise[i : i + 37] for i in range(0, len(noise), 37))
    )
    run(codec, wrapped, cuts)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(0, 2**32 - 1))
def test_decode_times_rise_whatever_the_order(shuffle: list[int], ts: int) -> None:
    reorder, line = Reorder(0), RtpLine()
    order = list(range(len(shuffle)))
    for index, far in enumerate(shuffle):
        other = min(index + far, len(order) - 1)
        order[index], order[other] = order[other], order[index]
    last = None
    for count, place in enumerate(order):
        shown = line.pts((ts + place * 3600) & 0xFFFFFFFF, count / 25)
        decoded = reorder.dts(shown, 3600)
        assert last is None or decoded > last
        last = decoded


@pytest.mark.parametrize("jump", [2**31, 90_000 * 3600, -90_000 * 60, 0])
def test_a_jump_goes_on_by_one_frame(jump: int) -> None:
    line = RtpLine()
    before = [line.pts(1000 + i * 3600, i / 25) for i in range(50)]
    after = [line.pts((1000 + 49 * 3600 + jump + (i * 3600 if jump else 0)) & 0xFFFFFFFF, (50 + i) / 25) for i in range(50)]
    assert [b - a for a, b in pairwise(before + after)] == [3600] * 99


def test_a_camera_whose_clock_is_set_by_seconds_stays_in_step_with_ours() -> None:
    for jump in (3 * 90_000, -90_000 * 3 // 2):
        line = RtpLine()
        for i in range(50):
            line.pts(1000 + i * 3600, i / 25)
        after = [line.pts((1000 + (50 + i) * 3600 + jump) & 0xFFFFFFFF, (50 + i) / 25) for i in range(50)]
        assert after == [(50 + i) * 3600 for i in range(50)]


def test_a_camera_that_left_frames_out_while_the_network_stood_did_not_jump() -> None:
    line = RtpLine()
    for i in range(50):
        line.pts(i * 3600, i / 25)
    late = [line.pts((50 + i) * 3600, 8.0) for i in range(25)]  # a second of pictures comes six seconds late, at once
    after = [line.pts((200 + i) * 3600, 8.0 + i / 25) for i in range(25)]
    assert late == [(50 + i) * 3600 for i in range(25)]
    assert after == [(200 + i) * 3600 for i in range(25)]


def test_old_pictures_at_the_start_are_no_jump() -> None:
    """A camera that keeps its last seconds gives them to each new client at once."""
    line = RtpLine()
    assert [line.pts(i * 3600, 0.0) for i in range(250)] == [i * 3600 for i in range(250)]


def test_timestamps_wrap() -> None:
    line = RtpLine()
    shown = [line.pts((2**32 - 9000 + i * 3600) & 0xFFFFFFFF, i / 25) for i in range(10)]
    assert shown == [i * 3600 for i in range(10)]
