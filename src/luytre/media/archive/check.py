"""Audits an archive: do files and index agree, is every hole owned up to, are the closed files' bytes those that were hashed.

Reads only, and works beside a recorder that writes: what looks wrong is looked at again before it is told. What a crash may
leave (bytes after an open segment's published end, files younger than the last publish) is no disagreement.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from luytre.base.clock import TICKS_PER_S, Clock, to_iso
from luytre.base.errors import ArchiveError
from luytre.base.i18n import N_, _
from luytre.media.archive.disk import RealDisk
from luytre.media.archive.identity import read_identity
from luytre.media.archive.layout import NotASegment, hash_file, read_head, read_seal
from luytre.media.archive.paths import INDEX, parse_file_name, walk_media
from luytre.media.archive.queries import Queries
from luytre.media.archive.schema import ReadIndex
from luytre.media.archive.values import NO_GAP_90K, Segment
from luytre.media.fragment import walk_fragments

_YOUNG_90K = 15 * TICKS_PER_S


class Fault(StrEnum):
    """What can disagree."""

    INDEX_DAMAGED = "index_damaged"
    FILE_MISSING = "file_missing"
    FILE_SHORT = "file_short"
    FILE_LONG = "file_long"
    FILE_FOREIGN = "file_foreign"
    FILE_UNKNOWN = "file_unknown"
    HEADER_DIFFERS = "header_differs"
    SEAL_MISSING = "seal_missing"
    SEAL_DIFFERS = "seal_differs"
    BYTES_CHANGED = "bytes_changed"
    FRAGMENTS_TORN = "fragments_torn"
    RUN_BROKEN = "run_broken"
    RUN_SUMS_DIFFER = "run_sums_differ"
    HOLE_UNTOLD = "hole_untold"


FAULT_WORDS: dict[Fault, str] = {
    Fault.INDEX_DAMAGED: N_("the index is damaged"),
    Fault.FILE_MISSING: N_("the index knows this file, but it is not there"),
    Fault.FILE_SHORT: N_("the file is shorter than the index says"),
    Fault.FILE_LONG: N_("the file is longer than its seal allows"),
    Fault.FILE_FOREIGN: N_("this file is not a segment of the archive"),
    Fault.FILE_UNKNOWN: N_("the index does not know this file"),
    Fault.HEADER_DIFFERS: N_("the file's header says something else than the index"),
    Fault.SEAL_MISSING: N_("the file is closed in the index, but has no seal"),
    Fault.SEAL_DIFFERS: N_("the file's seal says something else than the index"),
    Fault.BYTES_CHANGED: N_("the file's bytes were changed since it was sealed"),
    Fault.FRAGMENTS_TORN: N_("the file is not made of whole fragments up to where the index says"),
    Fault.RUN_BROKEN: N_("the file does not continue the one before it"),
    Fault.RUN_SUMS_DIFFER: N_("the totals of a run are not those of its files"),
    Fault.HOLE_UNTOLD: N_("there is a hole in the timeline without a reason"),
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    fault: Fault
    subject: str
    """A path relative to the root, or a stream."""
    detail: str = ""

    def sentence(self) -> str:
        """In the context's language."""
        return f"{self.subject}: {_(FAULT_WORDS[self.fault])}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, slots=True)
