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
    height, width = plane.shape
    tall = np.empty((height + 2 * radius, width), np.float32)
    tall[radius:-radius] = plane
    tall[:radius], tall[-radius:] = plane[0], plane[-1]
    down = _sums(tall, size, 0)
    wide = np.empty((height, width + 2 * radius), np.float32)
    wide[:, radius:-radius] = down
    wide[:, :radius], wide[:, -radius:] = down[:, :1], down[:, -1:]
    return np.asarray(_sums(wide, size, 1) / np.float32(size * size), np.float32)


def _sums(plane: Plane, size: int, axis: int) -> Plane:
    """Of each `size` neighbours along an axis: sums of 1, 2, 4, ... neighbours put together, as a few whole planes are added."""
    length = plane.shape[axis] - size + 1
    sums, width, at = plane, 1, 0
    total: Plane | None = None
    while True:
        if size & width:
            part = _along(sums, axis, at, at + length)
            total, at = part if total is None else total + part, at + width
        if width * 2 > size:
            assert total is not None
            return total
        many = sums.shape[axis]
        sums, width = _along(sums, axis, 0, many - width) + _along(sums, axis, width, many), width * 2


def _along(plane: Plane, axis: int, first: int, end: int) -> Plane:
    return plane[first:end] if axis == 0 else plane[:, first:end]


def _of_three(plane: Plane) -> Plane:
    wide = np.pad(plane, 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9), np.float32)


def cells(plane: Plane) -> Plane:
    """Mean of each cell of a plane of 320x180."""
    return np.asarray(plane.reshape(ROWS, _CELL_PX, COLUMNS, _CELL_PX).mean(axis=(1, 3)), np.float32)


def broad_of(signature: Signature) -> float:
    """Contrast of what is larger than any blur, 10 to 40 pixels of 160. By quartiles: a headlight does not make contrast."""
    plane = signature.grey.astype(np.float32)
    low, high = np.percentile(box(plane, 5) - box(plane, 20), (25, 75))
    return float(high - low)
