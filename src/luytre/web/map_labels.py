"""Where names stand on a drawn map: beside their sign, over no other name and no sign where that can be. Millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

LETTER = 0.56
"""How wide a letter is on average, beside how tall it is written."""
Floats: TypeAlias = npt.NDArray[np.float64]
Area: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name for what lies at (x, y). `away`: how far its middle stands from there; 0: on it."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    away: float

    def area(self, dx: float, dy: float) -> Area:
        half = self.size * LETTER * len(self.text) / 2
        return self.x + dx - half, self.y + dy - self.size * 0.5, self.x + dx + half, self.y + dy + self.size * 0.5

    def places(self) -> list[tuple[float, float]]:
        """Below, above, to the right, to the left; then a line further. The first is where it stands when nothing is free."""
        half = self.size * LETTER * len(self.text) / 2
        if not self.away:
            shifts = (0, 1.1, -1.1, 2.2, -2.2)
            return [(aside * half, self.size * shift) for aside in (0.0, 0.6, -0.6) for shift in shifts]
        near, far = self.away, self.away + self.size
        aside = half + self.away * 0.8
        return [(0, near), (0, -near), (aside, 0), (-aside, 0), (0, far), (0, -far), (aside, far), (-aside, -far)]


def around(x: float, y: float, half: float) -> Area:
    """A sign's area."""
    return x - half, y - half, x + half, y + half


def written(labels: Sequence[Label], signs: Sequence[Area], sheet: tuple[float, float], fonts: str) -> list[str]:
    """SVG texts on a sheet so wide and high; no name is left out, and the first ones choose first."""
    taken = np.full((len(signs) + len(labels), 4), np.inf)
    taken[: len(signs)] = np.array(signs, dtype=float).reshape(-1, 4)
    made = list[str]()
    for number, label in enumerate(labels, len(signs)):
        places = label.places()
        areas = np.array([label.area(*at) for at in places])
        best = int(np.argmin(_overlaps(areas, taken[:number]) + _beyond(areas, sheet)))
        taken[number] = areas[best]
        dx, dy = places[best]
        made.append(_text(label, label.x + dx, label.y + dy + label.size * 0.35, fonts))
    return made


def _overlaps(areas: Floats, taken: Floats) -> Floats:
    """For each area how many square millimetres of others it would cover; of equal ones the first is the best."""
    low = np.maximum(areas[:, None, :2], taken[None, :, :2])
    high = np.minimum(areas[:, None, 2:], taken[None, :, 2:])
    found: Floats = np.round(np.clip(high - low, 0, None).prod(axis=2).sum(axis=1), 3)
    return found


def _beyond(areas: Floats, sheet: tuple[float, float]) -> Floats:
    """What lies beyond the sheet's edges is lost: worse than what is covered."""
    out = np.clip(-areas[:, :2], 0, None).sum(axis=1) + np.clip(areas[:, 2:] - sheet, 0, None).sum(axis=1)
    found: Floats = np.round(out * 10, 3)
    return found


def _text(label: Label, x: float, y: float, fonts: str) -> str:
    begin = f'<text x="{x:.2f}" y="{y:.2f}" font-family="{fonts}" font-size="{label.size}" text-anchor="middle"'
    below = f'{begin} fill="none" stroke="#fff" stroke-width="{label.size / 4:.2f}" stroke-linejoin="round">'
    return f'{below}{escape(label.text)}</text>{begin} fill="{label.colour}">{escape(label.text)}</text>'