class CheckReport:
    segments: int
    bytes: int
    is_hashed: bool
    disagreements: tuple[Disagreement, ...]

    @property
    def is_clean(self) -> bool:
        return not self.disagreements


Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all)."""


class _Check:
    def __init__(self, root: str, clock: Clock, hashes: bool, progress: Progress) -> None:
        self._root, self._hashes, self._progress = root, hashes, progress
        self._queries = Queries(root, clock, RealDisk())
        self._clock = clock
        self._done = self._total = 0

    def run(self) -> CheckReport:
        found = list(self._index())
        if found:
            return CheckReport(0, 0, self._hashes, tuple(found))
        on_disk = walk_media(self._root)
        self._total = self._queries.usage().bytes_used
        known: set[str] = set()
        count = size = 0
        before: Segment | None = None
        for segment in self._queries.all_segments():
            relative = os.path.relpath(segment.path, self._root)
            known.add(relative)
            count, size = count + 1, size + segment.size_bytes
            found += self._segment(segment, relative, before)
            before = segment
        found += self._unknown(on_disk, known)
        found += self._runs()
        self._queries.close()
        return CheckReport(count, size, self._hashes, tuple(found))

    def _index(self) -> Iterator[Disagreement]:
        try:
            reader = ReadIndex(os.path.join(self._root, INDEX))
        except (sqlite3.Error, OSError) as error:
            yield Disagreement(Fault.INDEX_DAMAGED, INDEX, str(error))
            return
        try:
            for (line,) in reader.connection.execute("PRAGMA quick_check"):
                if line != "ok":
                    yield Disagreement(Fault.INDEX_DAMAGED, INDEX, line)
        except sqlite3.Error as error:
            yield Disagreement(Fault.INDEX_DAMAGED, INDEX, str(error))
        finally:
            reader.close()

    def _segment(self, segment: Segment, relative: str, before: Segment | None) -> Iterator[Disagreement]:
        try:
            fd = os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            if self._still_there(segment):
                yield Disagreement(Fault.FILE_MISSING, relative)
            return
        try:
            found = list(self._file(fd, segment, relative))
        finally:
            os.close(fd)
        yield from found
        is_next = before is not None and (before.run_row, before.seq + 1) == (segment.run_row, segment.seq)
        if is_next and before is not None and before.end_dts_90k != segment.start_dts_90k:
            yield Disagreement(Fault.RUN_BROKEN, relative)

    def _file(self, fd: int, segment: Segment, relative: str) -> Iterator[Disagreement]:
        size = os.fstat(fd).st_size
        if size < segment.size_bytes:
            yield Disagreement(Fault.FILE_SHORT, relative, f"{size} < {segment.size_bytes}")
            return
        try:
            head = read_head(fd)
        except NotASegment as error:
            yield Disagreement(Fault.FILE_FOREIGN, relative, str(error))
            return
        header = head.header
        told = (header.camera, header.stream, header.run_key, header.seq, header.start_utc_90k, header.start_dts_90k)
        known = (segment.camera, segment.stream, segment.run_key, segment.seq, segment.start_utc_90k, segment.start_dts_90k)
        if told != known or (head.init_bytes, head.media_offset_bytes) != (segment.init_bytes, segment.media_offset_bytes):
            yield Disagreement(Fault.HEADER_DIFFERS, relative)
        if segment.is_closed:
            yield from self._closed(fd, segment, relative, size)
        else:
            yield from self._open(fd, segment, relative)

    def _closed(self, fd: int, segment: Segment, relative: str, size: int) -> Iterator[Disagreement]:
        seal = read_seal(fd, size)
        if seal is None:
            yield Disagreement(Fault.SEAL_MISSING, relative)
        elif (seal.sha256, seal.sealed_bytes, seal.samples) != (segment.sha256, segment.size_bytes, segment.samples):
            yield Disagreement(Fault.SEAL_DIFFERS, relative)
        if self._hashes and hash_file(fd, segment.size_bytes) != segment.sha256:
            yield Disagreement(Fault.BYTES_CHANGED, relative)
        self._advance(segment.size_bytes)

    def _open(self, fd: int, segment: Segment, relative: str) -> Iterator[Disagreement]:
        end, samples = segment.media_offset_bytes, 0
        for fragment in walk_fragments(fd, segment.media_offset_bytes, segment.size_bytes):
            end, samples = fragment.offset_bytes + fragment.size_bytes, samples + fragment.sample_count
        if (end, samples) != (segment.size_bytes, segment.samples):
            yield Disagreement(Fault.FRAGMENTS_TORN, relative, f"{end} / {segment.size_bytes}")
        self._advance(segment.size_bytes)

    def _advance(self, done: int) -> None:
        self._done += done
        self._progress(min(self._done, self._total), self._total)

    def _still_there(self, segment: Segment) -> bool:
        """A recorder may have deleted it since its row was read."""
        return any(found.id == segment.id for found in self._queries.segments(
            segment.camera, segment.stream, segment.start_utc_90k, segment.end_utc_90k + 1
        ))  # fmt: skip

    def _unknown(self, on_disk: list[str], known: set[str]) -> Iterator[Disagreement]:
        suspects = [relative for relative in on_disk if relative not in known]
        if not suspects:
            return
        known_now = {os.path.relpath(segment.path, self._root) for segment in self._queries.all_segments()}
        reader = ReadIndex(os.path.join(self._root, INDEX))
        try:
            buried = {str(row[0]) for row in reader.connection.execute("SELECT path FROM tombstone")}
            row = reader.connection.execute("SELECT value FROM meta WHERE key = 'last_publish_utc_90k'").fetchone()
        finally:
            reader.close()
        last_publish = int(row[0]) if row else 0
        for relative in suspects:
            if relative in known_now or relative in buried or not os.path.exists(os.path.join(self._root, relative)):
                continue
            if parse_file_name(os.path.basename(relative)) is None:
                yield Disagreement(Fault.FILE_FOREIGN, relative)
            elif not self._is_young(relative, last_publish):
                yield Disagreement(Fault.FILE_UNKNOWN, relative)

    def _is_young(self, relative: str, last_publish_utc_90k: int) -> bool:
        """A crash between a file's making and its row leaves it so: the next opening adopts it."""
        path = os.path.join(self._root, relative)
        if os.stat(path).st_mtime_ns * 9 // 100_000 >= last_publish_utc_90k - _YOUNG_90K:
            return True
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return read_head(fd).header.start_utc_90k >= last_publish_utc_90k - _YOUNG_90K
        except NotASegment:
            return False
        finally:
            os.close(fd)

    def _runs(self) -> Iterator[Disagreement]:
        reader = ReadIndex(os.path.join(self._root, INDEX))
        db = reader.connection
        try:
            db.execute("BEGIN")
            for camera, stream, key in db.execute(
                "SELECT t.camera, t.stream, r.key FROM run r JOIN stream t ON t.id = r.stream_id JOIN"
                " (SELECT run_id, sum(samples) AS samples, sum(bytes) AS bytes, min(start_utc_90k) AS start,"
                " max(end_utc_90k) AS stop FROM segment GROUP BY run_id) s ON s.run_id = r.id WHERE (r.samples, r.bytes,"
                " r.start_utc_90k, r.end_utc_90k) <> (s.samples, s.bytes, s.start, s.stop)"
                " UNION ALL SELECT t.camera, t.stream, r.key FROM run r JOIN stream t ON t.id = r.stream_id"
                " WHERE NOT EXISTS (SELECT 1 FROM segment WHERE run_id = r.id)"
            ):
                yield Disagreement(Fault.RUN_SUMS_DIFFER, f"{camera} ({stream})", key)
            for stream_id, camera, stream in db.execute("SELECT id, camera, stream FROM stream").fetchall():
                for at in _untold(db, stream_id):
                    yield Disagreement(Fault.HOLE_UNTOLD, f"{camera} ({stream})", to_iso(at))
        finally:
            reader.close()


