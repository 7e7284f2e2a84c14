"""A computed plan as a map on paper: present eyes and new ones with what they look over, places, needs, hamlets, houses.

New eyes carry their number; the sign's shape tells the phase. Signs of eyes that hang near each other are moved apart, each with
a line to its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import geometry_text
from luytre.civic.ground.models import ObstacleKind, PlaceKind
from luytre.civic.planning.ask import NewEye, Result
from luytre.civic.planning.drawn import Drawn, drawn
from luytre.civic.planning.figures import Values
from luytre.civic.planning.paper import MAP_HEIGHT_MM, MAP_WIDTH_MM, Key, MapSheet
from luytre.web import map_svg as svg
from luytre.web.map_labels import Area, around
from luytre.web.map_layers import LAYERS, Item, Layer

GROUND_LAYERS = ("hamlets", "places", "needs", "obstacles")
NEW, NEW_LINE, SIGN = "#f2b705", "#8a5a00", "#14213d"
SIGN_MM = 2.1
"""Half of a new eye's sign."""
APART_MM, WEDGE_MM = 4.6, 5.0
STEPS = 80


@dataclass(frozen=True, slots=True)
class _Placed:
    """A new eye on the sheet, in millimetres: where it hangs, and the middle of its sign."""

    eye: NewEye
    x: float
    y: float
    sign_x: float
    sign_y: float


def plan_sheet(user: User, at: datetime, result: Result) -> MapSheet:
    """Drawn on the land as it is now; what the person does not meet is not on it."""
    seen = drawn(result)
    layers = {name: LAYERS[name].read(user, at) for name in GROUND_LAYERS if LAYERS[name].roles & roles_of(user, at)}
    layers |= {"views": _views(seen), "eyes": _eyes(seen)}
    frame = svg.frame_of(_box(layers, result), MAP_WIDTH_MM, MAP_HEIGHT_MM)
    placed = _spread(result.eyes, frame)
    looks = dict.fromkeys((eye.key for eye in seen.eyes), "works")
    taken = [area for one in placed for area in (around(one.sign_x, one.sign_y, SIGN_MM), _wedge_area(one))]
    above = "".join([_wedge(one, (result.values or Values()).new_hfov_deg) for one in placed] + [_sign(one) for one in placed])
    made = svg.drawing(layers, looks, frame, _new_views(seen, frame), above, taken)
    bar_mm, bar_m = svg.scale_bar(frame)
    length = f"{bar_m} m" if bar_m < 1000 else f"{number_format(bar_m / 1000)} km"
    ratio = number_format(round(frame.metres_a_mm * 1000, -2), 0, force_grouping=True)
    sources = sorted({source for layer in layers.values() for source in layer.sources})
    said = _("Sources: %(sources)s.") % {"sources": "; ".join(sources)} if sources else ""
    return MapSheet(made, tuple(_legend(layers, result)), round(bar_mm, 2), f"{length} · 1:{ratio}", said)


def _views(seen: Drawn) -> Layer:
    return Layer(tuple(Item(key, geometry_text(shape), {}) for key, shape in seen.present.items() if not shape.is_empty))


def _eyes(seen: Drawn) -> Layer:
    """Without names: the map is for the new ones."""
    found = []
    for eye in seen.eyes:
        if eye.position is not None:
            lat, lon = map(float, eye.position)
            found.append(Item(eye.key, geometry_text(shapely.Point(lon, lat)), {"name": ""}))
    return Layer(tuple(found))


def _box(layers: Mapping[str, Layer], result: Result) -> svg.Box:
    """Around all that a plan is about, old and new; houses far away do not count."""
    new = [shapely.Point(eye.lon, eye.lat) for eye in result.eyes]
    boxes = [box for name in ("hamlets", "places", "needs", "eyes") if name in layers and (box := svg.box_of([layers[name]]))]
    bounds = shapely.total_bounds([*new, *(shapely.box(*box) for box in boxes)])
    west, south, east, north = (float(one) for one in bounds) if new or boxes else (105.0, 20.0, 105.01, 20.01)
    return west, south, east, north


