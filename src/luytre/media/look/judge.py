"""One picture against a camera's references and its own last pictures. Pure; never raises for what a picture shows.

The verdict of one picture: nothing is told of it before another says the same (`steady`). Where it could be the hour, the
weather or something in front, it is `None`: not sure, and what was told before stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.history import History
from luytre.media.look.light import is_black
from luytre.media.look.reading import Reading
from luytre.media.look.signature import Signature, box
from luytre.media.look.structure import Alike, Edges, compare, edges_of, shifts

KEPT_WELL = 0.4
"""Part of the reference's blocks that must show the same for a view that is the same: the rest may be a lorry."""
KEPT_SURELY = 0.65
"""So much is never alike by chance; with less it is asked whether it is more alike elsewhere: rows of windows are."""
KEPT_GONE = 0.1
"""So little is kept by chance."""
LEAST_BLOCKS = 8
"""Of 60: with less structure a reference tells nothing of where it looks."""
LEAST_SHIFT_X, LEAST_SHIFT_Y = 7, 6
"""Pixels of 160x90: 4 % of the width, 7 % of the height. Less may be fog before the far part of the view."""
MOVED_BLOCKS = 10
MOVED_ALIKE, MOVED_MORE = 0.5, 0.3
"""Part of the blocks alike when moved back, and by how much more than unmoved."""
COVERED_THERE, COVERED_HALF = 0.15, 0.7
"""Part of the reference's blocks with any structure left: of what lies on the lens, and of a hand before it."""
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
STEADY_KEPT = 0.5
"""A view that is altogether another is in the picture before, too."""
AS_CLEAR = 0.6
"""And it has nearly as much structure as the references of its light (0.7 and more): what is near is steady in thick fog too."""
STRUCTURED_CELL = 2.0
LEAST_CELLS = 12
DIM = 35.0
"""Mean grey below which a view that is lost is called dark."""
GLARE = 0.25
SAME_SIZES = 2.6
"""A stream so many times as wide as the reference's shows more, or less, of what is fine."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A picture that shows the accepted view. `dx`, `dy`: how far it lies from the accepted one, in pixels of 160x90."""

    id: str
    signature: Signature
    light: Light
    is_accepted: bool
    at_s: float
    dx: int = 0
    dy: int = 0
    broad: float = field(init=False)
    """`broad_of` its picture."""
    _edges: NDArray[np.int8] = field(init=False)
    """A quarter of their size: a child knows some thousand references."""

    def __post_init__(self) -> None:
        edges = edges_of(self.signature.grey)
        small = np.rint(np.stack([edges.real, edges.imag]) * 127).astype(np.int8)
        object.__setattr__(self, "_edges", small)
        object.__setattr__(self, "broad", broad_of(self.signature))

    @property
    def edges(self) -> Edges:
        return np.asarray((self._edges[0] + 1j * self._edges[1].astype(np.float32)) / 127, dtype=np.complex64)


def judge(signature: Signature, history: History, references: Sequence[Reference], light: Light) -> Reading:
    """`history`: of the pictures before this one. `light`: of this picture (`light_of`), or of the last that showed something."""
    if history.is_frozen:
        return Reading(Verdict.FROZEN, light)
    if is_black(signature):
        return Reading(_of_black(history, references), history.light or light)
    if not references:
        return Reading(Verdict.NO_REFERENCE, light)
    edges = edges_of(signature.grey)
    best, alike = _best(edges, references, light)
    told = Reading(None, light, round(alike.kept, 3), 0, 0, best.id, alike.there)
    if int(alike.counted.sum()) < LEAST_BLOCKS:
        return _with(told, Verdict.NO_REFERENCE)
    is_clear = light is Light.DAY and not history.is_twilight
    moved = _shift(edges, references, light) if alike.kept < (KEPT_SURELY if is_clear else KEPT_WELL) else None
    if moved is not None:
        is_certain = is_clear or history.has_moved_so(moved.dx, moved.dy)
        return _with(told, Verdict.TURNED if is_certain else None, moved.dx, moved.dy)
    if alike.kept >= KEPT_WELL:
        if history.still_since_s is not None:
            return _with(
                told, None
            )  # the same to the pixel as the one before: too early to be frozen, and no proof that all is well
        verdict = _of_same_view(signature, references, best, light, is_clear=is_clear)
        is_soft_in_twilight = verdict is Verdict.BLURRED and history.is_twilight
        return _with(told, None if is_soft_in_twilight else verdict)  # it will be as soft when the light is steady
    if signature.glare >= GLARE and history.light is not Light.DAY and not _is_glaring(references):
        return told
    return _of_other_view(told, signature, edges, references, alike, history)


def _with(told: Reading, verdict: Verdict | None, dx: int = 0, dy: int = 0) -> Reading:
    return Reading(verdict, told.light, told.score, dx, dy, told.reference, told.there, in_doubt=verdict is None)


def _is_glaring(references: Sequence[Reference]) -> bool:
    return any(one.signature.glare >= GLARE / 2 for one in references)


