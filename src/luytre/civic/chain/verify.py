"""Proves a chain row by row, and names each row that was changed, removed or added. Pure: rows come from wherever.

A row is proved by itself (its digest covers the digest before it, its number and its columns) and by its link to the row before.
Who removed or added a row and numbered the others anew is found by trying which other number makes the digest fit.
What cannot be seen from the rows alone (a chain written anew from some row on) is seen against a checkpoint.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from luytre.base.i18n import N_
from luytre.civic.chain.signing import Head
from luytre.civic.chain.text import FIRST, Value, digest_of, row_text

MOST_FAULTS = 1000
"""After so many a table is not read further: it is broken beyond a list."""
MOST_SHIFT = 64
"""So many rows removed or added in one place are found although the others were numbered anew."""


class Row(NamedTuple):
    """A row as it is kept. `columns` (`seq` among them, empty ones left out) is None when it cannot be read."""

    seq: int
    previous: str
    digest: str
    columns: dict[str, Value] | None


_BEFORE_ALL = Row(0, "", FIRST, {})


class FaultKind(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    REWRITTEN = "rewritten"
    HEAD = "head"
    UNGUARDED = "unguarded"
    CHECKPOINT = "checkpoint"


FAULT_WORDS: dict[FaultKind, str] = {
    FaultKind.CHANGED: N_("changed after it was written"),
    FaultKind.REMOVED: N_("removed"),
    FaultKind.ADDED: N_("added by another way than the program's"),
    FaultKind.REWRITTEN: N_("written anew: a signed checkpoint says otherwise"),
    FaultKind.HEAD: N_("the last row and the note of the last row do not agree"),
    FaultKind.UNGUARDED: N_("the database no longer refuses changes here: a trigger is missing"),
    FaultKind.CHECKPOINT: N_("a checkpoint's signature is not right"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the rows `first` to `last` (their numbers; 0: with the table as a whole)."""

    table: str
    kind: FaultKind
    first: int = 0
    last: int = 0
    at_us: int | None = None
    """The row's own moment, microseconds UTC; of a removed row, the moment of the row before it; of a checkpoint, its own."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a checkpoint says of one row."""

    digest: str
    at_us: int


