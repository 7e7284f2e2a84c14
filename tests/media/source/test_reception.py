"""How packets come: what was lost by their numbers, whatever the numbers do; jitter as RFC 3550 has it, by the kernel's clock."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import SystemClock
from luytre.media.source import wire as wire_module
from luytre.media.source.h264 import H264Depacketizer
from luytre.media.source.reception import MAX_DROPOUT, MAX_MISORDER, Jitter, Losses, Reception
from luytre.media.source.rtp import Interleaved
from luytre.media.source.rtsp import RtspSource
from luytre.media.source.ticker import Ticker
from luytre.media.source.wire import connect
from luytre.simulate.quirks import NAMED
from luytre.simulate.source import LoopedSource
from tests.media.source.collect import Collector
from tests.support.cameras import CameraThread
from tests.support.clips import ClipLibrary
from tests.support.gst import GstServer

Start = Callable[..., CameraThread]


def taken(numbers: list[int], passes: int = 7) -> Losses:
    """Through the reader itself: packets of one fragmented unit that never ends, a pass over the buffer each few packets."""
    picture = H264Depacketizer(bytearray(1 << 10))
    frames = Interleaved(picture, (0, 1))
    for index, seq in enumerate(numbers):
        packet = struct.pack(">BBHBBHII", 0x24, 0, 13, 0x80, 96, seq & 0xFFFF, 90 * index, 7) + b"\x09"
        picture.buffer[: len(packet)] = packet
        assert frames.parse(0, len(packet)) == len(packet)
        if index % passes == 0:
            frames.take()
    frames.take()
    picture.losses.ended()
    return picture.losses


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.booleans(), st.integers(1, 150)), min_size=1, max_size=12),
    st.integers(1, 9),
)
def test_holes_are_counted_over_any_wrap(first: int, runs: list[tuple[bool, int]], passes: int) -> None:
    """`runs`: so many that come, or that do not."""
    numbers, at = [first], first + 1
    for comes, count in runs:
        numbers += range(at, at + count) if comes else ()
        at += count
    numbers.append(at)
    losses = taken(numbers, passes)
    assert (losses.packets, losses.lost) == (len(numbers), at + 1 - first - len(numbers))


@given(st.integers(0, 0xFFFF), st.permutations(range(1, 12)), st.sets(st.integers(1, 11)), st.lists(st.integers(1, 11)))
def test_late_ones_are_not_lost_and_ones_sent_twice_count_once(
    first: int, order: list[int], gone: set[int], twice: list[int]
) -> None:
    came = [0, *(number for number in order if number not in gone)]
    sent = [first + number for number in [*came, 12, *(number for number in twice if number not in gone), 13]]
    losses = taken(sent)
    assert (losses.packets, losses.lost) == (14 - len(gone), len(gone))


def test_a_sender_that_begins_anew_has_lost_nothing() -> None:
    losses = taken([*range(100), *range(20_000, 20_100), *range(20_101, 20_105)])
    assert (losses.packets, losses.lost) == (204, 1)
    assert taken([5, 5 + MAX_DROPOUT + 1]).lost == MAX_DROPOUT  # the largest hole that is one
    assert taken([5, 5 + MAX_DROPOUT + 2]).lost == 0
    far_back = [1000, *range(500, 600)]  # after so many old ones they are the new line
    assert taken(far_back).lost == 0


def test_later_than_the_window_is_lost_for_good() -> None:
    at_the_edge = [0, *range(2, MAX_MISORDER + 1), 1, 200]
    assert taken(at_the_edge).lost == 200 - MAX_MISORDER - 1
    losses = taken([0, *range(2, MAX_MISORDER + 2), 1])
    assert (losses.packets, losses.lost) == (MAX_MISORDER + 1, 1)


def test_a_new_sender_on_the_same_connection_counts_on() -> None:
    picture = H264Depacketizer(bytearray(1 << 10))
    frames = Interleaved(picture, (0, 1))
    for ssrc, seq in ((1, 10), (1, 12), (2, 900), (2, 901)):
        packet = struct.pack(">BBHBBHII", 0x24, 0, 13, 0x80, 96, seq, 0, ssrc) + b"\x09"
        picture.buffer[: len(packet)] = packet
        frames.parse(0, len(packet))
    frames.take()
    assert frames.reception() == Reception(4, 1)


def test_jitter_is_the_mean_change_of_the_way_and_a_new_line_is_not_compared() -> None:
    even, uneven = Jitter(), Jitter()
    assert even.value_90k is None
    for index in range(400):
        even.note(3600 * index, 5.0 + 0.04 * index, 0)
        uneven.note(3600 * index, 5.0 + 0.04 * index + 0.010 * (index % 2), 0)
    assert even.value_90k == pytest.approx(0, abs=1e-3)
    assert uneven.value_90k == pytest.approx(900, rel=1e-3)  # 10 ms each time
    uneven.note(0, 21.0, 1)
    uneven.note(10**9, 21.04, 1)  # a clock that leapt before the line knew it
    assert uneven.value_90k == pytest.approx(900, rel=1e-3)


def test_a_reception_goes_on_over_connections() -> None:
    assert Reception(5, 1, 90.0).over() + Reception(7, 2) == Reception(12, 3)
    assert (Reception(5, 1) + Reception(0, 0, 45.0)).jitter_90k == 45.0


class Spy(Jitter):
    def __init__(self, told: list[tuple[int, float]]) -> None:
        super().__init__()
        self.told = told

    def note(self, line_90k: int, arrived_s: float, era: object) -> None:
        self.told.append((line_90k, arrived_s))


def arrived(*packets: bytes) -> list[tuple[int, float]]:
    """(place on the line, when) as a real socket's reads tell it."""

    async def read() -> list[tuple[int, float]]:
        loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", 0)) as server:
            wire = await connect(f"rtsp://127.0.0.1:{server.getsockname()[1]}/", 5)
            camera, _ = server.accept()
        told: list[tuple[int, float]] = []
        frames = wire.frames = Interleaved(H264Depacketizer(wire.buffer), (0, 1))
        frames._jitter = Spy(told)
        with camera:
            for packet in packets:
                before, sent_s = len(told), loop.time()
                camera.sendall(packet)
                await asyncio.sleep(0.05)  # read long after it came: what counts is when it came
                wire.poll()
                assert all(sent_s - 0.005 <= at_s <= sent_s + 0.04 for _, at_s in told[before:])
        wire.close()
        return told

    return asyncio.run(read())


