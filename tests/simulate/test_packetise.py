from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.simulate.packetise import aac_payload, fragmentation_units, packetise
from luytre.simulate.rtp import Dress, TrackLine, make_train
from luytre.simulate.units import AccessUnit, split_annexb
from tests.simulate.depacketise import h264_nals, h265_nals

_body = st.binary(min_size=1, max_size=400)
h264_nal = st.builds(lambda ref, kind, body: bytes((ref << 5 | kind,)) + body, st.integers(0, 3), st.integers(1, 12), _body)
h265_nal = st.builds(
    lambda kind, layer, tid, body: bytes((kind << 1 | layer >> 5, (layer & 31) << 3 | tid)) + body,
    st.integers(0, 40),
    st.integers(0, 63),
    st.integers(1, 7),
    _body,
)
limits = st.integers(min_value=8, max_value=500)


@given(st.lists(h264_nal, min_size=1, max_size=8), st.lists(h264_nal, max_size=3), limits, st.booleans())
def test_h264_comes_back_as_it_was(nals: list[bytes], sets: list[bytes], limit: int, aggregate: bool) -> None:
    unit = AccessUnit("h264", tuple(nals), 0, 0, True)
    payloads = packetise(unit, sets, limit_bytes=limit, aggregate=aggregate)
    assert h264_nals([payload.data for payload in payloads]) == [*sets, *nals]
    assert all(len(payload.data) <= limit for payload in payloads)
    assert [payload.ends_unit for payload in payloads] == [False] * (len(payloads) - 1) + [True]


@given(st.lists(h265_nal, min_size=1, max_size=8), st.lists(h265_nal, max_size=3), limits, st.booleans())
def test_h265_comes_back_as_it_was(nals: list[bytes], sets: list[bytes], limit: int, aggregate: bool) -> None:
    unit = AccessUnit("h265", tuple(nals), 0, 0, True)
    payloads = packetise(unit, sets, limit_bytes=limit, aggregate=aggregate)
    assert h265_nals([payload.data for payload in payloads]) == [*sets, *nals]
    assert all(len(payload.data) <= limit for payload in payloads)
    assert [payload.ends_unit for payload in payloads] == [False] * (len(payloads) - 1) + [True]


def test_small_units_share_a_packet_and_large_ones_are_cut() -> None:
    unit = AccessUnit("h264", (b"\x06sei", b"\x65" + bytes(3000)), 0, 0, True)
    kinds = [payload.data[0] & 0x1F for payload in packetise(unit, [b"\x67sps", b"\x68pps"])]
    assert kinds == [24, 28, 28, 28]


def test_a_unit_that_fits_is_never_fragmented() -> None:
    with pytest.raises(ValueError, match="fits"):
        list(fragmentation_units("h264", b"\x65" + bytes(10), 100))


def test_an_end_of_nal_is_told_from_an_end_of_slice() -> None:
    unit = AccessUnit("h264", (b"\x06" + bytes(50), b"\x65" + bytes(50), b"\x65" + bytes(50)), 0, 0, True)
    payloads = packetise(unit, limit_bytes=60)
    assert [(each.ends_nal, each.ends_slice, each.ends_unit) for each in payloads] == [
        (True, False, False),
        (True, True, False),
        (True, True, True),
    ]


@given(st.binary(max_size=2000))
def test_aac_tells_its_size(frame: bytes) -> None:
    payload = aac_payload(frame)
    assert payload[:2] == b"\x00\x10"
    assert int.from_bytes(payload[2:4], "big") >> 3 == len(frame)
    assert payload[4:] == frame


@given(
    st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=6),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 254),
)
def test_a_train_is_packets_in_a_row(bodies: list[bytes], sequence: int, timestamp: int, channel: int) -> None:
    unit = AccessUnit("h264", tuple(b"\x41" + body for body in bodies), 0, 0, False)
    payloads = packetise(unit, aggregate=False)
    wire = bytes(make_train(payloads).fill(channel, 96, sequence, timestamp, 7))
    for index, payload in enumerate(payloads):
        assert wire[:2] == bytes((0x24, channel))
        length = int.from_bytes(wire[2:4], "big")
        packet, wire = wire[4 : 4 + length], wire[4 + length :]
        assert packet[0] == 0x80
        assert packet[1] == 96 | (0x80 if index == len(payloads) - 1 else 0)
        assert int.from_bytes(packet[2:4], "big") == (sequence + index) & 0xFFFF
        assert int.from_bytes(packet[4:8], "big") == timestamp
        assert packet[12:] == payload.data
    assert wire == b""


@given(st.integers(0, 20), st.integers(0, 15), st.booleans(), st.binary(min_size=1, max_size=50))
def test_a_dressed_packet_is_read_by_the_rfc(padding: int, csrcs: int, extension: bool, payload: bytes) -> None:
    """RFC 3550 §5.1: CSRCs, extension, padding around the payload."""
    packet = TrackLine(0, 96, 90_000).packet(payload, 0, True, Dress(padding, csrcs, extension))
    at = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    assert packet[at:end] == payload


def test_numbers_wrap() -> None:
    line = TrackLine(0, 96, 90_000, sequence=65_535, timestamp_base=(1 << 32) - 1)
    assert line.take(2) == 65_535
    assert line.take(1) == 1
    assert line.timestamp(3) == 2


def test_a_sender_report_tells_the_wall_clock() -> None:
    line = TrackLine(0, 96, 90_000, timestamp_base=100)
    report = line.sender_report(1_800_000_000 * 90_000 + 45_000, 900)
    assert report[1] == 200
    assert int.from_bytes(report[8:12], "big") - 2_208_988_800 == 1_800_000_000
    assert int.from_bytes(report[12:16], "big") == 1 << 31  # half a second
    assert int.from_bytes(report[16:20], "big") == 1000
    assert len(report) == 28 + 4 * (1 + int.from_bytes(report[30:32], "big"))


@given(st.lists(st.binary(min_size=1, max_size=30).map(lambda body: b"\x41" + body.replace(b"\x00", b"\x01")), max_size=5))
def test_a_byte_stream_is_split_at_its_start_codes(nals: list[bytes]) -> None:
    stream = b"".join((b"\x00\x00\x00\x01" if index % 2 else b"\x00\x00\x01") + nal for index, nal in enumerate(nals))
    assert split_annexb(stream) == nals
