"""The map on paper: one A3 sheet by typst, of layers that were chosen, with legend, scale, north, date and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luytre.civic import typeset
from luytre.civic.ground.models import ObstacleKind, PlaceKind
from luytre.civic.survey.models import Urgency
from luytre.web import map_svg as svg
from luytre.web.map_layers import LAYERS, Layer
from luytre.web.map_words import LOOKS

LAYOUT = Path(__file__).resolve().parent / "layout"
MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is wanted: the title, the layers as they are now, what the eyes do now (by key), and which part of the land."""

    title: str
    commune: str
    layers: Mapping[str, Layer]
    looks: Mapping[str, str]
    box: svg.Box


def as_pdf(sheet: Sheet, at: datetime) -> bytes:
    """As `typeset.as_pdf` sets it."""
    return typeset.as_pdf(LAYOUT / "map.typ", _said(sheet, at), at)


def _said(sheet: Sheet, at: datetime) -> dict[str, Any]:
    frame = svg.frame_of(sheet.box)
    bar_mm, bar_m = svg.scale_bar(frame)
    length = f"{bar_m} m" if bar_m < 1000 else f"{number_format(bar_m / 1000)} km"
    sources = sorted({source for layer in sheet.layers.values() for source in layer.sources})
    return {
        "lang": get_language() or "vi",
        "title": sheet.title,
        "commune": sheet.commune,
        "date": _("As of %(time)s") % {"time": date_format(localtime(at), "H:i d/m/Y")},
        "svg": svg.drawing(sheet.layers, sheet.looks, frame),
        "legend": _legend(sheet),
        "counts": _counts(sheet),
        "scale": {
            "mm": round(bar_mm, 2),
            "words": f"{length} · 1:{number_format(round(frame.metres_a_mm * 1000, -2), 0, force_grouping=True)}",
        },
        "north": _("N (north)"),
        "sources": _("Sources: %(sources)s.") % {"sources": "; ".join(sources)} if sources else "",
    }


def _counts(sheet: Sheet) -> list[str]:
    """How many of what: on the land as the layers have it."""
    shown = [name for name in LAYERS if name in sheet.layers and name != "views"]
    return [f"{_(LAYERS[name].words)}: {number_format(len(sheet.layers[name].items), 0)}" for name in shown]


def _legend(sheet: Sheet) -> list[dict[str, Any]]:
    """Only what the sheet has."""
    found = ((name, _keys(name, sheet)) for name in LAYERS if name in sheet.layers)
    return [{"words": _(LAYERS[name].words), "keys": keys} for name, keys in found if keys]


def _keys(name: str, sheet: Sheet) -> list[dict[str, str]]:
    items = sheet.layers[name].items
    if name == "eyes":
        looks = {sheet.looks.get(item.key, "unknown") for item in items}
        return [_key(svg.eye_sign(look), _(words)) for look, words in LOOKS.items() if look in looks]
    if name == "places":
        kinds = {item.properties["kind"] for item in items}
        return [_key(_place_sign(str(kind)), _(str(kind.label))) for kind in PlaceKind if kind in kinds]
    if name == "needs":
        urgencies = {item.properties["urgency"] for item in items}
        return [_key(svg.need_sign(one), _(str(one.label)), 1.6) for one in reversed(Urgency) if one in urgencies]
    if name == "obstacles":
        kinds = {"private" if item.properties["kind"] == "private" else "building" for item in items}
        private = f'<rect x="-2" y="-1.4" width="4" height="2.8" {svg.PRIVATE_PAINT}/>'
        signs = {"building": _SIGNS[name], "private": (private, str(ObstacleKind.PRIVATE.label))}
        return [_key(sign, _(words)) for kind, (sign, words) in signs.items() if kind in kinds]
    sign, words = _SIGNS[name]
    return [_key(sign, _(words))] if items else []


def _place_sign(kind: str) -> str:
    return _line(svg.ROUTE) if kind == PlaceKind.ROUTE else svg.place_sign(kind)


def _line(colour: str, dashes: str = "") -> str:
    return f'<path d="M-2.4 0H2.4" stroke="{colour}" stroke-width="0.8" stroke-dasharray="{dashes}"/>'


def _area(colour: str, opacity: str) -> str:
    paint = f'fill="{colour}" fill-opacity="{opacity}" stroke="{colour}" stroke-width="0.2"'
    return f'<rect x="-2" y="-1.4" width="4" height="2.8" {paint}/>'


def _key(sign: str, words: str, down: float = 0.0) -> dict[str, str]:
    return {"svg": svg.sign_alone(f'<g transform="translate(0 {down})">{sign}</g>'), "words": words}


_SIGNS = {
    "views": (_area(svg.LOOKS["works"], "0.2"), "up to where a person can be observed; a ring where the direction is not known"),
    "hamlets": (_line(svg.HAMLET, "1.4 0.8"), "boundary"),
    "sites": (svg.SITE_SIGN, "mounting place"),
    "obstacles": (_area(svg.BUILDING_LINE, "0.4"), "building"),
    "incidents": ('<circle r="2" fill="#d1495b" fill-opacity="0.3"/>', "where more happened"),
}
"""One sign a layer; the words are those of the map's own legend (`map_words`)."""
