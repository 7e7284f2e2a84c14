"""Asks `smartctl` about the disk that the archive lies on. Bounded in time; says where there is no program or no right."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from luytre.civic.upkeep.smart import Answer, Trouble, parse

TIMEOUT_S = 8.0
SYS = Path("/sys/dev/block")


def ask_disk(folder: Path, sys: Path = SYS, program: str = "smartctl") -> Answer:
    """`folder`: the archive's. Never raises."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        return Answer(trouble=Trouble.NO_PROGRAM)
    device = device_of(folder, sys)
    if device is None:
        return Answer(trouble=Trouble.NO_DISK)
    command = [found, "--json", "-a", f"/dev/{device}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return Answer(trouble=Trouble.NO_ANSWER)
    return parse(done.stdout)


def device_of(folder: Path, sys: Path = SYS) -> str | None:
    """The whole disk's name (`sda`, `nvme0n1`), of the file system that holds the folder; None where it is on no such disk."""
    try:
        number = os.stat(folder).st_dev
        place = (sys / f"{os.major(number)}:{os.minor(number)}").resolve(strict=True)
    except OSError:
        return None
    whole = place.parent if (place / "partition").exists() else place
    name = whole.name
    return name if name.isalnum() and not name.startswith(("loop", "dm", "md", "ram")) else None
