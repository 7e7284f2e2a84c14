"""Where edges lie and which way they run, and how much of one picture's structure is in another, also when it has moved.

Directions are doubled angles (Fitch et al., orientation correlation), so that an edge counts alike whichever side is lighter:
infrared turns many round. Strength is taken against the neighbourhood, so that exposure and shadow matter little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from luytre.media.look.signature import Grey, box
from luytre.media.look.sizes import HEIGHT_PX, WIDTH_PX

Edges: TypeAlias = NDArray[np.complex64]

BLOCKS_X, BLOCKS_Y = 10, 6
_BLOCK_W, _BLOCK_H = WIDTH_PX // BLOCKS_X, HEIGHT_PX // BLOCKS_Y
LEAST_EDGE = 2.5
"""Grey levels a pixel below which a slope is taken for noise."""
STRUCTURED = 0.05
"""Mean squared edge of a block that has structure."""
PRESENT = 0.2
"""Part of the reference's strength that a block must have to count as structure that is there."""
ALIKE = 0.4
"""Correlation of a block that shows the same."""
_FAR_X, _FAR_Y = int(WIDTH_PX * 0.45), int(HEIGHT_PX * 0.42)
_PADDED = (128, 256)
_PEAKS = 4
_DOWN, _RIGHT = np.arange(-_FAR_Y, _FAR_Y + 1), np.arange(-_FAR_X, _FAR_X + 1)
_NEAR = np.ix_(_DOWN, _RIGHT)
"""Of a correlation by Fourier's way, in which what lies to the left and above is at the far ends."""
_LESS_OVERLAP = np.sqrt(np.outer(HEIGHT_PX / (HEIGHT_PX - np.abs(_DOWN)), WIDTH_PX / (WIDTH_PX - np.abs(_RIGHT)))).astype(
    np.float32
)
"""What has moved far has less in common with where it was: the correlation of what is left is worth so much more."""


def edges_of(grey: Grey) -> Edges:
    """Doubled direction of the slope at each pixel, its length the strength from 0 to 1."""
    smooth = box(box(grey.astype(np.float32), 1), 1)
    down, right = np.gradient(smooth)
    squared = np.asarray(right * right + down * down, np.float32)
    around = box(squared, 8)
    weight = squared / (squared + around * 0.5 + LEAST_EDGE**2)
    slope = (right + 1j * down).astype(np.complex64)
    return np.asarray(slope * slope / np.maximum(squared, 1e-6) * weight, dtype=np.complex64)


def blocks(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of each block."""
    return np.asarray(plane.reshape(BLOCKS_Y, _BLOCK_H, BLOCKS_X, _BLOCK_W).mean(axis=(1, 3)), np.float32)


def strength(edges: Edges) -> NDArray[np.float32]:
    """Mean squared strength of each block."""
    return blocks(edges.real**2 + edges.imag**2)


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """A picture against a reference, block by block, moved by (dx, dy) pixels of 160x90."""

    dx: int
    dy: int
    score: NDArray[np.float32]
    """Correlation of each block, -1 to 1."""
    counted: NDArray[np.bool_]
    """Blocks in which the reference has structure and both pictures overlap."""
    present: NDArray[np.bool_]
    """Of these, blocks in which the picture has structure."""

    @property
    def alike(self) -> int:
        """Blocks that show the same."""
        return int((self.score[self.counted] >= ALIKE).sum())

    @property
    def kept(self) -> float:
        """Part of the reference's blocks that show the same."""
        return float((self.score[self.counted] >= ALIKE).mean()) if self.counted.any() else 0.0

    @property
    def there(self) -> float:
        """Part of the reference's blocks with any structure."""
        return float(self.present[self.counted].mean()) if self.counted.any() else 0.0


def compare(picture: Edges, reference: Edges, dx: int = 0, dy: int = 0) -> Alike:
    """The picture moved back by (dx, dy), against the reference."""
    moved = picture if (dx, dy) == (0, 0) else _moved(picture, dx, dy)
    mine, its = strength(moved), strength(reference)
    common = blocks((moved * reference.conj()).real.astype(np.float32))
    counted = its >= STRUCTURED
    if dx or dy:
        inside = np.zeros(picture.shape, np.float32)
        inside[max(-dy, 0) : HEIGHT_PX - max(dy, 0), max(-dx, 0) : WIDTH_PX - max(dx, 0)] = 1
        counted &= blocks(inside) >= 0.8
    present = counted & (mine >= PRESENT * its)
    score = np.where(present, common / np.sqrt(np.maximum(mine * its, 1e-9)), 0).astype(np.float32)
    return Alike(dx, dy, score, counted, present)


def _moved(edges: Edges, dx: int, dy: int) -> Edges:
    """What is at (x + dx, y + dy) comes to (x, y); nothing where nothing is known."""
    out = np.zeros_like(edges)
    height, width = edges.shape
    to_y, to_x = slice(max(-dy, 0), height - max(dy, 0)), slice(max(-dx, 0), width - max(dx, 0))
    from_y, from_x = slice(max(dy, 0), height - max(-dy, 0)), slice(max(dx, 0), width - max(-dx, 0))
    out[to_y, to_x] = edges[from_y, from_x]
    return out


def shifts(picture: Edges, reference: Edges) -> list[tuple[int, int]]:
    """Where the reference's structure may have gone: the highest peaks of the correlation, best first, as (dx, dy)."""
    spectrum = np.fft.fft2(picture, _PADDED) * np.fft.fft2(reference, _PADDED).conj()
    near = np.fft.ifft2(spectrum).real[_NEAR] * _LESS_OVERLAP
    found = []
    for _ in range(_PEAKS):
        y, x = np.unravel_index(int(near.argmax()), near.shape)
        found.append((int(x) - _FAR_X, int(y) - _FAR_Y))
        near[max(y - 3, 0) : y + 4, max(x - 3, 0) : x + 4] = -np.inf
    return found
