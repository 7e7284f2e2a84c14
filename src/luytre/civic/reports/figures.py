"""Figures of a period: each the sum of its rows, beside its denominator and the same of the period before, by hamlet.

Values, no database. A section (`sections`) gives the rows of a window; everything else is added up here, so a number can never be
another than what its rows come to.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

FEW = 5
"""Below so many a change is told in numbers and not per cent."""


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    VND = "vnd"


@dataclass(frozen=True, slots=True)
class Window:
    """What is counted: from `start` up to `end`, which is not in it; of days those from `first` to `last`, both among them."""

    start: datetime
    end: datetime
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def shortened(self, length: timedelta) -> Window:
        """Its beginning, at most so long: what a period that still runs is compared with."""
        end = min(self.end, self.start + length)
        last = (end - timedelta(microseconds=1)).astimezone(self.start.tzinfo).date()
        return Window(self.start, end, self.first, max(self.first, last))


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a figure. `thing` and `key`: what it is of, for the link to it. `kind`: words of the catalogue, or empty.
    `sign`: how people call it; never a name of a person, nor a camera's own name, which is mostly an owner's."""

    thing: str
    key: str
    amount: int
    sign: str = ""
    day: str = ""
    """YYYY-MM-DD, in the commune."""
    place: str = ""
    """The hamlet's key; empty: the whole commune, or not known."""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a figure is. `of`: the figure of its section that it is a part of. `weekly`: also told by week, since periods are not
    of one length. `chart`: stands in the section's chart."""

    key: str
    words: str
    unit: Unit = Unit.COUNT
    of: str = ""
    weekly: bool = False
    chart: bool = False


Rows: TypeAlias = Mapping[str, Sequence[Row]]
"""Of each figure of a section, by its key; a figure without rows may be missing."""


@dataclass(frozen=True, slots=True)
class Section:
    """`opens`: the route of the list whose rows these are: who may not open it reads sums by hamlet and kind instead of rows.
    `by_hamlet`: the two figures that are told by hamlet too, the first with a chart."""

    key: str
    words: str
    specs: tuple[Spec, ...]
    rows: Callable[[Window], Rows]
    opens: str
    by_hamlet: tuple[str, str]

    def spec(self, key: str) -> Spec | None:
        return next((one for one in self.specs if one.key == key), None)


@dataclass(frozen=True, slots=True)
class PlaceValue:
    place: str
    value: int
    before: int


@dataclass(frozen=True, slots=True)
class Figure:
    """`of` and `of_before` are None where it is no share. `digest`: of its rows, by which they are known again."""

    key: str
    value: int
    before: int
    of: int | None
    of_before: int | None
    places: tuple[PlaceValue, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class SectionFigures:
    key: str
    figures: tuple[Figure, ...]

    def figure(self, key: str) -> Figure | None:
        return next((one for one in self.figures if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a period. `days` and `days_before`: how many days each of the two windows has."""

    period: str
    days: int
    days_before: int
    sections: tuple[SectionFigures, ...]

    def section(self, key: str) -> SectionFigures | None:
        return next((one for one in self.sections if one.key == key), None)

    def value(self, section: str, key: str) -> Figure | None:
        found = self.section(section)
        return found.figure(key) if found else None


def add_up(section: Section, now: Rows, before: Rows) -> SectionFigures:
    """Pure: what the rows come to."""
    sums = {one.key: _sum(now.get(one.key, ())) for one in section.specs}
    sums_before = {one.key: _sum(before.get(one.key, ())) for one in section.specs}
    return SectionFigures(
        section.key,
        tuple(
            Figure(
                one.key, sums[one.key], sums_before[one.key], sums[one.of] if one.of else None,
                sums_before[one.of] if one.of else None, _places(now.get(one.key, ()), before.get(one.key, ())),
                digest_of(now.get(one.key, ())),
            )
            for one in section.specs
        ),
    )  # fmt: skip


def _sum(rows: Sequence[Row]) -> int:
    return sum(row.amount for row in rows)


def _places(now: Sequence[Row], before: Sequence[Row]) -> tuple[PlaceValue, ...]:
    """By hamlet; what belongs to none comes last. Nothing where no row has a hamlet."""
    found, earlier = _by_place(now), _by_place(before)
    places = sorted(found.keys() | earlier.keys(), key=lambda place: (not place, place))
    if not any(places):
        return ()
    return tuple(PlaceValue(place, found[place], earlier[place]) for place in places)


def _by_place(rows: Sequence[Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row.place] += row.amount
    return found


def digest_of(rows: Sequence[Row]) -> str:
    """SHA-256 of the rows as they are frozen, whatever their order."""
    lines = sorted(json.dumps(frozen_row(row), ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def frozen_row(row: Row) -> list[Any]:
    """As it lies in an issued report."""
    return [row.thing, row.key, row.amount, row.sign, row.day, row.place, row.kind]


def thawed_row(kept: Sequence[Any]) -> Row:
    thing, key, amount, sign, day, place, kind = kept
    return Row(str(thing), str(key), int(amount), str(sign), str(day), str(place), str(kind))


def to_json(figures: Figures) -> dict[str, Any]:
    return asdict(figures)


def from_json(kept: Mapping[str, Any]) -> Figures:
    """Errors: KeyError and TypeError for what `to_json` has not written."""
    return Figures(
        kept["period"], kept["days"], kept["days_before"],
        tuple(
            SectionFigures(
                one["key"],
                tuple(Figure(**{**each, "places": tuple(PlaceValue(**place) for place in each["places"])})
                      for each in one["figures"]),
            )
            for one in kept["sections"]
        ),
    )  # fmt: skip


def numbers_digest(figures: Figures) -> str:
    """By which a form says which numbers it was filled in beside."""
    said = json.dumps(to_json(figures), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is another than it was."""

    section: str
    key: str
    was: int
    now: int


def differences(was: Figures, now: Figures) -> tuple[Moved, ...]:
    """Of figures that both have."""
    return tuple(
        Moved(one.key, figure.key, old.value, figure.value)
        for one in now.sections
        for figure in one.figures
        if (old := was.value(one.key, figure.key)) is not None and old.value != figure.value
    )
