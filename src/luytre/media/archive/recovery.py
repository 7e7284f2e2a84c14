"""Brings files and index together again after a crash: at every opening, and after every fault of the disk.

Order: tombstones are finished; open segments are cut at their last whole fragment and sealed; files younger than the last
publish are adopted; runs are closed and the hole up to now is opened with its reason. Each step may be cut short by
another crash: the next opening does the rest. Only open segments and the days since the last publish are looked at.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass, replace

from luytre.base.clock import TICKS_PER_S, to_datetime
from luytre.base.errors import GapReason
from luytre.media.archive import index
from luytre.media.archive.disk import Disk
from luytre.media.archive.gops import GopTable
from luytre.media.archive.lane import STAYS
from luytre.media.archive.layout import (
    NotASegment,
    Seal,
    SegmentHead,
    encode_seal,
    hash_file,
    measure,
    read_head,
    read_seal,
)
from luytre.media.archive.paths import parse_file_name, segment_path, walk_media
from luytre.media.archive.schema import transaction
from luytre.media.archive.values import NO_GAP_90K, Gap

_LOOK_BACK_90K = 2 * 3600 * TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Settled:
    """A segment file that is whole and sealed."""

    head: SegmentHead
    seal: Seal
    was_torn: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found: for the log."""

    sealed: int = 0
    adopted: int = 0
    removed: int = 0
    tombstones: int = 0


def settle(disk: Disk, path: str) -> Settled | None:
    """Seals the file if it is not: what is torn is cut. None if nothing of it can be kept. OSError from the disk."""
    fd = disk.open_end(path)
    try:
        size = os.fstat(fd).st_size
        try:
            head = read_head(fd)
        except NotASegment:
            return None
        seal = read_seal(fd, size)
        if seal is not None:
            disk.sync(fd)  # whoever wrote the seal may have died before it was on the disk
            return Settled(head, seal, False)
        extent = measure(fd, head, size)
        if extent.samples == 0:
            return None
        disk.truncate(fd, extent.end_bytes)
        digest = hash_file(fd, extent.end_bytes)
        seal = Seal(digest, extent.end_bytes, extent.samples, extent.end_utc_90k, extent.end_dts_90k, extent.gops, None)
        disk.write(fd, [encode_seal(seal)])
        disk.sync(fd)
        return Settled(head, seal, True)
    finally:
        disk.close(fd)


def state_of(settled: Settled, run: index.RunState) -> index.SegmentState:
    """The settled file as a closed segment of the run."""
    header, seal = settled.head.header, settled.seal
    table = GopTable(header.start_dts_90k, header.start_utc_90k)
    table.blob[:] = seal.gops
    return index.SegmentState(
        run, header.seq, header.start_utc_90k, max(seal.end_utc_90k, header.start_utc_90k), header.start_dts_90k,
        max(seal.end_dts_90k, header.start_dts_90k), settled.head.init_bytes, settled.head.media_offset_bytes,
        seal.sealed_bytes, table, seal.samples, seal.sha256,
    )  # fmt: skip


