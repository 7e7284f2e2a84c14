"""Writing the steps of an incident, and who a role means at a place."""

from __future__ import annotations

from datetime import datetime

from luytre.base.letters import one_line
from luytre.civic.access.assignments import is_in_force
from luytre.civic.access.models import Assignment, Unit, User
from luytre.civic.incidents.models import Incident, IncidentStep
from luytre.civic.regulations.rules import Actor


def steps_of(incident: Incident) -> list[IncidentStep]:
    return list(IncidentStep.objects.filter(incident=incident.key).select_related("by"))


def write_step(incident: Incident, by: User | None, code: str, at: datetime, **fields: str) -> None:
    kept = {name: one_line(value)[:400] if name == "note" else value for name, value in fields.items()}
    IncidentStep.objects.create(at=at, by=by, incident=incident.key, code=code, **kept)


def unit_place(unit: Unit | None) -> str:
    return "" if unit is None else unit.place or f"unit:{unit.pk}"


def somebody(actor: Actor, place: str, at: datetime) -> bool:
    """Whether anybody has this role at this place in these hours."""
    found = Assignment.objects.filter(role=actor.value, place=place, ended=None, user__is_active=True)
    return any(is_in_force(one, at) for one in found)
