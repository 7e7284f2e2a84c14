"""Copies for watching of films that browsers cannot play, each made by a child of the media plane that bounds itself."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from luytre.civic.ports import FilmAnswer, FilmTrouble

WALL_S = 3600.0
_UNREADABLE, _LARGE = 3, 4
"""The exit codes of `media.transcode.film`, which alone loads the decoders."""


@dataclass(frozen=True, slots=True)
class FilmBounds:
    """As `media.transcode.film.Bounds` has them; `wall_s`: the child is ended after so long, whatever it does."""

    cpu_s: float = 20 * 60.0
    written_bytes: int = 1024**3
    film_s: float = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class FilmChild:
    """Fills `civic.ports.FilmCopier`."""

    bounds: FilmBounds = FilmBounds()
    wall_s: float = WALL_S

    def copy(self, source: Path, target: Path, mark: str) -> FilmAnswer:
        command = [sys.executable, "-m", "luytre.media.transcode.film", str(source), str(target), mark]
        try:
            done = subprocess.run(
                [*command, json.dumps(asdict(self.bounds))], capture_output=True, text=True, timeout=self.wall_s, check=False
            )
        except subprocess.TimeoutExpired:
            return FilmAnswer(trouble=FilmTrouble.TIME)
        if done.returncode == _LARGE:
            return FilmAnswer(trouble=FilmTrouble.LARGE)
        fields = done.stdout.split()
        if done.returncode == 0 and len(fields) == 3:
            return FilmAnswer(float(fields[0]), cut=fields[2] == "1")
        ended = done.returncode < 0  # by a bound of the kernel's
        return FilmAnswer(trouble=FilmTrouble.TIME if ended else FilmTrouble.UNREADABLE)
