"""The GOP table of a segment as a compact blob: per GOP the offset in the file, the time on the run's line, and UTC.

Varints (LEB128) of differences; about 8 bytes a GOP. Offsets and line times rise strictly, so their differences are
positive; UTC's difference is kept relative to the line's (zigzag), nearly always 0.
"""

from __future__ import annotations

from luytre.media.archive.values import Gop


def _put(blob: bytearray, value: int) -> None:
    while value > 0x7F:
        blob.append(value & 0x7F | 0x80)
        value >>= 7
    blob.append(value)


class GopTable:
    """Grows with a segment; `blob` is always what would be stored now."""

    __slots__ = ("_dts", "_offset", "_utc", "blob")

    def __init__(self, start_dts_90k: int, start_utc_90k: int) -> None:
        self.blob = bytearray()
        self._offset, self._dts, self._utc = 0, start_dts_90k, start_utc_90k

    def append(self, offset_bytes: int, dts_90k: int, utc_90k: int) -> None:
        """ValueError if offset or line time go backwards."""
        step = dts_90k - self._dts
        if offset_bytes < self._offset or step < 0:
            raise ValueError("a GOP before the one before it")
        slew = utc_90k - self._utc - step
        _put(self.blob, offset_bytes - self._offset)
        _put(self.blob, step)
        _put(self.blob, slew << 1 if slew >= 0 else (-slew << 1) - 1)
        self._offset, self._dts, self._utc = offset_bytes, dts_90k, utc_90k


def decode_gops(blob: bytes, start_dts_90k: int, start_utc_90k: int) -> tuple[Gop, ...]:
    """The table back. ValueError where the blob ends in the middle of an entry."""
    numbers: list[int] = []
    value = shift = 0
    for byte in blob:
        value |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            numbers.append(value)
            value = shift = 0
    if shift or len(numbers) % 3:
        raise ValueError("a GOP table that is cut off")
    gops: list[Gop] = []
    offset, dts, utc = 0, start_dts_90k, start_utc_90k
    for at in range(0, len(numbers), 3):
        step, slew = numbers[at + 1], numbers[at + 2]
        offset += numbers[at]
        dts += step
        utc += step + (-(slew + 1 >> 1) if slew & 1 else slew >> 1)
        gops.append(Gop(offset, dts, utc))
    return tuple(gops)
