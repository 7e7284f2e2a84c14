"""For how many days the disk keeps footage, from real bytes a day: when the promise breaks, and what would keep it. Pure.

The model (design/upkeep.md): a camera's footage grows by its bytes a day until it reaches the days promised. What is on the disk
besides (held, of cameras that are gone) stays. When no room is left the recorder erases the oldest of all cameras, so all keep
the same number of days, or what is promised where that is less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

DAY_S = 86_400
LONGEST_DAYS = 3650
"""As far as anybody looks ahead."""
WARN_DAYS = 14
"""So long before the promise breaks somebody is called."""
CALM_DAYS = 16
"""The warning ends when it is further away than this, so that it does not flutter."""
SLACK = 1e-9
"""Of the room: what sums of numbers with points are off by."""
LONGER_GOP_KEEPS = 0.83
"""Bytes left when key frames come every 4 s and not every 2 s, at the same quality. Measured by `python -m bench.gop` with x264
on a street with people (OpenCV's vtest.avi, 80 s). A camera that is set to a constant bit rate gains nothing by it."""
BITRATES_BPS = (4_000_000, 2_000_000)
"""Bounds that are proposed: 1080p25 in H.264 and in H.265, as makers recommend them for streets."""
NIGHT_BPS = 1_000_000
"""By night, at the day's size: enough where little moves."""
NIGHT_SHARE = 7 / 24
"""From 22:00 to 5:00 (`upkeep.nights`)."""
DISKS_BYTES = (2 * 10**12, 4 * 10**12, 8 * 10**12)
"""By how much more room: disks as they are sold."""


@dataclass(frozen=True, slots=True)
class Load:
    """One camera: its bytes a day while it records, the days promised, and how many days of it there are now."""

    camera: str
    bytes_a_day: float
    promised_days: int
    depth_days: float

    def bytes_after(self, days: float) -> float:
        return self.bytes_a_day * min(self.promised_days, self.depth_days + days)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`space_bytes`: for the footage of these cameras. `kept_days`: in the end, capped by what is promised to any camera.

    `short_in_days`: when footage begins to go before its time; 0: it does already; None: not within `LONGEST_DAYS`.
    """

    space_bytes: float
    needed_bytes: float
    bytes_a_day: float
    promised_days: int
    kept_days: float
    short_in_days: float | None

    @property
    def is_kept(self) -> bool:
        return self.short_in_days is None


class Kind(StrEnum):
    BITRATE = "bitrate"
    GOP = "gop"
    NIGHT = "night"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`amount`: bits a second for BITRATE and NIGHT, bytes for DISK, 0 for GOP. `cameras`: how many it changes. `saved_bytes`: of
    what is needed in the end, 0 for a disk. `kept_days`: afterwards; `enough`: the promise holds then."""

    kind: Kind
    amount: int
    cameras: int
    saved_bytes: float
    kept_days: float
    gained_days: float
    enough: bool


def forecast(loads: Sequence[Load], used_bytes: float, room_bytes: float) -> Forecast:
    """`used_bytes`: all footage on the disk; `room_bytes`: what may still be written before the recorder erases."""
    now = sum(load.bytes_after(0) for load in loads)
    if used_bytes < now:  # the days that are there have holes: they are fewer than they look
        loads = [replace(load, depth_days=load.depth_days * used_bytes / now) for load in loads]
        now = used_bytes
    return _of(loads, now + max(0.0, room_bytes))


def _of(loads: Sequence[Load], space: float) -> Forecast:
    needed = sum(load.bytes_after(LONGEST_DAYS) for load in loads)
    return Forecast(
        space, needed, sum(load.bytes_a_day for load in loads), max((load.promised_days for load in loads), default=0),
        kept_days(loads, space), None if needed <= space else _fills_in(loads, space),
    )  # fmt: skip


def kept_days(loads: Sequence[Load], space: float) -> float:
    """How many days all cameras keep when the disk is full; what is promised at most."""
    left, days = space, 0.0
    for promised in sorted({load.promised_days for load in loads}):
        rate = sum(load.bytes_a_day for load in loads if load.promised_days >= promised)
        if rate * (promised - days) > left + SLACK * space:
            return days + max(0.0, left) / rate
        left -= rate * (promised - days)
        days = float(promised)
    return days


def _fills_in(loads: Sequence[Load], space: float) -> float:
    """Days until what is kept no longer fits. The sum grows by straight lines between the days on which a camera is full."""
    bends = sorted({0.0, *(max(0.0, load.promised_days - load.depth_days) for load in loads)})
    before = 0.0
    for bend in bends:
        if sum(load.bytes_after(bend) for load in loads) > space:
            begun = sum(load.bytes_after(before) for load in loads)
            rate = sum(load.bytes_a_day for load in loads if load.depth_days + before < load.promised_days)
            return before + max(0.0, space - begun) / rate if rate and begun < space else before
        before = bend
    return before


def proposals(loads: Sequence[Load], found: Forecast, by_night: Set[str] = frozenset()) -> list[Proposal]:
    """What would keep more, the ones that change least first; nothing while the promise holds. `by_night`: cameras that this
    program can tell another rate by night."""
    if found.is_kept or not loads:
        return []
    changed = [_changed(loads, found, Kind.GOP, 0, lambda load: load.bytes_a_day * LONGER_GOP_KEEPS)]
    changed.append(_changed(loads, found, Kind.NIGHT, NIGHT_BPS, lambda load: _by_night(load, by_night)))
    for most in BITRATES_BPS:
        changed.append(_changed(loads, found, Kind.BITRATE, most, _at_most(most / 8 * DAY_S)))
    disks = [_with(found, kept_days(loads, found.space_bytes + more), Kind.DISK, more, 0, 0.0) for more in DISKS_BYTES]
    return [*(one for one in changed if one.cameras), *_up_to_enough(disks)]


def _by_night(load: Load, cameras: Set[str]) -> float:
    """As if a night sent as much as the day: what is measured are whole days."""
    if load.camera not in cameras:
        return load.bytes_a_day
    return load.bytes_a_day * (1 - NIGHT_SHARE) + min(load.bytes_a_day, NIGHT_BPS / 8 * DAY_S) * NIGHT_SHARE


def _at_most(bytes_a_day: float) -> Callable[[Load], float]:
    return lambda load: min(load.bytes_a_day, bytes_a_day)


def _up_to_enough(several: Iterable[Proposal]) -> list[Proposal]:
    """No larger disk than the first that will do."""
    found = []
    for one in several:
        found.append(one)
        if one.enough:
            break
    return found


def _changed(loads: Sequence[Load], found: Forecast, kind: Kind, amount: int, less: Callable[[Load], float]) -> Proposal:
    then = [replace(load, bytes_a_day=less(load)) for load in loads]
    count = sum(new.bytes_a_day < old.bytes_a_day for new, old in zip(then, loads, strict=True))
    saved = found.needed_bytes - sum(load.bytes_after(LONGEST_DAYS) for load in then)
    return _with(found, kept_days(then, found.space_bytes), kind, amount, count, saved)


def _with(found: Forecast, days: float, kind: Kind, amount: int, cameras: int, saved: float) -> Proposal:
    return Proposal(kind, amount, cameras, saved, days, days - found.kept_days, days >= found.promised_days - 1e-9)
