"""What a disk says of its own health: the answer of `smartctl --json -a` read with care. Pure.

Names of fields as smartmontools writes them (JSON since 7.0). Attributes of ATA disks are told by their numbers, since makers
call them differently: 5 sectors put elsewhere, 197 sectors that wait for it, 198 sectors that cannot be read.
SAS disks (SCSI) have a list of defects that grew, and counts of what could not be corrected.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LARGEST_CHARACTERS = 1_000_000
REALLOCATED, PENDING, UNREADABLE = 5, 197, 198
WORN_PERCENT = 90
HOTTEST_C = 60
_LARGEST = 1 << 63
_BEHIND = ("megaraid", "raid controller", "cciss", "3ware", "areca", "usb bridge")
"""In what smartctl says of a disk that it reaches only when it is told what stands before it (its option -d)."""


class Verdict(StrEnum):
    WELL = "well"
    WORN = "worn"
    """It works, and says that it will not for long: sectors that went, or flash that is used up."""
    FAILING = "failing"
    """By its own judgement."""
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why nothing is known."""

    NO_PROGRAM = "no_program"
    NO_RIGHT = "no_right"
    NO_DISK = "no_disk"
    """The archive's disk is none that smartctl can ask: a network share, a virtual disk."""
    BEHIND = "behind"
    """A RAID controller or a USB adapter stands before it."""
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Disk:
    """None: it does not say. `bad_sectors`: put elsewhere, waiting and unreadable ones together. `used_percent`: of flash."""

    model: str
    verdict: Verdict
    hours: int | None = None
    celsius: int | None = None
    bad_sectors: int | None = None
    used_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    disk: Disk | None = None
    trouble: Trouble | None = None


def parse(text: str) -> Answer:
    """Never raises, whatever stands there."""
    if len(text) > LARGEST_CHARACTERS:
        return Answer(trouble=Trouble.NO_ANSWER)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Answer(trouble=Trouble.NO_ANSWER)
    if not isinstance(found, dict):
        return Answer(trouble=Trouble.NO_ANSWER)
    passed = _part(found, "smart_status").get("passed")
    if not isinstance(passed, bool):
        return Answer(trouble=_trouble(found))
    return Answer(_disk(found, passed))


def _disk(found: dict[str, Any], passed: bool) -> Disk:
    nvme = _part(found, "nvme_smart_health_information_log")
    used = _number(nvme, "percentage_used")
    used = _number(_part(found, "endurance_used"), "current_percent") if used is None else used  # of any flash, since 7.5
    bad = _bad_sectors(found)
    media = _number(nvme, "media_errors")
    bad = media if bad is None else bad
    warning = bool(_number(nvme, "critical_warning"))
    is_worn = bool(bad) or _is_uncorrected(found) or (used is not None and used >= WORN_PERCENT)
    verdict = Verdict.FAILING if not passed or warning else Verdict.WORN if is_worn else Verdict.WELL
    model = found.get("model_name") or found.get("scsi_model_name")
    return Disk(
        model[:80] if isinstance(model, str) else "", verdict, _number(_part(found, "power_on_time"), "hours"),
        _number(_part(found, "temperature"), "current"), bad, used,
    )  # fmt: skip


def _bad_sectors(found: dict[str, Any]) -> int | None:
    table = _part(found, "ata_smart_attributes").get("table")
    rows = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
    counts = [_number(_part(row, "raw"), "value") for row in rows if row.get("id") in (REALLOCATED, PENDING, UNREADABLE)]
    told = [count for count in counts if count is not None]
    return sum(told) if told else _number(found, "scsi_grown_defect_list")


def _is_uncorrected(found: dict[str, Any]) -> bool:
    log = _part(found, "scsi_error_counter_log")
    return any(_number(_part(log, way), "total_uncorrected_errors") for way in ("read", "write", "verify"))


def _trouble(found: dict[str, Any]) -> Trouble:
    messages = _part(found, "smartctl").get("messages")
    said = " ".join(
        str(one.get("string")) for one in messages if isinstance(one, dict)
    ) if isinstance(messages, list) else ""  # fmt: skip
    if "Permission denied" in said or "Operation not permitted" in said:
        return Trouble.NO_RIGHT
    if any(sign in said.lower() for sign in _BEHIND):
        return Trouble.BEHIND
    return Trouble.NO_DISK if said else Trouble.NO_ANSWER


def _part(source: dict[str, Any], name: str) -> dict[str, Any]:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def _number(source: dict[str, Any], name: str) -> int | None:
    value = source.get(name)
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST
    return value if is_number else None
