"""The one way a package is a zip (APPNOTE 6.3.10): stored, one after the other from the first byte on, nothing between or after.

Every header is a function of an entry's name, size, check sum, place and moment. So a reader makes each header again and
compares it byte by byte: whatever else a zip could say (compression, comments, other tools' fields) is a fault.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from luytre.base.i18n import N_

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_LIMIT = 0xFFFFFFFF
_MODE = 0o100644 << 16
MOST_ENTRIES = 500
_DIRECTORY_BYTES = 1 << 20
_LOOK_BYTES = 64 << 10

WRONG_END = N_("the file is cut short, or something stands after its end")
WRONG_DIRECTORY = N_("the zip's table of contents was changed")
WRONG_HEADER = N_("the zip's headers of this file contradict each other, or are not as a package has them")
WRONG_PLACE = N_("bytes that belong to no file stand before this one, or it lies over another")


class NotAPackage(ValueError):
    """The file is no evidence package, not even a damaged one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the zip. `moment`: DOS date and time, as two numbers of 16 bits in one."""

    name: str
    size_bytes: int
    crc: int
    offset_bytes: int
    moment: int

    @property
    def data_offset_bytes(self) -> int:
        return self.offset_bytes + len(local_header(self))

    @property
    def end_bytes(self) -> int:
        return self.data_offset_bytes + self.size_bytes


def dos_moment(at: datetime) -> int:
    """As a zip has it: local time in steps of two seconds, from 1980 on."""
    date = max(at.year - 1980, 0) << 9 | at.month << 5 | at.day
    return date << 16 | at.hour << 11 | at.minute << 5 | at.second // 2


def _extra(*values: int) -> bytes:
    """The extended information of ZIP64 (APPNOTE 4.5.3), for what does not fit 32 bits."""
    return struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""


def local_header(entry: Entry) -> bytes:
    large = entry.size_bytes >= _LIMIT
    extra = _extra(entry.size_bytes, entry.size_bytes) if large else b""
    size = _LIMIT if large else entry.size_bytes
    name = entry.name.encode()
    time, date = entry.moment & 0xFFFF, entry.moment >> 16
    version = 45 if extra else 20
    head = _LOCAL.pack(b"PK\x03\x04", version, 0x800, 0, time, date, entry.crc, size, size, len(name), len(extra))
    return head + name + extra


def central_header(entry: Entry) -> bytes:
    large = entry.size_bytes >= _LIMIT
    sizes = (entry.size_bytes, entry.size_bytes) if large else ()
    extra = _extra(*sizes, *((entry.offset_bytes,) if entry.offset_bytes >= _LIMIT else ()))
    size, name = min(entry.size_bytes, _LIMIT), entry.name.encode()
    version, time, date = 45 if extra else 20, entry.moment & 0xFFFF, entry.moment >> 16
    head = _CENTRAL.pack(
        b"PK\x01\x02", 3 << 8 | 45, version, 0x800, 0, time, date, entry.crc, size, size, len(name), len(extra), 0, 0, 0, _MODE,
        min(entry.offset_bytes, _LIMIT),
    )  # fmt: skip
    return head + name + extra


def end_records(count: int, offset_bytes: int, size_bytes: int) -> bytes:
    """What closes a zip whose central directory begins at `offset_bytes`."""
    tail = b""
    if offset_bytes >= _LIMIT:
        tail = _END_64.pack(b"PK\x06\x06", 44, 3 << 8 | 45, 45, 0, 0, count, count, size_bytes, offset_bytes)
        tail += _LOCATOR.pack(b"PK\x06\x07", 0, offset_bytes + size_bytes, 1)
    return tail + _END.pack(b"PK\x05\x06", 0, 0, count, count, size_bytes, min(offset_bytes, _LIMIT), 0)


def directory(entries: list[Entry], offset_bytes: int) -> bytes:
    """All that stands after the last file."""
    central = b"".join(central_header(entry) for entry in entries)
    return central + end_records(len(entries), offset_bytes, len(central))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a zip holds; `faults` as (name or nothing, message id). Entries whose bytes lie outside the file are left out."""

    entries: tuple[Entry, ...]
    faults: tuple[tuple[str, str], ...]


