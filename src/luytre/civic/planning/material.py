"""What a plan is made of: the commune's land, places, needs, eyes and candidates, and the problem they and the wishes make."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import View
from luytre.civic.ground.models import PastIncident, Place, PlaceKind
from luytre.civic.planning.ask import Ask
from luytre.civic.planning.figures import Values
from luytre.civic.planning.models import Candidate
from luytre.civic.planning.problem import Demand, Limits, Present, Problem, Site
from luytre.civic.planning.scene import Candidate as SceneCandidate
from luytre.civic.planning.scene import Piece, Scene, Staged, pieces_of, stage
from luytre.civic.planning.today import Land, counts, eye_view, land, stepped_out, view_at, works
from luytre.civic.registry.models import Eye
from luytre.civic.survey.models import Need, NeedState, Urgency

PAST_NEAR_YEARS = 6
"""Older incidents count for next to nothing, and are left out."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a demand stands for. `metres`: of a route, its length; else 0."""

    key: str
    name: str
    kind: str
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a plan is made of, read from the database at one moment."""

    land: Land
    values: Values
    places: Sequence[Place]
    needs: Sequence[Need]
    past: Sequence[PastIncident]
    eyes: Sequence[Eye]
    candidates: Sequence[Candidate]
    today: date
    working: Collection[str] | None = None


def material(values: Values, today: date, working: Collection[str] | None = None) -> Material:
    """`working`: keys of the cameras that work now; None: those in use are taken for it."""
    return Material(
        land(),
        values,
        list(Place.objects.filter(archived=False).select_related("hamlet")),
        list(Need.objects.filter(state__in=[NeedState.OPEN, NeedState.PLANNED]).select_related("hamlet")),
        list(PastIncident.objects.filter(day__gte=today.replace(year=today.year - PAST_NEAR_YEARS, day=1))),
        list(Eye.objects.filter(archived=False).select_related("site__hamlet", "camera")),
        list(Candidate.objects.filter(archived=False).select_related("hamlet")),
        today,
        working,
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """The problem beside what its demands, sites and present eyes stand for, by number."""

    staged: Staged
    things: dict[str, Thing]
    of: Sequence[str]
    """For each demand the key of its thing."""
    candidates: Sequence[Candidate]
    present: Sequence[Eye]

    @property
    def problem(self) -> Problem:
        return self.staged.problem


def prepare(ask: Ask, found: Material) -> Prepared:
    things: dict[str, Thing] = {}
    pieces, of = list[Piece](), list[str]()
    for thing, demand, shape in _demands(ask, found):
        things[thing.key] = thing
        made = _one_required(list(pieces_of(shape, demand)))
        pieces.extend(made)
        of.extend([thing.key] * len(made))
    present = [(eye, view) for eye in found.eyes if (view := _present_view(ask, found, eye)) is not None]
    forbidden = set(ask.forbidden)
    candidates = [candidate for candidate in found.candidates if candidate.key not in forbidden]
    scene = Scene(
        [_candidate(ask, found, candidate) for candidate in candidates],
        pieces,
        [(Present(eye.key, np.zeros(0, dtype=np.int64), eye.name), view) for eye, view in present],
        found.land.obstacles,
        _private(found),
    )
    staged = stage(scene, Limits(ask.eyes, ask.budget_vnd, dict(ask.least)))
    return Prepared(staged, things, of, candidates, [eye for eye, _view in present])


def _one_required(pieces: list[Piece]) -> list[Piece]:
    """A place that must be covered must be seen in its middle, not in every corner."""
    middle = len(pieces) // 2
    return [
        piece if number == middle or not piece.demand.required else replace(piece, demand=replace(piece.demand, required=False))
        for number, piece in enumerate(pieces)
    ]


def _private(found: Material) -> list[BaseGeometry]:
    """What no new eye may show so closely that somebody is recognised: around homes, and private areas as they are drawn."""
    margin = found.values.home_margin_m
    homes = [home.buffer(margin, quad_segs=2) for home in found.land.homes] if margin > 0 else []
    return [*homes, *found.land.private]


def _demands(ask: Ask, found: Material) -> Iterator[tuple[Thing, Demand, BaseGeometry]]:
    metric, required = found.land.metric, set(ask.required)
    for place in found.places:
        shape = metric.metres(shapely.from_geojson(place.geometry))
        length = float(shape.length) if place.kind == PlaceKind.ROUTE else 0.0
        needed = ask.hot_spot_eyes if place.kind == PlaceKind.HOT_SPOT else 1
        hamlet = str(place.hamlet_id or "")
        demand = Demand(place.key, place_weight(place, length, found.values), needed, place.key in required, hamlet, place.name)
        yield Thing(place.key, place.name, place.kind, length), demand, shape
    weights = found.values.weights
    by_urgency = {Urgency.LOW: weights.need_low, Urgency.MIDDLE: weights.need_middle, Urgency.HIGH: weights.need_high}
    for need in found.needs:
        shape = shapely.Point(metric.point(float(need.latitude), float(need.longitude)))
        demand = Demand(
            need.key, by_urgency[Urgency(need.urgency)], 1, need.key in required, str(need.hamlet_id or ""), need.name
        )
        yield Thing(need.key, need.name, "need"), demand, shape
    for past in found.past:
        weight = weights.past_incident * 0.5 ** max(0.0, (found.today - past.day).days / 365.25 - 1)
        shape = shapely.Point(metric.point(float(past.latitude), float(past.longitude)))
        yield Thing(past.key, "", f"past_{past.kind}"), Demand(past.key, weight, name=""), shape


def place_weight(place: Place, length_m: float, values: Values) -> float:
    """What a place counts: as told for it, else its kind's with residents and traffic on top."""
    if place.weight is not None:
        return place.weight
    weights = values.weights
    if place.kind == PlaceKind.ROUTE:
        return length_m / 100 * (weights.route_100m + weights.thousand_vehicles * (place.vehicles_a_day or 0) / 1000)
    return float(getattr(weights, place.kind)) + weights.hundred_residents * (place.residents or 0) / 100


