"""What each eye looks over, as a shape on the ground. The one seam: whoever knows better how far an eye sees changes it here."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

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
from luytre.civic.geometry.sight import View, sector
from luytre.civic.registry.models import Eye

DRAWN_LEVEL = Level.OBSERVE
"""As far as this level reaches an eye is drawn."""
FARTHEST_M = 150.0


def fields_of_view(eyes: Iterable[Eye]) -> dict[str, BaseGeometry]:
    """By the eye's key, in degrees; eyes without a position are left out. An eye of unknown direction: a circle of its reach.

    The eye's site is read: have it selected. Buildings do not cut the shape yet.
    """
    return {eye.key: _field(eye, *map(float, eye.position)) for eye in eyes if eye.position is not None}


def width_of_view(eye: Eye) -> float:
    """Degrees: as told, else of lens and sensor, else the usual."""
    of_lens = hfov_of(eye.focal_mm, eye.sensor) if eye.focal_mm else None
    return eye.hfov_deg or of_lens or USUAL_HFOV_DEG


def view_of(eye: Eye, east: float, north: float) -> View:
    """The eye in local metres; without a bearing it looks all around."""
    hfov_deg = width_of_view(eye)
    slant_m = reach_of(Levels().px_per_m(DRAWN_LEVEL), min(hfov_deg, 360.0), eye.width_px or USUAL_WIDTH_PX)
    span = span_on_ground(eye.height_m, eye.tilt_deg, vfov_of(min(hfov_deg, 179.0)))
    reach_m = min(on_ground(slant_m, eye.height_m), span.far_m, FARTHEST_M)
    around = eye.bearing_deg is None
    near_m = 0.0 if around or span.near_m >= reach_m else span.near_m
    return View(east, north, eye.bearing_deg or 0.0, 360.0 if around else hfov_deg, reach_m, near_m, eye.height_m)


def _field(eye: Eye, lat: float, lon: float) -> BaseGeometry:
    metric = Metric.about(lat, lon)
    shape = sector(view_of(eye, *metric.point(lat, lon)))
    made: BaseGeometry = metric.degrees(shape if not shape.is_empty else shapely.Point(metric.point(lat, lon)).buffer(1))
    return made
