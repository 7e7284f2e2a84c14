"""A petition and the incident that it is about: the number that was typed, where it is one of an incident's form (`12/2026`).

The number stays text and no more: it goes with the petition's erasing, and other authorities' numbers stand in the same field.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet

from luytre.base.letters import one_line
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.signs import incident_by_sign, read_sign
from luytre.civic.petitions.models import Petition

Position = tuple[Decimal, Decimal]
"""Latitude and longitude in degrees."""


def tidied(typed: str) -> str:
    """As incidents write it, where it has that form, so that it is found again; else as it was typed, in one line."""
    read = read_sign(typed)
    return one_line(typed) if read is None else f"{read[0]}/{read[1]}"


def is_unknown(typed: str) -> bool:
    """Whether it has the form of an incident's number and no incident has it."""
    return read_sign(typed) is not None and incident_by_sign(typed) is None


def incident_of(petition: Petition) -> Incident | None:
    return incident_by_sign(petition.case)


def about(incident: Incident) -> QuerySet[Petition]:
    """The petitions that name this incident, the newest first; not those that were erased, since the number went with them."""
    return Petition.objects.filter(case=incident.sign)


def places_of(cases: Iterable[str]) -> dict[str, Position]:
    """Where the incidents of these numbers were, as far as a point is known, by the number as petitions have it. One query."""
    read = {typed: found for typed in cases if (found := read_sign(typed)) is not None}
    if not read:
        return {}
    wanted = Q(number__in={number for number, _year in read.values()}, year__in={year for _number, year in read.values()})
    known = Incident.objects.filter(wanted, latitude__isnull=False, longitude__isnull=False)
    by_sign = dict[tuple[int, int], Position]()
    for number, year, north, east in known.values_list("number", "year", "latitude", "longitude"):
        if north is not None and east is not None:
            by_sign[number, year] = (north, east)
    return {typed: place for typed, found in read.items() if (place := by_sign.get(found)) is not None}
