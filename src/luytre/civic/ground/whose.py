"""Of which hamlet a place is, by the boundaries alone."""

from __future__ import annotations

from decimal import Decimal

import shapely

from luytre.civic.ground.models import HamletArea
from luytre.civic.registry.models import Hamlet


def hamlet_holding(position: tuple[Decimal, Decimal] | None) -> Hamlet | None:
    """The hamlet whose boundary holds this place (latitude and longitude in degrees); None where none does.

    Where two overlap, or it lies on the line between them, the one that was named first.
    """
    if position is None:
        return None
    point = shapely.Point(float(position[1]), float(position[0]))
    for area in HamletArea.objects.select_related("hamlet").order_by("hamlet_id"):
        if shapely.from_geojson(area.geometry).intersects(point):
            return area.hamlet
    return None
