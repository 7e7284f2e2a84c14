"""One client's pictures: access units to packets on its connection, with the quirks that concern packets.

A unit that finds the client's queue over `QUEUE_BYTES` is left out: its sequence numbers are used up and the ledger says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.simulate.ledger import Entry, Ledger
from luytre.simulate.packetise import Payload, aac_payload, packetise
from luytre.simulate.quirks import Quirks
from luytre.simulate.rtp import Dress, TrackLine, Train, interleaved, train_of
from luytre.simulate.sdp import TrackKind
from luytre.simulate.source import TimedUnit
from luytre.simulate.units import AccessUnit, AudioDescription, is_vcl

QUEUE_BYTES = 8 << 20
SENDER_REPORT_EVERY_90K = 5 * TICKS_PER_S
AAC_FRAME_SAMPLES = 1024
_METADATA = (
    b'<?xml version="1.0" encoding="UTF-8"?><tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema">'
    b"<tt:VideoAnalytics/></tt:MetadataStream>"
)


@dataclass(slots=True)
class Sender:
    """`after_unit` is called with the number of each unit after it was dealt with: the connection's own quirks hang there."""

    transport: asyncio.WriteTransport
    quirks: Quirks
    ledger: Ledger
    clock: Clock
    connection: int
    path: str
    lines: dict[TrackKind, TrackLine]
    audio: AudioDescription | None
    before_unit: Callable[[int, Sender], bool]
    number: int = 0
    _skip: int = 0
    _first_pts_90k: int | None = None
    _first_dts_90k: int = 0
    _jumped_90k: int = 0
    _stuck_at_90k: int | None = None
    _next_report_90k: int = 0
    _audio_frames: int = 0
    _held: list[bytes | bytearray] = field(default_factory=list)
    _holding: bool = False
    _swap: bytes | None = None
    _packets_seen: int = 0
    _key_frames: int = 0

    def start(self) -> None:
        self._skip = self.quirks.start_mid_gop

    def take(self, timed: TimedUnit) -> None:
        """One unit from the source, on the event loop."""
        if self._skip:
            self._skip -= 1
            return
        if self.transport.is_closing() or not self.before_unit(self.number, self):
            return
        line_90k = self._line(timed)
        if "video" in self.lines:
            self._send_video(self._with_other_sets(timed.unit), line_90k)
        if "audio" in self.lines and self.audio is not None:
            self._send_audio(self.audio, timed.dts_90k - self._first_dts_90k)
        if "metadata" in self.lines and self.number % self.quirks.metadata_every_units == 0:
            packet = self.lines["metadata"].packet(_METADATA, line_90k, True)
            self.write(interleaved(self.lines["metadata"].channel, packet))
        self._send_reports(timed.dts_90k - self._first_dts_90k)
        self.number += 1

    def write(self, data: bytes | bytearray) -> None:
        """To the client, or kept back while an answer is being written byte by byte."""
        if self._holding:
            self._held.append(data)
        else:
            self.transport.write(data)

    def hold(self) -> None:
        self._holding = True

    def release(self) -> None:
        self._holding = False
        held, self._held = self._held, []
        for data in held:
            self.transport.write(data)

    def queued_bytes(self) -> int:
        return self.transport.get_write_buffer_size() + sum(map(len, self._held))

    def _line(self, timed: TimedUnit) -> int:
        """The unit's place on this connection's line, jumps and a stuck clock included."""
        if self._first_pts_90k is None:
            self._first_pts_90k, self._first_dts_90k = timed.pts_90k, timed.dts_90k
        self._jumped_90k += sum(jump.ticks_90k for jump in self.quirks.jumps if jump.at_unit == self.number)
        since_first_90k = round((timed.pts_90k - self._first_pts_90k) * self.quirks.timestamp_rate)
        line_90k = since_first_90k + self._jumped_90k
        stuck_at = self.quirks.stuck_timestamp_at_unit
        if stuck_at is not None and self.number >= stuck_at:
            self._stuck_at_90k = line_90k if self._stuck_at_90k is None else self._stuck_at_90k
            return self._stuck_at_90k
        return line_90k

    def _with_other_sets(self, unit: AccessUnit) -> AccessUnit:
        """At every other key frame the SPS says another level (`level_idc`, ITU-T H.264 §7.3.2.1.1): the same to a decoder."""
        if not (self.quirks.sets_change and unit.is_key and unit.codec == "h264"):
            return unit
        self._key_frames += 1
        if self._key_frames % 2:
            return unit
        sets = (nal[:3] + bytes((nal[3] ^ 1,)) + nal[4:] if nal[0] & 31 == 7 else nal for nal in unit.parameter_sets)
        return replace(unit, parameter_sets=tuple(sets))

    def _send_video(self, unit: AccessUnit, line_90k: int) -> None:
        line = self.lines["video"]
        if self.queued_bytes() > QUEUE_BYTES:
            train = self._train(unit)
            line.take(len(train.cars))
            self._enter(unit, line_90k, whole=False, packets=0)
        elif _packet_by_packet(self.quirks):
            self._send_packets(unit, line_90k)
        else:
            train = self._train(unit)
            first = line.take(len(train.cars), unit.size_bytes)
            wire = train.fill(line.channel, line.payload_type, first, line.timestamp(line_90k), line.ssrc)
            self.write(wire)
            self._enter(unit, line_90k, whole=True, packets=len(train.cars))

    def _train(self, unit: AccessUnit) -> Train:
        return train_of(
            unit,
            sets_in_band=self.quirks.parameter_sets != "sdp",
            limit_bytes=self.quirks.payload_bytes,
            aggregate=self.quirks.aggregation,
        )

    def _enter(self, unit: AccessUnit, line_90k: int, *, whole: bool, packets: int) -> None:
        if not self.ledger.keeps_entries:
            return
        self.ledger.entries.append(
            Entry(
                self.connection,
                self.path,
                self.number,
                unit.vcl_sha256,
                line_90k,
                unit.is_key,
                whole,
                packets,
                self.clock.utc_90k(),
            )
        )

    def _send_packets(self, unit: AccessUnit, line_90k: int) -> None:
        """The careful way: each packet by itself, for the quirks that touch packets."""
        quirks, line = self.quirks, self.lines["video"]
        payloads = self._payloads(unit)
        left_out = self._left_out(len(payloads))
        dress = Dress(quirks.padding_bytes, quirks.csrcs, quirks.header_extension)
        for index, payload in enumerate(payloads):
            packet = line.packet(payload.data, line_90k, _marker(quirks, payload), dress)
            if index not in left_out:
                self._send_packet(interleaved(line.channel, packet))
        self._send_noise()
        self._enter(unit, line_90k, whole=not left_out, packets=len(payloads) - len(left_out))

    def _payloads(self, unit: AccessUnit) -> list[Payload]:
        quirks, nals = self.quirks, list(unit.nals)
        in_band = list(unit.parameter_sets) if quirks.parameter_sets != "sdp" else []
        if unit.is_key and quirks.key_padding_bytes:
            nals.insert(0, user_data_sei(unit, quirks.key_padding_bytes))
        if quirks.parameter_sets == "each_slice":
            slices = (([*in_band, nal] if is_vcl(unit.codec, nal) else [nal]) for nal in nals)
            nals, in_band = [nal for group in slices for nal in group], []
        sent = replace(unit, nals=tuple(nals))
        return packetise(sent, in_band, limit_bytes=quirks.payload_bytes, aggregate=quirks.aggregation)

    def _left_out(self, packets: int) -> set[int]:
        return {
            index
            for drop in self.quirks.drops
            if drop.hits(self.number)
            for index in range(min(drop.skip, packets - 1), min(drop.skip + drop.packets, packets))
        }

    def _send_packet(self, packet: bytes) -> None:
        self._packets_seen += 1
        if self.quirks.reorder_every_packets and self._packets_seen % self.quirks.reorder_every_packets == 0:
            self._swap = packet
            return
        self.write(packet)
        if self._swap is not None:
            self.write(self._swap)
            self._swap = None
        if self.quirks.duplicate_every_packets and self._packets_seen % self.quirks.duplicate_every_packets == 0:
            self.write(packet)

    def _send_noise(self) -> None:
        quirks = self.quirks
        if quirks.unknown_channel_every_units and self.number % quirks.unknown_channel_every_units == 0:
            self.write(interleaved(200, b"\x80\x7bnobody knows this"))
        if quirks.garbage_every_units and self.number % quirks.garbage_every_units == 0:
            self.write(quirks.garbage)

    def _send_audio(self, audio: AudioDescription, line_90k: int) -> None:
        """All AAC frames that start before this point of the line."""
        line = self.lines["audio"]
        while self._audio_frames * AAC_FRAME_SAMPLES * TICKS_PER_S <= line_90k * audio.sample_rate_hz:
            frame = audio.frames[self._audio_frames % len(audio.frames)]
            packet = line.packet(aac_payload(frame), self._audio_frames * AAC_FRAME_SAMPLES, True)
            self.write(interleaved(line.channel, packet))
            self._audio_frames += 1

    def _send_reports(self, line_90k: int) -> None:
        if not self.quirks.sender_reports or line_90k < self._next_report_90k:
            return
        self._next_report_90k = line_90k + SENDER_REPORT_EVERY_90K
        utc_90k = self.clock.utc_90k() + round(self.quirks.sender_report_offset_s * TICKS_PER_S)
        for line in self.lines.values():
            ticks = (line_90k + self._jumped_90k) * line.rate_hz // TICKS_PER_S
            self.write(interleaved(line.channel + 1, line.sender_report(utc_90k, ticks)))


def _packet_by_packet(quirks: Quirks) -> bool:
    return bool(
        quirks.drops
        or quirks.duplicate_every_packets
        or quirks.reorder_every_packets
        or quirks.padding_bytes
        or quirks.csrcs
        or quirks.header_extension
        or quirks.key_padding_bytes
        or quirks.garbage_every_units
        or quirks.unknown_channel_every_units
        or quirks.parameter_sets == "each_slice"
        or quirks.marker != "last"
    )


def _marker(quirks: Quirks, payload: Payload) -> bool:
    return {
        "last": payload.ends_unit,
        "never": False,
        "every_nal": payload.ends_nal,
        "every_slice": payload.ends_slice,
    }[quirks.marker]


def user_data_sei(unit: AccessUnit, size_bytes: int) -> bytes:
    """A user_data_unregistered SEI (ITU-T H.264 §D.1.6, H.265 §D.2.6) of about `size_bytes`; no byte needs an escape."""
    head = b"\x06" if unit.codec == "h264" else bytes((39 << 1, 1))
    payload = max(size_bytes - len(head), 16)
    size = b"\xff" * (payload // 255) + bytes((payload % 255,))
    return head + b"\x05" + size + b"\x5a" * payload + b"\x80"