def _of_black(history: History, references: Sequence[Reference]) -> Verdict | None:
    """Black when it always is at this hour is no fault; black all of a sudden, or at an hour that was never so, is one."""
    if history.is_usually_black:
        return None
    if history.went_black_suddenly or history.is_usually_lit:
        return Verdict.DARK
    return Verdict.NO_REFERENCE if references or history.is_new else None


def _best(edges: Edges, references: Sequence[Reference], light: Light) -> tuple[Reference, Alike]:
    """Those of the same light first; others only where none of them fits."""
    found: tuple[Reference, Alike] | None = None
    for one in sorted(references, key=lambda one: (one.light is not light, not one.is_accepted, -one.at_s)):
        if found is not None and found[1].kept >= 0.6:
            break
        alike = compare(edges, one.edges)
        if found is None or alike.kept > found[1].kept:
            found = one, alike
    assert found is not None
    return found


def _of_same_view(
    signature: Signature, references: Sequence[Reference], best: Reference, light: Light, *, is_clear: bool
) -> Verdict | None:
    """Well, or out of focus. Fineness is compared within one light alone: at night there is other structure."""
    fitting = [one for one in (best, *references) if one.light is light and _same_size(signature, one.signature)]
    if not fitting:
        return Verdict.WELL
    broad = broad_of(signature)
    found = [fineness(signature, one, broad) for one in fitting[:3]]
    if all(one is not None and one.is_gone(is_clear=is_clear) for one in found):
        return Verdict.BLURRED
    return Verdict.WELL


def _same_size(one: Signature, other: Signature) -> bool:
    wide, narrow = max(one.source_width_px, other.source_width_px), min(one.source_width_px, other.source_width_px)
    return wide <= narrow * SAME_SIZES


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


def broad_of(signature: Signature) -> float:
    """Contrast of what is larger than any blur, 10 to 40 pixels of 160. By quartiles: a headlight does not make contrast."""
    plane = signature.grey.astype(np.float32)
    low, high = np.percentile(box(plane, 5) - box(plane, 20), (25, 75))
    return float(high - low)


def _of_other_view(
    told: Reading, signature: Signature, edges: Edges, references: Sequence[Reference], alike: Alike, history: History
) -> Reading:
    """Little of the view is there, and nowhere else in the picture: it is another, or something is before it, or who knows."""
    same = [one for one in references if one.light is told.light]
    is_soft = told.light is Light.DAY and not history.is_twilight and _is_soft(signature, same)
    if alike.kept > KEPT_GONE:
        return _with(told, Verdict.BLURRED if is_soft else None)
    if alike.there <= COVERED_HALF or is_soft:
        told = replace(told, there=0.0) if is_soft else told
        now = history.expect(told.score, signature.structure, told.light)
        lost = _of_lost_view(told.there, now, signature.mean, bool(same))
        return _with(told, Verdict.BLURRED if is_soft and lost is None else lost)
    if not same:
        return _with(told, Verdict.NO_REFERENCE)
    is_clear = not history.is_twilight and signature.structure >= AS_CLEAR * max(one.signature.structure for one in same)
    return _with(told, Verdict.TURNED if is_clear and _is_steady(edges, history) else None)


def _is_steady(edges: Edges, history: History) -> bool:
    """Whether the picture before shows the same: rain, noise and crowds are another picture each time."""
    return history.before is not None and compare(edges, edges_of(history.before)).kept >= STEADY_KEPT


def _is_soft(signature: Signature, references: Sequence[Reference]) -> bool:
    """Next to nothing fine, against pictures of the same light: so is what lies near the lens, or a lens far out of focus."""
    broad = broad_of(signature)
    fitting = [one for one in references[:3] if _same_size(signature, one.signature)]
    if not fitting or any(broad < BROAD_LEFT * one.broad for one in fitting):
        return False
    found = [fineness(signature, one, broad) for one in fitting]
    return all(one is not None and one.most_against_broad < FINE_NOTHING for one in found)


def _of_lost_view(there: float, history: History, mean: float, same_light: bool) -> Verdict | None:
    """Next to no structure: what came all at once is no weather."""
    if mean < DIM:
        return Verdict.DARK if history.lost_suddenly and not history.is_usually_black else None
    by_day = history.light is Light.DAY and same_light and there <= COVERED_THERE
    return Verdict.COVERED if history.lost_suddenly or (by_day and history.lost_for_long) else None


def _shift(edges: Edges, references: Sequence[Reference], light: Light) -> Alike | None:
    """Where the view has gone, when that is certain: most of what is still in the picture lies elsewhere, as a whole."""
    chosen = sorted(references, key=lambda one: (one.light is not light, not one.is_accepted, -one.at_s))[:3]
    for one in chosen:
        for dx, dy in shifts(edges, one.edges):
            if abs(dx) < LEAST_SHIFT_X and abs(dy) < LEAST_SHIFT_Y:
                continue
            there = compare(edges, one.edges, dx, dy)
            if there.alike < MOVED_BLOCKS or there.kept < MOVED_ALIKE:
                continue
            here = compare(edges, one.edges)
            common = there.counted & here.counted
            more = (there.score - here.score)[common]
            if there.kept >= here.kept + MOVED_MORE and (more > 0.25).sum() >= 4 * max((more < -0.25).sum(), 1):
                return there
    return None
