"""Lines of sight and fields of view, cut by what stands in the way. Everything in local metres (`geometry.metric`).

A line of sight is cut where it goes through the inside of an area or crosses a wall; to graze a corner or to run along a wall
cuts nothing. What is lower than the line where the line leaves it hides nothing (2.5 dimensions): the line falls from the eye's
height to `optics.TARGET_M`. Of an eye of unknown height, or an obstacle of unknown height, everything in the way hides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.optics import TARGET_M

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Booleans = NDArray[np.bool_]
_ARC_STEP_DEG = 2.0
_SLACK_DEG = 1e-9
_SLACK_M = 1e-6


@dataclass(frozen=True, slots=True)
class View:
    """One eye as geometry knows it. `bearing_deg` is clockwise from north; `reach_m` and `near_m` are distances on the ground."""

    east: float
    north: float
    bearing_deg: float
    hfov_deg: float
    reach_m: float
    near_m: float = 0.0
    height_m: float | None = None


class Obstacles:
    """What hides: areas and lines. `heights_m` in their order, infinite where unknown."""

    def __init__(self, shapes: Sequence[BaseGeometry], heights_m: Sequence[float | None] | None = None) -> None:
        self.shapes: NDArray[Any] = np.array(list(shapes), dtype=object)
        heights = [None] * len(self.shapes) if heights_m is None else list(heights_m)
        self.heights: Floats = np.array([math.inf if height is None else height for height in heights], dtype=float)
        self._tree = shapely.STRtree(self.shapes)

    @cached_property
    def _edges(self) -> tuple[Floats, Indices]:
        """The edges of all shapes (from, to), in the order of the shapes, and where each shape's begin."""
        areas = shapely.get_dimensions(self.shapes) == 2
        rings, owner = shapely.get_rings(self.shapes[areas], return_index=True) if len(self.shapes) else (self.shapes, [])
        lines, line_owner = shapely.get_parts(self.shapes[~areas], return_index=True) if len(self.shapes) else (self.shapes, [])
        outlines = np.concatenate([rings, lines])
        owners = np.concatenate([np.flatnonzero(areas)[owner], np.flatnonzero(~areas)[line_owner]]).astype(np.int64)
        corners, outline = shapely.get_coordinates(outlines, return_index=True)
        joined = np.flatnonzero(outline[1:] == outline[:-1])
        of = owners[outline[joined]]
        order = np.argsort(of, kind="stable")
        edges = np.stack([corners[joined], corners[joined + 1]], axis=1)[order]
        return edges, np.searchsorted(of[order], np.arange(len(self.shapes) + 1))

    def edges_of(self, numbers: Indices) -> tuple[Floats, Indices]:
        """The edges of some shapes, and for each edge the place of its shape among `numbers`."""
        edges, begins = self._edges
        counts = begins[numbers + 1] - begins[numbers]
        places = np.repeat(np.arange(len(numbers)), counts)
        within_shape = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        return edges[begins[numbers][places] + within_shape], places

    def near(self, shape: BaseGeometry) -> Indices:
        found: Indices = self._tree.query(shape, predicate="intersects")
        return found

    def open(self, starts: Floats, ends: Floats, start_heights: Floats) -> Booleans:
        """Whether each line of sight (rows of east, north) is free. `start_heights`: NaN where an eye's is unknown."""
        free = np.ones(len(starts), dtype=bool)
        if not len(starts) or not len(self.shapes):
            return free
        lines = shapely.linestrings(np.stack([starts, ends], axis=1))
        line, met = self._tree.query(lines, predicate="intersects")
        cut = self._cuts(lines[line], self.shapes[met])
        line, met = line[cut], met[cut]
        low = self._is_over(lines[line], met, start_heights[line])
        free[line[~low]] = False
        return free

    @staticmethod
    def _cuts(lines: NDArray[Any], shapes: NDArray[Any]) -> Booleans:
        areas = shapely.get_dimensions(shapes) == 2
        cuts: Booleans = np.where(areas, ~shapely.touches(lines, shapes), shapely.crosses(lines, shapes))
        return cuts

    def _is_over(self, lines: NDArray[Any], met: Indices, start_heights: Floats) -> Booleans:
        """Whether each line passes over what it meets: it is lowest where it leaves it."""
        over: Booleans = self.heights[met] <= TARGET_M
        asked = np.flatnonzero(np.isfinite(self.heights[met]) & np.isfinite(start_heights))
        for each in asked:
            inside = shapely.intersection(lines[each], self.shapes[met[each]])
            leaves = max(shapely.line_locate_point(lines[each], shapely.points(shapely.get_coordinates(inside)), normalized=True))
            lowest = start_heights[each] + leaves * (TARGET_M - start_heights[each])
            over[each] = self.heights[met[each]] < lowest
        return over


