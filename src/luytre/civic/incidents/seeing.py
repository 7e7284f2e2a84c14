"""Which cameras could have seen a place: those whose drawn field has it in view first, then those that hang near it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import shapely

from luytre.civic.geometry.optics import Level, Levels
from luytre.civic.planning.today import eye_view, fields_now, land
from luytre.civic.registry.models import Camera, Eye
from luytre.civic.tips.near import metres

NEAR_M = 300.0
"""So far from the place a camera may still have seen who came or went."""
MOST = 6


@dataclass(frozen=True, slots=True)
class Seer:
    """`level`: the best at which the place is seen; None: it only hangs near."""

    camera: Camera
    level: Level | None
    metres: float


def seers(position: tuple[Decimal, Decimal], cameras: Iterable[Camera], levels: Levels | None = None) -> list[Seer]:
    """Of the given cameras (with their sites), at most `MOST`: who sees it best first, then the nearest."""
    given = {camera.key: camera for camera in cameras}
    here = land()
    point = shapely.Point(*here.metric.point(float(position[0]), float(position[1])))
    eyes = Eye.objects.filter(archived=False, camera__key__in=given).select_related("site", "camera")
    views = [view for eye in eyes if (view := eye_view(eye, here, levels or Levels())) is not None]
    seen = {field.key: _best(field.shapes, point) for field in fields_now(views, here)}
    by_camera = {eye.camera.key: seen.get(eye.key) for eye in eyes if eye.camera is not None}
    found = []
    for key, camera in given.items():
        away = metres(position[0], position[1], camera.site.latitude, camera.site.longitude)
        level = by_camera.get(key)
        if away is not None and (level is not None or away <= NEAR_M):
            found.append(Seer(camera, level, away))
    order = list(Level)
    return sorted(found, key=lambda one: (one.level is None, -order.index(one.level) if one.level else 0, one.metres))[:MOST]


def _best(shapes: object, point: shapely.Point) -> Level | None:
    assert isinstance(shapes, dict)
    seen = [level for level in Level if shapely.dwithin(point, shapes[level], 1.0)]
    return seen[-1] if seen else None
