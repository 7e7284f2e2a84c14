"""A span of the past as it is typed in two boxes: `21h30 tối qua` and `22h15`. Pure: `now` is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from luytre.base.letters import fold
from luytre.base.when import read_when

_CLOCK_ALONE = re.compile(r"\s*\d{1,2}\s*(?::|h|g|gio)\s*(?:\d{1,2}|ruoi)?\s*(?:[:mp]|phut)?\s*\d{0,2}\s*")


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """Aware moments in UTC; None where the box is not understood, or speaks of something else beside a time."""

    start: datetime | None
    end: datetime | None


def read_span(start: str, end: str, now: datetime, zone: tzinfo) -> TypedSpan:
    """`now` must know its zone. A clock alone as the end is the first one after the beginning: `22h15` of that same night.

    That the end comes after the beginning is not asked here.
    """
    begins = _moment(start, now, zone)
    if begins is not None and _CLOCK_ALONE.fullmatch(fold(end)):
        return TypedSpan(begins, _moment(end, min(now, begins + timedelta(days=1)), zone))
    return TypedSpan(begins, _moment(end, now, zone))


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    found = read_when(text, now, zone)
    return found.moment if found is not None and not found.rest else None
