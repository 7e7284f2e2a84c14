"""What is written down can be read back to the same values, and what is not ours is refused."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import FakeClock
from luytre.base.errors import ArchiveError, GapReason
from luytre.media.archive import Queries, open_queries
from luytre.media.archive.gops import GopTable, decode_gops
from luytre.media.archive.lane import STAYS, closed_hole, refined_hole
from luytre.media.archive.layout import (
    HEADER_TYPE,
    NotASegment,
    Seal,
    SegmentHeader,
    decode_header,
    decode_seal,
    encode_header,
    encode_seal,
    read_head,
    read_seal,
)
from luytre.media.archive.paths import folder_of, name_of, parse_file_name, segment_path
from luytre.media.archive.values import NO_GAP_90K, Gap, Gop
from tests.media.archive.helpers import Camera, all_time, open_archive, record

UTC = 1_795_500_000 * 90_000
steps = st.tuples(st.integers(1, 1 << 31), st.integers(1, 1 << 40), st.integers(-(1 << 33), 1 << 33))


@given(st.lists(steps, max_size=40), st.integers(0, 1 << 45))
def test_gop_tables_come_back(moves: list[tuple[int, int, int]], start_dts: int) -> None:
    table, wanted = GopTable(start_dts, UTC), []
    offset, dts, utc = 0, start_dts, UTC
    for offset_step, dts_step, slew in moves:
        offset, dts, utc = offset + offset_step, dts + dts_step, utc + dts_step + slew
        table.append(offset, dts, utc)
        wanted.append(Gop(offset, dts, utc))
    assert decode_gops(bytes(table.blob), start_dts, UTC) == tuple(wanted)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_gop_table_or_refused(blob: bytes) -> None:
    try:
        gops = decode_gops(blob, 0, UTC)
    except ValueError:
        return
    assert all(after.offset_bytes >= before.offset_bytes for before, after in itertools.pairwise(gops))


def test_a_gop_before_the_one_before_it_is_refused() -> None:
    table = GopTable(0, UTC)
    table.append(100, 90_000, UTC)
    with pytest.raises(ValueError, match="before"):
        table.append(50, 180_000, UTC)
    with pytest.raises(ValueError, match="before"):
        table.append(200, 80_000, UTC)


def test_an_ordinary_gop_takes_few_bytes() -> None:
    table = GopTable(0, UTC)
    for index in range(30):
        table.append(1000 + index * 1_000_000, index * 180_000, UTC + index * 180_000)
    assert len(table.blob) <= 30 * 8


reasons = st.sampled_from(list(GapReason))
gaps = st.builds(Gap, st.integers(1, UTC), st.integers(UTC, UTC * 2), reasons, st.just(False))
headers = st.builds(
    SegmentHeader,
    st.text("abc123", min_size=1),
    st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()),
    st.sampled_from(["main", "sub"]),
    st.text("abc123", min_size=1, max_size=10),
    st.integers(0, 1 << 30),
    st.integers(1, UTC * 2),
    st.integers(0, UTC),
    st.sampled_from(["h264", "h265"]),
    st.integers(1, 10_000),
    st.integers(1, 10_000),
    st.text(max_size=40),
    st.lists(gaps, max_size=4).map(tuple),
)


@given(headers)
def test_headers_come_back(header: SegmentHeader) -> None:
    box = encode_header(header)
    assert box[8:24] == HEADER_TYPE
    assert decode_header(box[24:]) == header


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_refused(payload: bytes) -> None:
    with pytest.raises(NotASegment):
        decode_header(payload)


seals = st.builds(
    Seal, st.binary(min_size=32, max_size=32), st.integers(0, 1 << 40), st.integers(0, 1 << 20), st.integers(1, UTC * 2),
    st.integers(0, UTC), st.binary(max_size=60), st.none() | reasons,
)  # fmt: skip


@given(seals, st.binary(max_size=30))
def test_seals_come_back_and_damaged_ones_do_not(seal: Seal, noise: bytes) -> None:
    box = encode_seal(seal)
    assert decode_seal(box) == seal
    assert decode_seal(box[:-1]) is None
    assert decode_seal(noise) is None


@given(size=st.integers(0, 400), seal=seals)
def test_a_seal_is_found_only_where_it_fits(tmp_path_factory: pytest.TempPathFactory, size: int, seal: Seal) -> None:
    path = tmp_path_factory.getbasetemp() / "seal"
    box = encode_seal(seal)
    path.write_bytes(bytes(size) + box)
    fd = os.open(path, os.O_RDONLY)
    try:
        assert read_seal(fd, size + len(box)) == (seal if seal.sealed_bytes == size else None)
        assert read_seal(fd, size + len(box) - 1) is None
    finally:
        os.close(fd)


@given(st.binary(max_size=300))
def test_any_file_is_a_segment_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    fd = os.open(path, os.O_RDONLY)
    try:
        with pytest.raises(NotASegment):
            read_head(fd)
    finally:
        os.close(fd)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)


@given(names, names)
def test_different_names_are_different_folders(one: str, other: str) -> None:
    assert (folder_of(one) == folder_of(other)) == (one == other)
    for name in (one, other):
        folder = folder_of(name)
        assert folder not in (".", "..")
        assert "/" not in folder
        assert len(folder.encode()) <= 200
        if "~" not in folder:
            assert name_of(folder) == name


@given(st.integers(UTC, UTC * 2), st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=10, max_size=10), st.integers(0, 1 << 20))
def test_a_segments_name_says_its_run_and_place(start: int, key: str, seq: int) -> None:
    name = parse_file_name(Path(segment_path("gate", "main", start, key, seq)).name)
    assert name is not None
    assert (name.run_key, name.seq) == (key, seq)


@given(st.text(max_size=60))
def test_any_file_name_is_a_segments_or_not(name: str) -> None:
    found = parse_file_name(name)
    assert found is None or name.endswith(f"-{found.run_key}-{name.rpartition('-')[2]}")


@given(reasons, reasons, st.integers(1, 1 << 20), st.integers(1, 1 << 20))
def test_a_hole_is_covered_whatever_is_learnt_of_it(first: GapReason, then: GapReason, learnt: int, ended: int) -> None:
    hole = (Gap(UTC, UTC, first, True),)
    hole = refined_hole(hole, UTC + learnt, then)
    assert hole[-1].is_open
    closed = closed_hole(hole, UTC + learnt + ended, GapReason.UNKNOWN)
    if learnt + ended <= NO_GAP_90K:
        assert closed == ()
        return
    assert (closed[0].from_utc_90k, closed[-1].to_utc_90k) == (UTC, UTC + learnt + ended)
    assert all(one.to_utc_90k == other.from_utc_90k for one, other in itertools.pairwise(closed))
    assert (closed[0].reason is first) == (first in STAYS or first is then)


@pytest.mark.parametrize(
    ("damage", "asks"),
    [
        ("UPDATE gap SET reason = x'00'", lambda queries: queries.timeline("gate", "main", *all_time())),
        ("UPDATE segment SET gops = x'ff'", lambda queries: queries.segments("gate", "main", *all_time())),
        ("UPDATE segment SET gops = x'ff'", lambda queries: queries.find("gate", "main", UTC)),
    ],
)
def test_an_index_with_nonsense_in_it_is_told_so(tmp_path: Path, damage: str, asks: Callable[[Queries], object]) -> None:
    clock = FakeClock()
    archive = open_archive(tmp_path / "archive", clock)
    camera = Camera(archive.writer("gate"), clock)
    for _ in range(2):
        camera.begin(GapReason.CAMERA_LOST)
        record(archive, camera, 3)
        camera.end()
        clock.advance(60)
    archive.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "archive" / "index.sqlite3")) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        assert db.execute(damage).rowcount > 0
        db.commit()
    with pytest.raises(ArchiveError):
        asks(open_queries(tmp_path / "archive", clock))
