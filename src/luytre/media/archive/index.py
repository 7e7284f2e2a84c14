"""What is written into the index, one statement group a function. The caller holds the transaction.

Invariant: nothing here is called before the bytes that it tells of are synced (design/archive.md, 2).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from luytre.base.clock import TICKS_PER_S
from luytre.base.errors import GapReason
from luytre.media.archive.gops import GopTable
from luytre.media.archive.layout import SegmentHeader
from luytre.media.archive.values import EraseRule, Gap

_DAY_90K = 86_400 * TICKS_PER_S


@dataclass(slots=True)
class RunState:
    """A run as it grows; `row_id` once it has a row. Owned by the writer's thread.

    `samples` and `bytes` are what its row does not count yet: deletion may shrink the row while the run still grows.
    """

    stream_id: int
    key: str
    start_utc_90k: int
    end_utc_90k: int
    codec: str
    width_px: int
    height_px: int
    mime: str
    samples: int = 0
    bytes: int = 0
    is_closed: bool = False
    row_id: int | None = None


@dataclass(slots=True)
class SegmentState:
    """A segment as it grows. `sha256` is set when it is sealed."""

    run: RunState
    seq: int
    start_utc_90k: int
    end_utc_90k: int
    start_dts_90k: int
    end_dts_90k: int
    init_bytes: int
    media_offset_bytes: int
    size_bytes: int
    table: GopTable
    samples: int = 0
    sha256: bytes | None = None
    row_id: int | None = None


def stream_row(db: sqlite3.Connection, camera: str, stream: str) -> int:
    """The stream's row, made if there is none."""
    row = db.execute("SELECT id FROM stream WHERE camera = ? AND stream = ?", (camera, stream)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = db.execute("INSERT INTO stream (camera, stream) VALUES (?, ?)", (camera, stream))
    return int(cursor.lastrowid or 0)


def put_run(db: sqlite3.Connection, run: RunState) -> int:
    """Inserts the run or adds to its row what is new; its row's id."""
    if run.row_id is None:
        cursor = db.execute(
            "INSERT INTO run (stream_id, key, start_utc_90k, end_utc_90k, codec, width_px, height_px, mime, samples,"
            " bytes, is_closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (run.stream_id, run.key, run.start_utc_90k, run.end_utc_90k, run.codec, run.width_px, run.height_px,
             run.mime, run.samples, run.bytes, run.is_closed),
        )  # fmt: skip
        run.row_id = int(cursor.lastrowid or 0)
    else:
        db.execute(
            "UPDATE run SET end_utc_90k = ?, samples = samples + ?, bytes = bytes + ?, is_closed = ? WHERE id = ?",
            (run.end_utc_90k, run.samples, run.bytes, run.is_closed, run.row_id),
        )
    run.samples = run.bytes = 0
    return run.row_id


def put_segment(db: sqlite3.Connection, segment: SegmentState) -> None:
    """Inserts the segment or brings its row up to date. Its run must have a row."""
    closed, gops = segment.sha256 is not None, bytes(segment.table.blob)
    if segment.row_id is None:
        cursor = db.execute(
            "INSERT INTO segment (stream_id, run_id, run_key, seq, start_utc_90k, end_utc_90k, start_dts_90k,"
            " end_dts_90k, init_bytes, media_offset_bytes, bytes, samples, is_closed, sha256, gops)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (segment.run.stream_id, segment.run.row_id, segment.run.key, segment.seq, segment.start_utc_90k,
             segment.end_utc_90k, segment.start_dts_90k, segment.end_dts_90k, segment.init_bytes,
             segment.media_offset_bytes, segment.size_bytes, segment.samples, closed, segment.sha256, gops),
        )  # fmt: skip
        segment.row_id = int(cursor.lastrowid or 0)
    else:
        db.execute(
            "UPDATE segment SET end_utc_90k = ?, end_dts_90k = ?, bytes = ?, samples = ?, is_closed = ?, sha256 = ?,"
            " gops = ? WHERE id = ?",
            (segment.end_utc_90k, segment.end_dts_90k, segment.size_bytes, segment.samples, closed, segment.sha256, gops,
             segment.row_id),
        )  # fmt: skip


