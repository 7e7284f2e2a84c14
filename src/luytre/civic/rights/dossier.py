"""The impact dossier (hồ sơ đánh giá tác động): a document of the committee's register, and what it must hold."""

from __future__ import annotations

from datetime import date

from luytre.base.i18n import N_
from luytre.base.letters import fold
from luytre.civic.committee.register import Force, Row, rows_on

MUST_HOLD = (
    N_("who controls and who processes the data, and whom to reach there"),
    N_("which data, of whom, and how much of it"),
    N_("what for, and on which ground of the law"),
    N_("how it comes in, where it lies, how long it is kept, how it is erased"),
    N_("who may see it, and to whom it is given"),
    N_("what may go wrong for the people concerned, and how badly"),
    N_("what is done against it: hidden areas, the access log, holds, encryption, training"),
    N_("how people's claims and breaches are answered, with their clocks"),
    N_("when it is looked at again, and who signed it"),
)
"""A proposal, to be confirmed against the form that the authority gives."""
_NAMES = ("danh gia tac dong", "impact assessment")


def documents(day: date) -> list[Row]:
    """Lines of the register whose subject names an impact assessment, but those struck out; the newest first."""
    return [row for row in rows_on(day) if row.force != Force.STRUCK and any(name in fold(row.subject) for name in _NAMES)]
