"""Pacts in words: points, what was measured, where the rows are, how a unit stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.civic.access.permissions import may_use
from luytre.civic.pacts.figures import Line, UnitFigures
from luytre.civic.pacts.measuring import SAID, days_of
from luytre.civic.pacts.models import Audience, Measure, PactStep, StepCode
from luytre.civic.pacts.signing import signed_places

__all__ = ["GRADES", "grade", "line_rows", "measured", "points", "signed_places", "step_lines", "unit_rows"]
GRADES = ((900, N_("excellent")), (750, N_("good (grade)")), (500, N_("reached")), (0, N_("needs support")))
"""From how many tenths of 100 points on. Who has few points needs support: nobody is called bad."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A criterion as the page has it. `url`: the rows that were counted, where the reader may go there."""

    line: Line
    how: str
    said: str
    found: str
    proposed: str
    own: str
    board: str
    final: str
    url: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: UnitFigures
    total: str
    grade: str
    audience: str


@dataclass(frozen=True, slots=True)
class StepLine:
    step: PactStep
    what: str
    day: date | None


def points(tenths: int | None) -> str:
    """`12,5`; empty for nothing."""
    return "" if tenths is None else number_format(tenths / 10, 1 if tenths % 10 else 0)


def grade(total: int | None) -> str:
    if total is None:
        return _("not measurable this quarter")
    return next(_(words) for least, words in GRADES if total >= least)


def measured(line: Line) -> str:
    """How many of how many, with its part of 100; or that nothing could be measured."""
    if line.measure == Measure.BOARD:
        return _("the board gives the points")
    if line.count is None or line.whole is None:
        return _("not measurable this quarter")
    if line.measure == Measure.BREACHES:
        return _("none was written down") if line.count else _("one or more was written down")
    count, whole = line.count, line.whole
    part = number_format(100 * count / whole, 1)
    if line.measure == Measure.UPTIME:
        told = {"count": count // 3600, "whole": whole // 3600, "part": part}
        return _("%(count)s of %(whole)s hours (%(part)s %%)") % told
    return _("%(count)s of %(whole)s (%(part)s %%)") % {"count": count, "whole": whole, "part": part}


def line_rows(unit: UnitFigures, year: int, number: int, roles: Iterable[str]) -> list[LineRow]:
    known = frozenset(roles)
    return [
        LineRow(
            one, _(str(Measure(one.measure).label)), _(SAID[Measure(one.measure)]), measured(one), points(one.proposed),
            points(one.own), points(one.board), points(one.final), _url(unit, one, year, number, known),
        )
        for one in unit.lines
    ]  # fmt: skip


def _url(unit: UnitFigures, line: Line, year: int, number: int, roles: frozenset[str]) -> str:
    hamlet = unit.place.removeprefix("hamlet:")
    first, last = days_of(year, number)
    route, query = {
        Measure.UPTIME: ("health_uptime", f"month={year}-{3 * number:02d}"),
        Measure.TOLD: ("health_tickets", f"state=all&hamlet={hamlet}"),
        Measure.REPAIRED: ("health_tickets", f"state=all&hamlet={hamlet}"),
        Measure.ALARMS: ("signal_report", f"hamlet={hamlet}&from={first:%d/%m/%Y}&to={last:%d/%m/%Y}"),
        Measure.TASKS: ("committee_tasks", f"state=all&who=u:{unit.unit}"),
    }.get(Measure(line.measure), ("", ""))  # fmt: skip
    return f"{reverse(route)}?{query}" if route and may_use(route, roles) else ""


def unit_rows(units: Iterable[UnitFigures]) -> list[UnitRow]:
    return [UnitRow(one, points(one.total), grade(one.total), _(str(Audience(one.audience).label))) for one in units]


def step_lines(steps: Iterable[PactStep]) -> list[StepLine]:
    """The newest first."""
    return [
        StepLine(one, _(str(StepCode(one.code).label)), date.fromisoformat(one.iso) if one.iso else None)
        for one in reversed(list(steps))
    ]
