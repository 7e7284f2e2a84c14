"""From shapes to a problem: which option sees which demand, and which options would look where nobody may. Local metres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.sight import Obstacles, View, field_of_view, sector, sights
from luytre.civic.planning.problem import Demand, Floats, Indices, Limits, Option, Present, Problem, Site

USUAL_STEP_M = 10.0
FORBIDDEN_M2 = 0.01
"""A view that shows no more than this of a forbidden area is taken to graze it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site with the bearings an eye could have there. `view` looks to no bearing yet; its `reach_m` is that of the level.

    `films_m`: as far as the eye films at all, for what is forbidden.
    """

    site: Site
    view: View
    bearings_deg: Sequence[float]
    films_m: float
    pinned_deg: frozenset[float] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """A point of demand in local metres."""

    demand: Demand
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Scene:
    candidates: Sequence[Candidate]
    pieces: Sequence[Piece]
    present: Sequence[tuple[Present, View]]
    """Who they are (`sees` is found here), and how they look."""
    obstacles: Obstacles
    forbidden: Sequence[BaseGeometry] = ()


@dataclass(frozen=True, slots=True)
class Staged:
    """`left_out`: sites' numbers and bearings that would look where nobody may."""

    problem: Problem
    left_out: tuple[tuple[int, float], ...]


def stage(scene: Scene, limits: Limits) -> Staged:
    points = np.array([(piece.east, piece.north) for piece in scene.pieces], dtype=float).reshape(-1, 2)
    ways = [(number, bearing) for number, candidate in enumerate(scene.candidates) for bearing in candidate.bearings_deg]
    views = [replace(scene.candidates[number].view, bearing_deg=bearing) for number, bearing in ways]
    films = [scene.candidates[number].films_m for number, _bearing in ways]
    bad = _forbidden(views, films, scene)
    seen = _seen([*views, *(view for _eye, view in scene.present)], points, scene.obstacles)
    options = [
        Option(number, bearing, seen[way], bearing in scene.candidates[number].pinned_deg)
        for way, (number, bearing) in enumerate(ways)
        if way not in bad
    ]
    present = [replace(eye, sees=sees) for (eye, _view), sees in zip(scene.present, seen[len(ways) :], strict=True)]
    sites = [candidate.site for candidate in scene.candidates]
    problem = Problem([piece.demand for piece in scene.pieces], sites, options, present, limits)
    return Staged(problem, tuple(ways[way] for way in sorted(bad)))


def _seen(views: Sequence[View], points: Floats, obstacles: Obstacles) -> list[Indices]:
    """For each view, the points it sees, in order."""
    if not views:
        return []
    found = sights(views, points, obstacles)
    order = np.lexsort((found.points, found.views))
    cuts = np.searchsorted(found.views[order], np.arange(1, len(views)))
    return [part.astype(np.int64) for part in np.split(found.points[order], cuts)]


def _forbidden(views: Sequence[View], films_m: Sequence[float], scene: Scene) -> set[int]:
    """The numbers of the views that would show a forbidden area: as far as they film, and cut by what stands in between."""
    if not scene.forbidden:
        return set()
    tree = shapely.STRtree(np.array(list(scene.forbidden), dtype=object))
    bad = set()
    for number, view in enumerate(views):
        whole = replace(view, reach_m=films_m[number])
        met = tree.query(sector(whole), predicate="intersects")
        if any(field_of_view(whole, scene.obstacles, scene.forbidden[each]).area > FORBIDDEN_M2 for each in met):
            bad.add(number)
    return bad


def pieces_of(shape: BaseGeometry, demand: Demand, step_m: float = USUAL_STEP_M) -> Iterator[Piece]:
    """A place as points that share its weight.

    A line is cut into equal pieces of at most `step_m`, each standing for itself by its middle; an area into the cells of a
    grid of `step_m` whose middles lie in it (one point inside, where none does).
    """
    places = list(_middles(shape, step_m))
    for number, (share, east, north) in enumerate(places):
        key = demand.key if len(places) == 1 else f"{demand.key}#{number}"
        yield Piece(replace(demand, key=key, weight=demand.weight * share), east, north)


def _middles(shape: BaseGeometry, step_m: float) -> Iterator[tuple[float, float, float]]:
    """Share of the whole, east, north."""
    if shape.geom_type == "Point":
        yield 1.0, shape.x, shape.y
    elif shape.area > 0:
        points = shapely.get_coordinates(_cells(shape, step_m))
        for east, north in points:
            yield 1 / len(points), float(east), float(north)
    else:
        for line in shapely.get_parts(shape):
            pieces = max(1, int(np.ceil(line.length / step_m - 1e-9)))
            for number in range(pieces):
                middle = line.interpolate((number + 0.5) / pieces, normalized=True)
                yield line.length / shape.length / pieces, middle.x, middle.y


def _cells(shape: BaseGeometry, step_m: float) -> BaseGeometry:
    west, south, east, north = shape.bounds
    columns, rows = (max(1, int(np.ceil((high - low) / step_m - 1e-9))) for low, high in ((west, east), (south, north)))
    across = west + (np.arange(columns) + 0.5) * (east - west) / columns
    up = south + (np.arange(rows) + 0.5) * (north - south) / rows
    grid = shapely.points(np.array(np.meshgrid(across, up)).reshape(2, -1).T)
    inside = grid[shapely.dwithin(grid, shape, 0)]
    return shapely.MultiPoint(inside) if len(inside) else shape.representative_point()
