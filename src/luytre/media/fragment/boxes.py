"""Boxes as such (ISO/IEC 14496-12 §4.2): size, type, payload; 64-bit sizes and `uuid` types understood."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from luytre.media.unit import Buffer

_HEAD = struct.Struct(">I4s")


class BoxError(ValueError):
    """The bytes are not the box that was expected at this place."""


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    offset_bytes: int
    """Of the box's first byte in the buffer."""
    payload_offset_bytes: int
    end_bytes: int


def box(kind: bytes, *payload: Buffer) -> bytes:
    body = b"".join(payload)
    return _HEAD.pack(8 + len(body), kind) + body


def full_box(kind: bytes, version: int, flags: int, *payload: Buffer) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)


def uuid_box(usertype: bytes, payload: bytes) -> bytes:
    """A `uuid` box; `usertype` is its 16-byte extended type."""
    if len(usertype) != 16:
        raise ValueError("an extended type has 16 bytes")
    return box(b"uuid", usertype, payload)


def iter_boxes(buffer: Buffer, start_bytes: int = 0, end_bytes: int | None = None) -> Iterator[Box]:
    """Boxes of one level between the offsets. Raises BoxError where a size cannot be."""
    end = len(buffer) if end_bytes is None else end_bytes
    at = start_bytes
    while at < end:
        if end - at < 8:
            raise BoxError("a box header is cut off")
        size, kind = _HEAD.unpack_from(buffer, at)
        head = 8
        if size == 1:
            if end - at < 16:
                raise BoxError("a box header is cut off")
            size, head = int.from_bytes(buffer[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise BoxError(f"box {kind!r} says {size} bytes where {end - at} are left")
        yield Box(kind, at, at + head, at + size)
        at += size


def find(buffer: Buffer, path: tuple[bytes, ...], start_bytes: int = 0, end_bytes: int | None = None) -> Box:
    """The first box at the path (`(b"moov", b"trak")`); BoxError if there is none."""
    for found in iter_boxes(buffer, start_bytes, end_bytes):
        if found.kind == path[0]:
            if len(path) == 1:
                return found
            return find(buffer, path[1:], found.payload_offset_bytes, found.end_bytes)
    raise BoxError(f"no box {path[0]!r}")
