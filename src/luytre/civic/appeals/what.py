"""What an owner's file is, as far as a child with bounds on time and memory (`what_child`) can tell: the file is anybody's."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from luytre.civic.registry.seal import unseal

CHILD_S = 30
AT_ONCE = threading.BoundedSemaphore(2)
_BROWSERS = {
    ("mov", "h264"): "video/mp4", ("mov", "vp9"): "video/mp4", ("mov", "av1"): "video/mp4",
    ("matroska", "vp8"): "video/webm", ("matroska", "vp9"): "video/webm", ("matroska", "av1"): "video/webm",
}  # fmt: skip
"""Container and codec that browsers play as they are, and as which type."""


@dataclass(frozen=True, slots=True)
class Told:
    """Empty: the child could tell nothing. `plays`: the type as which a browser plays it; empty: it does not."""

    container: str = ""
    codec: str = ""
    width_px: int = 0
    height_px: int = 0
    seconds: float = 0.0
    plays: str = ""


NOTHING = Told()


def look_at(path: Path) -> Told:
    """Errors: none; what cannot be told is not told."""
    with AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "luytre.civic.appeals.what_child", str(path)], capture_output=True, text=True,
                timeout=CHILD_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return NOTHING
    fields = done.stdout.split()
    if done.returncode != 0 or len(fields) != 5:
        return NOTHING
    container, codec, width, height, seconds = fields
    return Told(container, codec, int(width), int(height), float(seconds), _BROWSERS.get((container, codec), ""))


def name_digest(sealed_name: str) -> str:
    return hashlib.sha256(unseal(sealed_name).encode()).hexdigest()
