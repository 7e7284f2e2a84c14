"""Emulation pacts: signed, in force, what units reached in the quarters of the period that were closed, who was commended.

Closings come from the chained steps (`pacts.figures.closings`), so a quarter that is open, or opened again, counts nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luytre.base.i18n import N_
from luytre.civic.pacts.figures import UnitFigures, closings
from luytre.civic.pacts.models import Commendation, Pact, Quarter
from luytre.civic.periods import Period, Sort, of_day
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Window
from luytre.civic.reports.sections.common import day_of

MOST_POINTS = 100
_TENTHS = 10


def rows(window: Window) -> Rows:
    units = [one for one in _units(window) if one.total is not None]
    signed = [(one, at) for one in Pact.objects.select_related("unit").order_by("pk") if (at := _signed(one)) is not None]
    commended = Commendation.objects.filter(day__gte=window.first, day__lte=window.last, struck=None).select_related("unit")
    return {
        "signed": [_pact(one, at) for one, at in signed if window.start <= at < window.end],
        "in_force": [_pact(one, at) for one, at in signed if _in_force(one, at, window)],
        "measured": [_unit(one, 1) for one in units],
        "full": [_unit(one, MOST_POINTS) for one in units],
        "points": [_unit(one, ((one.total or 0) + _TENTHS // 2) // _TENTHS) for one in units],
        "commended": [
            Row("", one.key, 1, one.sign, one.day.isoformat(), (one.unit.place or "") if one.unit else "")
            for one in commended.order_by("day", "pk")
        ],
    }  # fmt: skip


def _signed(one: Pact) -> datetime | None:
    """The later of both signatures."""
    return max(one.unit_signed, one.board_signed) if one.unit_signed and one.board_signed else None


def _in_force(one: Pact, at: datetime, window: Window) -> bool:
    """On the window's last day."""
    quarter = of_day(Sort.QUARTER, window.last)
    runs = one.year == quarter.year and one.first_quarter <= quarter.number <= one.last_quarter
    return runs and at < window.end and (one.withdrawn is None or one.withdrawn >= window.end)


def _units(window: Window) -> Iterable[UnitFigures]:
    for quarter in Quarter.objects.filter(is_closed=True).order_by("year", "number"):
        if window.first <= Period(Sort.QUARTER, quarter.year, quarter.number).last <= window.last:
            yield from closings(quarter)[-1].units


def _pact(one: Pact, at: datetime) -> Row:
    return Row("pact", one.key, 1, day=day_of(at), place=one.unit.place or "")


def _unit(one: UnitFigures, amount: int) -> Row:
    return Row("pact", one.pact, amount, place=one.place)


SECTION = Section(
    "pacts", N_("Emulation pacts"),
    (
        Spec("signed", N_("Pacts signed by both sides")),
        Spec("in_force", N_("Pacts in force at the end")),
        Spec("measured", N_("Units scored in quarters that were closed")),
        Spec("full", N_("Points that these could reach")),
        Spec("points", N_("Points that they reached"), of="full"),
        Spec("commended", N_("Commendations")),
    ),
    rows, "pacts", ("points", "in_force"),
)  # fmt: skip