def _present_view(ask: Ask, found: Material, eye: Eye) -> View | None:
    """Of an eye that counts and works, as the plan's level asks for it."""
    if not counts(eye, ask.tiers) or not works(eye, found.working):
        return None
    view = eye_view(eye, found.land, found.values.levels)
    return replace(view.view, reach_m=view.reaches_m[Level(ask.level)]) if view is not None else None


def _candidate(ask: Ask, found: Material, candidate: Candidate) -> SceneCandidate:
    values = found.values
    lat, lon = ask.moved.get(candidate.key, (float(candidate.latitude), float(candidate.longitude)))
    east, north = stepped_out(*found.land.metric.point(lat, lon), found.land)
    eye = view_at(
        candidate.key, east, north, bearing_deg=0, hfov_deg=values.new_hfov_deg, width_px=values.new_width_px,
        height_m=values.new_height_m, tilt_deg=values.new_tilt_deg, levels=values.levels,
    )  # fmt: skip
    view = replace(eye.view, reach_m=eye.reaches_m[Level(ask.level)])
    pinned = ask.pinned.get(candidate.key)
    costs = costs_of(candidate, values)
    site = Site(
        candidate.key, costs.each_vnd, costs.pole_vnd, candidate.most_eyes, str(candidate.hamlet_id or ""),
        candidate.key in ask.pinned and pinned is None, candidate.name,
    )  # fmt: skip
    bearings = bearings_of(candidate, values)
    if pinned is not None:
        bearings = sorted({*bearings, pinned % 360})
    fixed = frozenset({pinned % 360}) if pinned is not None else frozenset[float]()
    return SceneCandidate(site, view, bearings, eye.reaches_m[Level.RECOGNISE], fixed)


def bearings_of(candidate: Candidate, values: Values) -> list[float]:
    told = [float(part) % 360 for part in candidate.bearings.split()]
    return told or [360 / values.bearings * number for number in range(values.bearings)]


@dataclass(frozen=True, slots=True)
class Costs:
    camera_vnd: int
    pole_vnd: int
    cable_vnd: int
    power_vnd: int
    upkeep_vnd: int

    @property
    def each_vnd(self) -> int:
        """What each eye there costs, the pole apart."""
        return self.camera_vnd + self.cable_vnd + self.power_vnd


def costs_of(candidate: Candidate, values: Values) -> Costs:
    def told(name: str) -> int:
        own = getattr(candidate, name)
        return int(getattr(values, name) if own is None else own)

    return Costs(*(told(f"{name}_vnd") for name in ("camera", "pole", "cable", "power", "upkeep")))
