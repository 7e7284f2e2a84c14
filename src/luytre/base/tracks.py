"""Regions of a picture that are hidden over time: where each is at its keys, read from what somebody drew, checked, and how it
moves between them.

Times are whole milliseconds of UTC, places and sizes whole ten-thousandths of the picture's width and height, so that what is
kept has one text. Both planes read tracks here, and so mean the same.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from luytre.base.polygons import SCALE

MOST_TRACKS, MOST_KEYS = 64, 600
"""Regions of one blur, and keys of one region."""
SMALLEST = SCALE // 200
"""Of a region's width and height: half a hundredth of the picture's."""
_LAST_MS = 253_402_300_800_000
"""The year 10,000."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a region is at a moment: its upper left corner and its size."""

    at_ms: int
    x: int
    y: int
    width: int
    height: int


Track: TypeAlias = tuple[Key, ...]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, upper, right and lower edge, in ten-thousandths."""


class TrackFault(StrEnum):
    """What is wrong with tracks."""

    NOT_UNDERSTOOD = "not_understood"
    TOO_MANY = "too_many"
    NO_KEYS = "no_keys"
    TOO_MANY_KEYS = "too_many_keys"
    ORDER = "order"
    OUTSIDE = "outside"
    TOO_SMALL = "too_small"


class TrackError(ValueError):
    """`number` counts tracks from 1; 0: it is not about one of them."""

    def __init__(self, fault: TrackFault, number: int = 0) -> None:
        super().__init__(f"track {number}: {fault}")
        self.fault, self.number = fault, number


def read_tracks(text: str) -> tuple[Track, ...]:
    """JSON `[[[at_ms, x, y, width, height], …], …]` with fractions from 0 to 1. Errors: TrackError."""
    try:
        return tracks_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, TrackError) else TrackError(TrackFault.NOT_UNDERSTOOD) from error


def tracks_of(value: object) -> tuple[Track, ...]:
    """As `read_tracks`, of what JSON held."""
    if not isinstance(value, list):
        raise TrackError(TrackFault.NOT_UNDERSTOOD)
    if len(value) > MOST_TRACKS:
        raise TrackError(TrackFault.TOO_MANY)
    return tuple(_track(one, number) for number, one in enumerate(value, 1))


def write_tracks(tracks: Sequence[Track]) -> str:
    """What `read_tracks` reads; the same tracks give the same text."""
    return json.dumps([[_drawn(key) for key in track] for track in tracks], separators=(",", ":"))


def box_at(track: Track, at_ms: float) -> Box | None:
    """Where the region is: on the line between the two keys about the moment; None before the first and after the last."""
    if not track or not track[0].at_ms <= at_ms <= track[-1].at_ms:
        return None
    after = bisect_right(track, at_ms, key=lambda key: key.at_ms)
    before = track[after - 1]
    if after == len(track) or before.at_ms == at_ms:
        return _box(before)
    part = (at_ms - before.at_ms) / (track[after].at_ms - before.at_ms)
    pairs = zip(_box(before), _box(track[after]), strict=True)
    left, upper, right, lower = (a + (b - a) * part for a, b in pairs)
    return left, upper, right, lower


def box_about(track: Track, from_ms: float, to_ms: float) -> Box | None:
    """The least box that the region is within, whenever between two moments; None where it is not there then.

    It moves evenly from key to key, so its ends and the keys between are all that has to be asked.
    """
    if not track or from_ms > track[-1].at_ms or to_ms < track[0].at_ms:
        return None
    ends = (max(from_ms, track[0].at_ms), min(to_ms, track[-1].at_ms))
    at_ends = [box for box in (box_at(track, end) for end in ends) if box is not None]
    boxes = at_ends + [_box(key) for key in track if from_ms <= key.at_ms <= to_ms]
    lefts, uppers, rights, lowers = zip(*boxes, strict=True)
    return min(lefts), min(uppers), max(rights), max(lowers)


def _drawn(key: Key) -> list[int | float]:
    return [key.at_ms, *(side / SCALE for side in (key.x, key.y, key.width, key.height))]


def _box(key: Key) -> Box:
    return key.x, key.y, key.x + key.width, key.y + key.height


def _track(value: object, number: int) -> Track:
    if not isinstance(value, list):
        raise TrackError(TrackFault.NOT_UNDERSTOOD, number)
    if not value:
        raise TrackError(TrackFault.NO_KEYS, number)
    if len(value) > MOST_KEYS:
        raise TrackError(TrackFault.TOO_MANY_KEYS, number)
    keys = tuple(_key(one, number) for one in value)
    if any(later.at_ms <= earlier.at_ms for earlier, later in pairwise(keys)):
        raise TrackError(TrackFault.ORDER, number)
    return keys


def _key(value: object, number: int) -> Key:
    if not isinstance(value, list) or len(value) != 5:
        raise TrackError(TrackFault.NOT_UNDERSTOOD, number)
    at_ms, *sides = value
    if isinstance(at_ms, bool) or not isinstance(at_ms, int) or not 0 <= at_ms < _LAST_MS:
        raise TrackError(TrackFault.NOT_UNDERSTOOD, number)
    x, y, width, height = (_tick(side, number) for side in sides)
    if width < SMALLEST or height < SMALLEST:
        raise TrackError(TrackFault.TOO_SMALL, number)
    if x + width > SCALE + 1 or y + height > SCALE + 1:  # two halves may have been rounded up
        raise TrackError(TrackFault.OUTSIDE, number)
    return Key(at_ms, x, y, min(width, SCALE - x), min(height, SCALE - y))


def _tick(value: object, number: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise TrackError(TrackFault.NOT_UNDERSTOOD, number)
    if not 0 <= value <= 1:
        raise TrackError(TrackFault.OUTSIDE, number)
    return round(value * SCALE)
