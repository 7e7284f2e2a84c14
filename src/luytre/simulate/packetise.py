"""Access units to RTP payloads: H.264 (RFC 6184), H.265 (RFC 7798), AAC (RFC 3640). Pure functions.

Small NAL units that follow one another are put together (STAP-A, AP) where `aggregate` asks for it; large ones are cut
(FU-A, FU); the rest travel alone. RTP headers are not made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from luytre.simulate.units import AccessUnit, Codec, is_vcl

STAP_A, FU_A = 24, 28
H265_AP, H265_FU = 48, 49
DEFAULT_PAYLOAD_BYTES = 1400


@dataclass(frozen=True, slots=True)
class Payload:
    """What follows an RTP header. The flags let marker quirks be chosen later."""

    data: bytes
    ends_nal: bool
    ends_slice: bool
    ends_unit: bool


def packetise(
    unit: AccessUnit, in_band: Sequence[bytes] = (), *, limit_bytes: int = DEFAULT_PAYLOAD_BYTES, aggregate: bool = True
) -> list[Payload]:
    """The payloads of one access unit; `in_band` (parameter sets) goes before its own NAL units."""
    nals = [*in_band, *unit.nals]
    groups = list(_groups(unit.codec, nals, limit_bytes, aggregate))
    payloads: list[Payload] = []
    for index, group in enumerate(groups):
        last_group = index == len(groups) - 1
        parts = list(_group_payloads(unit.codec, group, limit_bytes))
        ends_slice = is_vcl(unit.codec, group[-1])
        for part_index, part in enumerate(parts):
            last = part_index == len(parts) - 1
            payloads.append(Payload(part, last, last and ends_slice, last and last_group))
    return payloads


def _groups(codec: Codec, nals: Sequence[bytes], limit_bytes: int, aggregate: bool) -> Iterator[list[bytes]]:
    """NAL units that share a packet: several small ones in a row, else one."""
    group: list[bytes] = []
    header_bytes = 1 if codec == "h264" else 2
    size_bytes = header_bytes
    for nal in nals:
        if group and (not aggregate or size_bytes + 2 + len(nal) > limit_bytes):
            yield group
            group, size_bytes = [], header_bytes
        group.append(nal)
        size_bytes += 2 + len(nal)
    if group:
        yield group


def _group_payloads(codec: Codec, group: list[bytes], limit_bytes: int) -> Iterable[bytes]:
    if len(group) > 1:
        return [aggregation_packet(codec, group)]
    if len(group[0]) <= limit_bytes:
        return group
    return fragmentation_units(codec, group[0], limit_bytes)


def aggregation_packet(codec: Codec, nals: Sequence[bytes]) -> bytes:
    """STAP-A (RFC 6184 §5.7.1) or AP (RFC 7798 §4.4.2): each NAL unit behind its size in 2 bytes."""
    body = b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)
    if codec == "h264":
        reference = max(nal[0] & 0x60 for nal in nals)
        forbidden = max(nal[0] & 0x80 for nal in nals)
        return bytes((forbidden | reference | STAP_A,)) + body
    layer = min((nal[0] & 1) << 5 | nal[1] >> 3 for nal in nals)
    temporal = min(nal[1] & 7 for nal in nals)
    return bytes((H265_AP << 1 | layer >> 5, (layer & 0x1F) << 3 | temporal)) + body


def fragmentation_units(codec: Codec, nal: bytes, limit_bytes: int) -> Iterator[bytes]:
    """FU-A (RFC 6184 §5.8) or FU (RFC 7798 §4.4.3). A NAL unit is never sent as one single fragment."""
    if codec == "h264":
        skip, kind = 1, nal[0] & 0x1F
        indicator = bytes((nal[0] & 0xE0 | FU_A,))
    else:
        skip, kind = 2, nal[0] >> 1 & 0x3F
        indicator = bytes((nal[0] & 0x81 | H265_FU << 1, nal[1]))
    room = limit_bytes - len(indicator) - 1
    if room < 1 or len(nal) - skip <= room:
        raise ValueError("the NAL unit fits into one packet, or the limit is too small")
    for start in range(skip, len(nal), room):
        piece = nal[start : start + room]
        flags = (0x80 if start == skip else 0) | (0x40 if start + room >= len(nal) else 0)
        yield indicator + bytes((flags | kind,)) + piece


def aac_payload(frame: bytes) -> bytes:
    """One AAC frame in AAC-hbr mode: AU-headers-length 16, then size (13 bits) and index (3 bits) (RFC 3640 §3.3.6)."""
    if len(frame) >= 1 << 13:
        raise ValueError("an AAC frame beyond 8191 bytes")
    return b"\x00\x10" + (len(frame) << 3).to_bytes(2, "big") + frame