class Recovery:
    """One recovery of an archive whose lock and index are held."""

    def __init__(self, root: str, db: sqlite3.Connection, disk: Disk, reason: GapReason) -> None:
        self._root, self._db, self._disk, self._reason = root, db, disk, reason
        self._ended: dict[int, GapReason] = {}
        self._done = Recovered()

    def run(self, now_utc_90k: int) -> Recovered:
        self._done = Recovered(tombstones=finish_tombstones(self._root, self._db, self._disk))
        self._seal_open_segments()
        self._adopt()
        self._close_runs(now_utc_90k)
        return self._done

    def _seal_open_segments(self) -> None:
        rows = self._db.execute(
            "SELECT s.id, s.run_id, t.camera, t.stream, s.start_utc_90k, s.run_key, s.seq, s.stream_id FROM segment s"
            " JOIN stream t ON t.id = s.stream_id WHERE s.is_closed = 0"
        ).fetchall()
        for row_id, run_id, camera, stream, start, key, seq, stream_id in rows:
            path = os.path.join(self._root, segment_path(camera, stream, start, key, seq))
            try:
                settled = settle(self._disk, path)
            except FileNotFoundError:
                settled = None
            if settled is None:
                self._drop_open(row_id, run_id, path)
            else:
                self._close_open(row_id, run_id, stream_id, settled)

    def _drop_open(self, row_id: int, run_id: int, path: str) -> None:
        self._disk.mark("recovery: before an empty file goes")
        with transaction(self._db):
            self._db.execute("DELETE FROM segment WHERE id = ?", (row_id,))
            index.refresh_run(self._db, run_id)
        self._disk.unlink(path)
        self._done = replace(self._done, removed=self._done.removed + 1)

    def _close_open(self, row_id: int, run_id: int, stream_id: int, settled: Settled) -> None:
        run = index.run_of_header(settled.head.header, stream_id)
        run.row_id = run_id
        segment = state_of(settled, run)
        segment.row_id = row_id
        self._disk.mark("recovery: before a sealed file's row")
        with transaction(self._db):
            index.put_segment(self._db, segment)
            index.refresh_run(self._db, run_id)
        self._note_end(stream_id, settled)
        self._done = replace(self._done, sealed=self._done.sealed + 1)

    def _note_end(self, stream_id: int, settled: Settled) -> None:
        self._ended[stream_id] = settled.seal.end_reason or self._reason

    def _adopt(self) -> None:
        """Files without a row: a crash between a file's first sync and its row leaves one, an older index many."""
        last = index.get_meta(self._db, "last_publish_utc_90k")
        from_day, from_utc = "", 0
        if last is not None:
            moment = to_datetime(int(last) - _LOOK_BACK_90K).replace(hour=0, minute=0, second=0, microsecond=0)
            from_day, from_utc = moment.strftime("%Y-%m-%d"), int(moment.timestamp()) * TICKS_PER_S
        known = self._known(from_utc)
        for relative in walk_media(self._root, from_day):
            name = parse_file_name(os.path.basename(relative))
            if name is not None and (name.run_key, name.seq) not in known:
                self._adopt_file(relative)

    def _known(self, from_utc_90k: int) -> set[tuple[str, int]]:
        known: set[tuple[str, int]] = set()
        for (stream_id,) in self._db.execute("SELECT id FROM stream").fetchall():
            known.update(
                self._db.execute(
                    "SELECT run_key, seq FROM segment WHERE stream_id = ? AND start_utc_90k >= ?",
                    (stream_id, from_utc_90k),
                )
            )
        return known

    def _adopt_file(self, relative: str) -> None:
        path = os.path.join(self._root, relative)
        settled = settle(self._disk, path)
        if settled is None:
            self._disk.unlink(path)
            self._done = replace(self._done, removed=self._done.removed + 1)
            return
        self._disk.sync_folder(os.path.dirname(path))
        self._disk.mark("recovery: before an adopted file's row")
        with transaction(self._db):
            stream_id = adopt(self._db, settled, self._reason)
        self._note_end(stream_id, settled)
        self._done = replace(self._done, adopted=self._done.adopted + 1)

    def _close_runs(self, now_utc_90k: int) -> None:
        with transaction(self._db):
            self._split_open_holes()
            crashed = self._db.execute("SELECT DISTINCT stream_id FROM run WHERE is_closed = 0").fetchall()
            self._db.execute("UPDATE run SET is_closed = 1 WHERE is_closed = 0")
            for (stream_id,) in crashed:
                self._ended.setdefault(stream_id, self._reason)
            for stream_id, reason in self._ended.items():
                end = index.newest_end(self._db, stream_id)
                gaps = () if end is None else (Gap(end, max(end, now_utc_90k), reason, True),)
                index.replace_gaps(self._db, stream_id, end if end is not None else 0, gaps)
            index.set_meta(self._db, "last_publish_utc_90k", str(now_utc_90k))

    def _split_open_holes(self) -> None:
        """A camera that was away when we died: from then on we are the reason, as far as anybody knows."""
        last = index.get_meta(self._db, "last_publish_utc_90k")
        for row_id, stream_id, start, reason in self._db.execute(
            "SELECT id, stream_id, start_utc_90k, reason FROM gap WHERE end_utc_90k IS NULL"
        ).fetchall():
            if last is not None and int(last) > start and reason not in STAYS:
                self._db.execute("UPDATE gap SET end_utc_90k = ? WHERE id = ?", (int(last), row_id))
                self._db.execute(
                    "INSERT INTO gap (stream_id, start_utc_90k, reason) VALUES (?, ?, ?)",
                    (stream_id, int(last), self._reason.value),
                )


