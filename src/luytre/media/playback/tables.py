"""Sample tables (ISO/IEC 14496-12 §8.6, §8.7) gathered from fragments: arrays a track, joined over segments, written as boxes."""

from __future__ import annotations

import itertools
import os
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from luytre.media.fragment import FragmentHead, TrackRun, box, walk_fragments

_SYNC_MASK = 0x00010000
"""sample_is_non_sync_sample of a sample's flags."""


@dataclass(slots=True)
class Track:
    """One track's samples in decode order. `chunks`: where a fragment's samples begin (in its file), and how many they are."""

    first_dts: int | None = None
    durations: array[int] = field(default_factory=lambda: array("I"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    cts_offsets: array[int] = field(default_factory=lambda: array("i"))
    keys: list[int] = field(default_factory=list)
    chunk_offsets: list[int] = field(default_factory=list)
    chunk_counts: list[int] = field(default_factory=list)
    last_dts: int = 0
    is_reordered: bool = False

    def add(self, run: TrackRun) -> None:
        """A fragment's samples. The last duration before it was a guess that its own time corrects."""
        count = len(run.sizes)
        if self.first_dts is None:
            self.first_dts = run.dts
        elif run.dts > self.last_dts:
            self.durations[-1] = run.dts - self.last_dts
        self.last_dts = run.dts + sum(run.durations) - run.durations[-1]
        base = len(self.sizes)
        self.keys += [base + index for index, flags in enumerate(run.flags) if not flags & _SYNC_MASK]
        self.durations.extend(run.durations)
        self.sizes.extend(run.sizes)
        if run.cts_offsets is not None:
            self.is_reordered = True
            self.cts_offsets.extend(run.cts_offsets)
        else:
            self.cts_offsets.frombytes(bytes(4 * count))
        self.chunk_offsets.append(run.data_offset_bytes)
        self.chunk_counts.append(count)

    def join(self, other: Track, shift_bytes: int) -> None:
        """Appends the next segment's samples; `shift_bytes` brings its chunk offsets to this track's file."""
        if other.first_dts is None:
            return
        if self.first_dts is None:
            self.first_dts = other.first_dts
        elif other.first_dts > self.last_dts:
            self.durations[-1] = other.first_dts - self.last_dts
        base = len(self.sizes)
        self.keys += [base + key for key in other.keys]
        self.durations.extend(other.durations)
        self.sizes.extend(other.sizes)
        self.cts_offsets.extend(other.cts_offsets)
        self.is_reordered = self.is_reordered or other.is_reordered
        self.chunk_offsets += [offset + shift_bytes for offset in other.chunk_offsets]
        self.chunk_counts += other.chunk_counts
        self.last_dts = other.last_dts

    def decode_times(self) -> Iterable[int]:
        """Of each sample, on the run's line."""
        return itertools.accumulate(self.durations[:-1], initial=self.first_dts or 0)

    def shown_times(self) -> list[int]:
        return [dts + cts for dts, cts in zip(self.decode_times(), self.cts_offsets, strict=True)]

    def cut_after(self, count: int) -> None:
        """Keeps the first `count` samples (at least one)."""
        spare = len(self.sizes) - count
        while spare and spare >= self.chunk_counts[-1]:
            spare -= self.chunk_counts.pop()
            self.chunk_offsets.pop()
        if spare:
            self.chunk_counts[-1] -= spare
        del self.durations[count:], self.sizes[count:], self.cts_offsets[count:]
        while self.keys and self.keys[-1] >= count:
            self.keys.pop()

    def end_offset_bytes(self) -> int:
        """Where the last sample ends in its file."""
        count = self.chunk_counts[-1]
        return self.chunk_offsets[-1] + sum(self.sizes[-count:])


@dataclass(slots=True)
class SegmentTables:
    """What a stretch of one segment file holds."""

    video: Track = field(default_factory=Track)
    audio: Track = field(default_factory=Track)

    def add(self, fragment: FragmentHead) -> None:
        self.video.add(fragment.tracks[0])
        if len(fragment.tracks) > 1:
            self.audio.add(fragment.tracks[1])


def read_tables(path: str, start_bytes: int, end_bytes: int) -> SegmentTables:
    """The tables of the whole fragments between two offsets. OSError from the disk."""
    tables = SegmentTables()
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for fragment in walk_fragments(fd, start_bytes, end_bytes):
            tables.add(fragment)
    finally:
        os.close(fd)
    return tables


def _big_endian(values: array[int]) -> bytes:
    if sys.byteorder == "little":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def _pack(values: Sequence[int]) -> bytes:
    return _big_endian(array("I", values))


def _runs(values: Iterable[int]) -> tuple[int, list[int]]:
    """Run lengths: (entries, count value count value …)."""
    flat: list[int] = []
    for value, group in itertools.groupby(values):
        flat += (sum(1 for _ in group), value)
    return len(flat) // 2, flat


def full(kind: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)


def sample_table(track: Track, stsd: bytes, mdat_shift_bytes: int) -> bytes:
    """`stbl`: chunk offsets are the track's plus the shift. `stss` where not every sample is a key frame."""
    entries, flat = _runs(track.durations)
    parts = [stsd, full(b"stts", 0, 0, struct.pack(">I", entries), _pack(flat))]
    if track.is_reordered:
        entries, flat = _runs(track.cts_offsets)
        parts.append(full(b"ctts", 1, 0, struct.pack(">I", entries), _big_endian(array("i", flat))))
    if len(track.keys) != len(track.sizes):
        parts.append(full(b"stss", 0, 0, struct.pack(">I", len(track.keys)), _pack([key + 1 for key in track.keys])))
    parts.append(_chunk_map(track))
    parts.append(full(b"stsz", 0, 0, struct.pack(">II", 0, len(track.sizes)), _big_endian(track.sizes)))
    offsets = array("Q", [offset + mdat_shift_bytes for offset in track.chunk_offsets])
    parts.append(full(b"co64", 0, 0, struct.pack(">I", len(offsets)), _big_endian(offsets)))
    return box(b"stbl", *parts)


def _chunk_map(track: Track) -> bytes:
    """`stsc`: from which chunk on how many samples a chunk has."""
    flat: list[int] = []
    first, entries = 1, 0
    for count, group in itertools.groupby(track.chunk_counts):
        flat += (first, count, 1)
        first += sum(1 for _ in group)
        entries += 1
    return full(b"stsc", 0, 0, struct.pack(">I", entries), _pack(flat))