def _new_views(seen: Drawn, frame: svg.Frame) -> str:
    paint = f'fill="{NEW}" fill-opacity="0.42" stroke="{NEW_LINE}" stroke-width="0.25"'
    shapes = (frame.on_sheet(shape) for shape in seen.new.values() if not shape.is_empty)
    return "".join(f'<path d="{svg.path_of(shape)}" {paint}/>' for shape in shapes)


def _spread(eyes: Sequence[NewEye], frame: svg.Frame) -> list[_Placed]:
    """Signs begin behind the eye, so that what it looks over is seen, and are pushed apart until none covers another."""
    if not eyes:
        return []
    here = np.array([frame.on_sheet(shapely.Point(eye.lon, eye.lat)).coords[0] for eye in eyes])
    turns = np.radians([eye.bearing_deg for eye in eyes])
    signs = here - 3.2 * np.column_stack([np.sin(turns), -np.cos(turns)])
    for _step in range(STEPS):
        for one in range(len(eyes)):
            for two in range(one + 1, len(eyes)):
                away = signs[two] - signs[one]
                length = float(np.hypot(*away))
                if length < APART_MM:
                    aside = away / length if length > 1e-6 else np.array([1.0, 0.0])
                    push = aside * (APART_MM - length) / 2
                    signs[one], signs[two] = signs[one] - push, signs[two] + push
        edge = SIGN_MM + 0.4
        signs = np.clip(signs, edge, [frame.width_mm - edge, frame.height_mm - edge])
    return [_Placed(eye, *map(float, spot), *map(float, sign)) for eye, spot, sign in zip(eyes, here, signs, strict=True)]


def _sign(placed: _Placed) -> str:
    spot = f'<circle cx="{placed.x:.2f}" cy="{placed.y:.2f}" r="0.7" fill="{SIGN}" stroke="#fff" stroke-width="0.25"/>'
    ends = f'x1="{placed.x:.2f}" y1="{placed.y:.2f}" x2="{placed.sign_x:.2f}" y2="{placed.sign_y:.2f}"'
    line = f'<line {ends} stroke="{SIGN}" stroke-width="0.35"/>'
    at = f"translate({placed.sign_x:.2f} {placed.sign_y:.2f})"
    return f'{line}{spot}<g transform="{at}">{new_sign(placed.eye.phase, str(placed.eye.order))}</g>'


def _wedge(placed: _Placed, hfov_deg: float) -> str:
    """Where it looks, as long on every sheet: what it sees may be no larger than a dot there."""
    half = min(hfov_deg, 170.0) / 2
    ends = [math.radians(placed.eye.bearing_deg + side) for side in (-half, half)]
    (x1, y1), (x2, y2) = ((placed.x + WEDGE_MM * math.sin(turn), placed.y - WEDGE_MM * math.cos(turn)) for turn in ends)
    path = f"M{x1:.2f} {y1:.2f}L{placed.x:.2f} {placed.y:.2f}L{x2:.2f} {y2:.2f}A{WEDGE_MM} {WEDGE_MM} 0 0 0 {x1:.2f} {y1:.2f}"
    return (
        f'<path d="{path}" fill="{NEW}" fill-opacity="0.15" stroke="{NEW_LINE}" stroke-width="0.25" stroke-dasharray="0.7 0.5"/>'
    )


def _wedge_area(placed: _Placed) -> Area:
    turn = math.radians(placed.eye.bearing_deg)
    return around(placed.x + WEDGE_MM / 2 * math.sin(turn), placed.y - WEDGE_MM / 2 * math.cos(turn), WEDGE_MM / 2)


