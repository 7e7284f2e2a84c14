"""Deletes what may no longer be kept, oldest first: by days, by bytes, and for the free-space floor.

Only streams that somebody gave a retention to (days or bytes) are ever deleted from: what no rule covers is kept, and when
nothing else is left recording stops and says so.

Runs in the writer's thread, after a publish, a few files a second: deleting never delays writing. A hold is absolute: the
choice is made and its tombstone committed under the holds' lock. Deletion is durable before the file goes (the index is
synced), so that no crash leaves a row without its file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.media.archive.disk import Disk
from luytre.media.archive.holds import HoldBook
from luytre.media.archive.index import Doomed, bury, log_erased
from luytre.media.archive.paths import segment_path
from luytre.media.archive.recovery import finish_tombstones
from luytre.media.archive.schema import transaction
from luytre.media.archive.values import EraseRule

DAY_90K = 86_400 * TICKS_PER_S
_SCAN_EVERY_S = 10.0

_CHOOSE = (
    "SELECT s.id, s.stream_id, s.run_id, t.camera, t.stream, s.run_key, s.seq, s.start_utc_90k, s.end_utc_90k, s.bytes,"
    " s.samples FROM segment s JOIN stream t ON t.id = s.stream_id"
    " WHERE s.stream_id = ? AND s.is_closed = 1 AND s.start_utc_90k < ? AND s.end_utc_90k <= ?"
    " AND NOT EXISTS (SELECT 1 FROM temp.held h WHERE h.camera = t.camera AND h.start_utc_90k < s.end_utc_90k"
    " AND h.end_utc_90k > s.start_utc_90k)"
    " ORDER BY s.start_utc_90k LIMIT ?"
)
_FOREVER_90K = 1 << 62


class Retention:
    """One archive's deletions while its volume is there."""

    def __init__(
        self, root: str, disk: Disk, db: sqlite3.Connection, holds: HoldBook, clock: Clock, *,
        deletes_per_s: int, clock_trust_s: float, last_publish_utc_90k: int | None,
    ) -> None:  # fmt: skip
        self._root, self._disk, self._db, self._holds, self._clock = root, disk, db, holds, clock
        self._limit, self._trust_s = deletes_per_s, clock_trust_s
        self._filled: tuple[int, bool] | None = None
        self._spared = holds.all()
        """What was held when the clock was last trusted."""
        self._next_scan_mono_s = 0.0
        self._clock_lead_90k: int | None = None
        self._trusted_from_mono_s = 0.0
        if last_publish_utc_90k is not None and clock.utc_90k() - last_publish_utc_90k > DAY_90K:
            self._trusted_from_mono_s = clock.mono_s() + clock_trust_s

    def by_rule(self) -> int:
        """Deletes by days and by bytes, if a look is due; how many files."""
        mono = self._clock.mono_s()
        self._watch_clock(mono)
        with self._holds.lock:
            self._refresh_holds()
        if mono < self._next_scan_mono_s:
            return 0
        with self._holds.lock:
            chosen = self._chosen_by_rule(self._trusts_clock())
            self._bury(chosen)
        self._finish(len(chosen))
        if len(chosen) < self._limit:
            self._next_scan_mono_s = mono + _SCAN_EVERY_S
        return len(chosen)

    def for_floor(self, wanted_bytes: int) -> int:
        """Deletes the oldest footage that has a rule, of all cameras, until `wanted_bytes` are freed or a second's limit
        is reached; how many files."""
        with self._holds.lock:
            self._refresh_holds()
            oldest = sorted(self._oldest_of_all(), key=lambda doomed: doomed.start_utc_90k)
            chosen: list[tuple[Doomed, EraseRule]] = []
            for doomed in oldest[: self._limit]:
                if wanted_bytes <= 0:
                    break
                wanted_bytes -= doomed.bytes
                chosen.append((doomed, EraseRule.FLOOR))
            self._bury(chosen)
        self._finish(len(chosen))
        return len(chosen)

    def is_anything_held(self) -> bool:
        """Whether there is footage that only holds keep from being deleted. After `for_floor` found nothing to delete."""
        return any(
            self._db.execute("SELECT 1 FROM segment WHERE stream_id = ? AND is_closed = 1 LIMIT 1", (stream_id,)).fetchone()
            for stream_id in self._ruled_streams()
        )

    def _watch_clock(self, mono_s: float) -> None:
        lead = self._clock.utc_90k() - round(mono_s * TICKS_PER_S)
        if self._clock_lead_90k is not None and lead - self._clock_lead_90k > DAY_90K:
            self._trusted_from_mono_s = mono_s + self._trust_s
        self._clock_lead_90k = lead

    def _trusts_clock(self) -> bool:
        return self._clock.mono_s() >= self._trusted_from_mono_s

    def _refresh_holds(self) -> None:
        """While the clock is not trusted, what was held when it last was is spared beside what is held now: holds end by a
        date, and a wrong one must cost no evidence, neither by days nor for room."""
        trusted = self._trusts_clock()
        if self._filled != (self._holds.version, trusted):
            self._holds.fill(self._db, () if trusted else self._spared)
            self._filled = (self._holds.version, trusted)
        if trusted:
            self._spared = self._holds.all()

    def _chosen_by_rule(self, by_days: bool) -> list[tuple[Doomed, EraseRule]]:
        self._refresh_holds()
        chosen: dict[int, tuple[Doomed, EraseRule]] = {}
        rows = self._db.execute(
            "SELECT id, keep_days, keep_bytes FROM stream WHERE keep_days IS NOT NULL OR keep_bytes IS NOT NULL"
        ).fetchall()
        for stream_id, keep_days, keep_bytes in rows:
            left = self._limit - len(chosen)
            if left <= 0:
                break
            found: list[tuple[Doomed, EraseRule]] = []
            if keep_days is not None and by_days:
                before = self._clock.utc_90k() - round(keep_days * DAY_90K)
                found += [(doomed, EraseRule.DAYS) for doomed in self._choose(stream_id, before, left)]
            if keep_bytes is not None:
                found += [(doomed, EraseRule.BYTES) for doomed in self._beyond(stream_id, keep_bytes, left)]
            for doomed, rule in found[:left]:
                chosen.setdefault(doomed.id, (doomed, rule))
        return list(chosen.values())

    def _beyond(self, stream_id: int, keep_bytes: int, limit: int) -> list[Doomed]:
        total = self._db.execute("SELECT coalesce(sum(bytes), 0) FROM run WHERE stream_id = ?", (stream_id,)).fetchone()[0]
        beyond: list[Doomed] = []
        for doomed in self._choose(stream_id, _FOREVER_90K, limit) if total > keep_bytes else []:
            if total <= keep_bytes:
                break
            total -= doomed.bytes
            beyond.append(doomed)
        return beyond

    def _choose(self, stream_id: int, end_before_utc_90k: int, limit: int) -> list[Doomed]:
        rows = self._db.execute(_CHOOSE, (stream_id, end_before_utc_90k, end_before_utc_90k, limit))
        return [Doomed(*row) for row in rows]

    def _oldest_of_all(self) -> list[Doomed]:
        streams = self._ruled_streams()
        return [doomed for stream_id in streams for doomed in self._choose(stream_id, _FOREVER_90K, self._limit)]

    def _ruled_streams(self) -> list[int]:
        rows = self._db.execute("SELECT id FROM stream WHERE keep_days IS NOT NULL OR keep_bytes IS NOT NULL")
        return [int(row[0]) for row in rows]

    def _bury(self, chosen: Sequence[tuple[Doomed, EraseRule]]) -> None:
        if not chosen:
            return
        now = self._clock.utc_90k()
        self._disk.mark("before tombstones")
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            with transaction(self._db):
                for doomed, rule in chosen:
                    path = segment_path(doomed.camera, doomed.stream, doomed.start_utc_90k, doomed.run_key, doomed.seq)
                    bury(self._db, doomed, path)
                    log_erased(self._db, now, doomed, rule)
        finally:
            self._db.execute("PRAGMA synchronous = NORMAL")
        self._disk.mark("after tombstones, before unlink")

    def _finish(self, count: int) -> None:
        if count:
            finish_tombstones(self._root, self._db, self._disk)
