"""How much of a span each camera worked: every whole second is up, down, unknown or not counted, and they add up. Pure.

Not counted outweighs unknown, unknown outweighs down: what we switched off was not watched, and what nobody saw was not down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from luytre.civic.upkeep.faults import MACHINE, NOT_WORKING, Fault

Seconds: TypeAlias = tuple[int, int]
"""From one second of Unix time up to another."""


@dataclass(frozen=True, slots=True)
class Row:
    """An outage as it is in the table. `end` None: it goes on."""

    camera: str
    fault: str
    start: datetime
    end: datetime | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class Division:
    """Seconds of a span."""

    up: int = 0
    down: int = 0
    unknown: int = 0
    not_counted: int = 0

    @property
    def whole(self) -> int:
        return self.up + self.down + self.unknown + self.not_counted

    @property
    def share(self) -> float | None:
        """Of the time that was seen, how much it worked: 0 to 1; None where nothing was seen."""
        seen = self.up + self.down
        return self.up / seen if seen else None

    def __add__(self, other: Division) -> Division:
        return Division(
            self.up + other.up, self.down + other.down, self.unknown + other.unknown, self.not_counted + other.not_counted
        )


@dataclass(frozen=True, slots=True)
class Mended:
    """Outages that ended in the span because it worked again: how many, and how long they stood together."""

    count: int = 0
    seconds: int = 0

    @property
    def mean_s(self) -> float | None:
        return self.seconds / self.count if self.count else None

    def __add__(self, other: Mended) -> Mended:
        return Mended(self.count + other.count, self.seconds + other.seconds)


@dataclass(frozen=True, slots=True)
class CameraTime:
    key: str
    time: Division = field(default_factory=Division)
    mended: Mended = field(default_factory=Mended)


def month_span(year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of a month up to that of the next, by the commune's clock. Errors: ValueError for no month."""
    following = (year + month // 12, month % 12 + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def times(
    span: tuple[datetime, datetime],
    rows: Iterable[Row],
    since: Mapping[str, datetime],
    watched: Sequence[tuple[datetime, datetime]],
) -> list[CameraTime]:
    """Of each camera of `since` (from when on it is counted), in its order. `watched`: when somebody looked at all; what lies
    outside is unknown."""
    start, end = (_second(moment) for moment in span)
    by_camera: dict[str, list[Row]] = {}
    for row in rows:
        by_camera.setdefault(row.camera, []).append(row)
    machine = by_camera.get(MACHINE, [])
    unseen = minus([(start, end)], merged([(_second(begin), _second(over)) for begin, over in watched]))
    unknown = merged([*unseen, *_spans(machine, {Fault.UNKNOWN}, end)])
    disk = _spans(machine, NOT_WORKING, end)
    return [
        CameraTime(
            key,
            _divided((start, end), by_camera.get(key, ()), _second(counted), unknown, disk),
            _mended(by_camera.get(key, ()), start, end),
        )
        for key, counted in since.items()
    ]


def _divided(span: Seconds, rows: Sequence[Row], counted: int, unknown: Sequence[Seconds], disk: Sequence[Seconds]) -> Division:
    start, end = span
    off = within(merged([(min(start, counted), counted), *_spans(rows, {Fault.OFF}, end)]), span)
    not_seen = minus(within(unknown, span), off)
    not_up = merged([*off, *not_seen])
    down = minus(within(merged([*disk, *_spans(rows, NOT_WORKING, end)]), span), not_up)
    lengths = [length(spans) for spans in (down, not_seen, off)]
    return Division(max(0, end - start) - sum(lengths), *lengths)


def _mended(rows: Iterable[Row], start: int, end: int) -> Mended:
    ended = [
        (_second(row.start), _second(row.end))
        for row in rows
        if row.fault in NOT_WORKING and row.end is not None and row.how == "back" and start <= _second(row.end) < end
    ]
    return Mended(len(ended), sum(over - begin for begin, over in ended))


def _spans(rows: Iterable[Row], faults: Iterable[str], end: int) -> list[Seconds]:
    wanted = frozenset(faults)
    return [(_second(row.start), end if row.end is None else _second(row.end)) for row in rows if row.fault in wanted]


def _second(moment: datetime) -> int:
    return int(moment.timestamp() // 1)


def merged(spans: Iterable[Seconds]) -> list[Seconds]:
    """In order, none touching another, none empty."""
    found: list[Seconds] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def within(spans: Iterable[Seconds], span: Seconds) -> list[Seconds]:
    """What of them lies in a span. They are in order."""
    cut = ((max(start, span[0]), min(end, span[1])) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def minus(spans: Sequence[Seconds], others: Sequence[Seconds]) -> list[Seconds]:
    """What of `spans` lies in none of `others`. Both merged."""
    found: list[Seconds] = []
    number = 0
    for start, end in spans:
        while number < len(others) and others[number][1] <= start:
            number += 1
        at, next_one = start, number
        while next_one < len(others) and others[next_one][0] < end:
            if others[next_one][0] > at:
                found.append((at, others[next_one][0]))
            at = max(at, others[next_one][1])
            next_one += 1
        if at < end:
            found.append((at, end))
    return found


def length(spans: Iterable[Seconds]) -> int:
    return sum(end - start for start, end in spans)
