"""RTP payloads back to NAL units, written from the RFCs by themselves: shares nothing with what it judges."""

from __future__ import annotations


def h264_nals(payloads: list[bytes]) -> list[bytes]:
    """RFC 6184: single NAL unit (1-23), STAP-A (24), FU-A (28). ValueError on anything a receiver may not accept."""
    nals: list[bytes] = []
    pieces: bytearray | None = None
    for payload in payloads:
        kind = payload[0] & 0x1F
        if pieces is not None and kind != 28:
            raise ValueError("a fragmented NAL unit is interrupted")
        if kind == 24:
            nals += _sized(payload[1:])
        elif kind == 28:
            start, end, kind_inside = payload[1] & 0x80, payload[1] & 0x40, payload[1] & 0x1F
            if bool(start) == (pieces is not None) or (start and end):
                raise ValueError("start and end bits do not fit")
            if start:
                pieces = bytearray((payload[0] & 0xE0 | kind_inside,))
            assert pieces is not None
            pieces += payload[2:]
            if end:
                nals.append(bytes(pieces))
                pieces = None
        else:
            nals.append(payload)
    if pieces is not None:
        raise ValueError("the last fragment is missing")
    return nals


def h265_nals(payloads: list[bytes]) -> list[bytes]:
    """RFC 7798: single NAL unit, AP (48), FU (49), without DONL."""
    nals: list[bytes] = []
    pieces: bytearray | None = None
    for payload in payloads:
        kind = payload[0] >> 1 & 0x3F
        if pieces is not None and kind != 49:
            raise ValueError("a fragmented NAL unit is interrupted")
        if kind == 48:
            nals += _sized(payload[2:])
        elif kind == 49:
            start, end, kind_inside = payload[2] & 0x80, payload[2] & 0x40, payload[2] & 0x3F
            if bool(start) == (pieces is not None) or (start and end):
                raise ValueError("start and end bits do not fit")
            if start:
                pieces = bytearray((payload[0] & 0x81 | kind_inside << 1, payload[1]))
            assert pieces is not None
            pieces += payload[3:]
            if end:
                nals.append(bytes(pieces))
                pieces = None
        else:
            nals.append(payload)
    if pieces is not None:
        raise ValueError("the last fragment is missing")
    return nals


def _sized(data: bytes) -> list[bytes]:
    found = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        if size == 0 or at + 2 + size > len(data):
            raise ValueError("an aggregated size does not fit")
        found.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return found
