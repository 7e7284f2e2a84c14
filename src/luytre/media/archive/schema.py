"""The index's tables and how a connection to it is opened. Names carry units; CHECKs hold what must never be otherwise.

`run` rows answer timelines without touching `segment`. Times are UTC ticks of 1/90000 s, line times ticks of the run.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    camera TEXT NOT NULL CHECK (camera <> ''),
    stream TEXT NOT NULL CHECK (stream <> ''),
    keep_days REAL CHECK (keep_days > 0),
    keep_bytes INTEGER CHECK (keep_bytes > 0),
    UNIQUE (camera, stream)
);

-- Gapless footage of one session (or what deletion left of it). Sums over its segments.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    key TEXT NOT NULL,
    start_utc_90k INTEGER NOT NULL CHECK (start_utc_90k > 0),
    end_utc_90k INTEGER NOT NULL CHECK (end_utc_90k >= start_utc_90k),
    codec TEXT NOT NULL,
    width_px INTEGER NOT NULL CHECK (width_px > 0),
    height_px INTEGER NOT NULL CHECK (height_px > 0),
    mime TEXT NOT NULL,
    samples INTEGER NOT NULL CHECK (samples >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1))
);
CREATE INDEX run_by_time ON run (stream_id, start_utc_90k, end_utc_90k, codec, samples, bytes);

-- One file. `bytes` is published: synced before this row said so. A closed one is sealed right after `bytes`.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    run_id INTEGER NOT NULL REFERENCES run (id),
    run_key TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    start_utc_90k INTEGER NOT NULL CHECK (start_utc_90k > 0),
    end_utc_90k INTEGER NOT NULL CHECK (end_utc_90k >= start_utc_90k),
    start_dts_90k INTEGER NOT NULL CHECK (start_dts_90k >= 0),
    end_dts_90k INTEGER NOT NULL CHECK (end_dts_90k >= start_dts_90k),
    init_bytes INTEGER NOT NULL CHECK (init_bytes > 0),
    media_offset_bytes INTEGER NOT NULL CHECK (media_offset_bytes > init_bytes),
    bytes INTEGER NOT NULL CHECK (bytes >= media_offset_bytes),
    samples INTEGER NOT NULL CHECK (samples >= 0),
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    sha256 BLOB CHECK (length(sha256) = 32),
    gops BLOB NOT NULL,
    CHECK ((is_closed = 1) = (sha256 IS NOT NULL)),
    UNIQUE (stream_id, run_key, seq)
);
CREATE INDEX segment_by_time ON segment (stream_id, start_utc_90k);
CREATE INDEX segment_by_run ON segment (run_id);
CREATE INDEX segment_open ON segment (id) WHERE is_closed = 0;

-- A hole between two runs. One of a stream may be open: it lasts until now.
CREATE TABLE gap (
    id INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES stream (id),
    start_utc_90k INTEGER NOT NULL CHECK (start_utc_90k > 0),
    end_utc_90k INTEGER CHECK (end_utc_90k > start_utc_90k),
    reason TEXT NOT NULL CHECK (reason <> '')
);
CREATE INDEX gap_by_time ON gap (stream_id, start_utc_90k, end_utc_90k, reason);
CREATE UNIQUE INDEX gap_open ON gap (stream_id) WHERE end_utc_90k IS NULL;

-- A file whose deletion is decided but not yet done.
CREATE TABLE tombstone (
    path TEXT PRIMARY KEY
) WITHOUT ROWID;

-- What was deleted under which rule. Rows are added, and a day's row of a stream may grow; nothing is taken back.
CREATE TABLE erased (
    id INTEGER PRIMARY KEY,
    at_utc_90k INTEGER NOT NULL,
    camera TEXT NOT NULL,
    stream TEXT NOT NULL,
    from_utc_90k INTEGER NOT NULL,
    to_utc_90k INTEGER NOT NULL CHECK (to_utc_90k >= from_utc_90k),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    rule TEXT NOT NULL CHECK (rule IN ('days', 'bytes', 'floor'))
);
CREATE INDEX erased_by_stream ON erased (camera, stream, id);
CREATE TRIGGER erased_keeps BEFORE DELETE ON erased
BEGIN SELECT RAISE(ABORT, 'the erase log is append-only'); END;
CREATE TRIGGER erased_grows BEFORE UPDATE ON erased
WHEN NEW.id <> OLD.id OR NEW.camera <> OLD.camera OR NEW.stream <> OLD.stream OR NEW.rule <> OLD.rule
    OR NEW.from_utc_90k <> OLD.from_utc_90k OR NEW.to_utc_90k < OLD.to_utc_90k OR NEW.bytes < OLD.bytes
    OR NEW.at_utc_90k < OLD.at_utc_90k
BEGIN SELECT RAISE(ABORT, 'the erase log is append-only'); END;
"""


def create(path: str) -> sqlite3.Connection:
    """A new index at `path`, open for writing."""
    connection = _connect(path)
    connection.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")
    return connection


def open_for_writing(path: str) -> sqlite3.Connection:
    """The index at `path`. sqlite3.DatabaseError if it is none, or of another version."""
    connection = _connect(path)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"index of version {version}, this program knows {SCHEMA_VERSION}")
        connection.execute("SELECT count(*) FROM meta").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect(path: str) -> sqlite3.Connection:
    """Autocommit: transactions are said in so many words. One thread at a time, not always the one that opened it."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -8192")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class ReadIndex:
    """A connection that only reads, beside a recorder that writes, or on a copy that cannot be written at all.

    SQLite's WAL needs its `-shm` file; where that cannot be made (a read-only disk) index and WAL are copied aside.
    """

    def __init__(self, path: str) -> None:
        self._aside: str | None = None
        try:
            self.connection = self._open(f"file:{_uri(path)}?mode=ro")
        except sqlite3.OperationalError:
            self._aside = tempfile.mkdtemp(prefix="luytre-index-")
            for suffix in ("", "-wal"):
                if os.path.exists(path + suffix):
                    shutil.copy(path + suffix, os.path.join(self._aside, "index" + suffix))
            try:
                self.connection = self._open(f"file:{_uri(os.path.join(self._aside, 'index'))}")
            except sqlite3.Error:
                shutil.rmtree(self._aside, ignore_errors=True)
                raise

    def _open(self, uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
        try:
            connection.execute("SELECT count(*) FROM meta").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        self.connection.close()
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)


def _uri(path: str) -> str:
    return os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
