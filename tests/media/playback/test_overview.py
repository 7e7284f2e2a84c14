"""Long times made small: runs joined for the eye, days counted by their own midnights."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import TICKS_PER_S, from_datetime
from luytre.base.errors import GapReason, UsageError
from luytre.media.archive import Gap, Span, Timeline
from luytre.media.playback import days_of, joined_spans

VN = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = 3600 * TICKS_PER_S
MIDNIGHT = from_datetime(datetime(2026, 11, 23, 17, tzinfo=UTC))
"""00:00 of 24/11/2026 in Viet Nam."""


def line(spans: list[tuple[int, int]], gaps: list[Gap] | None = None) -> Timeline:
    return Timeline("cho", "main", tuple(Span(a, b, "avc1", 10, b - a) for a, b in spans), tuple(gaps or ()))


def test_a_run_over_midnight_is_shared_out() -> None:
    gap = Gap(MIDNIGHT + 2 * HOUR, MIDNIGHT + 3 * HOUR, GapReason.CAMERA_LOST)
    runs = [(MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR), (MIDNIGHT + 3 * HOUR, MIDNIGHT + 4 * HOUR)]
    first, second = days_of(line(runs, [gap]), MIDNIGHT - 24 * HOUR, MIDNIGHT + 10 * HOUR, VN)
    assert [str(day.day) for day in (first, second)] == ["2026-11-23", "2026-11-24"]
    assert (first.covered_90k, first.gaps, first.longest_gap_90k, first.bytes) == (HOUR, 0, 0, HOUR)
    assert (second.covered_90k, second.gaps, second.longest_gap_90k, second.bytes) == (3 * HOUR, 1, HOUR, 3 * HOUR)


def test_a_gap_over_midnight_counts_on_both_days_and_erasing_on_none() -> None:
    lost = Gap(MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR, GapReason.CAMERA_LOST, True)
    erased = Gap(MIDNIGHT - 20 * HOUR, MIDNIGHT - 10 * HOUR, GapReason.ERASED)
    first, second = days_of(line([], [erased, lost]), MIDNIGHT - 24 * HOUR, MIDNIGHT + 24 * HOUR, VN)
    assert [(day.gaps, day.longest_gap_90k) for day in (first, second)] == [(1, HOUR), (1, 2 * HOUR)]


def test_days_of_twenty_three_and_twenty_five_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for start, hours in ((datetime(2026, 3, 28, 23, tzinfo=UTC), 23), (datetime(2026, 10, 24, 22, tzinfo=UTC), 25)):
        begin = from_datetime(start)
        first, second = days_of(line([(begin, begin + 48 * HOUR)]), begin, begin + (hours + 1) * HOUR, berlin)
        assert (first.covered_90k, second.covered_90k) == (hours * HOUR, HOUR)


def test_more_than_400_days_are_refused() -> None:
    assert len(days_of(line([]), MIDNIGHT, MIDNIGHT + 400 * 24 * HOUR, VN)) == 400
    with pytest.raises(UsageError):
        days_of(line([]), MIDNIGHT, MIDNIGHT + 402 * 24 * HOUR, VN)


@given(
    st.lists(st.tuples(st.integers(-60, 60), st.integers(1, 40)), max_size=12),
    st.integers(-50, 10),
    st.integers(1, 90),
    st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/St_Johns", "UTC"]),
)
def test_no_hour_is_counted_twice_or_lost(hours: list[tuple[int, int]], start: int, length: int, zone: str) -> None:
    spans = sorted((MIDNIGHT + at * HOUR, MIDNIGHT + (at + long) * HOUR) for at, long in hours)
    begin, end = MIDNIGHT + start * HOUR, MIDNIGHT + (start + length) * HOUR
    days = days_of(line(spans), begin, end, ZoneInfo(zone))
    covered = {hour for a, b in spans for hour in range(a // HOUR, b // HOUR)} & set(range(begin // HOUR, end // HOUR))
    assert sum(day.covered_90k for day in days) == len(covered) * HOUR
    assert len({day.day for day in days}) == len(days)


def test_runs_close_together_come_as_one() -> None:
    spans = line([(0, 10), (12, 20), (40, 50), (45, 70)]).spans
    assert [(s.from_utc_90k, s.to_utc_90k, s.samples) for s in joined_spans(spans, 2)] == [(0, 20, 20), (40, 70, 20)]
    assert joined_spans(spans, 0) == list(spans)
    assert len(joined_spans(spans, 1)) == 3
