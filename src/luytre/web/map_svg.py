"""The map as one vector picture for paper: the same layers as on the screen, in metres, north up.

Sizes are millimetres on the sheet: a line or a sign is as thick on a map of a hamlet as on one of the commune.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.geometry.metric import Metric
from luytre.web.map_labels import Area, Label, around, written
from luytre.web.map_layers import Item, Layer

WIDTH_MM, HEIGHT_MM = 317.0, 277.0
"""Of the drawing on an A3 sheet (`layout/map.typ`)."""
MARGIN = 0.04
FEWEST_M = 60.0
"""A picture of a single point would have no scale."""
ROUTE, BUILDING, BUILDING_LINE, HAMLET = "#2563b8", "#d9d2c5", "#a89f8e", "#3f5a39"
PRIVATE_PAINT = 'fill="#b4235a" fill-opacity="0.14" stroke="#b4235a" stroke-width="0.5" stroke-dasharray="1.6 1"'
"""Of what must not be filmed."""
PLACES = {"residential": "#7a4fc0", "hot_spot": "#c2410c"}
INSTITUTION = "#0f7490"
FONTS = "Liberation Sans, Arial, Noto Sans, DejaVu Sans"
LOOKS = {"works": "#1f8a43", "faulty": "#b86e00", "down": "#d12f2f", "off": "#6a7280", "listed": "#4a5568", "unknown": "#6a7280"}
NEEDS = {1: "#8a2c58", 2: "#ae2f63", 3: "#d6336c"}
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


@dataclass(frozen=True, slots=True)
class Frame:
    """From degrees to millimetres on the sheet."""

    metric: Metric
    west_m: float
    north_m: float
    metres_a_mm: float
    width_mm: float = WIDTH_MM
    height_mm: float = HEIGHT_MM

    def on_sheet(self, shape: BaseGeometry) -> BaseGeometry:
        flat = self.metric.metres(shape)
        middle_of = np.array([self.west_m, self.north_m])
        placed: BaseGeometry = shapely.transform(flat, lambda xy: (xy - middle_of) * (1, -1) / self.metres_a_mm)
        return placed


def frame_of(box: Box, width_mm: float = WIDTH_MM, height_mm: float = HEIGHT_MM) -> Frame:
    """The largest in which all of the box is seen."""
    west, south, east, north = box
    metric = Metric.about((south + north) / 2, (west + east) / 2)
    west_m, south_m, east_m, north_m = metric.metres(shapely.box(*box)).bounds
    width, height = max(east_m - west_m, FEWEST_M), max(north_m - south_m, FEWEST_M)
    metres_a_mm = max(width / width_mm, height / height_mm) * (1 + 2 * MARGIN)
    west = (west_m + east_m - width_mm * metres_a_mm) / 2
    north = (south_m + north_m + height_mm * metres_a_mm) / 2
    return Frame(metric, west, north, metres_a_mm, width_mm, height_mm)


def scale_bar(frame: Frame) -> tuple[float, int]:
    """Its length on the sheet in millimetres, and on the ground in metres: a round figure, about 60 mm."""
    wanted = 60 * frame.metres_a_mm
    power = 10 ** math.floor(math.log10(wanted))
    metres = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    return metres / frame.metres_a_mm, round(metres)


def drawing(
    layers: Mapping[str, Layer], looks: Mapping[str, str], frame: Frame, ground: str = "", above: str = "",
    taken: Sequence[Area] = (),
) -> str:  # fmt: skip
    """The whole picture; what lies outside of the sheet is left out. `looks`: what each eye does now, by its key.

    `ground`: SVG that lies on the ground, under places and signs; `above`: SVG over all of them; `taken`: where that is, so that
    no name stands below it.
    """
    sheet = shapely.box(0, 0, frame.width_mm, frame.height_mm)
    parts: list[str] = []
    labels: dict[str, list[Label]] = {name: [] for name in _TEXTS}
    signs = list(taken)
    for name, draw in _DRAWN:
        for item, shape in _seen(layers.get(name), frame, sheet):
            parts.append(draw(item, shape, looks))
            if (label := _label(name, item, shape, frame)) is not None:
                labels[name].append(label)
            if name in _SIGNED and shape.geom_type != "LineString":
                at = shape.representative_point()
                signs.append(around(at.x, at.y, _SIGN_MM))
        if name == "views":
            parts.append(ground)
    width, height = frame.width_mm, frame.height_mm
    size = f'viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    texts = written([label for name in _TEXTS for label in labels[name]], signs, (width, height), FONTS)
    return f'{head}<rect width="100%" height="100%" fill="#fbfaf6"/>{"".join(parts)}{"".join(texts)}{above}</svg>'


def _seen(layer: Layer | None, frame: Frame, sheet: BaseGeometry) -> list[tuple[Item, BaseGeometry]]:
    """A layer's things on the sheet; all shapes of a layer are moved at once, since thousands one by one take seconds."""
    if layer is None or not layer.items:
        return []
    shapes = shapely.from_geojson([item.geometry for item in layer.items])
    placed = frame.on_sheet(shapes)
    inside = shapely.intersects(placed, sheet)
    found = [(item, shape) for item, shape, keep in zip(layer.items, placed, inside, strict=True) if keep]
    return [(item, shape.intersection(sheet) if shape.geom_type != "Point" else shape) for item, shape in found]


