"""Requests to see footage, by residents and other authorities: asked, granted, refused, shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luytre.base.i18n import N_
from luytre.civic.petitions.kinds import About, Decision, End
from luytre.civic.petitions.models import Petition
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Window
from luytre.civic.reports.sections.common import day_of, place_of, within


def rows(window: Window) -> Rows:
    found = Petition.objects.select_related("hamlet")
    asked = list(found.filter(within(window, "received")).order_by("received", "pk"))
    decided = list(found.filter(within(window, "decided")).order_by("decided", "pk"))
    closed = list(found.filter(within(window, "closed")).order_by("closed", "pk"))
    return {
        "asked": _rows((one, one.received) for one in asked),
        "decided": _rows((one, one.decided) for one in decided),
        "granted": _rows((one, one.decided) for one in decided if one.decision != Decision.REFUSED),
        "refused": _rows((one, one.decided) for one in decided if one.decision == Decision.REFUSED),
        "in_time": _rows((one, one.decided) for one in decided if one.decided and one.decided <= one.access_due),
        "shown": _rows((one, one.closed) for one in closed if one.finish in (End.SHOWN, End.HANDED)),
        "withdrawn": _rows((one, one.closed) for one in closed if one.finish in (End.WITHDRAWN, End.ABSENT)),
    }


def _rows(found: Iterable[tuple[Petition, datetime | None]]) -> list[Row]:
    return [
        Row("petition", one.key, 1, one.sign, day_of(at), place_of(one.hamlet), str(About(one.about).label)) for one, at in found
    ]


SECTION = Section(
    "requests", N_("Requests to see footage"),
    (
        Spec("asked", N_("Requests received"), weekly=True, chart=True),
        Spec("decided", N_("Requests decided on"), chart=True),
        Spec("granted", N_("granted"), of="decided", chart=True),
        Spec("refused", N_("refused"), of="decided", chart=True),
        Spec("in_time", N_("decided within ten working days"), of="decided"),
        Spec("shown", N_("Footage shown or handed over")),
        Spec("withdrawn", N_("Withdrawn, or nobody came")),
    ),
    rows, "petitions", ("asked", "granted"),
)  # fmt: skip