@dataclass(slots=True)
class ChainCheck:
    """One table's proof under way: `take` the rows in the order of their numbers, then `finish`."""

    table: str
    head: Head | None
    """As it was before the rows were read."""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    rows: int = 0
    cut: bool = False
    """There were more faults than are listed."""
    _last: Row = _BEFORE_ALL
    _shift: int = 0
    """What must be added to a kept number to have the true one."""
    _good: int = 0
    """The last row that a checkpoint agrees with."""
    _recent: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_SHIFT))
    _under_head: list[Row] = field(default_factory=list)
    _faults: dict[tuple[str, int], Fault] = field(default_factory=dict)

    def take(self, rows: Iterable[Row]) -> None:
        table, marks, last, watched = self.table, self.marks, self._last, self._watched()
        recent = self._recent.append
        for row in rows:
            seq, previous, digest, columns = row
            self.rows += 1
            fits = columns is not None and not self._shift and seq == last.seq + 1 and previous == last.digest
            if not fits or columns is None or digest_of(row_text(previous, table, columns)) != digest:
                self._odd(row)
            if seq in watched or seq + self._shift in watched:
                self._compare(row, marks)
            self._last = last = row
            recent(digest)
            if len(self._faults) >= MOST_FAULTS:
                self.cut = True
                return

    def _watched(self) -> set[int]:
        return set(self.marks) | ({self.head.seq} if self.head else set())

    def _odd(self, row: Row) -> None:
        """A row that does not simply follow: what is wrong, and with which."""
        last, expected = self._last, self._last.seq + 1
        gap = row.seq > expected
        if gap:
            self._gone(expected + self._shift, row.seq - 1 + self._shift)
        shift = self._fitting_shift(row)
        if row.seq < expected or row.digest in self._recent:  # the same digest twice: a copy of a row that is there
            self._tell(row, FaultKind.ADDED)
            self._shift -= row.seq >= expected
            return
        if shift is None:
            self._tell(row, FaultKind.CHANGED)
        elif shift > self._shift:
            self._gone(row.seq + self._shift, row.seq + shift - 1)
        elif shift < self._shift:
            self._came(row.seq - (self._shift - shift), row.seq - 1)
        elif not gap and row.previous != last.digest and ("row", last.seq) not in self._faults:
            self._tell(last if last.seq else row, FaultKind.CHANGED)  # it was written anew, digest and all
        if shift is not None:
            self._shift = shift

    def _fitting_shift(self, row: Row) -> int | None:
        """The shift nearest to the present one under which the row's digest is right."""
        if row.columns is None:
            return None
        for step in range(MOST_SHIFT + 1):
            for shift in {self._shift + step, self._shift - step}:
                columns = row.columns | {"seq": row.seq + shift}
                if _digest(row.previous, self.table, columns) == row.digest:
                    return shift
        return None

    def _compare(self, row: Row, marks: Mapping[int, Mark]) -> None:
        """Against the head and the checkpoints, where a row looks right by itself."""
        number = row.seq + self._shift
        sound = ("row", row.seq) not in self._faults
        if (mark := marks.get(number)) is not None:
            if mark.digest == row.digest:
                self._good = number
            elif sound:
                fault = Fault(self.table, FaultKind.REWRITTEN, min(self._good + 1, number), number, mark.at_us)
                self._faults["mark", number] = fault
                self._good = number
        if self.head and self.head.seq in (row.seq, number) and sound:
            self._under_head.append(row)  # either: whoever numbered the rows anew may have set the head too

    def finish(self, newest: Head | None) -> list[Fault]:
        """All faults, in the order of the rows. `newest` is the head as it is after the rows were read."""
        if not self.cut:
            self._end(newest)
        return sorted(self._faults.values(), key=lambda fault: (fault.first, fault.last))

    def _end(self, newest: Head | None) -> None:
        last = self._last.seq + self._shift
        if self.head is None or newest is None:
            if self.rows:
                self._faults["head", 0] = Fault(self.table, FaultKind.HEAD, self._last.seq, self._last.seq, _at(self._last))
            newest = None
        self._end_at_head()
        told = max([self.head.seq if self.head else 0, *self.marks], default=0)
        numbered_anew = self._shift and newest and newest.seq == self._last.seq and newest.digest == self._last.digest
        if told > last and not numbered_anew:
            self._gone(last + 1, told)
        if newest and newest.seq < last and not numbered_anew:
            self._came(newest.seq + 1 - self._shift, self._last.seq)

    def _end_at_head(self) -> None:
        """The row of which the head speaks must be the one it speaks of."""
        rows = [row for row in self._under_head if not self._told(row.seq)]
        if self.head and rows and all(row.digest != self.head.digest for row in rows):
            self._faults["head", 0] = Fault(self.table, FaultKind.HEAD, rows[-1].seq, rows[-1].seq, _at(rows[-1]))

    def _told(self, seq: int) -> bool:
        return any(fault.first <= seq <= fault.last for (what, _number), fault in self._faults.items() if what == "row")

    def _tell(self, row: Row, kind: FaultKind) -> None:
        self._faults["row", row.seq] = Fault(self.table, kind, row.seq, row.seq, _at(row))

    def _came(self, first: int, last: int) -> None:
        """Rows that were added; what was said of them before is forgotten."""
        said = [key for key, fault in self._faults.items() if first <= fault.last <= last and fault.kind is not FaultKind.REMOVED]
        for key in said:
            del self._faults[key]
        self._faults["row", last] = Fault(self.table, FaultKind.ADDED, first, last, _at(self._last))

    def _gone(self, first: int, last: int) -> None:
        self._faults["gone", first] = Fault(self.table, FaultKind.REMOVED, first, last, _at(self._last))


def _digest(previous: str, table: str, columns: dict[str, Value]) -> str:
    """Empty, which no digest is, where the text cannot be written at all."""
    try:
        return digest_of(row_text(previous, table, columns))
    except (UnicodeEncodeError, ValueError, TypeError):
        return ""


def _at(row: Row) -> int | None:
    moment = (row.columns or {}).get("at")
    return moment if isinstance(moment, int) else None
