"""How well the commune is seen today: each place by day and by night, kinds together, and what goes dark when one eye fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely

from luytre.civic.geometry.coverage import Watched
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.planning.figures import Values
from luytre.civic.planning.today import Coverage, Land, coverage
from luytre.civic.registry.models import Eye

LEAST_LOST = 0.005
"""A share that is lost and is smaller is none: it comes of rounding."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A place by day and by night. `metres`: of a route, its length; else 0."""

    place: Place
    day: Watched
    night: Watched
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class Today:
    """`places` in the order they came; `by_day` and `by_night` name the eyes that count, are down or look nobody knows where."""

    places: tuple[Covered, ...]
    by_day: Coverage
    by_night: Coverage


@dataclass(frozen=True, slots=True)
class KindCovered:
    """All places of a kind together: routes by their metres, others each as one. Shares are from 0 to 1."""

    kind: str
    count: int
    metres: float
    day: Mapping[Level, float]
    night: Mapping[Level, float]


@dataclass(frozen=True, slots=True)
class Loss:
    """What only one eye sees by day: places with the share that is lost when it fails, the largest first."""

    eye: str
    places: tuple[tuple[Covered, float], ...]


def today(
    eyes: Sequence[Eye], places: Iterable[Place], land: Land, values: Values, working: Collection[str] | None, level: Level
) -> Today:
    """`level`: that by which eyes see a place and lose it. `working`: keys of cameras; None: nobody asked the recorder."""
    wanted = list(places)
    by_day, by_night = (coverage(eyes, wanted, land, values, working, night=night, level=level) for night in (False, True))
    rows = tuple(Covered(place, by_day.places[place.key], by_night.places[place.key], _metres(place, land)) for place in wanted)
    return Today(rows, by_day, by_night)


def _metres(place: Place, land: Land) -> float:
    return float(land.metric.metres(shapely.from_geojson(place.geometry)).length) if place.kind == PlaceKind.ROUTE else 0.0


def kinds_of(rows: Sequence[Covered]) -> list[KindCovered]:
    """In the order of the kinds; those that there are none of are left out."""
    found = []
    for kind in PlaceKind:
        of_kind = [row for row in rows if row.place.kind == kind]
        if of_kind:
            metres = sum(row.metres for row in of_kind)
            day, night = (_together([(row, getattr(row, name)) for row in of_kind]) for name in ("day", "night"))
            found.append(KindCovered(kind, len(of_kind), metres, day, night))
    return found


def _together(rows: Sequence[tuple[Covered, Watched]]) -> dict[Level, float]:
    weights = [row.metres or 1.0 for row, _seen in rows]
    return {
        level: sum(weight * seen.shares[level] for weight, (_row, seen) in zip(weights, rows, strict=True)) / sum(weights)
        for level in Level
    }


def losses(rows: Sequence[Covered]) -> list[Loss]:
    """By the eye, that of which most would be missed first: places as one each, routes by every 100 m."""
    lost: dict[str, list[tuple[Covered, float]]] = {}
    for row in rows:
        for eye, part in row.day.lost.items():
            if part >= LEAST_LOST:
                lost.setdefault(eye, []).append((row, part))
    found = [Loss(eye, tuple(sorted(parts, key=lambda one: -_worth(*one)))) for eye, parts in lost.items()]
    return sorted(found, key=lambda one: (-sum(_worth(*each) for each in one.places), one.eye))


def _worth(row: Covered, part: float) -> float:
    return part * (row.metres / 100 if row.metres else 1.0)
