"""What a commune plans with: levels, the eye it would buy, costs, weights. Everything here is a setting with a proposal.

Costs are proposals of ours (marked so on the pages), because prices differ from place to place and year to year.
"""

from __future__ import annotations

import msgspec

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.geometry.optics import Levels
from luytre.civic.planning.models import Figures


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan counts. A route counts for each 100 m; residents and vehicles come on top of the kind's own."""

    route_100m: float = 1.0
    thousand_vehicles: float = 0.5
    """A day, for each 100 m of the route."""
    residential: float = 1.0
    hundred_residents: float = 1.0
    hot_spot: float = 6.0
    school: float = 4.0
    market: float = 4.0
    temple: float = 2.0
    cultural_house: float = 2.0
    office: float = 2.0
    other: float = 1.0
    need_low: float = 1.0
    need_middle: float = 3.0
    need_high: float = 6.0
    past_incident: float = 1.0
    """One within a year; older ones half of it for each year."""


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """Units in the names. The new eye is what is bought for each candidate."""

    detect: float = 25.0
    observe: float = 62.0
    recognise: float = 125.0
    identify: float = 250.0
    new_hfov_deg: float = 90.0
    new_width_px: int = 2560
    new_height_m: float = 5.0
    new_tilt_deg: float = 15.0
    new_ir_range_m: float = 30.0
    bearings: int = 8
    camera_vnd: int = 3_500_000
    pole_vnd: int = 4_000_000
    cable_vnd: int = 1_500_000
    power_vnd: int = 1_000_000
    upkeep_vnd: int = 1_200_000
    home_margin_m: float = 2.0
    """So far around a home nobody is to be recognised; 0: only areas that were drawn are forbidden."""
    weights: Weights = msgspec.field(default_factory=Weights)

    @property
    def levels(self) -> Levels:
        return Levels(self.detect, self.observe, self.recognise, self.identify)


_RANGES = {
    "new_hfov_deg": (5, 360), "new_width_px": (320, 16_000), "new_height_m": (1, 60), "new_tilt_deg": (-30, 90),
    "new_ir_range_m": (0, 500), "bearings": (1, 36), "home_margin_m": (0, 30),
}  # fmt: skip


def figures() -> Values:
    """The commune's, or the proposals while nobody has changed any."""
    found = Figures.objects.first()
    return msgspec.json.decode(found.values, type=Values) if found is not None else Values()


def save_figures(values: Values) -> None:
    """Errors: UsageError with the field as its subject."""
    try:
        _levels_in_order = values.levels
    except ValueError as error:
        raise UsageError(N_("each level needs more pixels a metre than the one before"), subject="observe") from error
    for name, (low, high) in _RANGES.items():
        if not low <= getattr(values, name) <= high:
            raise UsageError(N_("this number cannot be"), subject=name, hint=N_("Look at the unit beside it."))
    negative = [name for name in values.__struct_fields__ if name.endswith("_vnd") and getattr(values, name) < 0]
    negative += [name for name in values.weights.__struct_fields__ if not 0 <= getattr(values.weights, name) <= 1000]
    if negative:
        raise UsageError(N_("this number cannot be"), subject=negative[0])
    Figures.objects.update_or_create(pk=1, defaults={"values": msgspec.json.encode(values).decode()})
