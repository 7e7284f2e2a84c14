"""What the steps hold, as frozen values; written as JSON with a stable order, read back with care.

Numbers have their units in their names. Reading never raises: a row that something else wrote is shown with what is understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from luytre.base.i18n import N_


class Check(StrEnum):
    """What is looked at of a device."""

    ADDRESS = "address"
    PASSWORD = "password"
    CLOCK = "clock"
    NTP = "ntp"
    STREAM = "stream"


CHECK_WORDS = {
    Check.ADDRESS: N_("Its address is one of the local network: the internet does not reach it"),
    Check.PASSWORD: N_("Its password is neither the maker's nor weak"),
    Check.CLOCK: N_("Its clock is right to two seconds"),
    Check.NTP: N_("Its clock follows a server"),
    Check.STREAM: N_("What it says of its picture is what it sends"),
}
CHECKED = {"yes", "no", "unknown"}


@dataclass(frozen=True, slots=True)
class Facts:
    """A part of a step that can be written and read."""

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """What the text has of this kind; what is missing or of another kind stands at its default."""
        try:
            told = json.loads(text)
        except ValueError:
            told = {}
        kept = {one.name: _fitting(told.get(one.name), one.default) for one in fields(cls)} if isinstance(told, Mapping) else {}
        return cls(**kept)


def _fitting(told: Any, default: Any) -> Any:
    if default is None or isinstance(default, float):
        return float(told) if isinstance(told, (int, float)) and not isinstance(told, bool) else default
    if isinstance(default, tuple):
        return tuple(tuple(map(str, one)) for one in told if isinstance(one, list)) if isinstance(told, list) else default
    return told if isinstance(told, type(default)) else default


@dataclass(frozen=True, slots=True)
class DeviceFacts(Facts):
    """What was found of the device. `checks`: pairs of a Check and `yes`, `no` or `unknown`."""

    asked: bool = False
    """Whether the device itself answered."""
    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    clock_offset_s: float | None = None
    checks: tuple[tuple[str, str], ...] = ()

    @property
    def all_good(self) -> bool:
        return bool(self.checks) and all(found == "yes" for _check, found in self.checks)


@dataclass(frozen=True, slots=True)
class HungFacts(Facts):
    """How the eye hangs, by the register and as it was fitted to its picture; None: not known."""

    latitude: float | None = None
    longitude: float | None = None
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    height_m: float | None = None
    hfov_deg: float | None = None
    width_px: float | None = None
    height_px: float | None = None
    view: str = ""
    """The recorder's own picture that the view is compared with from then on."""


@dataclass(frozen=True, slots=True)
class WalkFacts(Facts):
    """Somebody stood where it matters, and was marked in the picture from head to foot. x and y from 0 to 1."""

    spot: str = ""
    distance_m: float | None = None
    tall_m: float | None = None
    top_x: float | None = None
    top_y: float | None = None
    bottom_x: float | None = None
    bottom_y: float | None = None
    px_per_m: float | None = None
    reached: str = ""
    """A level of EN 62676-4; empty: less than the least."""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class OwnerFacts(Facts):
    """`how`: `paper` (signed), `own` (the commune's camera), `none`. `number` and `day` of the paper."""

    how: str = ""
    number: str = ""
    day: str = ""
