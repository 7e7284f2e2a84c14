"""Copies for watching with regions hidden, each made by a child of the media plane that bounds itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from luytre.base.polygons import SCALE, write_polygons
from luytre.base.tracks import Key, write_tracks
from luytre.civic.ports import BlurKey, ViewingAnswer, ViewingOrder, ViewingTrouble

WALL_S = 6 * 3600.0
_TROUBLES = {
    3: ViewingTrouble.UNREADABLE, 4: ViewingTrouble.LARGE, 5: ViewingTrouble.ORDER, 6: ViewingTrouble.TIME,
}  # fmt: skip
"""The exit codes of `media.transcode.viewing`, which alone loads the decoders."""


@dataclass(frozen=True, slots=True)
class ViewingBounds:
    """As `media.transcode.viewing.Bounds` has them."""

    cpu_s: float = 3 * 3600.0
    written_bytes: int = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class ViewingChild:
    """Fills `civic.ports.ViewingCopier`. `wall_s`: the child is ended after so long, whatever it does."""

    bounds: ViewingBounds = ViewingBounds()
    wall_s: float = WALL_S

    def copy(self, source: Path, target: Path, order: ViewingOrder) -> ViewingAnswer:
        part = target.with_name(target.name + ".part")
        target.unlink(missing_ok=True)
        try:
            answer = self._made(source, part, order)
            if answer.trouble is None:
                os.replace(part, target)
            return answer
        finally:
            part.unlink(missing_ok=True)

    def _made(self, source: Path, part: Path, order: ViewingOrder) -> ViewingAnswer:
        try:
            text = order_text(order)
        except (ValueError, OverflowError, TypeError):
            return ViewingAnswer(trouble=ViewingTrouble.ORDER)
        bounds = json.dumps(asdict(self.bounds))
        command = [sys.executable, "-m", "luytre.media.transcode.viewing", str(source), str(part), bounds]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # else its threads' memory alone may pass the child's bound
        )  # fmt: skip
        try:
            return self._answer(child, text)
        finally:
            child.kill()  # nothing, where it has ended
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()

    def _answer(self, child: subprocess.Popen[str], text: str) -> ViewingAnswer:
        assert child.stdin is not None  # as it was started
        assert child.stdout is not None
        with suppress(BrokenPipeError):  # its exit code says why it did not listen
            child.stdin.write(text + "\n")
            child.stdin.flush()  # and left open: the child ends with whoever holds it
        try:
            code = child.wait(self.wall_s)
        except subprocess.TimeoutExpired:
            return ViewingAnswer(trouble=ViewingTrouble.TIME)
        fields = child.stdout.read().split()
        if code == 0 and len(fields) == 3:
            return ViewingAnswer(float(fields[0]), int(fields[1]), int(fields[2]))
        ended = code < 0  # by a bound of the kernel's
        return ViewingAnswer(trouble=ViewingTrouble.TIME if ended else _TROUBLES.get(code, ViewingTrouble.UNREADABLE))


def order_text(order: ViewingOrder) -> str:
    """One line for the child. Errors: ValueError, OverflowError, TypeError for what cannot be said."""
    tracks = [tuple(_key(key) for key in track.keys) for track in order.tracks]
    masks, drawn = json.loads(write_polygons(order.masks)), json.loads(write_tracks(tracks))
    return json.dumps({"start_ms": _ms(order.start), "masks": masks, "tracks": drawn, "mark": order.mark})


def _key(key: BlurKey) -> Key:
    x, y, width, height = (round(side * SCALE) for side in (key.x, key.y, key.width, key.height))
    return Key(_ms(key.at), x, y, width, height)


def _ms(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return round(at.timestamp() * 1000)
