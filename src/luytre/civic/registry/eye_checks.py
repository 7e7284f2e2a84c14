"""What is wrong with an eye as it was typed: every field at once, in words with their figures."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.timezone import localdate

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.registry.bounds import Land, too_far
from luytre.civic.registry.figures import parse_sensor
from luytre.civic.registry.models import Hamlet, SiteKind
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import Condition, Label, Network, OwnerKind, Power, RecorderKind, Tier

if TYPE_CHECKING:
    from luytre.civic.registry.eyes import EyeDraft

RANGES: dict[str, tuple[float, float]] = {
    "bearing_deg": (0, 360),
    "tilt_deg": (-90, 90),
    "height_m": (0, 100),
    "hfov_deg": (1, 360),
    "focal_mm": (0.5, 200),
    "width_px": (16, 30_000),
    "height_px": (16, 30_000),
    "ir_range_m": (0, 1000),
    "days_kept": (0, 3650),
    "clock_error_s": (-31_622_400, 31_622_400),
}
"""The least and the most, in the field's own unit. Above 180° only fisheyes see; a year is the most a clock is wrong by."""
CHOICES: dict[str, type[TextChoices]] = {
    "owner_kind": OwnerKind,
    "tier": Tier,
    "recorder": RecorderKind,
    "power": Power,
    "network": Network,
    "label": Label,
    "condition": Condition,
    "site_kind": SiteKind,
}
LIMITS: dict[str, int] = {
    "name": 120, "site": 120, "hamlet": 120, "road": 120, "address": 200, "owner_name": 120, "owner_phone": 40, "maker": 80,
    "model": 80, "firmware": 80, "sees": 400, "homes_in_view": 400, "note": 400,
}  # fmt: skip
"""Characters."""
PHONE = re.compile(r"[0-9+().,/\s-]*")


def check(draft: EyeDraft, at: datetime, here: Land, hamlet: Hamlet | None) -> Refusals:
    """`draft` tidied, `hamlet` what its name was found to be."""
    refused = Refusals()
    _check_texts(draft, refused)
    for name, (least, most) in RANGES.items():
        check_range(refused, name, getattr(draft, name), least, most)
    for name, kinds in CHOICES.items():
        wanted = getattr(draft, name)
        if wanted not in kinds.values and (wanted or name != "site_kind"):
            refused.tell(name, N_("Choose one of the list."))
    if draft.hamlet and hamlet is None:
        refused.tell("hamlet", N_("There is no hamlet of this name. Hamlets are added in the settings."))
    if draft.position is not None:
        refused.add("position", too_far(draft.position, here))
    if draft.condition_day is not None and draft.condition_day > localdate(at):
        refused.tell("condition_day", N_("This day is still to come."))
    return refused


def _check_texts(draft: EyeDraft, refused: Refusals) -> None:
    if not draft.name:
        refused.tell("name", N_("An eye needs a name."))
    check_lengths(refused, {name: getattr(draft, name) for name in LIMITS}, LIMITS)
    if PHONE.fullmatch(draft.owner_phone) is None:
        refused.tell("owner_phone", N_("A telephone number has digits only, like 0912 345 678."))
    try:
        if parse_sensor(draft.sensor) != draft.sensor:
            refused.tell("sensor", N_("Write the size of the sensor like 1/2.8."))
    except UsageError as error:
        refused.add("sensor", error)


def check_lengths(refused: Refusals, texts: dict[str, str], limits: dict[str, int]) -> None:
    for name, text in texts.items():
        if len(text) > limits[name]:
            refused.tell(name, N_("This is too long: at most %(most)s characters."), most=limits[name])


def check_range(refused: Refusals, name: str, value: float | None, least: float, most: float) -> None:
    """None is no figure, and nothing is wrong with it."""
    if value is not None and not (math.isfinite(value) and least <= value <= most):
        refused.tell(name, N_("This must lie between %(least)s and %(most)s."), least=least, most=most)
