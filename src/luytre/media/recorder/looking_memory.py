"""What the recorder last told of its cameras' pictures, on disk: so that its restart forgets no fault, and no view it just saw.

One small file for all cameras, `views/.looked`: SHA-256 of what follows, a line of JSON. Written beside, flushed and renamed. One
that is torn, or of another version, is as if there were none: cameras are then looked at as new ones are. Called in threads.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from luytre.base.verdicts import FAULTS, Verdict
from luytre.media.look.steady import Steady

log = structlog.get_logger(__name__)
NAME = ".looked"
"""No camera's key begins with a dot."""
LARGEST_BYTES = 8 << 20
YOUNG_S = 86_400.0
"""What is older is not believed: nobody knows what became of the camera since."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Of one camera: when it was last looked at (UTC seconds), what was told, and what the child knew (`look.memory`)."""

    seen_s: float
    steady: Steady
    memory: str

    def is_young(self, now_s: float) -> bool:
        """Not from the future either: a clock that was set back makes all of it worthless."""
        return 0 <= now_s - self.seen_s <= YOUNG_S


class MemoryFile:
    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def read(self) -> dict[str, Remembered]:
        """Nothing where there is no whole file."""
        try:
            with self.path.open("rb") as file:
                whole = file.read(LARGEST_BYTES + 1)
            return _unpack(whole)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("look.memory_unreadable", path=str(self.path), detail=repr(error))
            return {}

    def write(self, cameras: Mapping[str, Remembered]) -> None:
        """Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(NAME + ".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_pack(cameras))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def _pack(cameras: Mapping[str, Remembered]) -> bytes:
    told = {key: [one.seen_s, _fault(one.steady), one.memory] for key, one in sorted(cameras.items())}
    text = json.dumps(told, separators=(",", ":")).encode()
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _unpack(whole: bytes) -> dict[str, Remembered]:
    digest, _, text = whole.partition(b"\n")
    if len(whole) > LARGEST_BYTES or hashlib.sha256(text).hexdigest().encode() != digest:
        raise ValueError("the file is not whole")
    told = json.loads(text)
    return {str(key): Remembered(_seconds(seen), _steady(fault), str(memory)) for key, (seen, fault, memory) in told.items()}


def _fault(steady: Steady) -> list[Any] | None:
    """That all was well is seen anew; a fault stays told until pictures say that it is over."""
    return [steady.verdict.value, steady.since_s] if steady.verdict in FAULTS and steady.verdict is not None else None


def _steady(told: list[Any] | None) -> Steady:
    return Steady(Verdict(told[0]), _seconds(told[1])) if told is not None else Steady()


def _seconds(told: Any) -> float:
    number = float(told)
    if not math.isfinite(number):
        raise ValueError("no time")
    return number
