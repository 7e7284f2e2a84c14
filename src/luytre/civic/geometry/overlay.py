"""The land drawn over a camera's picture: where in it a place of the ground should be, if the eye hangs as the register says.

Local metres and degrees in; the picture's own measure out: x from 0 (left) to 1 (right), y from 0 (top) to 1 (bottom). The eye
has no roll. Up to `optics.WIDEST_FLAT_DEG` a lens is taken to draw straight lines straight, a wider one to spread its angle
evenly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from luytre.civic.geometry.optics import WIDEST_FLAT_DEG, Level, Levels, on_ground, reach_of

ARC_STEPS = 48
_BEHIND = 1e-6
COMPASS_STEP_DEG = 15


@dataclass(frozen=True, slots=True)
class Hung:
    """How an eye hangs: `bearing_deg` clockwise from north, `tilt_deg` down from the horizon, `hfov_deg` over the whole width."""

    height_m: float
    bearing_deg: float
    tilt_deg: float
    hfov_deg: float
    width_px: int
    height_px: int

    def __post_init__(self) -> None:
        if not (0 < self.hfov_deg < 360 and self.height_m > 0 and self.width_px > 0 and self.height_px > 0):
            raise ValueError("an eye hangs above the ground and its picture has a size")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the picture."""

    x: float
    y: float

    @property
    def is_inside(self) -> bool:
        return 0.0 <= self.x <= 1.0 and 0.0 <= self.y <= 1.0


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Where a level ends, as lines in the picture; none where it ends out of view. `distance_m` is on the ground."""

    level: Level
    distance_m: float
    lines: tuple[tuple[Spot, ...], ...]


def spot_of(hung: Hung, east_m: float, north_m: float, up_m: float = 0.0) -> Spot | None:
    """Where a point shows, from the foot of the eye's pole; None behind the eye. It may lie beside the picture (`is_inside`)."""
    across, upward, ahead = _turned(hung, east_m, north_m, up_m - hung.height_m)
    half = math.radians(hung.hfov_deg) / 2
    off = math.hypot(across, upward)
    if hung.hfov_deg <= WIDEST_FLAT_DEG:
        if ahead <= _BEHIND:
            return None
        right, higher = across / ahead / math.tan(half), upward / ahead / math.tan(half)
    else:
        if off == 0 and ahead < 0:
            return None
        part = math.atan2(off, ahead) / half / off if off else 0.0
        right, higher = across * part, upward * part
    return Spot((1 + right) / 2, (1 - higher * hung.width_px / hung.height_px) / 2)


def _turned(hung: Hung, east: float, north: float, up: float) -> tuple[float, float, float]:
    """The point as the eye has it: to the right, upward in the picture, ahead."""
    bearing, tilt = math.radians(hung.bearing_deg), math.radians(hung.tilt_deg)
    across = east * math.cos(bearing) - north * math.sin(bearing)
    level_ahead = east * math.sin(bearing) + north * math.cos(bearing)
    return across, level_ahead * math.sin(tilt) + up * math.cos(tilt), level_ahead * math.cos(tilt) - up * math.sin(tilt)


def level_lines(hung: Hung, levels: Levels) -> tuple[LevelLine, ...]:
    """Each level's far end on the ground, the farthest first: standing nearer, a person is seen at least so well."""
    found = []
    for level in Level:
        slant = reach_of(levels.px_per_m(level), hung.hfov_deg, hung.width_px)
        distance = on_ground(slant, hung.height_m)
        found.append(LevelLine(level, distance, tuple(_parts(_arc(hung, distance)))))
    return tuple(found)


def _arc(hung: Hung, distance_m: float) -> list[Spot | None]:
    half = min(hung.hfov_deg, 180.0) / 2
    bearings = [math.radians(hung.bearing_deg - half + 2 * half * step / ARC_STEPS) for step in range(ARC_STEPS + 1)]
    return [spot_of(hung, distance_m * math.sin(one), distance_m * math.cos(one)) for one in bearings]


def _parts(spots: Sequence[Spot | None]) -> Iterator[tuple[Spot, ...]]:
    """Runs of spots inside the picture, with the first one outside at either end."""
    part: list[Spot] = []
    for before, after in pairwise(spots):
        if before is None or after is None or not (before.is_inside or after.is_inside):
            if part:
                yield tuple(part)
            part = []
            continue
        part = [*(part or [before]), after]
    if part:
        yield tuple(part)


def compass(hung: Hung) -> tuple[tuple[int, float], ...]:
    """Bearings that stand in the picture, each with its x on the horizon of an eye that is not tilted."""
    half = hung.hfov_deg / 2
    first = math.ceil((hung.bearing_deg - half) / COMPASS_STEP_DEG) * COMPASS_STEP_DEG
    found = []
    for bearing in range(first, math.floor(hung.bearing_deg + half) + 1, COMPASS_STEP_DEG):
        aside = math.radians(bearing - hung.bearing_deg)
        if hung.hfov_deg <= WIDEST_FLAT_DEG:
            x = (1 + math.tan(aside) / math.tan(math.radians(half))) / 2
        else:
            x = (1 + aside / math.radians(half)) / 2
        found.append((bearing % 360, x))
    return tuple(found)


def px_per_m_seen(top: Spot, bottom: Spot, height_px: int, tall_m: float) -> float:
    """Pixels a metre takes where something upright of known height was marked in the picture, head and foot.

    Errors: ValueError where the marks are one above the other wrongly, or nothing is tall.
    """
    if tall_m <= 0 or bottom.y <= top.y:
        raise ValueError("the foot is below the head, and what is marked is tall")
    return (bottom.y - top.y) * height_px / tall_m


def level_reached(px_per_m: float, levels: Levels) -> Level | None:
    """The best level that so many pixels a metre give; None: less than the least."""
    reached = [level for level in Level if px_per_m >= levels.px_per_m(level)]
    return reached[-1] if reached else None
