"""H.264 over RTP: single NAL units, STAP-A/B, FU-A/B (RFC 6184 §5.6–§5.8)."""

from __future__ import annotations

from luytre.media.source.depacket import MAX_AGGREGATED, Depacketizer
from luytre.media.unit import Buffer
from luytre.media.unit.parameter_sets import Bits, ParameterSetError

IDR, SPS, PPS, AUD, FILLER = 5, 7, 8, 9, 12
STAP_A, STAP_B, FU_A, FU_B = 24, 25, 28, 29


class H264Depacketizer(Depacketizer):
    codec = "h264"
    set_kinds = (SPS, PPS)

    def payload(self, begin: int, stop: int) -> None:
        buffer = self.buffer
        head = buffer[begin]
        kind = head & 31
        if kind in (FU_A, FU_B):
            skip = 2 if kind == FU_A else 4
            if stop - begin <= skip:
                return
            fu = buffer[begin + 1]
            if fu & 0x80:
                inner = fu & 31
                first = inner in (1, 5) and buffer[begin + skip] & 0x80 != 0
                middle = bytes((head, inner)) if kind == FU_A else b""
                self._open_fu(inner, bytes((head & 0xE0 | inner,)), first, middle)
            elif not self._in_nal:
                if not self._broken:
                    self._damage("a fragment without its start")
                return
            self._chunks.append(self.view[begin + skip : stop])
            self._fu_bytes += stop - begin - skip
            if fu & 0x40:
                self._close_fu()
        elif 0 < kind < STAP_A:
            self._single(begin, stop)
        elif kind in (STAP_A, STAP_B):
            self._aggregate(begin + (1 if kind == STAP_A else 3), stop)

    def _single(self, begin: int, stop: int) -> None:
        if self._in_nal:
            self._damage("a fragment without its end")
        kind = self.buffer[begin] & 31
        first = kind in (1, 5) and stop - begin > 1 and self.buffer[begin + 1] & 0x80 != 0
        self._whole(begin, stop, kind, first)

    def _aggregate(self, at: int, stop: int) -> None:
        count = 0
        while at + 2 < stop:
            size = self.buffer[at] << 8 | self.buffer[at + 1]
            count += 1
            if size == 0 or at + 2 + size > stop or count > MAX_AGGREGATED:
                self._damage("an aggregate cut short")
                return
            self._single(at + 2, at + 2 + size)
            at += 2 + size

    def _kind_of(self, nal: Buffer) -> int:
        return nal[0] & 31

    def _is_key(self, kind: int) -> bool:
        return kind == IDR

    def _is_vcl(self, kind: int) -> bool:
        return 1 <= kind <= 5

    def _is_dropped(self, kind: int) -> bool:
        return kind in (AUD, FILLER) or kind in (10, 11) or kind > 23 or kind == 0

    def _may_be_joined(self, kind: int, begin: int) -> bool:
        return kind == 1 and SPS in self._new_sets and _is_intra(bytes(self.view[begin + 1 : begin + 9]))


def _is_intra(slice_head: bytes) -> bool:
    """Whether a slice is of type I: cameras without IDR frames send parameter sets before an I frame that can be joined at."""
    bits = Bits(slice_head)
    try:
        return bits.ue() == 0 and bits.ue() % 5 == 2
    except ParameterSetError:
        return False
