"""What outlives the child of a camera's last pictures: all of its history but the pictures themselves, as one line of JSON.

The recorder keeps it and hands it to the next child; to the recorder it is a text. Some 560 bytes a camera.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from luytre.base.verdicts import Light
from luytre.media.look.history import History, Past

_FORMAT = 1
_DAYS = 16
"""Before the last picture: of which days it is known when they were black."""
_HALF_HOURS = 48


def memory_of(history: History) -> str:
    """Empty before the first picture."""
    last = history.last
    if last is None:
        return ""
    told = {
        "format": _FORMAT,
        "last": [round(last.at_s, 1), last.is_black, *last.moved, round(last.level, 1), round(last.structure, 3)],
        "light": history.light.value if history.light is not None else None,
        "lit": history.lit_at_s,
        "shown": min(history.shown, 1000),
        "lost": history.lost_at_s,
        "suddenly": [history.lost_suddenly, history.went_black_suddenly],
        "day": history.day,
        "black_days": _packed(history.black_days, history.day),
        "lit_days": _packed(history.lit_days, history.day),
    }
    return json.dumps(told, separators=(",", ":"))


def history_of(memory: str) -> History:
    """A camera's history as it was. Without a memory, or with one that is not understood: of a camera that is new."""
    try:
        told = json.loads(memory) if memory else None
        return _history(told) if isinstance(told, dict) and told.get("format") == _FORMAT else History()
    except (ValueError, KeyError, TypeError, OverflowError):
        return History()


def _history(told: dict[str, Any]) -> History:
    at_s, is_black, dx, dy, level, structure = told["last"]
    suddenly, black = told["suddenly"]
    day = int(told["day"])
    last = Past(_number(at_s), is_black is True, (int(dx), int(dy)), _number(level), _number(structure))
    return History(
        last=last,
        light=Light(told["light"]) if told["light"] is not None else None,
        lit_at_s=_number(told["lit"]) if told["lit"] is not None else None,
        shown=int(told["shown"]),
        lost_at_s=_number(told["lost"]) if told["lost"] is not None else None,
        lost_suddenly=suddenly is True,
        went_black_suddenly=black is True,
        now_s=last.at_s,
        day=day,
        black_days=_unpacked(told["black_days"], day),
        lit_days=_unpacked(told["lit_days"], day),
    )


def _number(told: Any) -> float:
    number = float(told)
    if not math.isfinite(number):
        raise ValueError("no number")
    return number


def _packed(days: Sequence[frozenset[int]], newest: int) -> str:
    """Four hexadecimal digits for each half-hour: a bit for each of the last days."""
    bits = (sum(1 << newest - day for day in of if 0 <= newest - day < _DAYS) for of in days)
    return "".join(f"{each:04x}" for each in bits)


def _unpacked(told: str, newest: int) -> tuple[frozenset[int], ...]:
    if len(told) != 4 * _HALF_HOURS:
        raise ValueError("not the half-hours of a day")
    bits = [int(told[at : at + 4], 16) for at in range(0, len(told), 4)]
    return tuple(frozenset(newest - back for back in range(_DAYS) if each >> back & 1) for each in bits)
