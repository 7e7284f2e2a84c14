"""Reads fragments back: the tables of one `moof`, and a walk over a file that stops at the first byte that is not whole."""

from __future__ import annotations

import os
import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from luytre.media.fragment.boxes import BoxError
from luytre.media.fragment.init import AUDIO_TRACK, VIDEO_TRACK
from luytre.media.fragment.moof import PRFT_BYTES, SYNC_FLAGS, utc_90k_of_ntp
from luytre.media.unit import Buffer

_PRFT = struct.Struct(">I4sIIQQ")
_BOX = struct.Struct(">I4s")
_TRAF = struct.Struct(">I4sI4sIII4sIQI4sIIi")
_WINDOW_BYTES = 16_384
_MAX_MOOF_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class TrackRun:
    """One track's samples in a fragment. `data_offset_bytes` counts from the file's start; `cts_offsets` are signed, or None."""

    track_id: int
    dts: int
    durations: array[int]
    sizes: array[int]
    flags: array[int]
    cts_offsets: array[int] | None
    data_offset_bytes: int


@dataclass(frozen=True, slots=True)
class FragmentHead:
    """Where a fragment stands in its file and what is in it; `tracks[0]` is the picture."""

    offset_bytes: int
    size_bytes: int
    dts_90k: int
    start_utc_90k: int
    duration_90k: int
    sample_count: int
    starts_gop: bool
    tracks: tuple[TrackRun, ...]


def _columns(buffer: Buffer, start: int, count: int, width: int) -> array[int]:
    table = array("I")
    table.frombytes(bytes(buffer[start : start + 4 * width * count]))
    if len(table) != width * count:
        raise BoxError("a sample table is cut off")
    if sys.byteorder == "little":
        table.byteswap()
    return table


def _track_run(buffer: Buffer, at: int, end: int, moof_file_offset: int) -> tuple[TrackRun, int]:
    """The `traf` at `at` and the offset after it."""
    if at + _TRAF.size > end:
        raise BoxError("a track fragment is cut off")
    values = _TRAF.unpack_from(buffer, at)
    (size, kind, _, tfhd, _, track, _, tfdt, _, dts, trun_size, trun, flags, count, offset) = values
    if (kind, tfhd, tfdt, trun) != (b"traf", b"tfhd", b"tfdt", b"trun") or size != trun_size + 44 or at + size > end:
        raise BoxError("not a track fragment of ours")
    width = 4 if flags & 0x800 else 3
    if trun_size != 20 + 4 * width * count or not count:
        raise BoxError("a sample table whose size does not fit its count")
    table = _columns(buffer, at + _TRAF.size, count, width)
    cts = array("i", table[3::4].tobytes()) if width == 4 else None
    run = TrackRun(track, dts, table[0::width], table[1::width], table[2::width], cts, moof_file_offset + offset)
    return run, at + size


def _check_prft(buffer: Buffer, at: int) -> tuple[int, int]:
    """(NTP time, media time) of the `prft` that opens a fragment."""
    if len(buffer) - at < PRFT_BYTES + 8:
        raise BoxError("a fragment is cut off")
    size, kind, version, track, ntp, media_time = _PRFT.unpack_from(buffer, at)
    if (size, kind, version, track) != (PRFT_BYTES, b"prft", 0x01000000, VIDEO_TRACK):
        raise BoxError("not a fragment of ours")
    return ntp, media_time


def parse_fragment_head(buffer: Buffer, offset_bytes: int, file_offset_bytes: int) -> FragmentHead:
    """The fragment whose `prft` is at `offset_bytes` of the buffer; that byte is `file_offset_bytes` of its file.

    The buffer must hold `prft`, `moof` and the header of `mdat`; the samples themselves need not be there.
    Raises BoxError when they are not, or are not ours.
    """
    ntp, media_time = _check_prft(buffer, offset_bytes)
    moof_at = offset_bytes + PRFT_BYTES
    moof_bytes, kind = _BOX.unpack_from(buffer, moof_at)
    end = moof_at + moof_bytes
    if kind != b"moof" or moof_bytes < 24 + _TRAF.size or end + 8 > len(buffer):
        raise BoxError("a moof is cut off")
    moof_file = file_offset_bytes + PRFT_BYTES
    tracks, at = [], moof_at + 24
    while at < end:
        run, at = _track_run(buffer, at, end, moof_file)
        tracks.append(run)
    mdat_bytes, kind = _BOX.unpack_from(buffer, end)
    data_bytes = sum(sum(run.sizes) for run in tracks)
    if (
        kind != b"mdat"
        or mdat_bytes != 8 + data_bytes
        or [run.track_id for run in tracks] not in ([VIDEO_TRACK], [VIDEO_TRACK, AUDIO_TRACK])
    ):
        raise BoxError("the samples do not fill their mdat")
    picture = tracks[0]
    if picture.dts != media_time or picture.data_offset_bytes != moof_file + moof_bytes + 8:
        raise BoxError("the fragment's times or offsets contradict each other")
    return FragmentHead(
        file_offset_bytes,
        PRFT_BYTES + moof_bytes + mdat_bytes,
        picture.dts,
        utc_90k_of_ntp(ntp),
        sum(picture.durations),
        len(picture.sizes),
        picture.flags[0] == SYNC_FLAGS,
        tuple(tracks),
    )


def walk_fragments(fd: int, start_bytes: int, end_bytes: int) -> Iterator[FragmentHead]:
    """Whole fragments of an open file from `start_bytes`, up to the first that is torn, foreign, or passes `end_bytes`."""
    at = start_bytes
    while at + PRFT_BYTES + 8 <= end_bytes:
        window = os.pread(fd, min(_WINDOW_BYTES, end_bytes - at), at)
        if len(window) < PRFT_BYTES + 8:
            return
        needed = PRFT_BYTES + int.from_bytes(window[PRFT_BYTES : PRFT_BYTES + 4], "big") + 8
        if needed > len(window):
            if needed > _MAX_MOOF_BYTES or at + needed > end_bytes:
                return
            window = os.pread(fd, needed, at)
        try:
            head = parse_fragment_head(window, 0, at)
        except BoxError:
            return
        if at + head.size_bytes > end_bytes:
            return
        yield head
        at += head.size_bytes
