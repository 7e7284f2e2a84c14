"""Shapes about one small commune, for tests: its middle is 21.03° N, 105.85° E."""

from __future__ import annotations

import json

LAT, LON = 21.03, 105.85
DEGREE_LAT_M, DEGREE_LON_M = 110_700.0, 103_900.0
"""Metres a degree here, near enough for shapes of some hundred metres."""


def at(east_m: float, north_m: float) -> list[float]:
    """Longitude and latitude, so many metres from the middle."""
    return [round(LON + east_m / DEGREE_LON_M, 6), round(LAT + north_m / DEGREE_LAT_M, 6)]


def square(east_m: float = 0, north_m: float = 0, side_m: float = 1000) -> str:
    """A square area about a point, as GeoJSON."""
    half = side_m / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return json.dumps({"type": "Polygon", "coordinates": [[at(east_m + x, north_m + y) for x, y in corners]]})


def line(*points: tuple[float, float]) -> str:
    return json.dumps({"type": "LineString", "coordinates": [at(*point) for point in points]})


def point(east_m: float = 0, north_m: float = 0) -> str:
    return json.dumps({"type": "Point", "coordinates": at(east_m, north_m)})


BOW = json.dumps({"type": "Polygon", "coordinates": [[at(0, 0), at(100, 100), at(100, 0), at(0, 100), at(0, 0)]]})
"""Its outline crosses itself."""
EXCHANGED = json.dumps({"type": "Point", "coordinates": [LAT, LON]})
