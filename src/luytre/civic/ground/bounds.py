"""The commune's land as its hamlets' boundaries together, and how far something lies outside of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.metric import Metric
from luytre.civic.ground.models import HamletArea
from luytre.civic.registry.sites import Position


class CommuneLand:
    """The land at one moment. Made anew where boundaries may have changed; thousands of positions may be asked of one."""

    def __init__(self, areas: Iterable[BaseGeometry]) -> None:
        """`areas` in degrees, longitude first."""
        kept = list(areas)
        self.is_known = bool(kept)
        self._metric = Metric.around(kept)
        self._land = shapely.union_all(self._metric.metres(np.array(kept, dtype=object))) if kept else shapely.Polygon()
        shapely.prepare(self._land)
        self._bounds = shapely.total_bounds(np.array(kept, dtype=object)) if kept else np.zeros(4)
        self._margin: tuple[float, BaseGeometry] | None = None

    @classmethod
    def of_commune(cls) -> CommuneLand:
        return cls(shapely.from_geojson(text) for text in HamletArea.objects.values_list("geometry", flat=True))

    def metres_outside(self, position: Position) -> float:
        """Metres on the ground; 0 inside, and where no boundary was drawn."""
        if not self.is_known:
            return 0.0
        lat, lon = position
        return float(self._land.distance(shapely.Point(self._metric.point(float(lat), float(lon)))))

    def metres_reached(self, geometry: BaseGeometry) -> float:
        """How far the furthest corner of a shape (degrees) lies outside; 0 where all are inside, or no boundary was drawn."""
        if not self.is_known:
            return 0.0
        corners = shapely.points(shapely.get_coordinates(self._metric.metres(geometry)))
        return float(shapely.distance(self._land, corners).max())

    def within(self, geometries: Iterable[BaseGeometry], margin_m: float) -> list[bool]:
        """Which shapes (degrees) touch the land or come as near as the margin; all of them where no boundary was drawn."""
        shapes = np.array(list(geometries), dtype=object)
        if not self.is_known or not len(shapes):
            return [True] * len(shapes)
        return [bool(near) for near in shapely.dwithin(self._land, self._metric.metres(shapes), margin_m)]

    def may_touch(self, geometry: BaseGeometry, margin_m: float) -> bool:
        """A quick look by rectangles, which may say yes to what lies beside the land; no means no."""
        if not self.is_known:
            return True
        west, south, east, north = self._bounds
        far = margin_m / 90_000  # more than the margin in degrees, at any latitude of Viet Nam
        left, low, right, high = geometry.bounds
        return bool(left <= east + far and right >= west - far and low <= north + far and high >= south - far)

    def cut(self, line: BaseGeometry, margin_m: float, shortest_m: float) -> BaseGeometry | None:
        """What of a line (degrees) lies on the land or within the margin; pieces shorter than `shortest_m` are none."""
        inside = self._metric.metres(line).intersection(self._grown(margin_m))
        parts = [part for part in shapely.get_parts(inside) if part.geom_type == "LineString" and part.length >= shortest_m]
        if not parts:
            return None
        joined = shapely.line_merge(shapely.MultiLineString(parts)) if len(parts) > 1 else parts[0]
        return self._metric.degrees(joined)

    def _grown(self, margin_m: float) -> BaseGeometry:
        if self._margin is None or self._margin[0] != margin_m:
            self._margin = (margin_m, shapely.buffer(self._land, margin_m))
            shapely.prepare(self._margin[1])
        return self._margin[1]