def _untold(db: sqlite3.Connection, stream_id: int) -> Iterator[int]:
    """Where holes between runs begin that no gap covers."""
    runs = db.execute(
        "SELECT start_utc_90k, end_utc_90k FROM run WHERE stream_id = ? ORDER BY start_utc_90k", (stream_id,)
    ).fetchall()
    gaps = db.execute(
        "SELECT start_utc_90k, end_utc_90k FROM gap WHERE stream_id = ? ORDER BY start_utc_90k", (stream_id,)
    ).fetchall()
    told_until = runs[0][0] if runs else 0
    covers = sorted([*runs, *((start, stop if stop is not None else 1 << 62) for start, stop in gaps)])
    last_start = runs[-1][0] if runs else 0
    for start, stop in covers:
        if start - told_until > NO_GAP_90K and start <= last_start:
            yield told_until
        told_until = max(told_until, stop)


def check_archive(
    root: str | os.PathLike[str], clock: Clock, *, hashes: bool = True, progress: Progress = lambda done, total: None
) -> CheckReport:
    """Audits the archive in a folder. ArchiveError where there is none."""
    path = os.path.abspath(root)
    if read_identity(path) is None:
        raise ArchiveError(
            N_("there is no archive in this folder"), operation=N_("Checking the archive"), subject=path,
            hint=N_("Check the folder's name; an archive has a file archive.json."),
        )  # fmt: skip
    return _Check(path, clock, hashes, progress).run()
