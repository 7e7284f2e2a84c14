"""Incidents: how many, of which kinds, how soon somebody went, how they ended, and whether footage helped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luytre.base.i18n import N_
from luytre.civic.incidents.models import Incident, Result
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Unit, Window
from luytre.civic.reports.sections.common import day_of, place_of, within
from luytre.civic.tips.kinds import Kind


def rows(window: Window) -> Rows:
    opened = list(Incident.objects.filter(within(window, "opened")).select_related("hamlet").order_by("opened", "pk"))
    closed = list(Incident.objects.filter(within(window, "closed")).select_related("hamlet").order_by("closed", "pk"))
    solved = [one for one in closed if one.result == Result.SOLVED]
    return {
        "opened": _opened(opened),
        **{f"kind_{kind}": _opened(one for one in opened if one.kind == kind) for kind in Kind.values},
        "in_time": _opened(one for one in opened if one.level == 0),
        "closed": _closed(closed),
        **{result: _closed(one for one in closed if one.result == result) for result in Result.values},
        "footage": _closed(one for one in solved if one.by_footage),
        "recovered": [_row(one, one.closed, one.recovered_vnd) for one in closed if one.recovered_vnd],
    }


def _opened(found: Iterable[Incident]) -> list[Row]:
    return [_row(one, one.opened) for one in found]


def _closed(found: Iterable[Incident]) -> list[Row]:
    return [_row(one, one.closed) for one in found]


def _row(one: Incident, at: datetime | None, amount: int = 1) -> Row:
    return Row("incident", one.key, amount, one.sign, day_of(at), place_of(one.hamlet), str(Kind(one.kind).label))


SECTION = Section(
    "incidents", N_("Incidents"),
    (
        Spec("opened", N_("Incidents opened"), weekly=True),
        *(Spec(f"kind_{kind.value}", str(kind.label), of="opened", chart=True) for kind in Kind),
        Spec("in_time", N_("Somebody went within the time of the regulation"), of="opened"),
        Spec("closed", N_("Incidents closed"), weekly=True),
        *(Spec(result.value, str(result.label), of="closed") for result in Result),
        Spec("footage", N_("Solved with footage"), of="solved"),
        Spec("recovered", N_("Brought back, in dong"), Unit.VND),
    ),
    rows, "incidents", ("opened", "solved"),
)  # fmt: skip
