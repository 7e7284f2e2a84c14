"""Places an eye could go to: proposed from needs, mounting places and routes, added and changed by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.geometry.metric import Metric
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.ground.models import HamletArea, Place, PlaceKind
from luytre.civic.planning.models import Candidate, Source
from luytre.civic.planning.today import middle
from luytre.civic.registry.bounds import MARGIN_M
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.models import Hamlet, Site
from luytre.civic.registry.position import STEP
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.sites import Position, hamlet_known
from luytre.civic.survey.models import Need, NeedState

COSTS = ("camera_vnd", "pole_vnd", "cable_vnd", "power_vnd", "upkeep_vnd")
DEAREST_VND = 1_000_000_000
MOST_CANDIDATES = 2000
NEAR_M = 8.0
"""Two candidates nearer than this are one place."""
ALONG_ROUTE_M = 60.0


@dataclass(frozen=True, slots=True)
class CandidateDraft:
    """As of `models.Candidate`, whole. `hamlet`: the name of one. `bearings`: degrees with blanks; empty: the figures'."""

    name: str
    position: Position | None
    hamlet: str = ""
    bearings: str = ""
    most_eyes: int = 1
    camera_vnd: int | None = None
    pole_vnd: int | None = None
    cable_vnd: int | None = None
    power_vnd: int | None = None
    upkeep_vnd: int | None = None
    note: str = ""


def candidate_draft(candidate: Candidate) -> CandidateDraft:
    hamlet = candidate.hamlet.name if candidate.hamlet else ""
    costs = {name: getattr(candidate, name) for name in COSTS}
    position = (candidate.latitude, candidate.longitude)
    return CandidateDraft(candidate.name, position, hamlet, candidate.bearings, candidate.most_eyes, note=candidate.note, **costs)


@transaction.atomic
def save_candidate(draft: CandidateDraft, candidate: Candidate | None = None, revision: int | None = None) -> Candidate:
    """A new one or a changed one. Errors: ValidationError by field; Stale."""
    refused, hamlet = _checked(draft)
    refused.raise_any()
    assert draft.position is not None
    if candidate is not None:
        candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
        if revision is not None and revision != candidate.revision:
            raise Stale(candidate.name, candidate.revision)
        candidate.revision += 1
    made = candidate or Candidate()
    made.name, made.hamlet, made.bearings = one_line(draft.name), hamlet, " ".join(draft.bearings.replace(",", " ").split())
    made.latitude, made.longitude = (each.quantize(STEP) for each in draft.position)
    made.most_eyes, made.note = draft.most_eyes, one_line(draft.note)
    for name in COSTS:
        setattr(made, name, getattr(draft, name))
    made.save()
    return made


def _checked(draft: CandidateDraft) -> tuple[Refusals, Hamlet | None]:
    refused = Refusals()
    if not one_line(draft.name) or len(one_line(draft.name)) > 120:
        refused.tell("name", N_("A name of at most 120 letters is needed."))
    if draft.position is None:
        refused.tell("position", N_("A position is needed: a plan is made on the map."))
    elif (away := CommuneLand.of_commune().metres_outside(draft.position)) > MARGIN_M:
        refused.tell("position", N_("This position lies %(km)s km outside of the commune."), km=round(away / 1000, 1))
    if not 1 <= draft.most_eyes <= 8:
        refused.tell("most_eyes", N_("From 1 to 8 eyes hang at one place."))
    for name in COSTS:
        cost = getattr(draft, name)
        if cost is not None and not 0 <= cost <= DEAREST_VND:
            refused.tell(name, N_("From 0 to 1,000,000,000 dong."))
    if not _bearings_fit(draft.bearings):
        refused.tell("bearings", N_("Bearings are degrees from 0 to 360 with blanks between, at most 36 of them."))
    hamlet = hamlet_known(draft.hamlet)
    if draft.hamlet and hamlet is None:
        refused.tell("hamlet", N_("There is no hamlet of this name. Hamlets are added in the settings."))
    return refused, hamlet


def _bearings_fit(typed: str) -> bool:
    parts = typed.replace(",", " ").split()
    return len(parts) <= 36 and all(part.isascii() and part.isdecimal() and int(part) <= 360 for part in parts)


def remove_candidate(candidate: Candidate) -> None:
    """It is proposed no more, and no new plan takes it; versions that were computed keep what they said."""
    candidate.archived = True
    candidate.revision += 1
    candidate.save(update_fields=["archived", "revision"])


@transaction.atomic
def propose(along_route_m: float = ALONG_ROUTE_M) -> int:
    """Adds candidates for open needs, mounting places without an eye, and along routes; returns how many are new.

    What is there or was removed once is not proposed again; of places that nearly coincide the first is taken.
    """
    metric, present = middle(), list(Candidate.objects.all())
    known = {(one.source, one.source_key) for one in present if one.source_key}
    taken = [shapely.Point(metric.point(float(one.latitude), float(one.longitude))) for one in present]
    areas = [(area.hamlet, shapely.from_geojson(area.geometry)) for area in HamletArea.objects.select_related("hamlet")]
    made = list[Candidate]()
    for candidate in _proposals(metric, along_route_m):
        here = shapely.Point(metric.point(float(candidate.latitude), float(candidate.longitude)))
        full = len(present) + len(made) >= MOST_CANDIDATES
        if full or (candidate.source, candidate.source_key) in known or any(here.dwithin(other, NEAR_M) for other in taken):
            continue
        taken.append(here)
        point = shapely.Point(float(candidate.longitude), float(candidate.latitude))
        candidate.hamlet = candidate.hamlet or next((hamlet for hamlet, area in areas if area.intersects(point)), None)
        made.append(candidate)
    Candidate.objects.bulk_create(made)
    return len(made)


def _proposals(metric: Metric, along_route_m: float) -> Iterator[Candidate]:
    for need in Need.objects.filter(state__in=[NeedState.OPEN, NeedState.PLANNED]).select_related("hamlet"):
        yield Candidate(
            name=need.name, hamlet=need.hamlet, latitude=need.latitude, longitude=need.longitude,
            source=Source.NEED, source_key=need.key,
        )  # fmt: skip
    for site in Site.objects.filter(eyes=None, cameras=None).select_related("hamlet"):
        if site.position is None:
            continue
        yield Candidate(
            name=site.name, hamlet=site.hamlet, latitude=site.position[0], longitude=site.position[1],
            source=Source.SITE, source_key=site.key, pole_vnd=0,
        )  # fmt: skip
    for place in Place.objects.filter(archived=False, kind=PlaceKind.ROUTE).order_by("name", "key"):
        yield from _along(place, metric, along_route_m)


def _along(route: Place, metric: Metric, step_m: float) -> Iterator[Candidate]:
    """Both ends and points between, evenly, no further apart than the step."""
    number = 0
    for line in shapely.get_parts(metric.metres(shapely.from_geojson(route.geometry))):
        steps = max(1, int(line.length // step_m))
        for part in range(steps + 1):
            number += 1
            point = metric.degrees(line.interpolate(part / steps, normalized=True))
            yield Candidate(
                name=_("%(route)s, point %(number)s") % {"route": route.name[:100], "number": number},
                latitude=Decimal(f"{point.y:.6f}"), longitude=Decimal(f"{point.x:.6f}"),
                source=Source.ROUTE, source_key=f"{route.key}:{number}",
            )  # fmt: skip