def adopt(db: sqlite3.Connection, settled: Settled, reason: GapReason) -> int:
    """Gives a settled file its rows; its stream's row id. Its neighbours in the run, if they have rows, share theirs.

    Where the file before it lost its tail they do not belong together: the run has two rows, and the hole its `reason`.
    """
    header = settled.head.header
    stream_id = index.stream_row(db, header.camera, header.stream)
    run = index.run_of_header(header, stream_id)
    segment = state_of(settled, run)
    run.end_utc_90k = segment.end_utc_90k
    neighbour = db.execute(
        "SELECT run_id FROM segment WHERE stream_id = ? AND run_key = ? AND (seq = ? AND end_dts_90k = ? OR"
        " seq = ? AND start_dts_90k = ?) ORDER BY seq LIMIT 1",
        (stream_id, header.run_key, header.seq - 1, segment.start_dts_90k, header.seq + 1, segment.end_dts_90k),
    ).fetchone()
    if neighbour is None:
        index.put_run(db, run)
    else:
        run.row_id = int(neighbour[0])
    index.put_segment(db, segment)
    index.refresh_run(db, int(run.row_id or 0))
    if header.seq == 0 and header.gaps:
        index.replace_gaps(db, stream_id, header.gaps[0].from_utc_90k, header.gaps)
    elif header.seq > 0:
        _own_up_to_a_torn_tail(db, stream_id, segment, reason)
    else:
        db.execute("DELETE FROM gap WHERE stream_id = ? AND end_utc_90k IS NULL", (stream_id,))
    return stream_id


def _own_up_to_a_torn_tail(db: sqlite3.Connection, stream_id: int, after: index.SegmentState, reason: GapReason) -> None:
    """The hole between a file and the one before it in its run, where there is one."""
    row = db.execute(
        "SELECT end_utc_90k FROM segment WHERE stream_id = ? AND run_key = ? AND seq = ? AND end_dts_90k < ?",
        (stream_id, after.run.key, after.seq - 1, after.start_dts_90k),
    ).fetchone()
    if row is not None and after.start_utc_90k - int(row[0]) > NO_GAP_90K:
        db.execute(
            "INSERT INTO gap (stream_id, start_utc_90k, end_utc_90k, reason) VALUES (?, ?, ?, ?)",
            (stream_id, int(row[0]), after.start_utc_90k, reason.value),
        )


def finish_tombstones(root: str, db: sqlite3.Connection, disk: Disk) -> int:
    """Unlinks what is decided, makes that durable, forgets the tombstones; how many."""
    paths = [str(row[0]) for row in db.execute("SELECT path FROM tombstone").fetchall()]
    if not paths:
        return 0
    folders: set[str] = set()
    for path in paths:
        disk.unlink(os.path.join(root, path))
        folders.add(os.path.dirname(os.path.join(root, path)))
    for folder in folders:
        with contextlib.suppress(FileNotFoundError):
            disk.sync_folder(folder)
    disk.mark("after unlink, before tombstones go")
    with transaction(db):
        db.executemany("DELETE FROM tombstone WHERE path = ?", [(path,) for path in paths])
    for folder in folders:
        _remove_empty(folder)
    return len(paths)


def _remove_empty(folder: str) -> None:
    """A day's folder whose last file is gone; one that is not empty, or not there, stays as it is."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)