def path_of(shape: BaseGeometry) -> str:
    """SVG's `d`, for lines and areas."""
    if hasattr(shape, "geoms"):
        return "".join(path_of(part) for part in shape.geoms)
    if shape.geom_type == "Polygon":
        return "".join(f"M{_points(ring.coords)}Z" for ring in (shape.exterior, *shape.interiors))
    return f"M{_points(shape.coords)}" if shape.geom_type == "LineString" else ""


def _points(coordinates: Sequence[tuple[float, ...]]) -> str:
    return "L".join(f"{x:.2f} {y:.2f}" for x, y, *_z in coordinates)


def _hamlet(_item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    return f'<path d="{path_of(shape)}" fill="none" stroke="{HAMLET}" stroke-width="0.7" stroke-dasharray="3 1.6"/>'


def _obstacle(item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    if shape.geom_type.endswith("LineString"):
        return f'<path d="{path_of(shape)}" fill="none" stroke="{BUILDING_LINE}" stroke-width="0.7"/>'
    if item.properties["kind"] == "private":
        return f'<path d="{path_of(shape)}" {PRIVATE_PAINT}/>'
    fill = "#bcd0ad" if item.properties["kind"] == "trees" else BUILDING
    return f'<path d="{path_of(shape)}" fill="{fill}" stroke="{BUILDING_LINE}" stroke-width="0.12"/>'


def _view(item: Item, shape: BaseGeometry, looks: Mapping[str, str]) -> str:
    colour = LOOKS[looks.get(item.key, "unknown")]
    return f'<path d="{path_of(shape)}" fill="{colour}" fill-opacity="0.2" stroke="{colour}" stroke-width="0.2"/>'


def _incident(_item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    return f'<circle cx="{shape.centroid.x:.2f}" cy="{shape.centroid.y:.2f}" r="3.4" fill="#d1495b" fill-opacity="0.22"/>'


def _place(item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    kind = str(item.properties["kind"])
    if kind == "route":
        line = f'stroke="{ROUTE}" stroke-width="0.9" stroke-linecap="round" stroke-opacity="0.8"'
        return f'<path d="{path_of(shape)}" fill="none" {line}/>'
    colour = PLACES.get(kind, INSTITUTION)
    area = f'<path d="{path_of(shape)}" fill="{colour}" fill-opacity="0.15" stroke="{colour}" stroke-width="0.3"/>'
    at = shape.representative_point()
    return (
        area if shape.geom_type != "Point" else ""
    ) + f'<g transform="translate({at.x:.2f} {at.y:.2f})">{place_sign(kind)}</g>'


def _site(_item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    return f'<g transform="translate({shape.centroid.x:.2f} {shape.centroid.y:.2f})">{SITE_SIGN}</g>'


def _need(item: Item, shape: BaseGeometry, _looks: Mapping[str, str]) -> str:
    urgency = int(item.properties["urgency"] or 1)
    return f'<g transform="translate({shape.centroid.x:.2f} {shape.centroid.y:.2f})">{need_sign(urgency)}</g>'


def _eye(item: Item, shape: BaseGeometry, looks: Mapping[str, str]) -> str:
    sign = eye_sign(looks.get(item.key, "unknown"))
    return f'<g transform="translate({shape.centroid.x:.2f} {shape.centroid.y:.2f})">{sign}</g>'


_Draw = Callable[[Item, BaseGeometry, Mapping[str, str]], str]
_DRAWN: tuple[tuple[str, _Draw], ...] = (
    ("obstacles", _obstacle), ("hamlets", _hamlet), ("incidents", _incident), ("views", _view), ("places", _place),
    ("sites", _site), ("needs", _need), ("eyes", _eye),
)  # fmt: skip
"""From the ground up."""
_TEXTS = {
    "places": (2.7, "#1c2530", 3.3),
    "needs": (2.5, "#8a2c58", 2.9),
    "eyes": (2.4, "#1c2530", 3.1),
    "hamlets": (6.0, HAMLET, 0.0),
}
"""Of which layers names are written, in the order in which they choose their place: size, colour, how far beside the sign. In
millimetres."""
_SIGN_MM, _SIGNED = 2.0, frozenset({"places", "needs", "eyes"})


def _label(layer: str, item: Item, shape: BaseGeometry, frame: Frame) -> Label | None:
    name = str(item.properties.get("name") or "")
    if layer not in _TEXTS or not name:
        return None
    size, colour, away = _TEXTS[layer]
    at = shape.representative_point()
    if item.properties.get("kind") == "route":
        return Label(name, at.x, at.y, size, ROUTE, 2.1)
    if layer == "hamlets":
        size *= max(0.6, frame.width_mm / WIDTH_MM)
    return Label(name, at.x, at.y, size, colour, away)


# --- signs, about (0, 0), told by shape as well as by colour -------------------------------------------------------------
def eye_sign(look: str) -> str:
    colour, line = LOOKS[look], 'stroke="#fff" stroke-width="0.5" fill="none" stroke-linecap="round"'
    if look == "down":
        return f'<rect x="-1.7" y="-1.7" width="3.4" height="3.4" fill="{colour}"/><path d="M-.8-.8L.8.8M.8-.8L-.8.8" {line}/>'
    if look == "faulty":
        return f'<path d="M0-2L2 1.6H-2Z" fill="{colour}"/><path d="M0-.7V.4M0 1V1.05" {line}/>'
    if look == "unknown":
        return f'<path d="M0-2L2 0L0 2L-2 0Z" fill="{colour}"/>'
    if look == "listed":
        return f'<circle r="1.5" fill="#fff" stroke="{colour}" stroke-width="0.7"/>'
    mark = "M-.9 0H.9" if look == "off" else "M-.8 .1L-.2 .7L.9-.6"
    return f'<circle r="1.8" fill="{colour}"/><path d="{mark}" {line}/>'


def place_sign(kind: str) -> str:
    colour = PLACES.get(kind, INSTITUTION)
    mark = _LETTERS.get(kind, "•")
    text = _white(mark, 1, 2.8)
    return f'<rect x="-1.9" y="-1.9" width="3.8" height="3.8" rx="0.7" fill="{colour}"/>{text}'


_LETTERS = {
    "residential": "D", "hot_spot": "!", "school": "T", "market": "C", "temple": "Đ", "cultural_house": "V", "office": "U",
}  # fmt: skip
"""First letters of what people here call them: dân cư, trường, chợ, đình, nhà văn hoá, uỷ ban."""


def need_sign(urgency: int) -> str:
    mark = "!" * urgency
    text = _white(mark, -2, 1.9)
    return f'<path d="M0 0C-.6-1.2-1.7-1.8-1.7-2.9A1.7 1.7 0 0 1 1.7-2.9C1.7-1.8.6-1.2 0 0Z" fill="{NEEDS[urgency]}"/>{text}'


def _white(text: str, y: float, size: float) -> str:
    style = f'font-family="{FONTS}" font-weight="bold" font-size="{size}" text-anchor="middle" fill="#fff"'
    return f'<text y="{y}" {style}>{text}</text>'


SITE_SIGN = '<rect x="-1" y="-1" width="2" height="2" fill="#fff" stroke="#374151" stroke-width="0.5"/>'


def sign_alone(inner: str) -> str:
    """A sign for the legend."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2.6 -2.6 5.2 5.2" width="5.2mm" height="5.2mm">{inner}</svg>'


def box_of(layers: Sequence[Layer]) -> Box | None:
    """Around everything; None for nothing."""
    shapes = [shapely.from_geojson(item.geometry) for layer in layers for item in layer.items]
    return tuple(map(float, shapely.total_bounds(shapes))) if shapes else None  # type: ignore[return-value]
