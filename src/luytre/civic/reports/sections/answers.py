"""What residents told and how it was answered; alarms and drills."""

from __future__ import annotations

from datetime import datetime

from luytre.base.i18n import N_
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Window
from luytre.civic.reports.sections.common import day_of, place_of, within
from luytre.civic.signals.models import Sounding
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import Tip


def rows(window: Window) -> Rows:
    tips = Tip.objects.select_related("hamlet")
    received = list(tips.filter(within(window, "received")).order_by("received", "pk"))
    closed = list(tips.filter(within(window, "closed")).order_by("closed", "pk"))
    alarms = list(Sounding.objects.filter(within(window, "sounded")).select_related("hamlet").order_by("sounded", "pk"))
    return {
        "tips": [_tip(one, one.received) for one in received],
        "complaints": [_tip(one, one.received) for one in received if one.kind == Kind.CAMERA],
        "answered": [_tip(one, one.closed) for one in closed],
        "rated": [_tip(one, one.closed) for one in closed if one.helped is not None],
        "helped": [_tip(one, one.closed) for one in closed if one.helped],
        "alarms": [_alarm(one) for one in alarms if not one.drill],
        "drills": [_alarm(one) for one in alarms if one.drill],
    }


def _tip(one: Tip, at: datetime | None) -> Row:
    """A tip has no number that people say: it is anonymous."""
    return Row("tip", one.key, 1, day=day_of(at), place=place_of(one.hamlet), kind=str(Kind(one.kind).label))


def _alarm(one: Sounding) -> Row:
    return Row("signal", one.key, 1, one.number_sign, day_of(one.sounded), place_of(one.hamlet))


SECTION = Section(
    "answers", N_("What residents told, and alarms"),
    (
        Spec("tips", N_("Tips received"), weekly=True, chart=True),
        Spec("complaints", N_("of these about a camera"), of="tips"),
        Spec("answered", N_("Tips answered and closed"), weekly=True, chart=True),
        Spec("rated", N_("Answers that the sender rated"), of="answered"),
        Spec("helped", N_("Answers that helped, by the sender's word"), of="rated"),
        Spec("alarms", N_("Alarms sounded"), chart=True),
        Spec("drills", N_("Drills"), chart=True),
    ),
    rows, "tips", ("tips", "answered"),
)  # fmt: skip