def replace_gaps(db: sqlite3.Connection, stream_id: int, from_utc_90k: int, gaps: Sequence[Gap]) -> None:
    """The stream's holes from a moment on become these."""
    db.execute("DELETE FROM gap WHERE stream_id = ? AND (start_utc_90k >= ? OR end_utc_90k IS NULL)", (stream_id, from_utc_90k))
    db.executemany(
        "INSERT INTO gap (stream_id, start_utc_90k, end_utc_90k, reason) VALUES (?, ?, ?, ?)",
        [
            (stream_id, gap.from_utc_90k, None if gap.is_open else gap.to_utc_90k, gap.reason.value)
            for gap in gaps
            if gap.is_open or gap.to_utc_90k > gap.from_utc_90k
        ],
    )


def newest_end(db: sqlite3.Connection, stream_id: int) -> int | None:
    """Where the stream's newest run ends; None where it has none."""
    row = db.execute(
        "SELECT end_utc_90k FROM run WHERE stream_id = ? ORDER BY start_utc_90k DESC LIMIT 1", (stream_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def open_hole(db: sqlite3.Connection, stream_id: int) -> tuple[Gap, ...]:
    """The parts of the hole after the stream's newest run; the last is open. Empty where it has no run."""
    end = newest_end(db, stream_id)
    if end is None:
        return ()
    rows = db.execute(
        "SELECT start_utc_90k, end_utc_90k, reason FROM gap WHERE stream_id = ? AND start_utc_90k >= ? ORDER BY start_utc_90k",
        (stream_id, end),
    ).fetchall()
    return tuple(Gap(start, start if stop is None else stop, GapReason(reason), stop is None) for start, stop, reason in rows)


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))


