"""What people asked of us about data on them, how it was answered, and breaches that were confirmed.

A claim belongs to no hamlet that is kept; a breach does where it belongs to one. Late is told twice: claims decided late are what
is missing of those decided in time, and a term that ran out counts when it did, also where nothing is decided yet.
"""

from __future__ import annotations

from collections.abc import Iterable

from luytre.base.i18n import N_
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Window
from luytre.civic.reports.sections.common import day_of
from luytre.civic.rights import figures
from luytre.civic.rights.figures import CountedBreach, CountedClaim
from luytre.civic.rights.kinds import Right

RIGHTS: dict[str, str] = {
    Right.ACCESS: N_("to know what is kept"), Right.CORRECT: N_("to have data corrected"),
    Right.RESTRICT: N_("to have the use of data restricted"), Right.DELETE: N_("to have data deleted"),
    Right.OBJECT: N_("to object to the use of data"), Right.WITHDRAW: N_("to withdraw consent"),
}  # fmt: skip
"""As a report tells it; who asks reads it in words of the first person."""


def rows(window: Window) -> Rows:
    span = window.start, window.end
    asked, decided = figures.received(*span), figures.decided(*span)
    breaches = figures.confirmed(*span)
    return {
        "asked": _claims(asked),
        **{f"right_{right}": _claims(one for one in asked if one.right == right) for right in Right.values},
        "decided": _claims(decided),
        "granted": _claims(one for one in decided if not one.refused),
        "refused": _claims(one for one in decided if one.refused),
        "in_time": _claims(one for one in decided if one.in_time),
        "ran_out": _claims(figures.ran_out(*span)),
        "breaches": _breaches(breaches),
        "notified": _breaches(one for one in breaches if one.in_time),
    }


def _claims(found: Iterable[CountedClaim]) -> list[Row]:
    return [Row("claim", one.key, 1, one.sign, day_of(one.at), kind=RIGHTS[one.right]) for one in found]


def _breaches(found: Iterable[CountedBreach]) -> list[Row]:
    return [Row("breach", one.key, 1, one.sign, day_of(one.confirmed), one.place) for one in found]


SECTION = Section(
    "rights", N_("Claims to data, and breaches"),
    (
        Spec("asked", N_("Claims to data received"), weekly=True),
        *(Spec(f"right_{right.value}", RIGHTS[right], of="asked", chart=True) for right in Right),
        Spec("decided", N_("Claims to data decided on")),
        Spec("granted", N_("granted"), of="decided"),
        Spec("refused", N_("refused"), of="decided"),
        Spec("in_time", N_("decided within their term"), of="decided"),
        Spec("ran_out", N_("Terms that ran out without a decision")),
        Spec("breaches", N_("Breaches of data confirmed")),
        Spec("notified", N_("the authority had its notice within 72 hours"), of="breaches"),
    ),
    rows, "rights", ("breaches", "notified"),
)  # fmt: skip
