"""What a segment file is made of: `ftyp moov uuid(header) { prft moof mdat }* uuid(seal)`.

The header says whose footage it is, where it stands in its run, and which holes lie before the run; the seal closes the
file: the SHA-256 of every byte before it, totals, and the GOP table. Both are JSON in `uuid` boxes (ISO/IEC 14496-12
§11.1), so that the index can be made again from the files alone, reading only the two ends of each. The seal's last
8 bytes are its own size and a magic, so that it is found from the file's end.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import dataclass
from typing import Any

from luytre.base.errors import GapReason
from luytre.media.archive.gops import GopTable, decode_gops
from luytre.media.archive.values import Gap, Gop
from luytre.media.fragment import BoxError, iter_boxes, uuid_box, walk_fragments

HEADER_TYPE = bytes.fromhex("6c75797472654801 8d9e3f5a0c41b7e2")
SEAL_TYPE = bytes.fromhex("6c75797472655301 8d9e3f5a0c41b7e2")
FORMAT = 1
_TRAILER = struct.Struct(">I4s")
_TRAILER_MAGIC = b"LtS1"
_HEAD_READ_BYTES = 64 << 10
_SEAL_MAX_BYTES = 1 << 20
_HASH_CHUNK_BYTES = 1 << 20


class NotASegment(ValueError):
    """The file is not one of ours, or its beginning is torn."""


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    archive_id: str
    camera: str
    stream: str
    run_key: str
    seq: int
    start_utc_90k: int
    start_dts_90k: int
    codec: str
    width_px: int
    height_px: int
    mime: str
    gaps: tuple[Gap, ...] = ()
    """The holes between the stream's previous run and this one (only in a run's first segment)."""


@dataclass(frozen=True, slots=True)
class Seal:
    sha256: bytes
    sealed_bytes: int
    """Everything before the seal."""
    samples: int
    end_utc_90k: int
    end_dts_90k: int
    gops: bytes
    end_reason: GapReason | None
    """Why nothing follows in the run; None in a run's segment that is not its last."""


def encode_header(header: SegmentHeader) -> bytes:
    fields = {
        "format": FORMAT,
        "archive": header.archive_id,
        "camera": header.camera,
        "stream": header.stream,
        "run": header.run_key,
        "seq": header.seq,
        "start_utc_90k": header.start_utc_90k,
        "start_dts_90k": header.start_dts_90k,
        "codec": header.codec,
        "width_px": header.width_px,
        "height_px": header.height_px,
        "mime": header.mime,
        "gaps": [[gap.from_utc_90k, gap.to_utc_90k, gap.reason] for gap in header.gaps],
    }
    return uuid_box(HEADER_TYPE, json.dumps(fields, ensure_ascii=False).encode())


def _reason(text: str) -> GapReason:
    """A code that a later version may have written is still a gap."""
    return GapReason(text) if text in GapReason.__members__.values() else GapReason.UNKNOWN


