"""Interleaved frames (RFC 2326 §10.12), RTP headers (RFC 3550 §5.1) and RTCP sender reports (§6.4.1) of one connection."""

from __future__ import annotations

import struct
from collections.abc import Callable

from luytre.media.source.aac import AacDepacketizer
from luytre.media.source.depacket import Depacketizer
from luytre.media.source.reception import Jitter, Reception
from luytre.media.unit import CameraClock, Item

NTP_EPOCH_S = 2_208_988_800
_FRAME = struct.Struct(">BBHBBHII")
_SENDER_INFO = struct.Struct(">BBHIIII")


class Interleaved:
    """Walks whole `$` frames of the receive buffer and hands packets to the tracks. Knows no sockets."""

    def __init__(self, picture: Depacketizer, picture_channels: tuple[int, int]) -> None:
        self.picture = picture
        self.sound: AacDepacketizer | None = None
        self._picture_channel, self._picture_rtcp = picture_channels
        self._sound_channel = -1
        self._ssrc = -1
        self.reports = self.foreign_frames = 0
        self.ends_in_picture = False
        """What was taken last from the buffer was a packet of the picture."""
        self._other_stop = self._told_ts = -1
        self._jitter = Jitter()
        self._utc_now: Callable[[], int] = lambda: 0

    def with_sound(self, sound: AacDepacketizer, channel: int) -> None:
        self.sound, self._sound_channel = sound, channel

    def with_clock(self, utc_90k: Callable[[], int]) -> None:
        self._utc_now = utc_90k

    def parse(self, at: int, end: int) -> int:
        """Consumes whole frames of `buffer[at:end]`; stops at what is not a frame or not whole, and says where."""
        picture = self.picture
        buffer, packet, unpack = picture.buffer, picture.packet, _FRAME.unpack_from
        channel_wanted, self._other_stop = self._picture_channel, -1
        while end - at >= 16:
            dollar, channel, size, first, second, seq, ts, ssrc = unpack(buffer, at)
            if dollar != 0x24:
                break
            stop = at + 4 + size
            if stop > end:
                break
            if channel == channel_wanted and size >= 12:
                if ssrc != self._ssrc:
                    self._new_sender(ssrc)
                if first == 0x80:
                    packet(at + 16, stop, seq, ts, second & 0x80)
                    if picture.in_fragments:
                        stop = picture.middle(stop, end, channel)
                else:
                    begin, last = _payload_bounds(buffer, at + 4, stop)
                    if begin:
                        packet(begin, last, seq, ts, second & 0x80)
            else:
                self._other(channel, at + 4, stop)
            at = stop
        at = self._short_frame(at, end)
        self.ends_in_picture = at != self._other_stop
        return at

    def _short_frame(self, at: int, end: int) -> int:
        """Frames smaller than an RTP header (RTCP's shortest) at the buffer's end."""
        buffer = self.picture.buffer
        while 4 <= end - at < 16 and buffer[at] == 0x24:
            stop = at + 4 + (buffer[at + 2] << 8 | buffer[at + 3])
            if stop > end:
                break
            self._other(buffer[at + 1], at + 4, stop)
            at = stop
        return at

    def _new_sender(self, ssrc: int) -> None:
        if self._ssrc >= 0:
            self.picture.restarted()
        self._ssrc = ssrc

    def _other(self, channel: int, begin: int, stop: int) -> None:
        self._other_stop = stop
        if channel == self._picture_rtcp:
            self._rtcp(begin, stop)
        elif channel == self._sound_channel and self.sound is not None:
            buffer = self.picture.buffer
            payload, last = _payload_bounds(buffer, begin, stop)
            if payload:
                seq, ts = struct.unpack_from(">HI", buffer, begin + 2)
                self.sound.packet(payload, last, seq, ts)
        else:
            self.foreign_frames += 1

    def _rtcp(self, at: int, stop: int) -> None:
        """Takes the first sender report of a compound packet."""
        if stop - at < 20:
            return
        first, kind, _, _, seconds, fraction, ts = _SENDER_INFO.unpack_from(self.picture.buffer, at)
        if first >> 6 != 2 or kind != 200 or seconds == 0:
            return
        pts = self.picture.line.near(ts)
        if pts is None:
            return
        self.reports += 1
        if seconds < 0x80000000:
            seconds += 1 << 32  # NTP era 1 (RFC 4330 §3)
        camera = (seconds - NTP_EPOCH_S) * 90_000 + (fraction * 90_000 >> 32)
        self.picture.out.append(CameraClock(camera, pts, camera - self._utc_now()))

    def arrived(self, at_s: float) -> None:
        """The last byte that was read came into the machine at `at_s`, and is the end of what was taken. Once a read."""
        ts, line = self.picture.timestamp, self.picture.line
        if not self.ends_in_picture or ts < 0 or ts == self._told_ts:
            return  # of the same picture as before: its clock may stand
        place = line.near(ts)
        if place is not None:
            self._told_ts = ts
            self._jitter.note(place, at_s, line.era)

    def reception(self) -> Reception:
        losses = self.picture.losses
        return Reception(losses.packets, losses.lost, self._jitter.value_90k)

    def take(self) -> list[Item]:
        """The items since the last call, in order; sound after the pictures it came with."""
        self.picture.count()
        items, self.picture.out = self.picture.out, []
        if self.sound is not None and self.sound.out:
            items = items + self.sound.out if items else self.sound.out
            self.sound.out = []
        return items


def _payload_bounds(buffer: bytearray, at: int, stop: int) -> tuple[int, int]:
    """Where an RTP packet's payload begins and ends, behind CSRCs and an extension, before padding; (0, 0) when it cannot be."""
    if stop - at < 12 or buffer[at] >> 6 != 2:
        return 0, 0
    begin = at + 12 + 4 * (buffer[at] & 15)
    if buffer[at] & 0x10:
        if begin + 4 > stop:
            return 0, 0
        begin += 4 + 4 * (buffer[begin + 2] << 8 | buffer[begin + 3])
    if buffer[at] & 0x20:
        stop -= buffer[stop - 1]
    return (begin, stop) if begin <= stop else (0, 0)
