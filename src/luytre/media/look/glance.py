"""Whether two pictures are one and the same, to the last pixel.

Measured (bench.look): whatever an encoder does, a sensor's noise of 0.3 grey levels leaves at most 60 % of a key frame's pixels
alike; a frozen picture's are all alike once the encoder's rate has settled, also when the clock in its corner goes on. Sizes of
the frames between tell nothing: a still scene costs 7 bytes a frame with noise and without.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luytre.media.look.signature import Grey
from luytre.media.look.sizes import HEIGHT_PX

_ROWS, _COLUMNS, _SIDE_PX = 5, 8, 16
_TOP, _SPAN = 0.15, 0.7
"""Cameras write their clock and name above and below."""
SAME = 0.97
"""Of the pixels of a patch; of half of the patches at least."""
TEXTURE = 4.0
"""Deviation in grey levels of a patch that a coder cannot have made even."""
LEAST_PATCHES = 6
MOVED = 4.0
"""Grey levels, at 160x90, that something that moved makes."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """Patches of a picture as large as it came."""

    patches: NDArray[np.uint8]
    grey: Grey

    def is_same(self, other: Glance) -> bool:
        """False where there is too little texture to tell."""
        if self.patches.shape != other.patches.shape:
            return False
        textured = self.patches.std(axis=(1, 2)) > TEXTURE
        if textured.sum() < LEAST_PATCHES:
            return False
        alike = (self.patches == other.patches).mean(axis=(1, 2))[textured]
        if float(np.median(alike)) < SAME:
            return False
        rows = slice(int(HEIGHT_PX * _TOP), int(HEIGHT_PX * (_TOP + _SPAN)))
        apart = np.abs(self.grey[rows].astype(np.int16) - other.grey[rows])
        return float(apart.max()) < MOVED


def glance_of(luma: Grey, grey: Grey) -> Glance:
    """Of a picture of any size; its small grey picture is kept for what moves between the patches."""
    height, width = luma.shape
    side = min(_SIDE_PX, height // _ROWS, width // _COLUMNS)
    found = []
    for row in range(_ROWS):
        top = min(int((_TOP + _SPAN * (row + 0.5) / _ROWS) * height), height - side)
        lefts = (min(int((column + 0.5) / _COLUMNS * width), width - side) for column in range(_COLUMNS))
        found += [luma[top : top + side, left : left + side] for left in lefts]
    return Glance(np.stack(found), grey)
