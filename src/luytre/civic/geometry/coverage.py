"""How much of places a set of eyes sees, at which level, and what is lost when one of them fails. Local metres.

A point is seen or not (`NEAR_M` beside the picture's edge is in it: nobody surveys to the decimetre), a line by its length,
an area by its surface. Each eye has one field of view a level: the same sector, cut off where the level's reach ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import Obstacles, View, field_of_view

NEAR_M = 1.0


@dataclass(frozen=True, slots=True)
class EyeView:
    """`reaches_m`: how far each level reaches on the ground; the view's own reach bounds them all."""

    key: str
    view: View
    reaches_m: Mapping[Level, float]


@dataclass(frozen=True, slots=True)
class Field:
    """What one eye sees: a shape a level, each inside the one before. Shapes of levels that it never reaches are empty."""

    key: str
    shapes: Mapping[Level, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Watched:
    """A place under some eyes. Shares are from 0 to 1. `eyes` see some of it; `lost`: the share that only that eye sees."""

    key: str
    shares: Mapping[Level, float]
    eyes: tuple[str, ...]
    lost: Mapping[str, float]


def field_of(eye: EyeView, obstacles: Obstacles) -> Field:
    """Cut by obstacles once, and then by each level's reach."""
    whole = field_of_view(eye.view, obstacles)
    here = shapely.Point(eye.view.east, eye.view.north)
    shapes = {}
    for level in Level:
        reach = eye.reaches_m.get(level, 0.0)
        if reach >= eye.view.reach_m:
            shapes[level] = whole
        else:
            shapes[level] = shapely.intersection(whole, here.buffer(reach, quad_segs=45)) if reach > 0 else shapely.Polygon()
    return Field(eye.key, shapes)


def fields_of(eyes: Sequence[EyeView], obstacles: Obstacles) -> list[Field]:
    return [field_of(eye, obstacles) for eye in eyes]


def watched(key: str, place: BaseGeometry, fields: Sequence[Field], level: Level = Level.DETECT) -> Watched:
    """How much of the place is seen at each level; `eyes` and `lost` are about `level`."""
    farthest = np.array([field.shapes[Level.DETECT] for field in fields], dtype=object)
    near = [field for field, is_near in zip(fields, shapely.dwithin(place, farthest, NEAR_M), strict=True) if is_near]
    seeing = [field for field in near if _share(place, field.shapes[level]) > 0]
    shares = {each: _share(place, _union([field.shapes[each] for field in near])) for each in Level}
    lost = {}
    for field in seeing:
        others = _union([other.shapes[level] for other in seeing if other.key != field.key])
        lost[field.key] = max(0.0, shares[level] - _share(place, others))
    return Watched(key, shares, tuple(field.key for field in seeing), lost)


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return shapely.union_all(np.array(shapes, dtype=object)) if shapes else shapely.Polygon()


def _share(place: BaseGeometry, seen: BaseGeometry) -> float:
    if seen.is_empty:
        return 0.0
    if place.geom_type == "Point":
        return float(shapely.dwithin(place, seen, NEAR_M))
    measure = shapely.area if place.area > 0 else shapely.length
    whole = float(measure(place))
    return min(1.0, float(measure(shapely.intersection(place, seen))) / whole) if whole > 0 else 0.0


def at_night(eye: EyeView, ir_range_m: float | None) -> EyeView:
    """What is left when only the eye's own infrared light shines; without a range told: everything, as where lamps burn."""
    if ir_range_m is None:
        return eye
    reaches = {level: min(reach, ir_range_m) for level, reach in eye.reaches_m.items()}
    return replace(eye, view=replace(eye.view, reach_m=min(eye.view.reach_m, ir_range_m)), reaches_m=reaches)
