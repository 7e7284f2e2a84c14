"""What each eye looks over, as shapes on the map. How an eye sees is `planning.today` alone: map, paper, plan say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.coverage import EyeView, at_night
from luytre.civic.geometry.optics import USUAL_WIDTH_PX, Level, Levels
from luytre.civic.geometry.sight import sector
from luytre.civic.planning.figures import figures
from luytre.civic.planning.today import Land, eye_view, fields_now, hfov, land, view_at
from luytre.civic.registry.models import Eye

DRAWN_LEVEL = Level.OBSERVE
"""As far as this level reaches an eye is drawn."""
SPOT_M = 1.0
"""So large is drawn what sees nothing."""


def fields_of_view(eyes: Iterable[Eye]) -> dict[str, BaseGeometry]:
    """By the eye's key, in degrees, cut by what stands in the way; eyes without a position are left out.

    An eye of unknown direction: a ring of its reach. The eye's site is read: have it selected.
    """
    found = zones_of(list(eyes), land(), levels=(DRAWN_LEVEL,))
    return {key: zones[DRAWN_LEVEL] for key, zones in found.items()}


def zones_of(
    eyes: Iterable[Eye], ground: Land, *, night: bool = False, levels: tuple[Level, ...] = tuple(Level)
) -> dict[str, Mapping[Level, BaseGeometry]]:
    """By the eye's key, a shape a level in degrees, each holding the next one. Of a ring there is the drawn level alone."""
    metres: dict[str, dict[Level, BaseGeometry]] = {}
    views, figured = [], figures().levels
    for eye in eyes:
        if eye.position is None:
            continue
        view = eye_view(eye, ground, figured)
        if view is None:
            metres[eye.key] = {DRAWN_LEVEL: _ring(eye, ground, figured, night=night)} if DRAWN_LEVEL in levels else {}
        else:
            views.append(_lit(view, eye, night=night))
            metres[eye.key] = {}
    for field in fields_now(views, ground):
        metres[field.key] = {level: field.shapes[level] for level in levels}
    _spots(metres, [view for view in views if DRAWN_LEVEL in levels])
    return _in_degrees(metres, ground)


def _lit(view: EyeView, eye: Eye, *, night: bool) -> EyeView:
    return at_night(view, eye.ir_range_m) if night else view


def _spots(metres: dict[str, dict[Level, BaseGeometry]], views: Iterable[EyeView]) -> None:
    """Where an eye sees nothing, a spot says that it is there."""
    for view in views:
        if metres[view.key][DRAWN_LEVEL].is_empty:
            metres[view.key][DRAWN_LEVEL] = shapely.Point(view.view.east, view.view.north).buffer(SPOT_M)


def _in_degrees(metres: dict[str, dict[Level, BaseGeometry]], ground: Land) -> dict[str, Mapping[Level, BaseGeometry]]:
    """All at once: one by one they would take longer than finding them."""
    names = [(key, level) for key, shapes in metres.items() for level in shapes]
    if not names:
        return {}
    moved = ground.metric.degrees(np.array([metres[key][level] for key, level in names], dtype=object))
    found: dict[str, dict[Level, BaseGeometry]] = {key: {} for key in metres}
    for (key, level), shape in zip(names, moved, strict=True):
        found[key][level] = shape
    return dict(found)


def _ring(eye: Eye, ground: Land, levels: Levels, *, night: bool) -> BaseGeometry:
    assert eye.position is not None
    view = _lit(_hung(eye, *ground.metric.point(*map(float, eye.position)), levels), eye, night=night)
    around = replace(view.view, hfov_deg=360.0, near_m=0.0, reach_m=view.reaches_m[DRAWN_LEVEL])
    shape = sector(around)
    return shape if not shape.is_empty else shapely.Point(around.east, around.north).buffer(SPOT_M)


def reach_of(eye: Eye, levels: Levels) -> float:
    """How far a person can be observed, in metres on the ground, where nothing stands in the way."""
    return _hung(eye, 0.0, 0.0, levels).reaches_m[DRAWN_LEVEL]


def _hung(eye: Eye, east: float, north: float, levels: Levels) -> EyeView:
    return view_at(
        eye.key, east, north, bearing_deg=eye.bearing_deg or 0.0, hfov_deg=hfov(eye), width_px=eye.width_px or USUAL_WIDTH_PX,
        height_m=eye.height_m, tilt_deg=eye.tilt_deg, levels=levels,
    )  # fmt: skip
