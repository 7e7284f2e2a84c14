"""What the archive can be asked. Read-only connections, any thread, beside a writer or on a copy that cannot be written.

Timelines are answered from `run` and `gap` rows; `segment` rows are read only for playback. What the writer knows and the
index does not yet (a hole while the disk is away) is laid over by the caller through `live_holes`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.base.errors import ArchiveError, GapReason, NotFound, UsageError
from luytre.base.i18n import N_
from luytre.media.archive.disk import Disk
from luytre.media.archive.gops import decode_gops
from luytre.media.archive.paths import INDEX, segment_path
from luytre.media.archive.schema import ReadIndex
from luytre.media.archive.values import Erased, EraseRule, Gap, Gop, Segment, Span, StreamFacts, Timeline, Usage

LiveHoles = Callable[[], Mapping[tuple[str, str], tuple[Gap, ...]]]
_POOL_SIZE = 8
_REASONS = {reason.value: reason for reason in GapReason}
_span: Callable[[tuple[Any, ...]], Span] = partial(tuple.__new__, Span)
_gap: Callable[[tuple[Any, ...]], Gap] = partial(tuple.__new__, Gap)
"""What `_make` does without its look at the length: a month of 35 cameras is many thousand of them."""
_OVERLAP_90K = 600 * TICKS_PER_S
"""How much earlier than the newest one a segment may begin that still reaches into a span (after a clock set back)."""
_RATE_WINDOW_90K = 86_400 * TICKS_PER_S

_SEGMENTS = (
    "SELECT s.id, t.camera, t.stream, s.run_id, s.run_key, s.seq, s.start_utc_90k, s.end_utc_90k, s.start_dts_90k,"
    " s.end_dts_90k, s.init_bytes, s.media_offset_bytes, s.bytes, s.samples, s.is_closed, s.sha256, s.gops, r.codec,"
    " r.width_px, r.height_px, r.mime FROM segment s JOIN stream t ON t.id = s.stream_id JOIN run r ON r.id = s.run_id"
)
_ERASED = "SELECT at_utc_90k, camera, stream, from_utc_90k, to_utc_90k, bytes, rule, id FROM erased"
_AFTER_ALL = (1 << 63) - 1


class Queries:
    """See the module. `close` when done."""

    def __init__(self, root: str, clock: Clock, disk: Disk, live_holes: LiveHoles = dict) -> None:
        self.root = root
        self._clock, self._disk, self._live_holes = clock, disk, live_holes
        self._pool: list[ReadIndex] = []
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection from the pool; ArchiveError where the index cannot be read."""
        path = os.path.join(self.root, INDEX)
        reader: ReadIndex | None = None
        try:
            facts = os.stat(path)
            file = (facts.st_dev, facts.st_ino)
            with self._lock:
                if file != self._file:  # rebuilt, or mounted anew
                    self._empty_pool()
                    self._file = file
                reader = self._pool.pop() if self._pool else None
            reader = reader or ReadIndex(path)
            yield reader.connection
        except (OSError, sqlite3.Error) as error:
            if reader is not None:
                reader.close()
            raise ArchiveError(
                N_("its index cannot be read"), operation=N_("Reading the archive"), subject=self.root,
                hint=N_("Run `luytre archive check` to see what is wrong; `luytre archive rebuild` makes the index again."),
            ) from error  # fmt: skip
        except BaseException:
            if reader is not None:
                reader.close()
            raise
        with self._lock:
            if file == self._file and len(self._pool) < _POOL_SIZE:
                self._pool.append(reader)
            else:
                reader.close()

    def _empty_pool(self) -> None:
        for reader in self._pool:
            reader.close()
        self._pool = []

    def close(self) -> None:
        with self._lock:
            self._empty_pool()

    def timeline(self, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> Timeline:
        """Spans and gaps that touch [from, to), cut to it. NotFound where the archive has never had the stream."""
        _check_span(from_utc_90k, to_utc_90k)
        with self._reading() as db:
            row = db.execute("SELECT id FROM stream WHERE camera = ? AND stream = ?", (camera, stream)).fetchone()
            if row is None:
                raise _no_such_stream(db, camera, stream)
            return self._timeline(db, int(row[0]), camera, stream, from_utc_90k, to_utc_90k)

    def timelines(
        self, from_utc_90k: int, to_utc_90k: int, stream: str | None = None, cameras: Collection[str] | None = None
    ) -> tuple[Timeline, ...]:
        """Of all cameras (of these, of one kind of stream, if given), in the order of their names."""
        _check_span(from_utc_90k, to_utc_90k)
        with self._reading() as db:
            rows = db.execute("SELECT id, camera, stream FROM stream ORDER BY camera, stream").fetchall()
            return tuple(
                self._timeline(db, stream_id, camera, name, from_utc_90k, to_utc_90k)
                for stream_id, camera, name in rows
                if stream in (None, name) and (cameras is None or camera in cameras)
            )

    def _timeline(self, db: sqlite3.Connection, stream_id: int, camera: str, stream: str, start: int, stop: int) -> Timeline:
        # A run that began before the span may reach into it: so does only the last of those, but for a clock set back.
        rows = db.execute(
            "SELECT start_utc_90k, end_utc_90k, codec, samples, bytes FROM run WHERE stream_id = ? AND start_utc_90k < ?"
            " AND end_utc_90k > ? ORDER BY start_utc_90k",
            (stream_id, stop, start),
        )
        spans = tuple(map(_span, rows))
        if spans and (spans[0].from_utc_90k < start or spans[-1].to_utc_90k > stop):
            spans = tuple(_cut_span(span, start, stop) for span in spans)
        gaps = self._gaps(db, stream_id, self._live_holes().get((camera, stream), ()), start, stop)
        return Timeline(camera, stream, spans, tuple(gaps))

    def _gaps(self, db: sqlite3.Connection, stream_id: int, live: tuple[Gap, ...], start: int, stop: int) -> list[Gap]:
        now = self._clock.utc_90k()
        rows = db.execute(
            "SELECT max(start_utc_90k, ?), min(coalesce(end_utc_90k, max(start_utc_90k, ?)), ?), reason,"
            " end_utc_90k IS NULL FROM gap WHERE stream_id = ? AND start_utc_90k < ?"
            " AND (end_utc_90k IS NULL OR end_utc_90k > ?) ORDER BY start_utc_90k",
            (start, now, stop, stream_id, stop, start),
        )
        try:
            gaps = [_gap((since, until, _REASONS[why], is_open == 1)) for since, until, why, is_open in rows if until > since]
        except KeyError as error:
            raise sqlite3.DatabaseError(f"a gap for a reason that there is not: {error}") from error
        if not live:
            return gaps
        gaps = [gap for gap in gaps if not gap.is_open and gap.from_utc_90k < live[0].from_utc_90k]
        for gap in live:
            until = max(now, gap.from_utc_90k) if gap.is_open else gap.to_utc_90k
            cut = gap._replace(from_utc_90k=max(gap.from_utc_90k, start), to_utc_90k=min(until, stop))
            if cut.to_utc_90k > cut.from_utc_90k:
                gaps.append(cut)
        return gaps

    def segments(self, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> tuple[Segment, ...]:
        """The segments that touch [from, to), in the order of time. NotFound where the archive has never had the stream."""
        _check_span(from_utc_90k, to_utc_90k)
        with self._reading() as db:
            row = db.execute("SELECT id FROM stream WHERE camera = ? AND stream = ?", (camera, stream)).fetchone()
            if row is None:
                raise _no_such_stream(db, camera, stream)
            rows = db.execute(
                f"{_SEGMENTS} WHERE s.stream_id = ? AND s.start_utc_90k < ? AND s.end_utc_90k > ? AND s.start_utc_90k >="
                " coalesce((SELECT max(start_utc_90k) FROM segment WHERE stream_id = ? AND start_utc_90k <= ?), 0) - ?"
                " ORDER BY s.start_utc_90k, s.id",
                (row[0], to_utc_90k, from_utc_90k, row[0], from_utc_90k, _OVERLAP_90K),
            )
            return tuple(_segment(self.root, values) for values in rows)

    def find(self, camera: str, stream: str, at_utc_90k: int) -> Segment | None:
        """The segment that shows this moment; None in a hole."""
        found = self.segments(camera, stream, at_utc_90k, at_utc_90k + 1)
        return found[-1] if found else None

    def segment(self, segment_id: int) -> Segment:
        """By its id. NotFound if there is none (any more)."""
        with self._reading() as db:
            row = db.execute(f"{_SEGMENTS} WHERE s.id = ?", (segment_id,)).fetchone()
        if row is None:
            raise NotFound(
                N_("there is no such recording (any more)"), hint=N_("It may have been erased when its time was over.")
            )
        return _segment(self.root, row)

    def all_segments(self) -> Iterator[Segment]:
        """Every segment, by stream and time; reads as it goes."""
        with self._reading() as db:
            cursor = db.execute(f"{_SEGMENTS} ORDER BY s.stream_id, s.start_utc_90k")
            while rows := cursor.fetchmany(1000):
                for values in rows:
                    yield _segment(self.root, values)

    def streams(self) -> tuple[StreamFacts, ...]:
        """Every stream that has footage or a setting, by name."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT t.camera, t.stream, coalesce(min(r.start_utc_90k), 0), coalesce(max(r.end_utc_90k), 0),"
                " coalesce(sum(r.bytes), 0), coalesce(sum(r.end_utc_90k - r.start_utc_90k), 0), t.keep_days, t.keep_bytes"
                " FROM stream t LEFT JOIN run r ON r.stream_id = t.id GROUP BY t.id ORDER BY t.camera, t.stream"
            )
            return tuple(StreamFacts(*row) for row in rows)

    def bitrate_bps(self) -> float:
        """What all cameras together brought in during the last day with footage, while they recorded."""
        since = self._clock.utc_90k() - _RATE_WINDOW_90K
        with self._reading() as db:
            rows = db.execute(
                "SELECT stream_id, sum(bytes), sum(end_utc_90k - start_utc_90k) FROM run WHERE end_utc_90k > ?"
                " GROUP BY stream_id",
                (since,),
            ).fetchall()
        return float(sum(size * 8 * TICKS_PER_S / length for _stream, size, length in rows if length))

    def usage(self, floor_bytes: int = 0) -> Usage:
        """Bytes used and free, and for how many days the free ones will do at today's rate."""
        with self._reading() as db:
            used, oldest = db.execute("SELECT coalesce(sum(bytes), 0), min(start_utc_90k) FROM run").fetchone()
        rate = self.bitrate_bps()
        free, total = self._disk.free_bytes(self.root), self._disk.total_bytes(self.root)
        days_left = max(0, free - floor_bytes) * 8 / rate / 86_400 if rate else None
        return Usage(used, free, total, oldest, days_left)

    def erased(self, camera: str | None = None) -> tuple[Erased, ...]:
        """The erase log, oldest line first."""
        with self._reading() as db:
            rows = db.execute(f"{_ERASED} WHERE ? IS NULL OR camera = ? ORDER BY id", (camera, camera)).fetchall()
        return tuple(map(_erased, rows))

    def newest_erased(
        self, limit: int, *, cameras: Collection[str] | None, from_utc_90k: int, to_utc_90k: int, before_id: int | None = None
    ) -> tuple[Erased, ...]:
        """At most `limit` lines of the erase log, newest first: of these cameras (None: of all), whose erasing was in
        [from, to), and numbered below `before_id`, so that whoever pages on misses none that comes meanwhile."""
        named = sorted(cameras or ())
        of = "" if cameras is None else f" AND camera IN ({', '.join('?' * len(named))})"
        with self._reading() as db:
            rows = db.execute(
                f"{_ERASED} WHERE at_utc_90k >= ? AND at_utc_90k < ? AND id < ?{of} ORDER BY id DESC LIMIT ?",
                (from_utc_90k, to_utc_90k, before_id or _AFTER_ALL, *named, limit),
            ).fetchall()
        return tuple(map(_erased, rows))


def _erased(row: tuple[Any, ...]) -> Erased:
    *values, rule, number = row
    return Erased._make((*values, EraseRule(rule), number))


def _check_span(from_utc_90k: int, to_utc_90k: int) -> None:
    if to_utc_90k <= from_utc_90k:
        raise UsageError(N_("the span must end after it begins"), hint=N_("Check its two times; they may be swapped."))


def _no_such_stream(db: sqlite3.Connection, camera: str, stream: str) -> NotFound:
    names = sorted({str(row[0]) for row in db.execute("SELECT camera FROM stream")})
    if camera in names:
        return NotFound(
            N_("this camera has no such stream in the archive"),
            subject=f"{camera} ({stream})",
            hint=N_("The streams are `main` and `sub`."),
        )
    hint = N_("Check the name: it must be written just as it is recorded.")
    return NotFound(N_("there is no such camera in the archive"), subject=camera, hint=hint)


def _cut_span(span: Span, start: int, stop: int) -> Span:
    """Counts of a span that is cut are in proportion."""
    since, until = max(span.from_utc_90k, start), min(span.to_utc_90k, stop)
    whole = span.to_utc_90k - span.from_utc_90k
    if until - since == whole or not whole:
        return span
    part = until - since
    return Span(since, until, span.codec, span.samples * part // whole, span.bytes * part // whole)


def _gops(blob: bytes, start_dts_90k: int, start_utc_90k: int) -> tuple[Gop, ...]:
    try:
        return decode_gops(blob, start_dts_90k, start_utc_90k)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error


def _segment(root: str, row: tuple[Any, ...]) -> Segment:
    (row_id, camera, stream, run_row, key, seq, start, end, start_dts, end_dts, init, media, size, samples, closed, sha,
     gops, codec, width, height, mime) = row  # fmt: skip
    path = os.path.join(root, segment_path(camera, stream, start, key, seq))
    return Segment(
        row_id, camera, stream, run_row, key, seq, path, start, end, start_dts, end_dts, init, media, size, samples,
        bool(closed), sha, _gops(gops, start_dts, start), codec, width, height, mime,
    )  # fmt: skip
