"""Where a camera hangs, as people copy it from a map on a phone: degrees with a point or a comma, or degrees and minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.registry.sites import Position

STEP = Decimal("0.000001")
"""A millionth of a degree: a decimetre, finer than any phone knows."""
LATITUDES, LONGITUDES = (Decimal(6), Decimal(24)), (Decimal(101), Decimal(118))
"""Viet Nam with its islands. Anything else is a slip: figures exchanged, a point forgotten."""

_FIGURE = r"\d{1,2}(?:[.,]\d{1,12})?"
_DEGREES = re.compile(
    r"(?P<one>[+-]?\d{1,3}(?:[.,]\d{1,15})?)°?\s*(?P<letter>[NBSEĐWT]?)(?:\s*[;,]\s*|\s+)"
    r"(?P<two>[+-]?\d{1,3}(?:[.,]\d{1,15})?)°?\s*(?P<letter2>[NBSEĐWT]?)",
    re.IGNORECASE,
)
_MINUTES = re.compile(rf"(\d{{1,3}})°\s*(?:({_FIGURE})'\s*)?(?:({_FIGURE})\"\s*)?([NBSEĐWT]?)", re.IGNORECASE)
_SIGNS = str.maketrans({"′": "'", "’": "'", "‘": "'", "´": "'", "″": '"', "”": '"', "“": '"', "º": "°", "˚": "°", "−": "-"})
_SOUTH_OR_WEST, _EAST_OR_WEST = "SWT", "EĐWT"


@dataclass(frozen=True, slots=True)
class _Half:
    degrees: Decimal
    letter: str


def parse_position(typed: str) -> Position:
    """Latitude and longitude in degrees (WGS 84), rounded to `STEP`. Errors: UsageError in plain words.

    `21.0285, 105.8542`, `21,0285; 105,8542`, `21°01'42.6"N 105°51'15.1"E`, `21°1,71' B 105°51,25' Đ`; either half first.
    """
    text = " ".join(typed.translate(_SIGNS).replace("''", '"').split())
    halves = _in_degrees(text) or _in_minutes(text)
    if halves is None:
        raise UsageError(N_("this position is not understood"), hint=N_("Write it like 21.0285, 105.8542."))
    one, two = halves
    if one.letter in _EAST_OR_WEST if one.letter else one.degrees > 90:
        one, two = two, one
    latitude, longitude = (half.degrees.quantize(STEP) for half in (one, two))
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        raise UsageError(
            N_("this position is not in Viet Nam"),
            hint=N_("The first number lies between 6 and 24, the second between 101 and 118."),
        )
    return latitude, longitude


def format_position(position: Position | None) -> str:
    """As `parse_position` reads it again; empty for none."""
    return f"{position[0]:f}, {position[1]:f}" if position else ""


def _in_degrees(text: str) -> tuple[_Half, _Half] | None:
    match = _DEGREES.fullmatch(text)
    if match is None:
        return None
    return _half(match["one"], match["letter"]), _half(match["two"], match["letter2"])


def _half(figure: str, letter: str) -> _Half:
    degrees = Decimal(figure.replace(",", "."))
    return _Half(-degrees if letter and letter.upper() in _SOUTH_OR_WEST else degrees, letter.upper())


def _in_minutes(text: str) -> tuple[_Half, _Half] | None:
    first = _MINUTES.match(text)
    second = _MINUTES.fullmatch(text[first.end() :].lstrip(" ,;")) if first else None
    if first is None or second is None:
        return None
    halves = [_summed(*match.groups("")) for match in (first, second)]
    return (halves[0], halves[1]) if halves[0] and halves[1] else None


def _summed(degrees: str, minutes: str, seconds: str, letter: str) -> _Half | None:
    parts = [Decimal(part.replace(",", ".") or "0") for part in (minutes, seconds)]
    if max(parts) >= 60:
        return None
    whole = Decimal(degrees) + parts[0] / 60 + parts[1] / 3600
    return _Half(-whole if letter and letter.upper() in _SOUTH_OR_WEST else whole, letter.upper())
