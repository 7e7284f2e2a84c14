"""The file below the map: a PMTiles archive of this machine, read by byte ranges. Its format: PMTiles version 3."""

from __future__ import annotations

import json
import logging
import re
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAGIC, VERSION, HEAD_BYTES = b"PMTiles", 3, 127
MOST_METADATA_BYTES = 2_000_000
MOST_RANGE_BYTES = 4_000_000
"""Tiles are tens of kilobytes, directories hundreds; more at once holds a thread for nothing."""
_TAG = re.compile(r"<[^>]*>")
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
TILES = {1: "vector", 2: "raster", 3: "raster", 4: "raster", 5: "raster"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Basemap:
    """`tiles`: vector or raster. `mark` changes with the file."""

    path: Path
    size: int
    mark: str
    tiles: str
    attribution: str


def basemap_at(path: Path | None) -> Basemap | None:
    """None where no file is set, and where it is missing or no PMTiles: that is logged, and the map has a plain ground."""
    if path is None:
        return None
    try:
        told = path.stat()
        return _read(path, told.st_size, told.st_mtime_ns)
    except (OSError, ValueError) as error:
        log.warning("LUYTRE_BASEMAP=%s cannot be used: %s", path, error)
        return None


@lru_cache(maxsize=4)
def _read(path: Path, size: int, changed_ns: int) -> Basemap:
    """Errors: OSError; ValueError where it is another kind of file."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if len(head) < HEAD_BYTES or not head.startswith(MAGIC) or head[7] != VERSION or head[99] not in TILES:
            raise ValueError("no PMTiles file of version 3 with vector tiles (MVT) or pictures")
        at, length = struct.unpack_from("<QQ", head, 24)
        if length > MOST_METADATA_BYTES or at + length > size:
            raise ValueError("its metadata lies outside the file")
        file.seek(at)
        attribution = _attribution(file.read(length), head[97])
    return Basemap(path, size, f'"{size:x}-{changed_ns:x}"', TILES[head[99]], attribution)


def _attribution(data: bytes, compression: int) -> str:
    """Plain words; markup is taken out. Errors: ValueError."""
    if compression == 2:
        try:
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, MOST_METADATA_BYTES)
        except zlib.error as error:
            raise ValueError("its metadata is damaged") from error
    elif compression not in (0, 1):
        return ""
    told = json.loads(data or b"{}")
    text = told.get("attribution", "") if isinstance(told, dict) else ""
    return " ".join(_TAG.sub(" ", text).split())[:400] if isinstance(text, str) else ""


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` header of one span, cut at the file's end; None for what is no such span, or too much."""
    match = _RANGE.fullmatch(header.strip())
    if match is None:
        return None
    first, last = int(match[1]), min(int(match[2]), size - 1)
    return (first, last) if first <= last and last - first < MOST_RANGE_BYTES else None


def read_span(basemap: Basemap, first: int, last: int) -> bytes:
    """Errors: OSError."""
    with basemap.path.open("rb") as file:
        file.seek(first)
        return file.read(last - first + 1)
