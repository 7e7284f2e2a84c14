"""How far two places lie from one another, where both are known."""

from __future__ import annotations

from decimal import Decimal
from math import cos, hypot, radians

_M_A_DEGREE = 111_320.0


def metres(lat1: Decimal | None, lon1: Decimal | None, lat2: Decimal | None, lon2: Decimal | None) -> float | None:
    """On the plane that touches the earth there: within a commune wrong by less than one in a thousand. Degrees, WGS 84."""
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    north = float(lat2 - lat1) * _M_A_DEGREE
    east = float(lon2 - lon1) * _M_A_DEGREE * cos(radians(float(lat1)))
    return hypot(north, east)
