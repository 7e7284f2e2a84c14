"""A shape as somebody drew or brought it in, made the text that is kept; what is wrong with it, said at the field `geometry`."""

from __future__ import annotations

from collections.abc import Collection

from luytre.civic.geometry.geojson import ShapeFault, geometry_text, read_geometry
from luytre.civic.ground.bounds import CommuneLand
from luytre.civic.registry.bounds import MARGIN_M, far_words
from luytre.civic.registry.refusals import Refusals


def kept_shape(text: str, kinds: Collection[str], refused: Refusals, here: CommuneLand | None) -> str:
    """GeoJSON with six decimals, read once more after it was rounded; empty where it is refused. `here` None: no bounds."""
    try:
        kept = geometry_text(read_geometry(text, kinds))
        geometry = read_geometry(kept, kinds)
    except ShapeFault as error:
        refused.add("geometry", error)
        return ""
    metres = here.metres_reached(geometry) if here is not None else 0.0
    if metres > MARGIN_M:
        refused.add("geometry", far_words(metres))
        return ""
    return kept
