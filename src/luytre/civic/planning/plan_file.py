"""PLAN.geojson, the file of `luytre plan optimise`: features with a `role`, read into a scene. The format is in ref/plan.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.base.i18n import N_
from luytre.civic.geometry.geojson import AREAS, EARTH, EVERY_KIND, LINES, POINT, Feature, ShapeFault, read_collection
from luytre.civic.geometry.metric import Metric
from luytre.civic.geometry.optics import Level, Levels, on_ground, reach_of, span_on_ground, vfov_of
from luytre.civic.geometry.sight import Obstacles, View
from luytre.civic.planning.problem import Demand, Present, Site
from luytre.civic.planning.scene import USUAL_STEP_M, Candidate, Piece, Scene, pieces_of

_KINDS = {"camera": POINT, "candidate": POINT, "demand": EVERY_KIND, "obstacle": AREAS | LINES, "forbidden": AREAS}
_NOTHING = np.zeros(0, dtype=np.int64)
MOST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with the file's feature `number` (from 1), which calls itself `id`."""

    number: int
    id: str
    error: ShapeFault


@dataclass(frozen=True, slots=True)
class PlanFile:
    """`ids`: what each site of the scene is called in the file, as it stands there (text or number)."""

    scene: Scene
    ids: Sequence[str | int | float]
    faults: Sequence[FileFault]


def read_plan(text: str | bytes, level: Level = Level.DETECT, levels: Levels | None = None) -> PlanFile:
    """Everything in the file; where there are faults, the scene is not to be used. Errors: ShapeFault: it is no GeoJSON file."""
    found = read_collection(text, where=EARTH)
    reader = _Reader(Metric.around([feature.geometry for feature in found.features]), level, levels or Levels())
    faults = [FileFault(fault.number, fault.id, fault.error) for fault in found.faults]
    for feature in found.features:
        try:
            reader.take(feature)
        except ShapeFault as error:
            faults.append(FileFault(feature.number, feature.id, error.below(f"features[{feature.number - 1}]")))
    return PlanFile(reader.scene(), reader.ids, sorted(faults, key=lambda fault: fault.number))


