"""The plan's view of a camera drawn over its picture, as SVG: how far each level reaches, bearings, places that should be in it.

Pure: words come in, a text goes out. Lines have a light edge, so that they are seen over any picture; each bears its words, since
colours alone tell nobody who cannot tell them apart.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from luytre.civic.acceptance.facts import HungFacts, WalkFacts
from luytre.civic.geometry.optics import USUAL_HFOV_DEG, Level, Levels
from luytre.civic.geometry.overlay import Hung, LevelLine, Spot, compass, level_lines, spot_of

COLOURS = {Level.DETECT: "#4a90c2", Level.OBSERVE: "#1f7a4d", Level.RECOGNISE: "#8e44ad", Level.IDENTIFY: "#c0392b"}
"""Those of the map."""
_MARK = "#d6006c"
MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class Landmark:
    """Something that stands where the register has it: metres from the eye's foot."""

    name: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True)
class DrawnWords:
    levels: Mapping[Level, str]
    metres: str = "m"


def hung_for(facts: HungFacts, width_px: int, height_px: int) -> Hung | None:
    """None where height, bearing or tilt is not known: then nothing can be said of where the land shows."""
    if facts.height_m is None or facts.bearing_deg is None or facts.tilt_deg is None or facts.height_m <= 0:
        return None
    hfov = facts.hfov_deg if facts.hfov_deg is not None and 0 < facts.hfov_deg < 360 else USUAL_HFOV_DEG
    return Hung(facts.height_m, facts.bearing_deg, facts.tilt_deg, hfov, width_px, height_px)


def view_svg(
    hung: Hung | None, levels: Levels, words: DrawnWords, places: Sequence[Landmark] = (), walk: WalkFacts | None = None,
    size_px: tuple[int, int] = (1920, 1080), jpeg: bytes = b"",
) -> str:  # fmt: skip
    """Over a picture of `size_px`. `jpeg`: the picture itself within, for paper; on a page it lies below."""
    width, height = size_px
    scale = width / 1000
    parts = []
    if jpeg:
        data = base64.b64encode(jpeg).decode("ascii")
        parts.append(f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/>')
    if hung is not None:
        parts += [_level(line, words, size_px, scale) for line in level_lines(hung, levels) if line.lines]
        parts += [_tick(bearing, x, size_px, scale) for bearing, x in compass(hung)]
        parts += _landmarks(hung, places, size_px, scale)
    if walk is not None:
        parts.append(_walk(walk, size_px, scale))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="Liberation Sans, sans-serif">'
        + "".join(parts)
        + "</svg>"
    )


def _at(spot: Spot, size_px: tuple[int, int]) -> str:
    return f"{spot.x * size_px[0]:.1f},{spot.y * size_px[1]:.1f}"


def _level(line: LevelLine, words: DrawnWords, size_px: tuple[int, int], scale: float) -> str:
    colour, drawn = COLOURS[line.level], []
    for part in line.lines:
        points = " ".join(_at(spot, size_px) for spot in part)
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="#fff" stroke-width="{6 * scale:.1f}" stroke-opacity="0.7"/>'
        )
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{3 * scale:.1f}"/>')
    inside = [spot for part in line.lines for spot in part if spot.is_inside]
    spot = inside[len(inside) // 8] if inside else line.lines[0][0]
    text = f"{words.levels[line.level]} {line.distance_m:.0f} {words.metres}"
    return "".join(drawn) + _text(spot, text, colour, size_px, scale)


def _text(spot: Spot, text: str, colour: str, size_px: tuple[int, int], scale: float, anchor: str = "start") -> str:
    x, y = spot.x * size_px[0], spot.y * size_px[1] - 8 * scale
    edge = f'paint-order="stroke" stroke="#fff" stroke-width="{5 * scale:.1f}"'
    style = f'font-size="{28 * scale:.1f}" text-anchor={quoteattr(anchor)} {edge}'
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {style}>{escape(text)}</text>'


def _tick(bearing: int, x: float, size_px: tuple[int, int], scale: float) -> str:
    at = x * size_px[0]
    line = f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{14 * scale:.1f}" stroke="#fff" stroke-width="{3 * scale:.1f}"/>'
    return line + _text(Spot(x, 54 * scale / size_px[1]), f"{bearing}°", "#1c2530", size_px, scale, "middle")


def _landmarks(hung: Hung, places: Sequence[Landmark], size_px: tuple[int, int], scale: float) -> list[str]:
    """The nearest first; those that are in the picture."""
    near = sorted(places, key=lambda place: place.east_m**2 + place.north_m**2)
    seen = [(place, spot_of(hung, place.east_m, place.north_m)) for place in near]
    found = []
    for place, spot in [pair for pair in seen if pair[1] is not None and pair[1].is_inside][:MOST_PLACES]:
        assert spot is not None
        at = f'cx="{spot.x * size_px[0]:.1f}" cy="{spot.y * size_px[1]:.1f}"'
        found.append(f'<circle {at} r="{7 * scale:.1f}" fill="#b45309" stroke="#fff" stroke-width="{2 * scale:.1f}"/>')
        found.append(_text(spot, place.name, "#7c3a06", size_px, scale, "middle"))
    return found


def _walk(walk: WalkFacts, size_px: tuple[int, int], scale: float) -> str:
    if walk.top_x is None or walk.top_y is None or walk.bottom_x is None or walk.bottom_y is None:
        return ""
    ends = [Spot(walk.top_x, walk.top_y), Spot(walk.bottom_x, walk.bottom_y)]
    points = " ".join(_at(spot, size_px) for spot in ends)
    across = "".join(
        f'<line x1="{spot.x * size_px[0] - 20 * scale:.1f}" x2="{spot.x * size_px[0] + 20 * scale:.1f}" '
        f'y1="{spot.y * size_px[1]:.1f}" y2="{spot.y * size_px[1]:.1f}" stroke="{_MARK}" stroke-width="{3 * scale:.1f}"/>'
        for spot in ends
    )
    return f'<polyline points="{points}" fill="none" stroke="{_MARK}" stroke-width="{3 * scale:.1f}"/>{across}'
