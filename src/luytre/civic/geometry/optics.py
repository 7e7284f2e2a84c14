"""Lenses: fields of view, pixels per metre, how far a level reaches. Metres and degrees.

Levels are those of IEC/EN 62676-4: how many pixels of the picture a metre of what is looked at takes. Their figures are the
commune's settings (`Levels`), because they are what an office argues about.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

WIDEST_FLAT_DEG = 120.0
"""A lens up to here draws straight lines straight (rectilinear); a wider one is taken to spread its angle evenly."""
TARGET_M = 1.5
"""So high above the ground is what must be seen of a person: head and shoulders."""
USUAL_HFOV_DEG, USUAL_WIDTH_PX = 90.0, 1920
"""Of an eye of which nobody told: a lens of 2.8 mm on a sensor of 1/2.8, 1080p."""
_ASPECT = 16 / 9
_SENSOR = re.compile(r"1/(\d{1,2}(?:[.,]\d{1,2})?)\"?")


class Level(StrEnum):
    """What one can do with the picture; each holds the ones before it."""

    DETECT = "detect"
    OBSERVE = "observe"
    RECOGNISE = "recognise"
    IDENTIFY = "identify"


@dataclass(frozen=True, slots=True)
class Levels:
    """Pixels per metre that each level needs at least."""

    detect: float = 25.0
    observe: float = 62.0
    recognise: float = 125.0
    identify: float = 250.0

    def __post_init__(self) -> None:
        steps = [0.0, self.detect, self.observe, self.recognise, self.identify]
        if not all(low < high for low, high in pairwise(steps)):
            raise ValueError("each level needs more than the one before")

    def px_per_m(self, level: Level) -> float:
        found: float = getattr(self, level.value)
        return found


def sensor_width_m(sensor: str) -> float | None:
    """The width of a sensor of 16:9 by its name (`1/2.8`), in metres; None where the name is not understood.

    Makers name sensors after the tubes of old: an inch of name is a diagonal of 18 mm below 1/2, of 16 mm from there on.
    """
    match = _SENSOR.fullmatch(sensor.strip().replace(" ", ""))
    part = float(match[1].replace(",", ".")) if match else 0.0
    if part < 0.5:
        return None
    diagonal = (16 if part <= 2 else 18) / part / 1000
    return diagonal * _ASPECT / math.hypot(_ASPECT, 1)


def hfov_of(focal_mm: float, sensor: str) -> float | None:
    """The horizontal field of view, in degrees, of a focal length on a sensor; None where one of them says nothing."""
    width = sensor_width_m(sensor)
    return math.degrees(2 * math.atan(width * 1000 / 2 / focal_mm)) if width is not None and focal_mm > 0 else None


def vfov_of(hfov_deg: float, aspect: float = _ASPECT) -> float:
    """The vertical field of view of a picture `aspect` times as wide as it is high."""
    if hfov_deg > WIDEST_FLAT_DEG:
        return min(180.0, hfov_deg / aspect)
    return math.degrees(2 * math.atan(math.tan(math.radians(hfov_deg / 2)) / aspect))


def reach_of(px_per_m: float, hfov_deg: float, width_px: int) -> float:
    """How far away a metre still takes so many pixels, in the middle of the picture."""
    if hfov_deg > WIDEST_FLAT_DEG:
        return width_px / (math.radians(hfov_deg) * px_per_m)
    return width_px / (2 * math.tan(math.radians(hfov_deg / 2)) * px_per_m)


@dataclass(frozen=True, slots=True)
class Span:
    """Distances on the ground between which a standing person is in the picture, in metres."""

    near_m: float = 0.0
    far_m: float = math.inf


def span_on_ground(height_m: float | None, tilt_deg: float | None, vfov_deg: float) -> Span:
    """What a tilt leaves: too steep, and it sees no distance; too flat, and it does not see what stands before its pole.

    `tilt_deg` is downward from the horizon. Unknown height or tilt: everything.
    """
    if height_m is None or tilt_deg is None or height_m <= TARGET_M:
        return Span()
    above = height_m - TARGET_M
    lower, upper = tilt_deg + vfov_deg / 2, tilt_deg - vfov_deg / 2
    near = 0.0 if lower >= 90 else above / math.tan(math.radians(lower)) if lower > 0 else math.inf
    far = math.inf if upper <= 0 else above / math.tan(math.radians(upper)) if upper < 90 else 0.0
    return Span(near, far)


def on_ground(slant_m: float, height_m: float | None) -> float:
    """The distance on the ground that a distance from the lens leaves, at the height of what is looked at."""
    above = 0.0 if height_m is None else height_m - TARGET_M
    return math.sqrt(max(0.0, slant_m * slant_m - above * above))
