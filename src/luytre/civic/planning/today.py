"""The commune's land as geometry knows it: obstacles, eyes that work today, places. Read once, then pure (`Land`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.coverage import EyeView, Field, Watched, at_night, watched
from luytre.civic.geometry.kept import KeptFields
from luytre.civic.geometry.metric import Metric
from luytre.civic.geometry.optics import (
    USUAL_HFOV_DEG,
    USUAL_WIDTH_PX,
    Level,
    Levels,
    hfov_of,
    on_ground,
    reach_of,
    span_on_ground,
    vfov_of,
)
from luytre.civic.geometry.sight import Obstacles, View
from luytre.civic.ground.models import HamletArea, Obstacle, ObstacleKind, Place
from luytre.civic.planning.figures import Values
from luytre.civic.registry.models import Eye
from luytre.civic.registry.register import Condition, Tier

COUNTED = frozenset({Tier.LIVE, Tier.ON_ALARM, Tier.ON_REQUEST})
"""Eyes that are only listed are no eyes of the commune's plan."""
FARTHEST_M = 150.0
"""No eye is taken to see further, whatever its pixels say: dust, leaves and lamps."""
ON_THE_WALL_M = 3.0
"""A position by telephone lies so far inside the house that the eye hangs on: it is taken for its wall."""


@dataclass(frozen=True, slots=True)
class Land:
    """Shapes in local metres; `homes` are those of the obstacles that are homes, `private` what must not be filmed, as drawn."""

    metric: Metric
    obstacles: Obstacles
    homes: tuple[BaseGeometry, ...] = ()
    private: tuple[BaseGeometry, ...] = ()


def middle() -> Metric:
    """About the commune: its boundaries, else its places, else its eyes' sites."""
    shapes = [shapely.from_geojson(text) for text in HamletArea.objects.values_list("geometry", flat=True)]
    shapes = shapes or [shapely.from_geojson(text) for text in Place.objects.values_list("geometry", flat=True)[:200]]
    if not shapes:
        eyes = Eye.objects.select_related("site")[:200]
        shapes = [shapely.Point(float(eye.position[1]), float(eye.position[0])) for eye in eyes if eye.position is not None]
    return Metric.around(shapes)


def land(metric: Metric | None = None) -> Land:
    """What hides, as it is now. Rows are read each time; what they come to is kept until one of them changes."""
    metric = metric or middle()
    rows = list(Obstacle.objects.order_by("pk").values_list("geometry", "height_m", "home", "kind"))
    return _kept_land(metric, Rows(rows))


class Rows:
    """Rows of obstacles, equal where their contents are."""

    def __init__(self, rows: Sequence[tuple[str, float | None, bool, str]]) -> None:
        self.rows = rows
        self.digest = hashlib.sha256(json.dumps(rows).encode()).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=2)
def _kept_land(metric: Metric, found: Rows) -> Land:
    if not found.rows:
        return Land(metric, Obstacles([]))
    shapes = metric.metres(shapely.from_geojson(np.array([row[0] for row in found.rows], dtype=object)))
    parts = [(part, row) for shape, row in zip(shapes, found.rows, strict=True) for part in shapely.get_parts(shape)]
    private = tuple(part for part, row in parts if row[3] == ObstacleKind.PRIVATE)
    hiding = [(part, row) for part, row in parts if row[3] != ObstacleKind.PRIVATE]
    homes = tuple(part for part, (_text, _height, home, _kind) in hiding if home and part.area > 0)
    return Land(metric, Obstacles([part for part, _row in hiding], [row[1] for _part, row in hiding]), homes, private)


_FIELDS = KeptFields()


def fields_now(views: Sequence[EyeView], land: Land) -> list[Field]:
    """What each view sees of the land, found once as long as nothing near it changes."""
    return _FIELDS.of(views, land.obstacles)


