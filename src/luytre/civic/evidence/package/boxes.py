"""What of the ONVIF Export File Format a package adds to an original: who exported it from which camera, and when it began.

Source: ONVIF Export File Format Specification (doc/ExportFileFormat.xml of github.com/onvif/specs), “Required Side Information”,
“Timing” and “Signature”. A `meta` box of the file (ISO/IEC 14496-12 §8.11.1) with `suep` (version 1), `cstb` and `ipro`, after
the last byte of what the recorder gave: so no sample and no offset moves. What is left out stands in design/evidence.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from luytre.civic.evidence.package.film_signing import SIGNATURE_BYTES
from luytre.civic.evidence.package.values import Facts, PartFacts

_LONGEST_MOVIE_BYTES = 256 << 20
_EPOCH_1601, _EPOCH_1904 = datetime(1601, 1, 1, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Track:
    track_id: int
    is_video: bool
    offset_s: float
    """When the origin of its media is shown, on the film's line: below 0 where what is shown begins later."""


def export_boxes(film: BinaryIO, facts: Facts, part: PartFacts, certificate: bytes) -> bytes:
    """The bytes to put at the film's end, the last `SIGNATURE_BYTES` of them zeros: the place of its signature. `certificate`: of
    the key that will sign (DER). Nothing where the film's own boxes cannot be read: it goes out as it is even so."""
    try:
        tracks = tuple(_tracks(_movie(film)))
        video = next(track for track in tracks if track.is_video)
        start = _start_time(video, part.start + timedelta(seconds=video.offset_s))
        handler = _full(b"hdlr", 0, struct.pack(">I4s12x", 0, b"null"), b"\0")  # it holds boxes and describes nothing
        return _full(b"meta", 0, handler, _export(tracks, facts), start, _protection(certificate))
    except (ValueError, struct.error, IndexError, ArithmeticError, StopIteration):
        return b""


def _export(tracks: tuple[_Track, ...], facts: Facts) -> bytes:
    """`suep`. No address and no MAC: they say nothing to a court, and something to whoever wants in."""
    seconds = int((facts.made_at - _EPOCH_1904).total_seconds())
    unit = _text(f"{facts.commune} ({facts.software})") + _text("") * 2 + struct.pack(">Q", seconds) + _text(facts.operator.name)
    source = _text(facts.camera.name) + _text("") * 3
    entries = [struct.pack(">H", track.track_id) + source for track in tracks]
    return _full(b"suep", 1, unit, struct.pack(">I", len(entries)), *entries)


def _start_time(video: _Track, start: datetime) -> bytes:
    """`cstb`: hundreds of nanoseconds since 1601, of the origin of the track's media."""
    return _box(b"cstb", struct.pack(">IIQ", 1, video.track_id, (start - _EPOCH_1601) // _MICROSECOND * 10))


def _protection(certificate: bytes) -> bytes:
    """`ipro` with one signing instance; the signature last, so that it is the file's end."""
    scheme = _full(b"schm", 0, struct.pack(">4sI", b"oeff", 0x00010000))
    signed = _box(b"schi", _box(b"cert", certificate), _box(b"sibo", bytes(SIGNATURE_BYTES)))
    return _full(b"ipro", 0, struct.pack(">H", 1), _box(b"sinf", scheme, signed))


def _text(words: str) -> bytes:
    return words.replace("\0", " ").encode("utf-8", errors="replace") + b"\0"


def _box(kind: bytes, *payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, payload)), kind) + b"".join(payload)


def _full(kind: bytes, version: int, *payload: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24), *payload)


def _movie(film: BinaryIO) -> bytes:
    """The content of `moov`. Errors: ValueError."""
    at = 0
    while True:
        film.seek(at)
        size, kind, large = struct.unpack(">I4sQ", film.read(16))
        head = 16 if size == 1 else 8
        size = large if size == 1 else size
        if size < head or (kind == b"moov" and size > _LONGEST_MOVIE_BYTES):
            raise ValueError(f"a box of {size} bytes")
        if kind == b"moov":
            film.seek(at + head)
            return film.read(size - head)
        at += size


def _children(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            raise ValueError(f"a box of {size} bytes")
        yield kind, data[at + 8 : at + size]
        at += size


def _child(data: bytes, *path: bytes) -> bytes:
    for kind in path:
        data = next((content for found, content in _children(data) if found == kind), b"")
    return data


def _tracks(movie: bytes) -> Iterator[_Track]:
    mvhd = _child(movie, b"mvhd")
    scale = _scale(mvhd)
    for kind, trak in _children(movie):
        if kind == b"trak":
            tkhd, mdhd, hdlr = _child(trak, b"tkhd"), _child(trak, b"mdia", b"mdhd"), _child(trak, b"mdia", b"hdlr")
            (track_id,) = struct.unpack_from(">I", tkhd, 20 if tkhd[0] else 12)
            waits, media_time = _edits(_child(trak, b"edts", b"elst"))
            yield _Track(track_id, hdlr[8:12] == b"vide", waits / scale - media_time / _scale(mdhd))


def _scale(header: bytes) -> int:
    """Ticks a second, of `mvhd` or `mdhd`."""
    (found,) = struct.unpack_from(">I", header, 20 if header[0] else 12)
    return int(found)


def _edits(elst: bytes) -> tuple[int, int]:
    """(how long nothing is shown first, in the film's ticks; where the media is entered, in its own)."""
    if not elst:
        return 0, 0
    form = struct.Struct(">QqI" if elst[0] else ">IiI")
    waits = 0
    for duration, media_time, _rate in form.iter_unpack(elst[8:]):
        if media_time >= 0:
            return waits, media_time
        waits += duration
    return waits, 0