def new_sign(phase: int, number: str) -> str:
    """A circle in the first phase, a square in the second, then hexagons: told without colour."""
    paint = f'fill="{SIGN}" stroke="#fff" stroke-width="0.3"'
    side = SIGN_MM - 0.1
    if phase == 1:
        shape = f'<circle r="{SIGN_MM}" {paint}/>'
    elif phase == 2:
        shape = f'<rect x="{-side}" y="{-side}" width="{2 * side}" height="{2 * side}" rx="0.3" {paint}/>'
    else:
        corners = " ".join(f"{2.35 * math.cos(turn):.2f},{2.35 * math.sin(turn):.2f}" for turn in np.arange(6) * math.pi / 3)
        shape = f'<polygon points="{corners}" {paint}/>'
    size = 2.5 if len(number) < 3 else 1.9
    style = f'font-family="{svg.FONTS}" font-weight="bold" font-size="{size}" text-anchor="middle" fill="#fff"'
    return f'{shape}<text y="{size * 0.36:.2f}" {style}>{number}</text>'


def _legend(layers: Mapping[str, Layer], result: Result) -> list[Key]:
    phases = sorted({eye.phase for eye in result.eyes})
    new = _("new eye, with its number")
    found = [
        _key(new_sign(phase, "1"), _("new eye of phase %(number)s") % {"number": phase} if len(phases) > 1 else new)
        for phase in phases
    ]
    if found:
        found.append(_key(_area(NEW, NEW_LINE, 0.42), _("what a new eye looks over")))
        wedge = f'<path d="M-1.8-1.8L0 0L1.8-1.8A2.5 2.5 0 0 0-1.8-1.8" fill="none" stroke="{NEW_LINE}" stroke-width="0.25"'
        found.append(_key(f'{wedge} stroke-dasharray="0.7 0.5"/>', _("where a new eye looks"), 1))
    if layers["eyes"].items:
        found.append(_key(svg.eye_sign("works"), _("present eye that was counted")))
        found.append(_key(_area(svg.LOOKS["works"], svg.LOOKS["works"], 0.2), _("what a present eye looks over")))
    found += _ground_keys(layers)
    return found


def _ground_keys(layers: Mapping[str, Layer]) -> list[Key]:
    kinds = {item.properties["kind"] for item in layers["places"].items} if "places" in layers else set()
    found = [_key(_place(str(kind)), _(str(kind.label))) for kind in PlaceKind if kind in kinds]
    if "needs" in layers and layers["needs"].items:
        found.append(_key(svg.need_sign(3), _("need; more marks: more urgent"), 1.6))
    if "hamlets" in layers and layers["hamlets"].items:
        found.append(_key(_line(svg.HAMLET, "1.4 0.8"), _("boundary")))
    if "obstacles" in layers and layers["obstacles"].items:
        found.append(_key(_area(svg.BUILDING, svg.BUILDING_LINE, 1), _("building")))
        if any(item.properties["kind"] == ObstacleKind.PRIVATE for item in layers["obstacles"].items):
            private = f'<rect x="-2" y="-1.4" width="4" height="2.8" {svg.PRIVATE_PAINT}/>'
            found.append(_key(private, _(str(ObstacleKind.PRIVATE.label))))
    return found


def _place(kind: str) -> str:
    return _line(svg.ROUTE) if kind == PlaceKind.ROUTE else svg.place_sign(kind)


def _line(colour: str, dashes: str = "") -> str:
    return f'<path d="M-2.4 0H2.4" stroke="{colour}" stroke-width="0.8" stroke-dasharray="{dashes}"/>'


def _area(colour: str, line: str, opacity: float) -> str:
    paint = f'fill="{colour}" fill-opacity="{opacity}" stroke="{line}" stroke-width="0.2"'
    return f'<rect x="-2" y="-1.4" width="4" height="2.8" {paint}/>'


def _key(sign: str, words: str, down: float = 0.0) -> Key:
    return Key(svg.sign_alone(f'<g transform="translate(0 {down})">{sign}</g>'), words)