def works(eye: Eye, working: Collection[str] | None) -> bool:
    """A connected eye works when its camera is among `working` (keys; None: nobody asked the recorder, so those in use). One that
    is not connected works when the survey saw it work."""
    if eye.camera is not None:
        in_use = eye.camera.enabled and not eye.camera.archived
        return in_use if working is None else eye.camera.key in working
    return eye.condition in (Condition.WORKS, Condition.FAULTY)


def counts(eye: Eye, tiers: Collection[str] = COUNTED) -> bool:
    return eye.tier in tiers and not eye.archived


def hfov(eye: Eye) -> float:
    """As told, else by lens and sensor, else the usual one."""
    told = eye.hfov_deg or (hfov_of(eye.focal_mm, eye.sensor) if eye.focal_mm and eye.sensor else None)
    return told or USUAL_HFOV_DEG


def eye_view(eye: Eye, land: Land, levels: Levels) -> EyeView | None:
    """As geometry knows it; None where nobody told its place or where it looks."""
    position = eye.position
    if position is None or eye.bearing_deg is None:
        return None
    east, north = stepped_out(*land.metric.point(float(position[0]), float(position[1])), land)
    return view_at(
        eye.key, east, north, bearing_deg=eye.bearing_deg, hfov_deg=hfov(eye), width_px=eye.width_px or USUAL_WIDTH_PX,
        height_m=eye.height_m, tilt_deg=eye.tilt_deg, levels=levels,
    )  # fmt: skip


def view_at(
    key: str, east: float, north: float, *, bearing_deg: float, hfov_deg: float, width_px: int, height_m: float | None,
    tilt_deg: float | None, levels: Levels,
) -> EyeView:  # fmt: skip
    """An eye in local metres, with how far each level reaches on the ground."""
    span = span_on_ground(height_m, tilt_deg, vfov_of(hfov_deg))
    most = min(FARTHEST_M, span.far_m)
    reaches = {level: min(most, on_ground(reach_of(levels.px_per_m(level), hfov_deg, width_px), height_m)) for level in Level}
    reach = reaches[Level.DETECT]
    near = min(span.near_m, reach)
    return EyeView(key, View(east, north, bearing_deg % 360, hfov_deg, reach, near, height_m), reaches)


def stepped_out(east: float, north: float, land: Land) -> tuple[float, float]:
    """The position, moved out through the nearest wall where it lies just inside of a building."""
    here = shapely.Point(east, north)
    for number in land.obstacles.near(here):
        shape = land.obstacles.shapes[number]
        if shape.area == 0 or not shape.contains(here):
            continue
        near = shape.exterior.interpolate(shape.exterior.project(here))
        away = near.distance(here)
        if away > ON_THE_WALL_M:
            return east, north
        step = (away + 0.05) / away if away > 0 else 1.0
        return east + (near.x - east) * step, north + (near.y - north) * step
    return east, north


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of today. `places`: by their keys; `blind`: eyes that work and of which nobody told where they look."""

    fields: tuple[Field, ...]
    places: Mapping[str, Watched]
    counted: tuple[str, ...]
    blind: tuple[str, ...]
    down: tuple[str, ...]


def coverage(
    eyes: Iterable[Eye], places: Iterable[Place], land: Land, values: Values, working: Collection[str] | None, *,
    night: bool = False, level: Level = Level.DETECT,
) -> Coverage:  # fmt: skip
    """How much of each place the eyes that count and work today see; at night as far as their own light goes."""
    counted, blind, down, views = [], [], [], []
    for eye in eyes:
        if not counts(eye):
            continue
        if not works(eye, working):
            down.append(eye.key)
        elif (view := eye_view(eye, land, values.levels)) is None:
            blind.append(eye.key)
        else:
            counted.append(eye.key)
            views.append(at_night(view, eye.ir_range_m) if night else view)
    fields = fields_now(views, land)
    shapes = {place.key: land.metric.metres(shapely.from_geojson(place.geometry)) for place in places}
    found = {key: watched(key, shape, fields, level) for key, shape in shapes.items()}
    return Coverage(tuple(fields), found, tuple(counted), tuple(blind), tuple(down))
