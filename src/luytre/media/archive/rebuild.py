"""Makes the index again from the files alone: each segment's header and seal say all that its rows do.

The new index is built beside the old one and takes its place in one rename; the old one is kept as `index-<time>.old`.
What only the old index knew and the files do not (the erase log, settings of retention) is carried over if it can be read.
Files that are torn are settled as at every opening; what is no segment is left alone and told.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from luytre.base.clock import Clock, to_datetime
from luytre.base.errors import GapReason
from luytre.media.archive import index, schema
from luytre.media.archive.disk import Disk
from luytre.media.archive.identity import Identity
from luytre.media.archive.paths import INDEX, walk_media
from luytre.media.archive.recovery import Settled, settle, state_of
from luytre.media.archive.schema import transaction
from luytre.media.archive.values import NO_GAP_90K, Gap

Progress = Callable[[int, int], None]
"""Told (files done, files in all)."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found. `foreign`: relative paths of files that are no segments; `kept_aside`: the old index."""

    segments: int
    streams: int
    torn: int
    foreign: tuple[str, ...]
    kept_aside: str | None


def rebuild_index(
    root: str, disk: Disk, clock: Clock, identity: Identity, progress: Progress = lambda done, total: None
) -> Rebuilt:
    """See the module. The caller holds the archive's lock."""
    settled, foreign = _settle_all(root, disk, progress)
    new = os.path.join(root, INDEX + ".new")
    for suffix in ("", "-wal", "-shm"):
        disk.unlink(new + suffix)
    db = schema.create(new)
    try:
        with transaction(db):
            for stream in _by_stream(settled):
                _write_stream(db, stream, clock.utc_90k())
            index.set_meta(db, "archive_id", identity.id)
            index.set_meta(db, "last_publish_utc_90k", str(clock.utc_90k()))
        _carry_over(db, os.path.join(root, INDEX))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    aside = _swap(root, new, disk, clock)
    torn = sum(one.was_torn for one in settled)
    streams = len({(one.head.header.camera, one.head.header.stream) for one in settled})
    return Rebuilt(len(settled), streams, torn, tuple(foreign), aside)


def _settle_all(root: str, disk: Disk, progress: Progress) -> tuple[list[Settled], list[str]]:
    paths = walk_media(root)
    settled: list[Settled] = []
    foreign: list[str] = []
    for done, relative in enumerate(paths):
        one = settle(disk, os.path.join(root, relative)) if relative.endswith(".mp4") else None
        if one is None:
            foreign.append(relative)
        else:
            settled.append(one)
        progress(done + 1, len(paths))
    return settled, foreign


def _by_stream(settled: list[Settled]) -> Iterable[list[Settled]]:
    """Each stream's files in the order of time; a file that is there twice counts once."""
    streams: dict[tuple[str, str], dict[tuple[str, int], Settled]] = {}
    for one in settled:
        header = one.head.header
        streams.setdefault((header.camera, header.stream), {}).setdefault((header.run_key, header.seq), one)
    for files in streams.values():
        yield sorted(files.values(), key=lambda one: (one.head.header.start_utc_90k, one.head.header.seq))


def _write_stream(db: sqlite3.Connection, files: list[Settled], now_utc_90k: int) -> None:
    first = files[0].head.header
    stream_id = index.stream_row(db, first.camera, first.stream)
    run: index.RunState | None = None
    before: Settled | None = None
    gaps: list[Gap] = []
    for one in files:
        header = one.head.header
        continues = before is not None and _is_next(before, one) and before.seal.end_dts_90k == header.start_dts_90k
        if run is None or not continues:
            if run is not None and before is not None:
                gaps += _hole(run.end_utc_90k, before, one)
            run = index.run_of_header(header, stream_id)
        segment = state_of(one, run)
        run.end_utc_90k = max(run.end_utc_90k, segment.end_utc_90k)
        run.samples, run.bytes = segment.samples, segment.size_bytes
        index.put_run(db, run)
        index.put_segment(db, segment)
        before = one
    assert run is not None, "a stream has at least one file"
    assert before is not None, "a stream has at least one file"
    reason = before.seal.end_reason or GapReason.RECORDER_CRASHED
    gaps.append(Gap(run.end_utc_90k, max(run.end_utc_90k, now_utc_90k), reason, True))
    index.replace_gaps(db, stream_id, 0, gaps)


def _is_next(before: Settled, after: Settled) -> bool:
    """Recorded one after the other in a run; footage between them may have been torn off by a crash all the same."""
    this, that = before.head.header, after.head.header
    return (this.run_key, this.seq + 1) == (that.run_key, that.seq)


def _hole(end_utc_90k: int, before: Settled, after: Settled) -> list[Gap]:
    """The parts of the hole between two files that do not belong together, with their reasons."""
    start = after.head.header.start_utc_90k
    if start - end_utc_90k <= NO_GAP_90K:
        return []
    if before.head.header.run_key == after.head.header.run_key:
        return [Gap(end_utc_90k, start, GapReason.RECORDER_CRASHED if _is_next(before, after) else GapReason.ERASED)]
    told = [
        Gap(max(gap.from_utc_90k, end_utc_90k), min(gap.to_utc_90k, start), gap.reason)
        for gap in after.head.header.gaps
        if gap.to_utc_90k > end_utc_90k and gap.from_utc_90k < start
    ]
    if not told:
        reason = GapReason.ERASED if after.head.header.seq > 0 else GapReason.UNKNOWN
        return [Gap(end_utc_90k, start, reason)]
    holes = [Gap(end_utc_90k, told[0].from_utc_90k, GapReason.ERASED)] if told[0].from_utc_90k > end_utc_90k else []
    holes += told
    if told[-1].to_utc_90k < start:
        holes.append(Gap(told[-1].to_utc_90k, start, GapReason.ERASED))
    return holes


def _carry_over(db: sqlite3.Connection, old: str) -> None:
    """The erase log and the retention settings of the old index, as far as it can still be read."""
    if not os.path.exists(old):
        return
    with contextlib.suppress(sqlite3.Error, ValueError):
        source = schema.ReadIndex(old)
        try:
            erased = source.connection.execute(
                "SELECT at_utc_90k, camera, stream, from_utc_90k, to_utc_90k, bytes, rule FROM erased ORDER BY id"
            ).fetchall()
            policies = source.connection.execute("SELECT keep_days, keep_bytes, camera, stream FROM stream").fetchall()
        finally:
            source.close()
        with transaction(db):
            db.executemany(
                "INSERT INTO erased (at_utc_90k, camera, stream, from_utc_90k, to_utc_90k, bytes, rule)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                erased,
            )
            db.executemany("UPDATE stream SET keep_days = ?, keep_bytes = ? WHERE camera = ? AND stream = ?", policies)


def _swap(root: str, new: str, disk: Disk, clock: Clock) -> str | None:
    path, aside = os.path.join(root, INDEX), None
    if os.path.exists(path):
        aside = os.path.join(root, f"index-{to_datetime(clock.utc_90k()):%Y%m%dT%H%M%SZ}.old")
        os.replace(path, aside)
        if os.path.exists(path + "-wal"):
            os.replace(path + "-wal", aside + "-wal")
    disk.unlink(path + "-shm")
    disk.mark("rebuild: between the old index and the new")
    os.replace(new, path)
    for suffix in ("-wal", "-shm"):
        disk.unlink(new + suffix)
    disk.sync_folder(root)
    return aside
