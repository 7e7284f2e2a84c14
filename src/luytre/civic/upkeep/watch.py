"""From one minute's account of the recorder to what changed since the last one. Pure: no clock, no database.

The rules (design/upkeep.md):
- A fault begins when the recorder says since when, but never before the last look: what was then seen was seen. Likewise a
  camera that was down is back since the recorder says so.
- What was away for at most `MERGE` and is there again is the same outage: it goes on, and the pause counts as part of it.
- What cannot be told (nothing comes from the camera; the recorder does not answer) stays as it was.
- Nobody looked for more than `LOOK_GAP`: that time is unknown. No answer: unknown from the last look on.
- The clock went back by more than `BACK`: what was written of later is cut off at the new time, and seen again from there.
  Went it back by less, the time is taken to stand still until it is there again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from luytre.civic.ports import PictureState, Status, StreamState
from luytre.civic.upkeep.faults import MACHINE, NEEDS_PICTURES, PICTURE_FAULTS, Fault

LOOK_GAP = timedelta(seconds=150)
MERGE = timedelta(minutes=3)
NOT_MERGED = frozenset({Fault.UNKNOWN, Fault.OFF})
"""What was seen in between was seen."""
BACK = timedelta(minutes=2)
CLOCK_OFF_S = 2.0
PICTURE_WELL = "well"
PICTURE_STALE = timedelta(minutes=5)
WELL = frozenset({"recording", "watching"})
DISK_WELL = frozenset({"ok", "unknown"})
VAGUE = frozenset({"", "not_listed", "connecting", "waiting", "failed", "disabled", "unknown"})
"""Causes that are none: where a problem is named later, it is written in their place."""
_Key: TypeAlias = tuple[str, str]


class How(StrEnum):
    """How an outage ended."""

    BACK = "back"
    OFF = "off"
    """We switched the camera off, or took it out of use."""
    CLOCK = "clock"
    """Cut off, since the clock went back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A camera of the register. `on`: it is to be recorded. `turns`: it has a motor, and looks where people turn it."""

    key: str
    on: bool = True
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One fault of a camera as the recorder tells it; empty where all is well."""

    fault: str = ""
    since: datetime | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """An outage that goes on."""

    camera: str
    fault: str
    start: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Over:
    """One that ended not long ago."""

    camera: str
    fault: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """What was known after a look."""

    looked: datetime | None = None
    open: tuple[Open, ...] = ()
    over: tuple[Over, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What is there to look at. `status` None: the recorder does not answer.

    `days`: whether its footage is kept as long as promised, by camera, and under `MACHINE` whether it soon will not be; what is
    not in it is not judged now.
    """

    status: Status | None
    cameras: Sequence[Kept] = ()
    days: Mapping[str, Seen] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Began:
    camera: str
    fault: str
    start: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    camera: str
    fault: str
    end: datetime
    how: How = How.BACK


@dataclass(frozen=True, slots=True)
class Resumed:
    """The outage that ended last goes on, as if it had not ended. `cause`: of now."""

    camera: str
    fault: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """The recorder has learnt why: until then it had only said that nothing comes."""

    camera: str
    fault: str
    cause: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Nobody looked from `start` to `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SetBack:
    """The clock went back to this moment."""

    to: datetime


Change: TypeAlias = Began | Ended | Resumed | Explained | Missed | SetBack


def observe(before: Watch, account: Account, at: datetime) -> tuple[Watch, tuple[Change, ...]]:
    """The watch after this look, and what is to be written, in order. `at` aware, UTC."""
    changes: list[Change] = []
    if before.looked is not None and at < before.looked - BACK:
        changes.append(SetBack(at))
        before = _set_back(before, at)
    at = max(at, before.looked) if before.looked is not None else at
    was_unknown = any(one.fault == Fault.UNKNOWN for one in before.open)
    if before.looked is not None and at - before.looked > LOOK_GAP and not was_unknown and account.status is not None:
        changes.append(Missed(before.looked, at))
    present = _present(account, before.looked or at, at)
    blind = _blind(account, before.open, at)
    changes.extend(_ended(before, account, present, blind, at))
    changes.extend(_begun(before, present, at))
    return _after(before, changes, at), tuple(changes)


def _set_back(before: Watch, at: datetime) -> Watch:
    return Watch(at, tuple(replace(one, start=min(one.start, at)) for one in before.open))


def _present(account: Account, last_look: datetime, at: datetime) -> dict[_Key, Seen]:
    """All that is wrong now, with the recorder's own word since when."""
    status = account.status
    found: dict[_Key, Seen] = {
        (one.key, Fault.OFF): Seen(Fault.OFF) for one in account.cameras if not one.on
    }  # known without the recorder
    if status is None:
        return found | {(MACHINE, Fault.UNKNOWN): Seen(Fault.UNKNOWN, last_look, "recorder_down")}
    if status.archive.state not in DISK_WELL:
        found[MACHINE, Fault.DISK] = Seen(Fault.DISK, _disk_since(status), status.archive.state)
    if (soon := account.days.get(MACHINE)) is not None and soon.fault:
        found[MACHINE, soon.fault] = soon
    streams = {stream.camera: stream for stream in status.streams if stream.stream == "main"}
    unstable = {alarm.camera: alarm.since for alarm in status.alarms if alarm.code == "camera_unstable"}
    for camera in account.cameras:
        if camera.on:
            seen = list(_of_camera(streams.get(camera.key), camera, account, unstable, at))
            found |= {(camera.key, one.fault): one for one in seen}
    return found


def _disk_since(status: Status) -> datetime | None:
    return next((alarm.since for alarm in status.alarms if alarm.code.startswith("disk_")), None)


def _of_camera(
    main: StreamState | None, camera: Kept, account: Account, unstable: Mapping[str, datetime | None], at: datetime
) -> Iterator[Seen]:
    key = camera.key
    if (days := account.days.get(key)) is not None and days.fault:
        yield days
    if main is None or main.state not in WELL:
        yield Seen(Fault.DOWN, main.since if main else None, (main.problem or main.state) if main else "not_listed")
        return
    if key in unstable:
        yield Seen(Fault.UNSTABLE, unstable[key])
    offset_s = main.clock_offset_s or 0.0
    if abs(offset_s) > CLOCK_OFF_S:
        yield Seen(Fault.CLOCK_OFF, None, "ahead" if offset_s > 0 else "behind")
    picture = _told(main.picture, at)
    if picture is not None and picture.verdict in PICTURE_FAULTS and not (camera.turns and picture.verdict == Fault.TURNED):
        yield Seen(picture.verdict, picture.since)


def _told(picture: PictureState | None, at: datetime) -> PictureState | None:
    """None where nothing can be told now: no reference of this light, or no picture looked at lately."""
    if picture is None or picture.seen is None or at - picture.seen > PICTURE_STALE:
        return None
    return picture if picture.verdict == PICTURE_WELL or picture.verdict in PICTURE_FAULTS else None


def _blind(account: Account, standing: Sequence[Open], at: datetime) -> frozenset[_Key]:
    """Of what stands: that of which nobody can tell now whether it is over."""
    if account.status is None:
        return frozenset((one.camera, one.fault) for one in standing if one.fault != Fault.OFF)
    mains = [stream for stream in account.status.streams if stream.stream == "main"]
    well = {stream.camera for stream in mains if stream.state in WELL}
    judged = {stream.camera for stream in mains if _told(stream.picture, at) is not None}
    return frozenset(
        (one.camera, one.fault)
        for one in standing
        if (one.fault in NEEDS_PICTURES and one.camera not in well)
        or (one.fault in PICTURE_FAULTS and one.camera not in judged)
        or (one.fault == Fault.DAYS_SHORT and one.camera not in account.days)
        or (one.fault == Fault.DISK and account.status.archive.state == "unknown")
    )


def _ended(
    before: Watch, account: Account, present: Mapping[_Key, Seen], blind: frozenset[_Key], at: datetime
) -> Iterator[Ended]:
    on = {camera.key for camera in account.cameras if camera.on} | {MACHINE}
    streams = account.status.streams if account.status is not None else ()
    recording = {stream.camera: stream.since for stream in streams if stream.stream == "main" and stream.state in WELL}
    for one in before.open:
        key = (one.camera, one.fault)
        if one.camera not in on and one.fault != Fault.OFF:
            yield Ended(one.camera, one.fault, at, How.OFF)
        elif key not in present and key not in blind:
            since = recording.get(one.camera) if one.fault == Fault.DOWN else None
            yield Ended(one.camera, one.fault, max(one.start, _start(since, before.looked, at)))


def _begun(before: Watch, present: Mapping[_Key, Seen], at: datetime) -> Iterator[Began | Resumed | Explained]:
    standing = {(one.camera, one.fault): one.cause for one in before.open}
    lately = {(one.camera, one.fault) for one in before.over if at - one.end <= MERGE}
    for (camera, fault), seen in present.items():
        if (camera, fault) in standing:
            if standing[camera, fault] in VAGUE and seen.cause not in VAGUE:
                yield Explained(camera, fault, seen.cause)
        elif (camera, fault) in lately:
            yield Resumed(camera, fault, seen.cause)
        else:
            yield Began(camera, fault, _start(seen.since, before.looked, at), seen.cause)


def _start(since: datetime | None, looked: datetime | None, at: datetime) -> datetime:
    """Never before the last look, never in the future; the first look of all knows nothing of before."""
    return at if since is None or looked is None else max(looked, min(since, at))


def _after(before: Watch, changes: Sequence[Change], at: datetime) -> Watch:
    ended = {(one.camera, one.fault): one for one in changes if isinstance(one, Ended)}
    resumed = {(one.camera, one.fault): one.cause for one in changes if isinstance(one, Resumed)}
    why = {(one.camera, one.fault): one.cause for one in changes if isinstance(one, Explained)}
    standing = [
        replace(one, cause=why.get((one.camera, one.fault), one.cause))
        for one in before.open
        if (one.camera, one.fault) not in ended
    ]
    standing += [Open(one.camera, one.fault, one.start, one.cause) for one in changes if isinstance(one, Began)]
    standing += [Open(camera, fault, at, cause) for (camera, fault), cause in sorted(resumed.items())]
    over = [one for one in before.over if (one.camera, one.fault) not in resumed and at - one.end <= MERGE]
    over += [
        Over(one.camera, one.fault, one.end) for one in ended.values() if one.how is How.BACK and one.fault not in NOT_MERGED
    ]
    return Watch(at, tuple(standing), tuple(over))
