"""Parts of files, as players and downloads that go on ask for them (RFC 9110 §14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_CHUNK_BYTES = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` of one part; None where the whole is to be sent: none, many or senseless ones."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or not size or not (match[1] or match[2]):
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


def read_part(path: Path, first: int, last: int) -> Iterator[bytes]:
    """The bytes from `first` to `last`, both among them. Errors: OSError."""
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
