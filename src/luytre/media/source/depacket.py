"""RTP payloads into access units: what H.264 (RFC 6184) and H.265 (RFC 7798) have in common.

The hot path of the product: `packet` runs once a packet. It works on offsets of the connection's receive buffer and keeps
views of it; nothing is copied until the fragment is joined. `settle` copies what must outlive the buffer's next use.

Where an access unit ends (cameras set the marker bit never, always, or right): at a new timestamp; at a picture's first
slice when there already is one; and at the marker once it has been seen to be right.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from luytre.base.errors import GapReason
from luytre.media.source.reception import Losses
from luytre.media.source.timeline import Reorder, RtpLine
from luytre.media.unit import AudioFormat, Break, Buffer, FormatChange, Item, Sample, StreamFormat, VideoFormat
from luytre.media.unit.parameter_sets import ParameterSetError, video_format

TRUST_AFTER = 3
MAX_UNIT_BYTES = 16 << 20
"""No camera sends a larger picture; one that never ends one must not fill our memory."""
MAX_SET_BYTES = 8192
MAX_SETS = 16
MAX_AGGREGATED = 256
"""NAL units in one packet: a camera has some parameter sets and slices; thousands of tiny ones are there to keep us busy."""
_OLD_PACKETS_BEFORE_RESYNC = 64


@lru_cache(maxsize=256)
def _records(stride: int, fu_header_bytes: int) -> struct.Struct:
    """An interleaved frame of this size: `$`, channel and size; flags and sequence number; timestamp; FU header; payload."""
    return struct.Struct(f">III4x{fu_header_bytes}s{stride - 16 - fu_header_bytes}s")


class Depacketizer(ABC):
    """One picture track. `out` collects items; the owner takes them after each pass over the buffer."""

    codec = ""
    set_kinds: tuple[int, ...] = ()

    _chunks: list[Buffer]
    _size: int
    _vcl: bool
    """A slice of the unit in progress has been seen."""
    _headless: bool
    """Its first slice was not a picture's first: something before it is missing."""
    _key: bool
    _in_nal: bool
    _marked: bool
    """The last packet of the unit in progress had the marker bit."""
    _fu_kind: int
    _fu_at: int
    _fu_bytes: int
    _fu_settled: int
    """How many pieces of it are copied already."""
    _fu_header: bytes
    _fu_middle: bytes
    """The fragment header of the unit's inner fragments; empty where there is no such shortcut."""

    def __init__(
        self, buffer: bytearray, *, parameter_sets: Sequence[bytes] = (), clock_hz: int = 90_000, fps: float = 0.0
    ) -> None:
        self.buffer, self.view = buffer, memoryview(buffer)
        self.out: list[Item] = []
        self.now_s = 0.0
        self.line = RtpLine(clock_hz, round(90_000 / fps) if fps else 3600)
        self.audio_format: AudioFormat | None = None
        self.frames = self.damaged = 0
        self.losses = Losses()
        self._format: VideoFormat | None = None
        self._known_sets: dict[int, list[bytes]] = {}
        self._new_sets: dict[int, list[bytes]] = {}
        for nal in parameter_sets:
            self._keep_set(self._kind_of(nal), bytes(nal))
        self._reorder = Reorder(0)
        self._skipping = True
        self._broken = False
        self._expected = -1
        self._old_packets = 0
        self._trust = 0
        self._clear()
        self._ts = -1

    # -- one packet -------------------------------------------------------------------------------------------------

    @abstractmethod
    def payload(self, begin: int, stop: int) -> None:
        """The payload at `buffer[begin:stop]`, of the timestamp in progress."""

    @abstractmethod
    def _kind_of(self, nal: Buffer) -> int: ...

    @abstractmethod
    def _is_key(self, kind: int) -> bool: ...

    def packet(self, begin: int, stop: int, seq: int, ts: int, marker: int) -> None:
        """One RTP packet whose payload is `buffer[begin:stop]`."""
        if seq != self._expected and not self._resync(seq):
            return
        self._expected = (seq + 1) & 0xFFFF
        if ts != self._ts:
            if self._vcl:
                self._judge_marker()
                self._finish()
            elif self._chunks:
                self._clear()
            self._ts = ts
        if stop <= begin:
            return
        self.payload(begin, stop)
        if not marker or not self._vcl:
            self._marked = False
        elif self._trust >= TRUST_AFTER and not self._in_nal:
            self._finish()
        else:
            self._marked = True

    def middle(self, at: int, end: int, channel: int) -> int:
        """The hottest loop: whole frames from `at` that only go on with the fragmented NAL unit in progress.

        Cameras cut a picture into packets of one size, so the next frames are read as records of one shape, header fields
        and payload, by one C iterator. Nothing but inner fragments, in order, without padding or marker, passes; the first
        record that is anything else is left to `Interleaved.parse`. Returns the offset after what was taken.
        """
        buffer, inner = self.buffer, self._fu_middle
        skip = 16 + len(inner)
        stride = 4 + (buffer[at + 2] << 8 | buffer[at + 3]) if end - at > 20 else 0
        if stride <= skip or at + stride > end or not inner:
            return at
        wanted_head = 0x24000000 | channel << 16 | stride - 4
        wanted = 0x80000000 | (buffer[at + 5] & 0x7F) << 16 | self._expected
        wanted_ts, count, append = self._ts, 0, self._chunks.append
        records = _records(stride, len(inner)).iter_unpack(self.view[at : end - (end - at) % stride])
        for head, flags_seq, ts, fu, payload in records:
            if flags_seq != wanted or fu != inner or head != wanted_head or ts != wanted_ts:
                break
            append(payload)
            wanted += 1  # past 65535 it runs into the flags and matches nothing: the wrap is left to the slow path
            count += 1
        self._fu_bytes += count * (stride - skip)
        self._expected = (self._expected + count) & 0xFFFF
        return at + count * stride

    def _resync(self, seq: int) -> bool:
        """What to do with a packet out of order; false to pass it over."""
        ahead = (seq - self._expected) & 0xFFFF
        if self._expected < 0:
            self.losses.begin(seq)
            return True
        if ahead >= 0x8000 and self._old_packets < _OLD_PACKETS_BEFORE_RESYNC:
            self._old_packets += 1
            self.losses.late(self._expected, seq)
            return False  # a packet sent twice, or late
        self._old_packets = 0
        self.losses.jumped(self._expected, seq)
        self._damage(f"{ahead} packets missing")
        return True

    def count(self) -> None:
        """Counts the packets since the last call; once a pass over the buffer, which holds fewer than there are numbers."""
        if self._expected >= 0:
            self.losses.up_to(self._expected)

    @property
    def timestamp(self) -> int:
        """Of the newest packet; -1: of none that counts."""
        return self._ts

    def restarted(self) -> None:
        """The camera began a new RTP stream on this connection (another SSRC): times and numbers start anew."""
        self.count()
        if self._vcl and not self._in_nal:
            self._finish()
        self._clear()
        self._expected, self._ts = -1, -1

    def _judge_marker(self) -> None:
        """A timestamp ended: was its last packet, and only that, marked?"""
        if self._marked and self._trust >= 0:
            self._trust += 1
        elif not self._marked:
            self._trust = -1 if self._trust < 0 else 0

    def distrust_marker(self) -> None:
        self._trust = -1

    # -- NAL units ---------------------------------------------------------------------------------------------------

    def _starts_unit(self, kind: int, first_slice: bool) -> None:
        """Before a NAL unit of that kind: ends the access unit in progress if this one can only begin the next.

        Only a picture's first slice can: GStreamer repeats parameter sets before each slice of a picture.
        """
        if not self._vcl or not self._is_vcl(kind):
            return
        if first_slice:
            if self._marked and self._trust >= 0:
                self._trust += 1
            self._finish()
        elif self._marked:
            self.distrust_marker()  # a marked packet in mid picture

    @abstractmethod
    def _is_vcl(self, kind: int) -> bool: ...

    @abstractmethod
    def _is_dropped(self, kind: int) -> bool: ...

    def _whole(self, begin: int, stop: int, kind: int, first_slice: bool) -> None:
        """A NAL unit that lies whole in `buffer[begin:stop]`."""
        self._starts_unit(kind, first_slice)
        if kind in self.set_kinds:
            self._keep_set(kind, bytes(self.view[begin:stop]))
            return
        if self._is_dropped(kind):
            return
        if self._is_vcl(kind):
            self._note_vcl(kind, begin, first_slice)
        self._chunks.append((stop - begin).to_bytes(4, "big"))
        self._chunks.append(self.view[begin:stop])
        self._size += 4 + stop - begin

    def _note_vcl(self, kind: int, begin: int, first_slice: bool) -> None:
        if not self._vcl:
            self._vcl, self._headless = True, not first_slice
        if self._is_key(kind) or (self._new_sets and begin >= 0 and self._may_be_joined(kind, begin)):
            self._key = True

    def _may_be_joined(self, kind: int, begin: int) -> bool:
        """Whether a slice that is no key frame by its type, but came with parameter sets, may be decoded from."""
        return False

    def _keep_set(self, kind: int, nal: bytes) -> None:
        if kind in self.set_kinds and 3 < len(nal) <= MAX_SET_BYTES:
            kept = self._new_sets.setdefault(kind, [])
            if nal not in kept:
                kept.append(nal)
                del kept[:-MAX_SETS]

    @property
    def in_fragments(self) -> bool:
        """A fragmented NAL unit is in progress."""
        return self._in_nal

    def _open_fu(self, kind: int, header: bytes, first_slice: bool, middle: bytes = b"") -> None:
        """A fragmented NAL unit starts; its length is written when it has ended."""
        if self._in_nal:
            self._damage("a fragment without its end")
        self._starts_unit(kind, first_slice)
        self._in_nal, self._fu_kind, self._fu_header = True, kind, header
        self._fu_at, self._fu_bytes, self._fu_settled, self._fu_middle = len(self._chunks), len(header), 0, middle
        self._chunks.append(b"")
        if self._is_vcl(kind):
            self._note_vcl(kind, -1, first_slice)

    def _close_fu(self) -> None:
        self._in_nal = False
        if self._fu_kind in self.set_kinds or self._is_dropped(self._fu_kind):
            nal = self._fu_header + b"".join(self._chunks[self._fu_at + 1 :])
            del self._chunks[self._fu_at :]
            self._keep_set(self._fu_kind, nal)
            return
        self._chunks[self._fu_at] = self._fu_bytes.to_bytes(4, "big") + self._fu_header
        self._size += 4 + self._fu_bytes

    # -- access units ------------------------------------------------------------------------------------------------

    def _clear(self) -> None:
        self._chunks = []
        self._size = 0
        self._vcl = self._headless = self._key = self._in_nal = self._marked = False
        self._fu_kind = self._fu_at = self._fu_bytes = self._fu_settled = 0
        self._fu_header = self._fu_middle = b""

    def _damage(self, detail: str) -> None:
        """Something is missing: nothing is delivered until the next key frame."""
        self.damaged += 1
        if not self._skipping:
            self.out.append(Break(GapReason.STREAM_DAMAGED, detail=detail))
            self._reorder = Reorder(self._reorder.depth)
        self._skipping = True
        self._clear()
        self._ts = -1
        self._broken = True

    def _finish(self) -> None:
        """The access unit is complete: deliver it, or pass it over until a key frame comes."""
        if self._in_nal or self._headless or self._size > MAX_UNIT_BYTES:
            if self._headless:
                self.distrust_marker()
            self._damage("a picture without its end" if self._in_nal else "a picture without its start")
            return
        chunks, size, key = self._chunks, self._size, self._key
        self._clear()
        pts = self.line.pts(self._ts, self.now_s)
        self._broken = False
        if key and not self._take_format():
            return
        if self._skipping:
            if not key or self._format is None:
                return
            self._skipping = False
        self.frames += 1
        dts = self._reorder.dts(pts, self.line.frame_90k)
        self.out.append(Sample(key, pts, dts, size, chunks))

    def _take_format(self) -> bool:
        """Puts new parameter sets in force at a key frame; false when they make no picture."""
        if not self._new_sets and self._format is not None:
            return True
        merged = {**self._known_sets, **self._new_sets}
        try:
            fmt = video_format(self.codec, [nal for kind in self.set_kinds for nal in merged.get(kind, ())])
        except ParameterSetError:
            return self._format is not None
        self._known_sets, self._new_sets = merged, {}
        if self._format is None or fmt.parameter_sets != self._format.parameter_sets:
            self._reorder = Reorder(fmt.reorder_depth)
            self._format = replace(fmt, fps_nominal=fmt.fps_nominal or 90_000 / self.line.frame_90k)
            self.out.append(FormatChange(StreamFormat(self._format, self.audio_format)))
        return True

    def settle(self) -> None:
        """Copies the pieces of the unit in progress out of the receive buffer, which is about to be used again."""
        chunks = self._chunks
        if not chunks:
            return
        if self._size + (self._fu_bytes if self._in_nal else 0) > MAX_UNIT_BYTES:
            self._damage("a picture of impossible size")
        elif self._in_nal:
            fresh = self._fu_at + 1 + self._fu_settled
            tail = [*chunks[self._fu_at + 1 : fresh], *([b"".join(chunks[fresh:])] if fresh < len(chunks) else [])]
            self._chunks, self._fu_at, self._fu_settled = [b"".join(chunks[: self._fu_at]), b"", *tail], 1, len(tail)
        else:
            self._chunks = [b"".join(chunks)]

    def flush(self) -> None:
        """The stream has ended: what is complete is delivered."""
        if self._vcl and not self._in_nal:
            self._finish()
