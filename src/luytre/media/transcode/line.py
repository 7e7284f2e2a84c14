"""When each picture of a clip was taken: an exported file copies the archive's fragments, and each of them says its own UTC.

The line of a clip is the camera's clock; UTC is ours, to which the archive anchors each GOP anew. So the two drift apart over a
clip, and whoever drew on playback's picture drew by UTC: by its GOPs, as the playlist has it, and not by each fragment.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from luytre.media.fragment import BoxError, parse_fragment_head

_BOX = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")
_MOST_BOXES = 10_000_000
_MOST_HEAD_BYTES = 1 << 16
"""Thousands of pictures in one fragment; the archive's hold a second at most."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """UTC of a point of the run's line; both in 90 kHz."""

    line_90k: int
    utc_90k: int


class UtcLine:
    """UTC along a clip; `anchors` as `anchors_of` gives them, at least one."""

    def __init__(self, anchors: tuple[Anchor, ...]) -> None:
        self._anchors = anchors
        self._lines = [anchor.line_90k for anchor in anchors]

    def utc_90k(self, after_90k: int) -> int:
        """So long after the first sample that was copied (the key frame, which need not be shown)."""
        line = self._lines[0] + after_90k
        anchor = self._anchors[max(0, bisect_right(self._lines, line) - 1)]
        return anchor.utc_90k + line - anchor.line_90k


def anchors_of(path: Path) -> tuple[Anchor, ...]:
    """Of all GOPs in an exported clip, in their order; empty where it is no such file. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(fd).st_size
        found: list[Anchor] = []
        for kind, start, end in _boxes(fd, 0, size):
            if kind == b"mdat":
                found += _anchors(fd, start, end)
    finally:
        os.close(fd)
    lines = [anchor.line_90k for anchor in found]
    return tuple(found) if lines == sorted(set(lines)) else ()


def _anchors(fd: int, start: int, end: int) -> Iterator[Anchor]:
    for count, (kind, body, _) in enumerate(_boxes(fd, start, end)):
        if count >= _MOST_BOXES:
            return
        if kind != b"prft":
            continue
        at = body - _BOX.size
        try:  # not `walk_fragments`: the clip may end within this one, whose head is whole all the same
            head = parse_fragment_head(os.pread(fd, _MOST_HEAD_BYTES, at), 0, at)
        except BoxError:
            continue
        if head.starts_gop:
            yield Anchor(head.dts_90k, head.start_utc_90k)


def _boxes(fd: int, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start and end of the body) of boxes one behind the other, up to the first that is none; the last may be cut off."""
    while at + _BOX.size <= end:
        head = os.pread(fd, _BOX.size + _LARGE.size, at)
        if len(head) < _BOX.size:
            return
        size, kind = _BOX.unpack_from(head)
        body = at + _BOX.size
        if size == 1 and len(head) == _BOX.size + _LARGE.size:
            (size,) = _LARGE.unpack_from(head, _BOX.size)
            body += _LARGE.size
        if at + size < body:
            return
        yield kind, body, min(at + size, end)
        at += size
