"""Which petitions wait: those that must not wait longer stand first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luytre.civic.petitions.footage import Outlook, is_urgent, outlook
from luytre.civic.petitions.kinds import State
from luytre.civic.petitions.models import Petition


@dataclass(frozen=True, slots=True)
class Pressing:
    """`late`: its clock ran out. `urgent`: footage goes soon and nobody holds it."""

    petition: Petition
    late: bool
    urgent: bool

    @property
    def order(self) -> tuple[bool, bool, datetime]:
        return not self.urgent, not self.late, self.petition.due or self.petition.received


def pressing(at: datetime) -> list[Pressing]:
    """All that are open: footage that goes soon first, then clocks that ran out, then by their clocks."""
    look = outlook(at)
    found = [one_of(one, look, at) for one in Petition.objects.exclude(state=State.CLOSED).select_related("hamlet")]
    return sorted(found, key=lambda one: one.order)


def one_of(petition: Petition, look: Outlook, at: datetime) -> Pressing:
    return Pressing(petition, petition.due is not None and petition.due <= at, is_urgent(petition, look, at))
