"""How fine a picture is where its references have structure: whether its lens is out of focus. Pure.

Fineness is compared within one light alone: at night there is other structure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from luytre.media.look.reference import Reference
from luytre.media.look.signature import Signature, broad_of

FINE_GONE, FINE_GONE_BEST = 0.72, 0.87
"""Fineness against the reference's, of half of the cells and of three quarters."""
FINE_LESS = 0.8
FINE_LOST = 0.3
"""The same with the coarser structure gone too, against the picture's own broad contrast."""
FINE_NOTHING = 0.6
"""Fineness of the finest cells against broad contrast, where little of the view is known again: fog, rain and lorries leave 1.25
and more, a lens out of focus by 3 % of the width 0.5 at most."""
BROAD_LEFT = 0.3
"""Part of the reference's broad contrast that such a lens leaves at least (0.39); a bag and thick fog leave none."""
STRUCTURED_CELL = 2.0
LEAST_CELLS = 12
"""Cells of a reference with so much structure (grey levels) that its fineness tells anything; and how many, of 144."""
SAME_SIZES = 2.6
"""A stream so many times as wide as the reference's shows more, or less, of what is fine."""
MOST_REFERENCES = 3
"""That a picture is compared with: all must say the same."""


@dataclass(frozen=True, slots=True)
class Fineness:
    """Against the reference's; 1: the same."""

    absolute: float
    """Of half of the cells. A reference with noise, or in fog, has a fine part that a clear picture need not have."""
    half: float
    """Fine against coarse, of half of the cells, and of three quarters."""
    three_quarters: float
    against_broad: float
    most_against_broad: float
    """Of the finest cells: a plain lorry leaves some that are sharp."""

    def is_gone(self, *, is_clear: bool) -> bool:
        """By clear day also where nothing is left to be soft; else lamps and wet roads make contrast of their own."""
        softened = self.half < FINE_GONE and self.three_quarters < FINE_GONE_BEST
        lost = (is_clear and self.against_broad < FINE_LOST) or (softened and self.against_broad < FINE_GONE)
        return lost and self.absolute < FINE_LESS


def fineness(signature: Signature, one: Reference, broad: float) -> Fineness | None:
    """How fine the structure is. None where the reference has too little.

    `broad`: of the picture (`broad_of`).
    """
    reference = one.signature
    structured = reference.coarse >= STRUCTURED_CELL
    if structured.sum() < LEAST_CELLS:
        return None
    mine = signature.fine / np.maximum(signature.coarse, 0.3)
    its = reference.fine / np.maximum(reference.coarse, 0.3)
    relative = (mine / np.maximum(its, 0.05))[structured]
    sizes = (signature.fine / np.maximum(reference.fine, 0.1))[structured]
    contrast = max(broad / max(one.broad, 1.0), 0.02)
    half, most = (float(np.percentile(sizes, part)) / contrast for part in (50, 85))
    return Fineness(float(np.median(sizes)), float(np.median(relative)), float(np.percentile(relative, 75)), half, most)


def is_out_of_focus(signature: Signature, references: Sequence[Reference], *, is_clear: bool) -> bool:
    """Of a picture that shows the view, against references of its light, the most alike first. `is_clear`: by full day."""
    fitting = _fitting(signature, references)
    broad = broad_of(signature)
    found = [fineness(signature, one, broad) for one in fitting]
    return bool(found) and all(one is not None and one.is_gone(is_clear=is_clear) for one in found)


def is_soft(signature: Signature, references: Sequence[Reference]) -> bool:
    """Next to nothing fine, against pictures of the same light: so is what lies near the lens, or a lens far out of focus."""
    broad = broad_of(signature)
    fitting = _fitting(signature, references)
    if not fitting or any(broad < BROAD_LEFT * one.broad for one in fitting):
        return False
    found = [fineness(signature, one, broad) for one in fitting]
    return all(one is not None and one.most_against_broad < FINE_NOTHING for one in found)


def _fitting(signature: Signature, references: Sequence[Reference]) -> list[Reference]:
    return [one for one in references if _same_size(signature, one.signature)][:MOST_REFERENCES]


def _same_size(one: Signature, other: Signature) -> bool:
    wide, narrow = max(one.source_width_px, other.source_width_px), min(one.source_width_px, other.source_width_px)
    return wide <= narrow * SAME_SIZES