def read_contents(file: BinaryIO, size_bytes: int) -> Contents:
    """Errors: NotAPackage, OSError."""
    if not _looks_like_one(file, size_bytes):
        raise NotAPackage
    found = _directory_place(file, size_bytes)
    if found is None:
        return Contents((), (("", WRONG_END),))
    count, offset, size = found
    file.seek(offset)
    raw = file.read(size)
    entries, faults = _read_directory(raw, count)
    if end_records(count, offset, size) != _read_at(file, offset + size, size_bytes - offset - size):
        faults.append(("", WRONG_END))
    expected, kept = 0, []
    for entry in entries:
        if entry.offset_bytes != expected:
            faults.append((entry.name, WRONG_PLACE))
        header = local_header(entry)
        if entry.offset_bytes + len(header) + entry.size_bytes > offset:
            faults.append((entry.name, WRONG_HEADER))
            continue
        if _read_at(file, entry.offset_bytes, len(header)) != header:
            faults.append((entry.name, WRONG_HEADER))
        expected = entry.end_bytes
        kept.append(entry)
    if expected != offset and not faults:
        faults.append(("", WRONG_PLACE))
    return Contents(tuple(kept), tuple(dict.fromkeys(faults)))


def _read_at(file: BinaryIO, offset_bytes: int, size_bytes: int) -> bytes:
    file.seek(offset_bytes)
    return file.read(size_bytes)


def _looks_like_one(file: BinaryIO, size_bytes: int) -> bool:
    """Two names that only a package has beside each other, looked for at both ends: one of them may be damaged."""
    head = _read_at(file, 0, _LOOK_BYTES)
    tail = _read_at(file, max(0, size_bytes - _LOOK_BYTES), _LOOK_BYTES)
    if not head.startswith(b"PK") and _END.pack(b"PK\x05\x06", *([0] * 7))[:4] not in tail:
        return False
    return any(b"manifest.json" in end and b"manifest.sig" in end for end in (head, tail))


def _directory_place(file: BinaryIO, size_bytes: int) -> tuple[int, int, int] | None:
    """(entries, offset, size) of the central directory; None where the end says nothing that can be."""
    if size_bytes < _END.size:
        return None
    magic, _, _, _, count, size, offset, _ = _END.unpack(_read_at(file, size_bytes - _END.size, _END.size))
    if magic != b"PK\x05\x06":
        return None
    closing = _END.size
    if offset == _LIMIT:
        closing += _END_64.size + _LOCATOR.size
        if size_bytes < closing:
            return None
        large = _END_64.unpack(_read_at(file, size_bytes - closing, _END_64.size))
        count, size, offset = large[7], large[8], large[9]
    if not 0 < count <= MOST_ENTRIES or size > _DIRECTORY_BYTES or offset + size + closing != size_bytes:
        return None
    return count, offset, size


def _read_directory(raw: bytes, count: int) -> tuple[list[Entry], list[tuple[str, str]]]:
    entries: list[Entry] = []
    faults: list[tuple[str, str]] = []
    at = 0
    for _ in range(count):
        found = _entry_at(raw, at)
        if found is None:
            return entries, [*faults, ("", WRONG_DIRECTORY)]
        entry, length = found
        if central_header(entry) != raw[at : at + length]:
            faults.append((entry.name, WRONG_HEADER))
        entries.append(entry)
        at += length
    if at != len(raw):
        faults.append(("", WRONG_DIRECTORY))
    return entries, faults


def _entry_at(raw: bytes, at: int) -> tuple[Entry, int] | None:
    """The entry whose central header begins at `at`, and the header's length."""
    if len(raw) - at < _CENTRAL.size:
        return None
    head = _CENTRAL.unpack_from(raw, at)
    name_bytes, extra_bytes, comment_bytes = head[10:13]
    length = _CENTRAL.size + name_bytes + extra_bytes + comment_bytes
    if head[0] != b"PK\x01\x02" or at + length > len(raw):
        return None
    name_at = at + _CENTRAL.size
    name = raw[name_at : name_at + name_bytes].decode("utf-8", errors="replace")
    extra = raw[name_at + name_bytes + 4 : name_at + name_bytes + extra_bytes]
    large = list(struct.unpack(f"<{len(extra) // 8}Q", extra[: len(extra) // 8 * 8]))
    size, offset = head[9], head[16]
    if size == _LIMIT and len(large) >= 2:
        size, large = large[0], large[2:]
    if offset == _LIMIT and large:
        offset = large[0]
    return Entry(name, size, head[7], offset, head[6] << 16 | head[5]), length
