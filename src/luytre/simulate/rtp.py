"""RTP (RFC 3550) and RTCP sender reports of a simulated camera, framed for interleaved TCP (RFC 2326 §10.12).

A `Train` is the packets of one access unit laid out once, with holes for the headers; each client gets a copy with its
own sequence numbers, timestamp and channel filled in, so that a unit is cut only once however many cameras send it.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from luytre.simulate.packetise import Payload, packetise
from luytre.simulate.units import AccessUnit

_HEADER = struct.Struct(">BBHBBHII")  # $, channel, length; version and flags, marker and type, sequence, timestamp, SSRC
_HEADER_BYTES = _HEADER.size
RTP_HEADER_BYTES = 12
NTP_EPOCH_S = 2_208_988_800
WRAP = 1 << 32


@dataclass(frozen=True, slots=True)
class Train:
    """`layout`: interleaved packets with empty headers; `cars`: offset, length of RTP packet, marker (0 or 0x80)."""

    layout: bytes
    cars: tuple[tuple[int, int, int], ...]

    def fill(self, channel: int, payload_type: int, sequence: int, timestamp: int, ssrc: int) -> bytearray:
        """The bytes for the wire; sequence numbers count on from `sequence`."""
        wire = bytearray(self.layout)
        for offset, length, marker in self.cars:
            head = (0x24, channel, length, 0x80, marker | payload_type, sequence & 0xFFFF, timestamp, ssrc)
            _HEADER.pack_into(wire, offset, *head)
            sequence += 1
        return wire


def make_train(payloads: Sequence[Payload]) -> Train:
    layout = bytearray()
    cars = []
    for payload in payloads:
        cars.append((len(layout), RTP_HEADER_BYTES + len(payload.data), 0x80 if payload.ends_unit else 0))
        layout += bytes(_HEADER_BYTES) + payload.data
    return Train(bytes(layout), tuple(cars))


_trains: WeakKeyDictionary[AccessUnit, dict[tuple[bool, int, bool], Train]] = WeakKeyDictionary()


def train_of(unit: AccessUnit, *, sets_in_band: bool, limit_bytes: int, aggregate: bool) -> Train:
    """The train of a unit, made at first use and kept as long as the unit lives."""
    kinds = _trains.setdefault(unit, {})
    key = (sets_in_band, limit_bytes, aggregate)
    if key not in kinds:
        in_band = unit.parameter_sets if sets_in_band else ()
        kinds[key] = make_train(packetise(unit, in_band, limit_bytes=limit_bytes, aggregate=aggregate))
    return kinds[key]


@dataclass(slots=True)
class TrackLine:
    """One track of one connection: its numbers as they go on."""

    channel: int
    payload_type: int
    rate_hz: int
    sequence: int = field(default_factory=lambda: secrets.randbelow(1 << 15))
    timestamp_base: int = field(default_factory=lambda: secrets.randbelow(1 << 31))
    ssrc: int = field(default_factory=lambda: secrets.randbelow(1 << 32))
    packets: int = 0
    octets: int = 0

    def timestamp(self, ticks: int) -> int:
        return (self.timestamp_base + ticks) % WRAP

    def take(self, packets: int, octets: int = 0) -> int:
        """The first of `packets` sequence numbers that are used up now."""
        first = self.sequence
        self.sequence = (self.sequence + packets) & 0xFFFF
        self.packets += packets
        self.octets += octets
        return first

    def packet(self, payload: bytes, ticks: int, marker: bool, dress: Dress | None = None) -> bytes:
        """One RTP packet with its header (not interleaved); `dress` adds what RFC 3550 allows and few cameras send."""
        dress = dress or PLAIN
        first = 0x80 | (0x20 if dress.padding_bytes else 0) | (0x10 if dress.extension else 0) | dress.csrcs
        kind = (0x80 if marker else 0) | self.payload_type
        head = struct.pack(">BBHII", first, kind, self.take(1, len(payload)), self.timestamp(ticks), self.ssrc)
        head += b"".join(struct.pack(">I", number) for number in range(dress.csrcs))
        if dress.extension:
            head += struct.pack(">HHII", 0xABAC, 2, 0x01020304, 0x05060708)
        tail = bytes(dress.padding_bytes - 1) + bytes((dress.padding_bytes,)) if dress.padding_bytes else b""
        return head + payload + tail

    def sender_report(self, utc_90k: int, ticks: int) -> bytes:
        """RTCP SR (RFC 3550 §6.4.1) with an SDES CNAME: the camera's clock at a point of the track's line."""
        seconds, rest = divmod(utc_90k, 90_000)
        ntp = ((seconds + NTP_EPOCH_S) << 32 | (rest << 32) // 90_000) % (1 << 64)
        counts = (self.timestamp(ticks), self.packets % WRAP, self.octets % WRAP)
        report = struct.pack(">BBHIQIII", 0x80, 200, 6, self.ssrc, ntp, *counts)
        cname = b"\x01\x06camera\x00\x00\x00\x00"
        return report + struct.pack(">BBHI", 0x81, 202, 1 + len(cname) // 4, self.ssrc) + cname


@dataclass(frozen=True, slots=True)
class Dress:
    padding_bytes: int = 0
    csrcs: int = 0
    extension: bool = False


PLAIN = Dress()


def interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack(">BBH", 0x24, channel & 0xFF, len(packet)) + packet