def get_meta(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def run_of_header(header: SegmentHeader, stream_id: int) -> RunState:
    """A run that begins with this segment."""
    return RunState(
        stream_id, header.run_key, header.start_utc_90k, header.start_utc_90k, header.codec, header.width_px,
        header.height_px, header.mime, is_closed=True,
    )  # fmt: skip


def refresh_run(db: sqlite3.Connection, run_id: int) -> None:
    """The run's row from its segments; gone when it has none."""
    db.execute(
        "UPDATE run SET (start_utc_90k, end_utc_90k, samples, bytes) = (SELECT min(start_utc_90k), max(end_utc_90k),"
        " sum(samples), sum(bytes) FROM segment WHERE run_id = run.id)"
        " WHERE id = ? AND EXISTS (SELECT 1 FROM segment WHERE run_id = run.id)",
        (run_id,),
    )
    db.execute("DELETE FROM run WHERE id = ? AND NOT EXISTS (SELECT 1 FROM segment WHERE run_id = run.id)", (run_id,))


@dataclass(frozen=True, slots=True)
class Doomed:
    """A closed segment that is to be deleted."""

    id: int
    stream_id: int
    run_id: int
    camera: str
    stream: str
    run_key: str
    seq: int
    start_utc_90k: int
    end_utc_90k: int
    bytes: int
    samples: int


def bury(db: sqlite3.Connection, doomed: Doomed, path: str) -> None:
    """Row → tombstone; the run shrinks, splits or goes, and the hole is owned up to."""
    db.execute("INSERT OR IGNORE INTO tombstone (path) VALUES (?)", (path,))
    db.execute("DELETE FROM segment WHERE id = ?", (doomed.id,))
    _shrink_run(db, doomed)
    _own_up(db, doomed)


def _shrink_run(db: sqlite3.Connection, doomed: Doomed) -> None:
    side = "SELECT start_utc_90k, end_utc_90k FROM segment WHERE run_id = ? AND seq {} ? ORDER BY seq {} LIMIT 1"
    before = db.execute(side.format("<", "DESC"), (doomed.run_id, doomed.seq)).fetchone()
    after = db.execute(side.format(">", "ASC"), (doomed.run_id, doomed.seq)).fetchone()
    if before is None and after is None:
        db.execute("DELETE FROM run WHERE id = ?", (doomed.run_id,))
    elif before is not None and after is not None:
        _split_run(db, doomed)
    else:
        start = "start_utc_90k = ?" if before is None else "end_utc_90k = ?"
        value = after[0] if before is None else before[1]
        db.execute(
            f"UPDATE run SET {start}, samples = samples - ?, bytes = bytes - ? WHERE id = ?",
            (value, doomed.samples, doomed.bytes, doomed.run_id),
        )


def _split_run(db: sqlite3.Connection, doomed: Doomed) -> None:
    """Held footage on both sides: the later part stays this row (the writer knows its id), the earlier gets its own."""
    cursor = db.execute(
        "INSERT INTO run (stream_id, key, start_utc_90k, end_utc_90k, codec, width_px, height_px, mime, samples, bytes,"
        " is_closed) SELECT stream_id, key, start_utc_90k, end_utc_90k, codec, width_px, height_px, mime, 0, 0, 1"
        " FROM run WHERE id = ?",
        (doomed.run_id,),
    )
    earlier = int(cursor.lastrowid or 0)
    db.execute("UPDATE segment SET run_id = ? WHERE run_id = ? AND seq < ?", (earlier, doomed.run_id, doomed.seq))
    refresh_run(db, earlier)
    refresh_run(db, doomed.run_id)


def _own_up(db: sqlite3.Connection, doomed: Doomed) -> None:
    """Between older footage and newer an erased stretch is a hole; before the oldest there is nothing to tell."""
    oldest = db.execute("SELECT min(start_utc_90k) FROM run WHERE stream_id = ?", (doomed.stream_id,)).fetchone()[0]
    if oldest is None or oldest > doomed.start_utc_90k:
        limit = doomed.end_utc_90k if oldest is None else oldest
        db.execute("DELETE FROM gap WHERE stream_id = ? AND end_utc_90k <= ?", (doomed.stream_id, limit))
        return
    grown = db.execute(
        "UPDATE gap SET end_utc_90k = max(end_utc_90k, ?) WHERE stream_id = ? AND reason = ? AND end_utc_90k BETWEEN ? AND ?",
        (doomed.end_utc_90k, doomed.stream_id, GapReason.ERASED, doomed.start_utc_90k - TICKS_PER_S, doomed.end_utc_90k),
    )
    if grown.rowcount == 0 and doomed.end_utc_90k > doomed.start_utc_90k:
        db.execute(
            "INSERT INTO gap (stream_id, start_utc_90k, end_utc_90k, reason) VALUES (?, ?, ?, ?)",
            (doomed.stream_id, doomed.start_utc_90k, doomed.end_utc_90k, GapReason.ERASED),
        )


def log_erased(db: sqlite3.Connection, at_utc_90k: int, doomed: Doomed, rule: EraseRule) -> None:
    """One line of the erase log; a line of the same stream, rule and day that ends where this begins grows instead."""
    grown = db.execute(
        "UPDATE erased SET to_utc_90k = ?, bytes = bytes + ?, at_utc_90k = ? WHERE id = (SELECT max(id) FROM erased"
        " WHERE camera = ? AND stream = ?) AND rule = ? AND abs(to_utc_90k - ?) <= ? AND at_utc_90k / ? = ? / ?"
        " AND to_utc_90k <= ? AND at_utc_90k <= ?",
        (doomed.end_utc_90k, doomed.bytes, at_utc_90k, doomed.camera, doomed.stream, rule.value, doomed.start_utc_90k,
         TICKS_PER_S, _DAY_90K, at_utc_90k, _DAY_90K, doomed.end_utc_90k, at_utc_90k),
    )  # fmt: skip
    if grown.rowcount == 0:
        db.execute(
            "INSERT INTO erased (at_utc_90k, camera, stream, from_utc_90k, to_utc_90k, bytes, rule) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at_utc_90k, doomed.camera, doomed.stream, doomed.start_utc_90k, doomed.end_utc_90k, doomed.bytes, rule.value),
        )