@dataclass
class _Reader:
    metric: Metric
    level: Level
    levels: Levels
    candidates: list[Candidate] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    present: list[tuple[Present, View]] = field(default_factory=list)
    obstacles: list[BaseGeometry] = field(default_factory=list)
    heights: list[float | None] = field(default_factory=list)
    forbidden: list[BaseGeometry] = field(default_factory=list)
    ids: list[str | int | float] = field(default_factory=list)

    def scene(self) -> Scene:
        return Scene(self.candidates, self.pieces, self.present, Obstacles(self.obstacles, self.heights), self.forbidden)

    def take(self, feature: Feature) -> None:
        role = feature.properties.get("role")
        if not isinstance(role, str) or role not in _KINDS:
            hint = N_("One of: camera, candidate, demand, obstacle, forbidden.")
            raise ShapeFault(N_("this role is not known"), "properties.role", hint=hint)
        if feature.geometry.geom_type not in _KINDS[role]:
            raise ShapeFault(N_("this kind of shape does not belong here"), "geometry.type")
        takers: dict[str, Callable[[Feature, BaseGeometry], None]] = {
            "camera": self._camera, "candidate": self._candidate, "demand": self._demand,
            "obstacle": self._obstacle, "forbidden": lambda _feature, shape: self.forbidden.append(shape),
        }  # fmt: skip
        takers[role](feature, self.metric.metres(feature.geometry))

    def _camera(self, feature: Feature, shape: BaseGeometry) -> None:
        view, _films = self._view(feature, shape, feature_number(feature, "bearing_deg", -360, 720))
        self.present.append((Present(feature.id or str(feature.number), _NOTHING, _name(feature)), view))

    def _candidate(self, feature: Feature, shape: BaseGeometry) -> None:
        if feature.given_id is None:
            raise ShapeFault(N_("a candidate needs an id"), "id", hint=N_("The answer names candidates by their ids."))
        if feature.given_id in self.ids:
            raise ShapeFault(N_("this id stands in the file twice"), "id")
        bearings = _bearings(feature)
        view, films = self._view(feature, shape, bearings[0])
        site = Site(
            feature.id,
            cost_vnd=_whole(feature, "cost_vnd", 0),
            site_cost_vnd=_whole(feature, "site_cost_vnd", 0),
            most_eyes=_whole(feature, "max_eyes", 1, least=1),
            hamlet=str(feature.properties.get("hamlet") or ""),
            pinned=feature.properties.get("pinned") is True,
            name=_name(feature),
        )
        self.candidates.append(Candidate(site, view, bearings, films))
        self.ids.append(feature.given_id)

    def _view(self, feature: Feature, shape: BaseGeometry, bearing_deg: float) -> tuple[View, float]:
        """As the level asks for it, and how far the eye films at all."""
        hfov = feature_number(feature, "hfov_deg", 0.1, 360)
        films = feature_number(feature, "range_m", 0, 100_000)
        height, tilt = _maybe(feature, "height_m", 0, 200), _maybe(feature, "tilt_deg", -90, 90)
        span = span_on_ground(height, tilt, vfov_of(hfov))
        reach = min(self._reach(feature, hfov, films, height), span.far_m)
        near = max(span.near_m, _maybe(feature, "near_m", 0, 100_000) or 0.0)
        return View(shape.x, shape.y, bearing_deg % 360, hfov, reach, near, height), min(films, span.far_m)

    def _reach(self, feature: Feature, hfov_deg: float, films_m: float, height_m: float | None) -> float:
        """`range_m` is where the eye detects; where its pixels are told, these say how far each level reaches."""
        width = _maybe(feature, "width_px", 1, 100_000)
        density = self.levels.px_per_m(self.level)
        if width is None:
            return films_m * self.levels.px_per_m(Level.DETECT) / density
        return min(films_m, on_ground(reach_of(density, hfov_deg, int(width)), height_m))

    def _demand(self, feature: Feature, shape: BaseGeometry) -> None:
        weight = feature_number(feature, "weight", 0, 1e12, usual=1.0)
        needed = _whole(feature, "needed", 1, least=1)
        hamlet, required = str(feature.properties.get("hamlet") or ""), feature.properties.get("required") is True
        key = feature.id or str(feature.number)
        demand = Demand(key, weight, needed, required, hamlet, _name(feature))
        self.pieces.extend(pieces_of(shape, demand, feature_number(feature, "step_m", 0.5, 10_000, usual=USUAL_STEP_M)))

    def _obstacle(self, feature: Feature, shape: BaseGeometry) -> None:
        height = _maybe(feature, "height_m", 0, 1000)
        for part in shapely.get_parts(shape):
            self.obstacles.append(part)
            self.heights.append(height)


def feature_number(feature: Feature, name: str, low: float, high: float, usual: float | None = None) -> float:
    """A property that is a number. Errors: ShapeFault with its path."""
    value = feature.properties.get(name)
    if value is None and usual is not None:
        return usual
    if value is None:
        raise ShapeFault(N_("a number is missing"), f"properties.{name}")
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or not low <= value <= high:
        raise ShapeFault(N_("this number cannot be"), f"properties.{name}", hint=_RANGES.get(name, ""))
    return float(value)


_RANGES = {
    "hfov_deg": N_("An angle from 0.1 to 360 degrees is needed."),
    "bearing_deg": N_("A bearing in degrees clockwise from north is needed."),
}


def _maybe(feature: Feature, name: str, low: float, high: float) -> float | None:
    return None if feature.properties.get(name) is None else feature_number(feature, name, low, high)


def _whole(feature: Feature, name: str, usual: int, least: int = 0) -> int:
    found = feature_number(feature, name, least, 1e15, usual=float(usual))
    if found != int(found):
        raise ShapeFault(N_("a whole number is needed"), f"properties.{name}")
    return int(found)


def _bearings(feature: Feature) -> list[float]:
    listed = feature.properties.get("bearings_deg")
    if not isinstance(listed, list) or not listed:
        raise ShapeFault(N_("a candidate needs a list of bearings"), "properties.bearings_deg")
    return list(_each_bearing(feature, listed))


def _each_bearing(feature: Feature, listed: list[Any]) -> Iterator[float]:
    for number, value in enumerate(listed):
        if not isinstance(value, int | float) or isinstance(value, bool) or not -360 <= value <= 720:
            raise ShapeFault(N_("this number cannot be"), f"properties.bearings_deg[{number}]", hint=_RANGES["bearing_deg"])
        yield value


def _name(feature: Feature) -> str:
    return str(feature.properties.get("name") or "")