def decode_header(payload: bytes) -> SegmentHeader:
    """NotASegment on anything that `encode_header` did not write."""
    try:
        fields: dict[str, Any] = json.loads(payload)
        return SegmentHeader(
            archive_id=str(fields["archive"]),
            camera=str(fields["camera"]),
            stream=str(fields["stream"]),
            run_key=str(fields["run"]),
            seq=int(fields["seq"]),
            start_utc_90k=int(fields["start_utc_90k"]),
            start_dts_90k=int(fields["start_dts_90k"]),
            codec=str(fields["codec"]),
            width_px=int(fields["width_px"]),
            height_px=int(fields["height_px"]),
            mime=str(fields["mime"]),
            gaps=tuple(Gap(int(start), int(end), _reason(reason)) for start, end, reason in fields["gaps"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotASegment(f"a header that cannot be read: {error}") from error


def encode_seal(seal: Seal) -> bytes:
    fields = {
        "sha256": seal.sha256.hex(),
        "bytes": seal.sealed_bytes,
        "samples": seal.samples,
        "end_utc_90k": seal.end_utc_90k,
        "end_dts_90k": seal.end_dts_90k,
        "gops": seal.gops.hex(),
        "end_reason": seal.end_reason,
    }
    payload = json.dumps(fields).encode()
    size = 8 + 16 + len(payload) + _TRAILER.size
    return uuid_box(SEAL_TYPE, payload + _TRAILER.pack(size, _TRAILER_MAGIC))


def decode_seal(box: bytes) -> Seal | None:
    """The seal that `box` is, from its first byte to its last; None if it is none."""
    if len(box) < 24 + _TRAILER.size or box[4:8] != b"uuid" or box[8:24] != SEAL_TYPE:
        return None
    try:
        fields: dict[str, Any] = json.loads(box[24 : -_TRAILER.size])
        reason = fields["end_reason"]
        return Seal(
            sha256=bytes.fromhex(fields["sha256"]),
            sealed_bytes=int(fields["bytes"]),
            samples=int(fields["samples"]),
            end_utc_90k=int(fields["end_utc_90k"]),
            end_dts_90k=int(fields["end_dts_90k"]),
            gops=bytes.fromhex(fields["gops"]),
            end_reason=None if reason is None else _reason(reason),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class SegmentHead:
    """The beginning of a segment file."""

    header: SegmentHeader
    init_bytes: int
    media_offset_bytes: int


def read_head(fd: int) -> SegmentHead:
    """NotASegment if the file does not begin as a segment of ours."""
    data = os.pread(fd, _HEAD_READ_BYTES, 0)
    init_bytes = 0
    try:
        for box in iter_boxes(data):
            if box.kind == b"moov":
                init_bytes = box.end_bytes
            elif box.kind == b"uuid" and init_bytes:
                if data[box.payload_offset_bytes : box.payload_offset_bytes + 16] != HEADER_TYPE:
                    break
                header = decode_header(data[box.payload_offset_bytes + 16 : box.end_bytes])
                return SegmentHead(header, init_bytes, box.end_bytes)
            elif box.kind != b"ftyp":
                break
    except BoxError as error:
        raise NotASegment(f"its beginning is torn: {error}") from error
    raise NotASegment("its beginning is not that of a segment")


def read_seal(fd: int, size_bytes: int) -> Seal | None:
    """The seal at the file's end; None if there is none that fits the file's size."""
    trailer = os.pread(fd, _TRAILER.size, max(0, size_bytes - _TRAILER.size))
    if len(trailer) < _TRAILER.size:
        return None
    seal_bytes, magic = _TRAILER.unpack(trailer)
    if magic != _TRAILER_MAGIC or seal_bytes > min(_SEAL_MAX_BYTES, size_bytes):
        return None
    seal = decode_seal(os.pread(fd, seal_bytes, size_bytes - seal_bytes))
    return seal if seal is not None and seal.sealed_bytes == size_bytes - seal_bytes else None


@dataclass(frozen=True, slots=True)
class Extent:
    """Whole fragments of a segment: what can be kept of a file whose end is not known to be good."""

    end_bytes: int
    """Where the last whole fragment ends."""
    samples: int
    end_utc_90k: int
    end_dts_90k: int
    gops: bytes

    def table(self, header: SegmentHeader) -> tuple[Gop, ...]:
        return decode_gops(self.gops, header.start_dts_90k, header.start_utc_90k)


def measure(fd: int, head: SegmentHead, size_bytes: int) -> Extent:
    """Walks the fragments from the file's first; what is torn, or does not continue the run, ends the walk."""
    header = head.header
    table = GopTable(header.start_dts_90k, header.start_utc_90k)
    end, samples = head.media_offset_bytes, 0
    end_utc, end_dts, last_dts = header.start_utc_90k, header.start_dts_90k, header.start_dts_90k - 1
    for fragment in walk_fragments(fd, head.media_offset_bytes, size_bytes):
        first = end == head.media_offset_bytes
        if fragment.dts_90k <= last_dts or (first and not fragment.starts_gop):
            break
        if fragment.starts_gop:
            table.append(fragment.offset_bytes, fragment.dts_90k, fragment.start_utc_90k)
        last_dts = fragment.dts_90k
        end = fragment.offset_bytes + fragment.size_bytes
        samples += fragment.sample_count
        end_utc, end_dts = fragment.start_utc_90k + fragment.duration_90k, last_dts + fragment.duration_90k
    return Extent(end, samples, end_utc, end_dts, bytes(table.blob))


def hash_file(fd: int, size_bytes: int) -> bytes:
    """SHA-256 of the first `size_bytes`."""
    digest, at = hashlib.sha256(), 0
    while at < size_bytes:
        chunk = os.pread(fd, min(_HASH_CHUNK_BYTES, size_bytes - at), at)
        if not chunk:
            break
        digest.update(chunk)
        at += len(chunk)
    return digest.digest()
