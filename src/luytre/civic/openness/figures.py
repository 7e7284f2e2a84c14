"""The public figures of a period: a pure function of the logs' rows and of what stands beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from luytre.civic.access.audit import LOOKS_BACK
from luytre.civic.access.models import LookKind
from luytre.civic.chain.text import microseconds
from luytre.civic.incidents.models import Result
from luytre.civic.incidents.models import StepCode as IncidentCode
from luytre.civic.incidents.signs import read_sign
from luytre.civic.ledger.accounts import COSTS, INCOME, Account
from luytre.civic.ledger.models import Kind as Booking
from luytre.civic.openness import few
from luytre.civic.openness.few import Share, Told
from luytre.civic.openness.log import Booked, Did, Log
from luytre.civic.periods import Period, Sort
from luytre.civic.petitions.kinds import Decision
from luytre.civic.petitions.models import StepCode as RequestCode
from luytre.civic.rights.models import ClaimCode

SORTS = (Sort.MONTH, Sort.QUARTER, Sort.YEAR)
"""Of which the page tells: months make quarters, and quarters years."""
LIVE, HISTORY, EXPORT, INCIDENTS, REQUESTS, COMPLAINTS = "live", "history", "export", "incidents", "requests", "complaints"
CLAIMS, BREACHES = "claims", "breaches"
FOOTAGE, NO_FOOTAGE = "solved_footage", "solved_otherwise"
SHOWN, REFUSED, OTHERWISE = "shown", "refused", "otherwise"
RESULTS = (FOOTAGE, NO_FOOTAGE, *(str(one) for one in Result if one != Result.SOLVED))
OUTCOMES = (SHOWN, REFUSED, OTHERWISE)
IN_TIME, LATE, WITHDRAWN = "in_time", "late", "withdrawn"
ANSWERS = (IN_TIME, LATE, WITHDRAWN)
_OUTCOMES = {RequestCode.SHOWN: SHOWN, RequestCode.CLOSED: OTHERWISE, RequestCode.WITHDRAWN: OTHERWISE}
Month = tuple[int, int]
Name = tuple[str, str]
"""A series: its group, and which of the group: a purpose's key, a result, an outcome."""
_ALWAYS: tuple[Name, ...] = (
    (LIVE, ""), *((INCIDENTS, one) for one in RESULTS), *((REQUESTS, one) for one in OUTCOMES), (COMPLAINTS, ""),
    *((CLAIMS, one) for one in ANSWERS), (BREACHES, ""),
)  # fmt: skip
"""Told also where there was none."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is not in a log. `hamlets`: of each camera's key; `signs`: of each incident's key; `complaints`: days on which
    somebody complained of a camera (kept when a tip is erased); `terms`: the last moment for deciding on a claim, by its key, of
    those that came in before the period's end and whose term did not end before it, microseconds UTC; `up_s`, `watched_s`: how
    long all cameras worked of how long."""

    hamlets: Mapping[str, str]
    signs: Mapping[str, str]
    complaints: tuple[date, ...]
    terms: Mapping[str, int]
    up_s: int
    watched_s: int


@dataclass(frozen=True, slots=True)
class Line:
    """One count. `hamlets`: by hamlet, of a quarter where that may be told; else empty."""

    group: str
    key: str
    told: Told
    hamlets: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """Whole dong. `came` and `kind` are not exact where gifts of a quarter were so few that they are left out; of a month neither
    is told (None)."""

    came_vnd: int | None
    kind_vnd: int | None
    exact: bool
    spent_vnd: int


@dataclass(frozen=True, slots=True)
class PublicFigures:
    period: str
    lines: tuple[Line, ...]
    money: Money
    up_s: int
    watched_s: int

    def of(self, group: str) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.group == group)


def public_figures(period: Period, log: Log, beside: Beside, zone: ZoneInfo) -> PublicFigures:
    """`period`: of `SORTS`, and over."""
    calendar = _Months(period, zone)
    series = _series(log, beside, calendar)
    months = calendar.months
    hamlets = _by_hamlet(log, beside) if period.sort is Sort.QUARTER else {}
    lines = []
    for name in _names(series):
        told = _told(period.sort, [series[name][month] for month in months])
        shares = few.by_hamlet(hamlets.get(name, {})) if told.exact else ()
        lines.append(Line(*name, told, shares))
    return PublicFigures(period.key, tuple(lines), _money(period, log.book), beside.up_s, beside.watched_s)


def _names(series: Mapping[Name, Counter[Month]]) -> list[Name]:
    """What is always told, also as none; of looks back and clips the purposes that there were. No total over them stands
    anywhere: from it and the rest a small one would follow."""
    purposes = sorted(name for name in series if name[0] in (HISTORY, EXPORT))
    return [*_ALWAYS[:1], *purposes, *_ALWAYS[1:]]


def _told(sort: Sort, months: list[int]) -> Told:
    if sort is Sort.MONTH:
        return few.cell(months[0])
    return few.quarter(months) if sort is Sort.QUARTER else few.year(months)


