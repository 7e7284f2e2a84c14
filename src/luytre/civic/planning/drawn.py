"""What the eyes of a computed plan look over, as shapes for maps: cut by what hides, as far as the plan's level reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import View, field_of_view
from luytre.civic.planning.ask import NewEye, Result
from luytre.civic.planning.figures import Values, figures
from luytre.civic.planning.today import Land, eye_view, land, stepped_out, view_at
from luytre.civic.registry.models import Eye


@dataclass(frozen=True, slots=True)
class Drawn:
    """In degrees. `new`: by the order of putting up; `present`: by the eye's key, of those that counted and are there still."""

    new: Mapping[int, BaseGeometry]
    present: Mapping[str, BaseGeometry]
    eyes: tuple[Eye, ...]
    """The present ones."""


def drawn(result: Result) -> Drawn:
    """On the land as it is now, with the figures the version was computed with."""
    ground, values, level = land(), result.values or figures(), Level(result.level)
    keys = [worth.key for worth in result.present]
    eyes = tuple(Eye.objects.filter(key__in=keys).select_related("site__hamlet", "camera"))
    views = {eye.key: view for eye in eyes if (view := eye_view(eye, ground, values.levels)) is not None}
    present = {key: _shape(replace(view.view, reach_m=view.reaches_m[level]), ground) for key, view in views.items()}
    return Drawn({eye.order: _shape(_new_view(eye, ground, values, level), ground) for eye in result.eyes}, present, eyes)


def _new_view(eye: NewEye, ground: Land, values: Values, level: Level) -> View:
    east, north = stepped_out(*ground.metric.point(eye.lat, eye.lon), ground)
    made = view_at(
        eye.candidate, east, north, bearing_deg=eye.bearing_deg, hfov_deg=values.new_hfov_deg, width_px=values.new_width_px,
        height_m=values.new_height_m, tilt_deg=values.new_tilt_deg, levels=values.levels,
    )  # fmt: skip
    return replace(made.view, reach_m=made.reaches_m[level])


def _shape(view: View, ground: Land) -> BaseGeometry:
    return ground.metric.degrees(field_of_view(view, ground.obstacles))
