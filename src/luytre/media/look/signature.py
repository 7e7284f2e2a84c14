"""What is kept of a picture to compare others with: 160x90 grey, how fine its structure is, how light and colourful it is.

Pure; no picture can be made again of it but a small grey one, so it is handled like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from luytre.media.look.sizes import (
    COLUMNS,
    HEIGHT_PX,
    LARGE_HEIGHT_PX,
    LARGE_WIDTH_PX,
    PACKED_BYTES,
    ROWS,
    SIGNATURE_HEAD,
    WIDTH_PX,
)

Grey: TypeAlias = NDArray[np.uint8]
Plane: TypeAlias = NDArray[np.float32]

_CELL_PX = LARGE_WIDTH_PX // COLUMNS
_FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """Grey levels, 0 to 255. `fine` and `coarse`: mean size of the structure of about 1 and 3 pixels (of 320) of each cell."""

    grey: Grey
    fine: Plane
    coarse: Plane
    colour: float
    """Mean distance from grey, of both colour planes; below 1: a picture without colour, as by infrared."""
    source_width_px: int = 0
    """Of the stream it was taken from."""

    @property
    def mean(self) -> float:
        return float(self.grey.mean())

    @property
    def structure(self) -> float:
        """Mean size of what is coarse."""
        return float(self.coarse.mean())

    @property
    def light_part(self) -> float:
        """Level that a twentieth of the picture is lighter than: next to nothing where all is black."""
        return float(np.percentile(self.grey, 95))

    @property
    def glare(self) -> float:
        """Part of the picture that is burnt out."""
        return float((self.grey >= 250).mean())

    def pack(self) -> bytes:
        head = SIGNATURE_HEAD.pack(_FORMAT, min(self.source_width_px, 65_535), self.colour, 0.0)
        cells = np.concatenate([self.fine.ravel(), self.coarse.ravel()]).astype("<f4")
        return head + self.grey.tobytes() + cells.tobytes()


def unpack(data: bytes) -> Signature:
    """Raises ValueError for what is no signature of this format."""
    if len(data) != PACKED_BYTES:
        raise ValueError("a signature has another length")
    made, width, colour, _spare = SIGNATURE_HEAD.unpack_from(data)
    if made != _FORMAT or not 0 <= colour < 256:
        raise ValueError("a signature of another format")
    at = SIGNATURE_HEAD.size + WIDTH_PX * HEIGHT_PX
    grey = np.frombuffer(data, np.uint8, WIDTH_PX * HEIGHT_PX, SIGNATURE_HEAD.size).reshape(HEIGHT_PX, WIDTH_PX)
    cells = np.frombuffer(data, "<f4", 2 * COLUMNS * ROWS, at).astype(np.float32).reshape(2, ROWS, COLUMNS)
    if not (np.isfinite(cells).all() and (cells >= 0).all() and (cells < 256).all()):
        raise ValueError("a signature with numbers that cannot be")
    return Signature(grey, cells[0], cells[1], colour, width)


def signature_of(grey: Grey, colour: float = 0.0, source_width_px: int = 0) -> Signature:
    """Of a picture of 320x180. Raises ValueError for another size."""
    if grey.shape != (LARGE_HEIGHT_PX, LARGE_WIDTH_PX):
        raise ValueError(f"a picture of {grey.shape}")
    large = grey.astype(np.float32)
    once = box(large, 1)
    twice = box(once, 4)
    small = large.reshape(HEIGHT_PX, 2, WIDTH_PX, 2).mean(axis=(1, 3))
    return Signature(
        np.round(small).astype(np.uint8), cells(np.abs(large - once)), cells(np.abs(once - twice)), colour, source_width_px
    )


def box(plane: Plane, radius: int) -> Plane:
    """Mean over a square of 2 x radius + 1, edges repeated."""
    if radius == 1:
        return _of_three(plane)
    size = 2 * radius + 1
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (radius + 1, radius)
        summed = np.cumsum(np.pad(plane, pad, mode="edge"), axis=axis, dtype=np.float32)
        length = plane.shape[axis]
        ahead, behind = (
            summed[first : first + length] if axis == 0 else summed[:, first : first + length] for first in (size, 0)
        )
        plane = (ahead - behind) / np.float32(size)
    return plane


def _of_three(plane: Plane) -> Plane:
    wide = np.pad(plane, 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9), np.float32)


def cells(plane: Plane) -> Plane:
    """Mean of each cell of a plane of 320x180."""
    return np.asarray(plane.reshape(ROWS, _CELL_PX, COLUMNS, _CELL_PX).mean(axis=(1, 3)), np.float32)