def picture(seq: int, ts: int, channel: int = 0) -> bytes:
    return struct.pack(">BBHBBHII", 0x24, channel, 16, 0x80, 0x80 | 96, seq, ts, 7) + b"\x65\x88\x84\x00"


def test_arrival_is_the_kernels_and_of_a_pictures_end_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "STAMPED_POLLS", 1)
    report = struct.pack(">BBHBBHI", 0x24, 1, 8, 0x80, 201, 1, 7)
    whole = [picture(number, 3600 * number) for number in range(5)]
    told = arrived(*whole[:3], whole[3] + report, whole[4] + picture(5, 18_000)[:9])
    assert [place for place, _ in told] == [3600, 7200]


async def listened(url: str, reads: int) -> Reception:
    """A source at an idle camera's pace, until so many deliveries."""
    kept, count = Collector(), 0
    ticker = Ticker(idle_s=0.061, watched_s=0.061)
    source = RtspSource(url, clock=SystemClock(), ticker=ticker)

    def one_more() -> None:
        nonlocal count
        count += 1
        if count == reads:
            source.close()

    kept.on_items = one_more
    assert source.reception() is None
    async with asyncio.timeout(30):
        await source.run(kept)
    ticker.close()
    found = source.reception()
    assert found is not None
    return found


async def test_gstreamer_loses_nothing_and_comes_evenly(gst_server: Callable[..., GstServer], clips: ClipLibrary) -> None:
    found = await listened(gst_server(clips("h264")).url(), 25)
    assert (found.lost, found.packets > 40) == (0, True)
    assert found.jitter_90k is not None
    assert 0 <= found.jitter_90k < 40 * 90  # read each 61 ms: our own pace alone would make 20 ms of it


@pytest.mark.parametrize(("name", "loses"), [("drop", True), ("duplicate", False), ("reorder", False), ("sequence-wrap", False)])
async def test_what_our_own_camera_leaves_out_is_what_is_counted(
    name: str, loses: bool, camera_server: Start, clips: ClipLibrary
) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=10.0), NAMED[name])
    found = await listened(camera.url(), 20)
    assert found.packets > 100
    assert (found.lost > 0) == loses
