"""H.265 over RTP: single NAL units, AP, FU (RFC 7798 §4.4). DONL fields are not asked for and not expected."""

from __future__ import annotations

from luytre.media.source.depacket import MAX_AGGREGATED, Depacketizer
from luytre.media.unit import Buffer

VPS, SPS, PPS, AUD, EOS, EOB, FILLER = 32, 33, 34, 35, 36, 37, 38
AP, FU = 48, 49


class H265Depacketizer(Depacketizer):
    codec = "h265"
    set_kinds = (VPS, SPS, PPS)

    def payload(self, begin: int, stop: int) -> None:
        if stop - begin < 3:
            return
        buffer = self.buffer
        kind = (buffer[begin] >> 1) & 63
        if kind == FU:
            fu = buffer[begin + 2]
            if fu & 0x80:
                inner = fu & 63
                header = bytes((buffer[begin] & 0x81 | inner << 1, buffer[begin + 1]))
                first = inner < 32 and stop - begin > 3 and buffer[begin + 3] & 0x80 != 0
                self._open_fu(inner, header, first, bytes((buffer[begin], buffer[begin + 1], inner)))
            elif not self._in_nal:
                if not self._broken:
                    self._damage("a fragment without its start")
                return
            self._chunks.append(self.view[begin + 3 : stop])
            self._fu_bytes += stop - begin - 3
            if fu & 0x40:
                self._close_fu()
        elif kind < AP:
            self._single(begin, stop)
        elif kind == AP:
            self._aggregate(begin + 2, stop)

    def _single(self, begin: int, stop: int) -> None:
        if self._in_nal:
            self._damage("a fragment without its end")
        kind = (self.buffer[begin] >> 1) & 63
        first = kind < 32 and stop - begin > 2 and self.buffer[begin + 2] & 0x80 != 0
        self._whole(begin, stop, kind, first)

    def _aggregate(self, at: int, stop: int) -> None:
        count = 0
        while at + 2 < stop:
            size = self.buffer[at] << 8 | self.buffer[at + 1]
            count += 1
            if size < 2 or at + 2 + size > stop or count > MAX_AGGREGATED:
                self._damage("an aggregate cut short")
                return
            self._single(at + 2, at + 2 + size)
            at += 2 + size

    def _kind_of(self, nal: Buffer) -> int:
        return (nal[0] >> 1) & 63

    def _is_key(self, kind: int) -> bool:
        return 16 <= kind <= 21

    def _is_vcl(self, kind: int) -> bool:
        return kind < 32

    def _is_dropped(self, kind: int) -> bool:
        return kind in (AUD, EOS, EOB, FILLER) or kind > 47