@dataclass(frozen=True, slots=True)
class Sights:
    """Which view sees which point: pairs of their numbers."""

    views: Indices
    points: Indices


def sights(views: Sequence[View], points: Floats, obstacles: Obstacles) -> Sights:
    """Every point (rows of east, north) that a view sees: within its angle and reach, nothing in between."""
    nothing = np.zeros(0, dtype=np.int64)
    if not views or not len(points):
        return Sights(nothing, nothing)
    table = np.array([[v.east, v.north, v.bearing_deg, v.hfov_deg, v.reach_m, v.near_m] for v in views], dtype=float)
    heights = np.array([math.nan if view.height_m is None else view.height_m for view in views], dtype=float)
    tree = shapely.STRtree(shapely.points(points))
    view, point = tree.query(shapely.points(table[:, :2]), predicate="dwithin", distance=table[:, 4] + _SLACK_M)
    seen = within(table[view], points[point])
    view, point = view[seen], point[seen]
    # Views of one place share their lines of sight: a pole with eight bearings asks once.
    place = np.unique(np.column_stack([table[:, :2], np.nan_to_num(heights, nan=-1.0)]), axis=0, return_inverse=True)[1]
    pairs, back = np.unique(np.column_stack([place.reshape(-1)[view], point]), axis=0, return_inverse=True)
    first = np.zeros(len(pairs), dtype=np.int64)
    first[back.reshape(-1)[::-1]] = np.arange(len(view))[::-1]
    free = obstacles.open(table[view[first], :2], points[point[first]], heights[view[first]])[back.reshape(-1)]
    return Sights(view[free], point[free])


def within(table: Floats, points: Floats) -> Booleans:
    """Whether each point lies in the sector of its row: east, north, bearing, angle, reach, near."""
    off = points - table[:, :2]
    distance = np.hypot(off[:, 0], off[:, 1])
    bearing = np.degrees(np.arctan2(off[:, 0], off[:, 1]))
    aside = np.abs((bearing - table[:, 2] + 180.0) % 360.0 - 180.0)
    angle = (aside <= table[:, 3] / 2 + _SLACK_DEG) | (distance <= _SLACK_M)
    inside: Booleans = angle & (distance <= table[:, 4] + _SLACK_M) & (distance >= table[:, 5] - _SLACK_M)
    return inside


def sector(view: View) -> BaseGeometry:
    """Where a view looks with nothing in its way."""
    here = np.array([view.east, view.north])
    if view.reach_m <= 0 or view.near_m >= view.reach_m:
        return shapely.Polygon()
    if view.hfov_deg >= 360:
        ring = _arc(view, -180.0, 180.0, view.reach_m)
        whole = shapely.Polygon(ring)
    else:
        whole = shapely.Polygon([here, *_arc(view, -view.hfov_deg / 2, view.hfov_deg / 2, view.reach_m)])
    return whole.difference(shapely.Point(here).buffer(view.near_m)) if view.near_m > 0 else whole


