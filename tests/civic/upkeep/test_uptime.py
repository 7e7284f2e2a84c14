"""Seconds of a month, divided without rest. Pure."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.uptime import Division, Mended, Row, month_span, times

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = month_span(2026, 11, ZONE)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ALWAYS = [(LONG_AGO, datetime(2030, 1, 1, tzinfo=UTC))]
HOUR = timedelta(hours=1)


def one(*rows: Row, since: datetime = LONG_AGO, watched: list[tuple[datetime, datetime]] = ALWAYS) -> Division:
    (found,) = times(NOVEMBER, rows, {"a": since}, watched)
    return found.time


def hours(**parts: int) -> Division:
    return Division(**{name: value * 3600 for name, value in parts.items()})


def test_a_month_here_begins_at_seven_in_the_evening_of_utc() -> None:
    start, end = NOVEMBER
    assert (start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()) == (
        "2026-10-31T17:00:00+00:00", "2026-11-30T17:00:00+00:00",
    )  # fmt: skip
    assert month_span(2026, 12, ZONE)[1] == datetime(2027, 1, 1, tzinfo=ZONE)


def test_what_outweighs_what() -> None:
    start, end = NOVEMBER
    assert one() == hours(up=720)
    down = Row("a", Fault.DOWN, start - HOUR, start + 5 * HOUR)
    assert one(down) == hours(up=715, down=5)
    silent = Row("", Fault.UNKNOWN, start + HOUR, start + 3 * HOUR)
    assert one(down, silent) == hours(up=715, down=3, unknown=2)
    off = Row("a", Fault.OFF, start + 2 * HOUR, None)
    assert one(down, silent, off) == hours(down=1, unknown=1, not_counted=718)
    assert one(Row("", Fault.DISK, end - HOUR, None)) == hours(up=719, down=1)
    assert one(Row("a", Fault.CLOCK_OFF, start, None)) == hours(up=720)
    assert one(down, Row("a", Fault.DARK, start + 4 * HOUR, start + 6 * HOUR)) == hours(up=714, down=6)
    assert one(since=end - HOUR) == hours(up=1, not_counted=719)
    assert one(watched=[(end - HOUR, end + HOUR)]) == hours(up=1, unknown=719)
    assert one(watched=[]).share is None


def test_mended_counts_what_ended_in_the_span_because_it_worked_again() -> None:
    start, end = NOVEMBER
    rows = [
        Row("a", Fault.DOWN, start - HOUR, start + HOUR, "back"),
        Row("a", Fault.DOWN, end - HOUR, end + HOUR, "back"),
        Row("a", Fault.DOWN, start + HOUR, start + 2 * HOUR, "off"),
        Row("a", Fault.TURNED, start + 4 * HOUR, start + 8 * HOUR, "back"),
        Row("a", Fault.DOWN, start + 9 * HOUR, None),
    ]
    (found,) = times(NOVEMBER, rows, {"a": LONG_AGO}, ALWAYS)
    assert (found.mended, found.mended.mean_s) == (Mended(2, 6 * 3600), 3 * 3600)


EDGE = int(NOVEMBER[0].timestamp())
MOMENTS = st.integers(-40_000, 40_000).map(lambda s: s * 73) | st.integers(-3, 3) | st.integers(2_591_997, 2_592_003)
SPANS = st.tuples(MOMENTS, st.integers(0, 700_000), st.booleans(), st.integers(0, 999_999))
OUTAGES = st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(Fault.values), SPANS), max_size=25)


@settings(max_examples=150)
@given(OUTAGES, MOMENTS, MOMENTS, MOMENTS)
def test_the_seconds_of_a_month_add_up_and_each_is_what_a_slow_count_says(
    outages: list[tuple[str, str, tuple[int, int, bool, int]]], counted: int, begun: int, looked: int
) -> None:
    def at(second: int, micro: int = 0) -> datetime:
        return datetime.fromtimestamp(EDGE + second, UTC) + timedelta(microseconds=micro)

    rows = [
        Row(camera, fault, at(first, micro), None if goes_on else at(first + long, micro))
        for camera, fault, (first, long, goes_on, micro) in outages
    ]
    watched = [(at(begun), at(looked))] if begun < looked else []
    found = times(NOVEMBER, rows, {"a": at(counted), "b": LONG_AGO}, watched)
    whole = int((NOVEMBER[1] - NOVEMBER[0]).total_seconds())
    assert [item.time.whole for item in found] == [whole, whole]
    assert min(found[0].time.up, found[0].time.down, found[0].time.unknown, found[0].time.not_counted) >= 0
    assert found[0].time == slow(rows, watched, EDGE + counted, whole)


def slow(rows: list[Row], watched: list[tuple[datetime, datetime]], counted: int, whole: int) -> Division:
    """Judges each stretch between two moments where anything changes, by looking at every row."""
    bad = {Fault.DOWN, Fault.DISK, Fault.FROZEN, Fault.DARK, Fault.COVERED, Fault.BLURRED, Fault.TURNED}
    begins = [(row, int(row.start.timestamp()), int(row.end.timestamp()) if row.end else EDGE + whole) for row in rows]
    seen = [(int(start.timestamp()), int(end.timestamp())) for start, end in watched]
    edges = {EDGE, EDGE + whole, counted, *(s for _r, a, b in begins for s in (a, b)), *(s for pair in seen for s in pair)}
    cuts = sorted(edge for edge in edges if EDGE <= edge <= EDGE + whole)
    counts = {"up": 0, "down": 0, "unknown": 0, "not_counted": 0}
    for first, last in pairwise(cuts):
        there = {(row.camera, row.fault) for row, start, end in begins if start <= first < end}
        if first < counted or ("a", Fault.OFF) in there:
            kind = "not_counted"
        elif ("", Fault.UNKNOWN) in there or not any(start <= first < end for start, end in seen):
            kind = "unknown"
        elif any(camera in ("", "a") and fault in bad for camera, fault in there):
            kind = "down"
        else:
            kind = "up"
        counts[kind] += last - first
    return Division(**counts)


def test_two_hundred_cameras_over_a_year_take_less_than_a_second() -> None:
    year = (month_span(2026, 1, ZONE)[0], month_span(2026, 12, ZONE)[1])
    began = {(camera, number): year[0] + timedelta(hours=37 * number + camera) for camera in range(200) for number in range(120)}
    rows = [Row(f"c{camera}", Fault.DOWN, start, start + 5 * HOUR) for (camera, _number), start in began.items()]
    rows += [Row("", Fault.UNKNOWN, year[0] + timedelta(days=n), year[0] + timedelta(days=n, minutes=2)) for n in range(365)]
    begun = time.process_time()
    found = times(year, rows, {f"c{camera}": LONG_AGO for camera in range(200)}, ALWAYS)
    assert time.process_time() - begun < 1.0
    assert {item.time.whole for item in found} == {365 * 86_400}
