"""What there is of a long time, small enough for a page: runs put together for the eye, and footage counted by day. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from luytre.base.clock import from_datetime, to_datetime
from luytre.base.errors import GapReason, UsageError
from luytre.base.i18n import N_
from luytre.media.archive import Span, Timeline

MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day (cut to what was asked). `gaps` counts holes that touch it, those that retention made aside."""

    day: date
    covered_90k: int
    gaps: int
    longest_gap_90k: int
    bytes: int


def joined_spans(spans: Sequence[Span], within_90k: int) -> list[Span]:
    """Spans no further apart than `within_90k` as one, with the codec of the first. Their gaps are told elsewhere."""
    joined: list[Span] = []
    for span in spans:
        if joined and within_90k and span.from_utc_90k - joined[-1].to_utc_90k <= within_90k:
            last = joined[-1]
            until = max(last.to_utc_90k, span.to_utc_90k)
            joined[-1] = Span(last.from_utc_90k, until, last.codec, last.samples + span.samples, last.bytes + span.bytes)
        else:
            joined.append(span)
    return joined


def days_of(timeline: Timeline, from_utc_90k: int, to_utc_90k: int, zone: tzinfo) -> tuple[Day, ...]:
    """Every day of [from, to) by the zone's midnights, also those without footage. UsageError beyond 400 days.

    What two runs cover both (after our clock was set back) is covered once; bytes of a run are shared out by time.
    """
    days, edges = _days(from_utc_90k, to_utc_90k, zone)
    covered, sizes, gaps, longest = ([0] * len(days) for _ in range(4))
    reach = from_utc_90k
    for span in timeline.spans:
        whole = span.to_utc_90k - span.from_utc_90k
        for index, start, stop in _cut(edges, span.from_utc_90k, span.to_utc_90k):
            covered[index] += max(0, stop - max(start, reach))
            sizes[index] += span.bytes * (stop - start) // whole
        reach = max(reach, span.to_utc_90k)
    for gap in timeline.gaps:
        if gap.reason is not GapReason.ERASED:
            for index, start, stop in _cut(edges, gap.from_utc_90k, gap.to_utc_90k):
                gaps[index] += 1
                longest[index] = max(longest[index], stop - start)
    return tuple(map(Day, days, covered, gaps, longest, sizes))


def _days(start: int, stop: int, zone: tzinfo) -> tuple[list[date], list[int]]:
    """The days that [start, stop) touches, and their edges cut to it: one more than days."""
    if (stop - start) > (MAX_DAYS + 1) * 86_400 * 90_000:
        raise UsageError(N_("the span is too long"), hint=N_("Ask for at most 400 days at a time."))
    day = to_datetime(start).astimezone(zone).date()
    days, edges = [day], [start]
    while (midnight := _midnight(day + timedelta(days=1), zone)) < stop:
        day += timedelta(days=1)
        days.append(day)
        edges.append(midnight)
    return days, [*edges, stop]


def _midnight(day: date, zone: tzinfo) -> int:
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))


def _cut(edges: Sequence[int], start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """(index of the day, from, to) of a stretch; nothing of what lies outside the edges."""
    start, stop = max(start, edges[0]), min(stop, edges[-1])
    index = bisect_right(edges, start) - 1
    while start < stop:
        until = min(stop, edges[index + 1])
        yield index, start, until
        start, index = until, index + 1
