"""Which rules are in force. A question to the approved versions alone: no job must have run, no cache can be old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.timezone import localdate

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.civic.regulations.builtin import BUILT_IN
from luytre.civic.regulations.models import Regulation, Version
from luytre.civic.regulations.rules import Rules
from luytre.civic.regulations.text import digest, read


class RegulationDamaged(LuytreError):
    """A version's text is not the one that was approved."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Rules at a moment. `number` 0: the built-in ones, since no version was in force."""

    rules: Rules
    number: int = 0
    since: datetime | None = None
    until: datetime | None = None
    """When the next version that is approved by now begins."""

    @property
    def is_built_in(self) -> bool:
        return self.number == 0

    def review_is_over(self, day: date) -> bool:
        """The regulation stays in force; pages warn."""
        return self.rules.review is not None and day > self.rules.review


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    digest: str
    begins: datetime
    approved: datetime


def in_force(at: datetime, kind: Regulation = Regulation.USAGE) -> InForce:
    """The rules in force at a moment (aware), by the versions approved up to the present. One small query a call.

    Errors: RegulationDamaged, django.db.Error. Whoever enforces rules and gets an error lets nobody look.
    """
    return _choose(_rows(kind), at, kind)


def in_force_now(now: datetime, kind: Regulation = Regulation.USAGE) -> InForce:
    """As `in_force`, for a clock that may have gone back: what was approved was approved, so it is no earlier than that."""
    rows = _rows(kind)
    return _choose(rows, max([now, *(row.approved for row in rows)]), kind)


def version_in_force(now: datetime, kind: Regulation) -> tuple[Version, datetime | None] | None:
    """The version of any regulation that is in force, and when the next one begins; None before the first. As `in_force_now`, a
    clock that goes back brings none back. Its text is proved by its digest. Errors: RegulationDamaged."""
    rows = _rows(kind)
    at = max([now, *(row.approved for row in rows)])
    begun = [row for row in rows if row.begins <= at]
    if not begun:
        return None
    found = Version.objects.get(kind=kind, number=begun[-1].number)
    if digest(found.text) != found.text_digest:
        raise _damaged(found.number)
    return found, next((row.begins for row in rows if row.begins > at), None)


def clock_is_behind(now: datetime, kind: Regulation = Regulation.USAGE) -> datetime | None:
    """The latest approval, where this machine's clock stands before it; else None."""
    last = max((row.approved for row in _rows(kind)), default=None)
    return last if last is not None and now < last else None


def rules_of(version: Version) -> Rules:
    """The rules of an approved version. Errors: RegulationDamaged."""
    return _rules(version.kind, version.number, version.text_digest)


_read: ContextVar[dict[Regulation, list[_Row]] | None] = ContextVar("versions read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it the versions are asked for once: one request is answered by one state of the rules. Not for what lasts."""
    before = _read.set({})
    try:
        yield
    finally:
        _read.reset(before)


def forget_read() -> None:
    """A version was approved: it counts for the rest of this request, too."""
    if (known := _read.get()) is not None:
        known.clear()


def _rows(kind: Regulation) -> list[_Row]:
    """By the moment they begin."""
    known = _read.get()
    if known is not None and kind in known:
        return known[kind]
    asked = Version.objects.filter(kind=kind).order_by("in_force_from", "number")
    rows = [_Row(*values) for values in asked.values_list("number", "text_digest", "in_force_from", "approved")]
    if known is not None:
        known[kind] = rows
    return rows


def _choose(rows: list[_Row], at: datetime, kind: Regulation) -> InForce:
    begun = [row for row in rows if row.begins <= at]
    until = next((row.begins for row in rows if row.begins > at), None)
    if not begun:
        return InForce(BUILT_IN, until=until)
    row = begun[-1]
    return InForce(_rules(kind, row.number, row.digest), row.number, row.begins, until)


@lru_cache(maxsize=64)
def _rules(kind: str, number: int, text_digest: str) -> Rules:
    """Read once a process: the digest names the text, and equal digests mean equal rules."""
    text = Version.objects.values_list("text", flat=True).get(kind=kind, number=number)
    if digest(text) != text_digest:
        raise _damaged(number)
    return read(text)


def _damaged(number: int) -> RegulationDamaged:
    return RegulationDamaged(
        N_("its text is not the one that was approved"),
        operation=N_("reading the regulation"),
        subject=str(number),
        hint=N_("Run `luytre audit verify`, keep a copy of the database, and ask whoever looks after this machine."),
    )


def review_days_left(found: InForce, now: datetime) -> int | None:
    """Days until the regulation is to be looked at again; negative when that day has passed; None without one."""
    return (found.rules.review - localdate(now)).days if found.rules.review else None
