"""Archives for benches: an hour of real footage written through the archive itself, and an index of a month."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bench.load import load_clip
from luytre.base.clock import TICKS_PER_S, FakeClock, SystemClock
from luytre.base.errors import GapReason
from luytre.media.archive import Archive, Segment
from luytre.media.archive.gops import GopTable
from luytre.media.archive.paths import INDEX
from luytre.media.archive.schema import open_for_writing, transaction
from luytre.media.fragment import build_fragment, build_init
from luytre.media.unit import Fragment, Sample, StreamFormat
from luytre.media.unit.parameter_sets import video_format
from luytre.simulate.source import Clip
from luytre.simulate.units import AccessUnit

CAMERA = "cam01"
BATCH_FRAMES = 5
"""Pictures in a fragment: 200 ms, as the recorder's tick makes them."""
SEGMENT_90K = 60 * TICKS_PER_S
DAY_90K = 86_400 * TICKS_PER_S


def sample_of(unit: AccessUnit, shift_90k: int) -> Sample:
    chunks = [part for nal in unit.nals for part in (len(nal).to_bytes(4, "big"), nal)]
    size = sum(map(len, chunks))
    return Sample(unit.is_key, unit.pts_90k + shift_90k, unit.dts_90k + shift_90k, size, chunks)


def fragments(clip: Clip, seconds: float, start_utc_90k: int) -> Iterator[Fragment]:
    """The clip round and round, as the recorder would cut it."""
    frame_90k = clip.duration_90k // len(clip.units)
    sequence = shift_90k = 0
    while shift_90k < seconds * TICKS_PER_S:
        for at in range(0, len(clip.units), BATCH_FRAMES):
            batch = [sample_of(unit, shift_90k) for unit in clip.units[at : at + BATCH_FRAMES]]
            sequence += 1
            yield build_fragment(
                batch, sequence=sequence, dts_base_90k=0, last_duration_90k=frame_90k,
                start_utc_90k=start_utc_90k + batch[0].dts_90k,
            )  # fmt: skip
        shift_90k += clip.duration_90k


def write_footage(root: Path, seconds: float, clip: Clip | None = None, camera: str = CAMERA) -> tuple[Segment, ...]:
    """One camera, gapless, 1080p25 at 4 Mbit/s where no clip says otherwise.

    The clock is a fake one, so that an hour takes as long as the disk does.
    """
    clip, clock = clip or load_clip(), FakeClock()
    archive = Archive.open(root, clock=clock, threaded=False)
    start_utc_90k = clock.utc_90k()
    writer = archive.writer(camera, "main")
    told = clip.description
    writer.begin_run(
        build_init(StreamFormat(video_format(told.codec, told.parameter_sets))), start_utc_90k, GapReason.RECORDER_STOPPED
    )
    for number, fragment in enumerate(fragments(clip, seconds, start_utc_90k)):
        writer.append(fragment)
        clock.advance(fragment.duration_90k / TICKS_PER_S)
        if number % 5 == 4:
            archive.run_pending()
    writer.end_run(GapReason.RECORDER_STOPPED)
    archive.run_pending()
    segments = archive.queries.segments(camera, "main", start_utc_90k, clock.utc_90k() + TICKS_PER_S)
    archive.close()
    return segments


def fill_index(root: Path, template: Segment, cameras: int, days: int, seed: int = 1) -> int:
    """Rows for so many cameras and days ending now, each file like `template`; some restarts a day, each with its gap.

    The number of segment rows. Files are not made: timelines do not need them.
    """
    dice = random.Random(seed)
    db = open_for_writing(str(root / INDEX))
    db.execute("PRAGMA synchronous = OFF")
    end_utc_90k = SystemClock().utc_90k()
    with transaction(db):
        for number in range(cameras):
            cursor = db.execute("INSERT INTO stream (camera, stream) VALUES (?, 'main')", (f"eye{number + 1:02d}",))
            _fill_stream(db, int(cursor.lastrowid or 0), template, end_utc_90k - days * DAY_90K, end_utc_90k, dice)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (rows,) = db.execute("SELECT count(*) FROM segment").fetchone()
    db.close()
    return int(rows)


def _fill_stream(db: sqlite3.Connection, stream_id: int, template: Segment, start: int, end: int, dice: random.Random) -> None:
    now = start
    while now < end - SEGMENT_90K:
        count = min(dice.randrange(120, 700), (end - now) // SEGMENT_90K)
        _fill_run(db, stream_id, template, now, count)
        after = now + count * SEGMENT_90K
        now = after + dice.randrange(5, 400) * TICKS_PER_S
        if now < end:
            db.execute(
                "INSERT INTO gap (stream_id, start_utc_90k, end_utc_90k, reason) VALUES (?, ?, ?, ?)",
                (stream_id, after, now, GapReason.CAMERA_LOST.value),
            )


def _fill_run(db: sqlite3.Connection, stream_id: int, template: Segment, start: int, count: int) -> None:
    key = f"{stream_id:x}x{start:x}"
    end = start + count * SEGMENT_90K
    cursor = db.execute(
        "INSERT INTO run (stream_id, key, start_utc_90k, end_utc_90k, codec, width_px, height_px, mime, samples, bytes,"
        " is_closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (stream_id, key, start, end, template.codec, template.width_px, template.height_px, template.mime,
         template.samples * count, template.size_bytes * count),
    )  # fmt: skip
    rows = [
        (stream_id, cursor.lastrowid, key, number, start + number * SEGMENT_90K, start + (number + 1) * SEGMENT_90K,
         number * SEGMENT_90K, (number + 1) * SEGMENT_90K, template.init_bytes, template.media_offset_bytes,
         template.size_bytes, template.samples, bytes(32), _gops(template, number, start + number * SEGMENT_90K))
        for number in range(count)
    ]  # fmt: skip
    db.executemany(
        "INSERT INTO segment (stream_id, run_id, run_key, seq, start_utc_90k, end_utc_90k, start_dts_90k, end_dts_90k,"
        " init_bytes, media_offset_bytes, bytes, samples, is_closed, sha256, gops)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        rows,
    )


def _gops(template: Segment, number: int, start_utc_90k: int) -> bytes:
    """The template's GOPs at another time."""
    table = GopTable(number * SEGMENT_90K, start_utc_90k)
    for gop in template.gops:
        along = gop.dts_90k - template.start_dts_90k
        table.append(gop.offset_bytes, number * SEGMENT_90K + along, start_utc_90k + along)
    return bytes(table.blob)
