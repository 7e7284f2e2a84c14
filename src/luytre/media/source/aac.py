"""AAC over RTP in its high bit rate mode (RFC 3640 §3.3.6): access units behind a table of 16-bit headers."""

from __future__ import annotations

from luytre.media.unit import Item, Sample

MAX_UNIT_BYTES = 65_536


class AacDepacketizer:
    """One sound track; times on a line of its own in samples, first unit at 0. Fragmented units are put together."""

    def __init__(self, buffer: bytearray, *, unit_samples: int = 1024) -> None:
        self.view = memoryview(buffer)
        self.out: list[Item] = []
        self._unit_samples = unit_samples
        self._first_ts: int | None = None
        self._line = 0
        self._last_ts = 0
        self._expected = -1
        self._partial = b""

    def packet(self, begin: int, stop: int, seq: int, ts: int) -> None:
        if self._expected >= 0 and seq != self._expected:
            self._partial = b""
        self._expected = (seq + 1) & 0xFFFF
        if stop - begin < 4:
            return
        header_bytes = ((self.view[begin] << 8 | self.view[begin + 1]) + 7) // 8
        at = begin + 2 + header_bytes
        sizes = [
            (self.view[i] << 8 | self.view[i + 1]) >> 3 for i in range(begin + 2, min(begin + 2 + header_bytes, stop) - 1, 2)
        ]
        if at > stop or not sizes:
            return
        line = self._unwrap(ts)
        if len(sizes) == 1 and sizes[0] > stop - at:
            self._collect(bytes(self.view[at:stop]), sizes[0], line)
            return
        self._partial = b""
        for index, size in enumerate(sizes):
            if size == 0 or at + size > stop:
                return
            self._emit(bytes(self.view[at : at + size]), line + index * self._unit_samples)
            at += size

    def _unwrap(self, ts: int) -> int:
        if self._first_ts is None:
            self._first_ts = self._last_ts = ts
        self._line += ((ts - self._last_ts + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        self._last_ts = ts
        return self._line

    def _collect(self, piece: bytes, size: int, line: int) -> None:
        self._partial += piece
        if len(self._partial) >= size:
            self._emit(self._partial[:size], line)
            self._partial = b""

    def _emit(self, unit: bytes, line: int) -> None:
        if len(unit) <= MAX_UNIT_BYTES:
            self.out.append(Sample(True, line, line, len(unit), (unit,), True))