class _Months:
    """Which month of a period a moment lies in: a year has a hundred thousand looks, so no clock is asked for each."""

    def __init__(self, period: Period, zone: ZoneInfo) -> None:
        parts = period.parts(Sort.MONTH)
        self.months: list[Month] = [(one.year, one.number) for one in parts]
        self._starts = [microseconds(one.span(zone)[0]) for one in parts]
        self._end = microseconds(period.span(zone)[1])

    def has(self, at_us: int) -> bool:
        return self._starts[0] <= at_us < self._end

    def of(self, at_us: int) -> Month:
        """`at_us` lies in the period."""
        return self.months[bisect_right(self._starts, at_us) - 1]


def _series(log: Log, beside: Beside, calendar: _Months) -> dict[Name, Counter[Month]]:
    """What there was, by month."""
    found: dict[Name, Counter[Month]] = {}

    def count(group: str, key: str, month: Month) -> None:
        found.setdefault((group, key), Counter())[month] += 1

    for look in log.looks:
        count(look.kind, "" if look.kind == LookKind.LIVE else look.purpose, calendar.of(look.at_us))
    for month, key in _endings(log, beside, calendar):
        count(INCIDENTS, key, month)
    for month, key in _outcomes(log.requests, calendar):
        count(REQUESTS, key, month)
    for day in beside.complaints:
        count(COMPLAINTS, "", (day.year, day.month))
    for month, key in _answers(log, beside, calendar):
        count(CLAIMS, key, month)
    for breach in log.breaches:
        count(BREACHES, "", calendar.of(breach.at_us))
    return {name: Counter() for name in _ALWAYS} | found


def _endings(log: Log, beside: Beside, calendar: _Months) -> Iterable[tuple[Month, str]]:
    """Incidents closed and, within the month, not opened again: the last word of each month counts. Solved with footage: a look
    back or a clip names its number."""
    last: dict[tuple[Month, str], Did] = {(calendar.of(one.at_us), one.key): one for one in log.incidents}
    referred = {read for text in log.referred if (read := read_sign(text)) is not None}
    for (month, key), step in last.items():
        if step.code != IncidentCode.CLOSED:
            continue
        if step.thing != Result.SOLVED:
            yield month, step.thing
        else:
            yield month, FOOTAGE if read_sign(beside.signs.get(key, "")) in referred else NO_FOOTAGE


def _outcomes(steps: Iterable[Did], calendar: _Months) -> Iterable[tuple[Month, str]]:
    """Each request once a month, as it ended."""
    last: dict[tuple[Month, str], str] = {}
    for one in steps:
        refused = one.code == RequestCode.DECIDED and one.thing == Decision.REFUSED
        outcome = REFUSED if refused else _OUTCOMES.get(RequestCode(one.code))
        if outcome is not None:
            last[calendar.of(one.at_us), one.key] = outcome
    return ((month, outcome) for (month, _key), outcome in last.items())


def _answers(log: Log, beside: Beside, calendar: _Months) -> Iterable[tuple[Month, str]]:
    """Each claim once: when it was decided or withdrawn within its term, else when that ended, also where nothing is decided yet.
    How many came in is told nowhere: it is the sum of these, a little earlier."""
    first: dict[str, Did] = {}
    for one in log.claims:
        first.setdefault(one.key, one)
    for key, term in beside.terms.items():
        answer = first.get(key)
        if answer is None or answer.at_us > term:
            at_us, outcome = term, LATE
        else:
            at_us, outcome = answer.at_us, WITHDRAWN if answer.code == ClaimCode.WITHDRAWN else IN_TIME
        if calendar.has(at_us):
            yield calendar.of(at_us), outcome


def _by_hamlet(log: Log, beside: Beside) -> dict[Name, Counter[str]]:
    found: dict[Name, Counter[str]] = {}
    for look in log.looks:
        if look.kind in LOOKS_BACK:
            found.setdefault((look.kind, look.purpose), Counter())[beside.hamlets.get(look.camera, "")] += 1
    return found


# --- money ------------------------------------------------------------------------------------------------------------
def _money(period: Period, book: Iterable[Booked]) -> Money:
    """What was taken back, whenever, is not there."""
    rows = list(book)
    gone = {one.reverses for one in rows if one.reverses is not None}
    stand = [one for one in rows if one.seq not in gone and one.kind != Booking.REVERSAL]
    spent = sum(_on(one, COSTS) for one in stand if period.first.isoformat() <= one.iso <= period.last.isoformat())
    if period.sort is Sort.MONTH:
        return Money(None, None, exact=False, spent_vnd=spent)
    came = kind = 0
    exact = True
    for quarter in period.parts(Sort.QUARTER):
        gifts = [
            one for one in stand
            if one.kind in (Booking.MONEY, Booking.GIFT) and quarter.first.isoformat() <= one.iso <= quarter.last.isoformat()
        ]  # fmt: skip
        if few.is_few(len(gifts)):
            exact = False
            continue
        came -= sum(_on(one, INCOME) for one in gifts)
        kind -= sum(_on(one, (Account.GIVEN_KIND,)) for one in gifts)
    return Money(came, kind, exact, spent)


def _on(one: Booked, accounts: Iterable[Account]) -> int:
    wanted = frozenset(map(str, accounts))
    return sum(amount for account, amount in one.lines if account in wanted)