def _arc(view: View, start_deg: float, end_deg: float, radius: float) -> list[tuple[float, float]]:
    steps = 2 * max(1, math.ceil((end_deg - start_deg) / 2 / _ARC_STEP_DEG)) + 1  # odd: the farthest point is one of them
    angles = np.radians(view.bearing_deg + np.linspace(start_deg, end_deg, steps))
    return list(zip(view.east + radius * np.sin(angles), view.north + radius * np.cos(angles), strict=True))


def field_of_view(view: View, obstacles: Obstacles, of: BaseGeometry | None = None) -> BaseGeometry:
    """What a view sees: its sector without the shadows of what stands in it. Empty where it stands inside of something.

    `of`: only what it sees of this shape, which is found sooner.
    """
    whole = sector(view) if of is None else _areas(shapely.intersection(sector(view), of))
    if whole.is_empty:
        return whole
    here = shapely.Point(view.east, view.north)
    # What stands nearer than the near edge throws its shadow too.
    met = obstacles.near(shapely.union(whole, here).convex_hull)
    times = _times(view.height_m, obstacles.heights[met])
    met, times = met[times > 1], times[times > 1]
    areas = met[shapely.get_dimensions(obstacles.shapes[met]) == 2]
    around = areas[shapely.contains_properly(obstacles.shapes[areas], here)]
    if np.isinf(_times(view.height_m, obstacles.heights[around])).any():
        return shapely.Polygon()
    shadows = np.concatenate([obstacles.shapes[areas], _shadows(view, obstacles, met, times)])
    if not len(shadows):
        return whole
    return _areas(shapely.difference(whole, shapely.union_all(shadows)))


def _areas(shape: BaseGeometry) -> BaseGeometry:
    """Without the lines and points that a difference may leave."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _times(eye_m: float | None, heights_m: Floats) -> Floats:
    """How many times further than an edge its shadow reaches; at most 1: it is too low to hide anybody."""
    if eye_m is None:
        return np.where(heights_m > TARGET_M, np.inf, 1.0)
    lower = heights_m < eye_m
    return np.where(
        lower, (eye_m - TARGET_M) / np.where(lower, eye_m - heights_m, 1.0), np.where(heights_m > TARGET_M, np.inf, 1.0)
    )


def _shadows(view: View, obstacles: Obstacles, met: Indices, times: Floats) -> NDArray[Any]:
    """Behind each edge of what was met, what that edge hides. An edge seen from its end hides nothing."""
    edges, owner = obstacles.edges_of(met)
    one, two = edges[:, 0] - (view.east, view.north), edges[:, 1] - (view.east, view.north)
    seen = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) >= 1e-9
    one, two, far = one[seen], two[seen], times[owner][seen]
    ends = np.isfinite(far)
    near = [_far_corners(one[~ends], two[~ends], view.reach_m), _ended_corners(one[ends], two[ends], far[ends])]
    corners = np.concatenate(near) + np.array([view.east, view.north])
    return shapely.polygons(corners) if len(corners) else np.zeros(0, dtype=object)


def _ended_corners(one: Floats, two: Floats, times: Floats) -> Floats:
    """Of shadows that end: four corners, the last one three times."""
    last = one * times[:, None]
    return np.stack([one, two, two * times[:, None], last, last, last], axis=1)


def _far_corners(one: Floats, two: Floats, reach_m: float) -> Floats:
    """Of shadows that do not end: six corners, four of them beyond the reach."""
    first, last = np.arctan2(one[:, 0], one[:, 1]), np.arctan2(two[:, 0], two[:, 1])
    turn = (last - first + math.pi) % (2 * math.pi) - math.pi
    radius = 4 * np.maximum(reach_m, np.maximum(np.hypot(*one.T), np.hypot(*two.T)))
    angles = [first + turn * part for part in (1, 2 / 3, 1 / 3, 0)]
    far = [np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]) for angle in angles]
    return np.stack([one, two, *far], axis=1)
