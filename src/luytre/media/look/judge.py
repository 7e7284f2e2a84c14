"""One picture against a camera's references and its own last pictures. Pure; never raises for what a picture shows.

The verdict of one picture: nothing is told of it before another says the same (`steady`). Where it could be the hour, the
weather or something in front, it is `None`: not sure, and what was told before stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.focus import is_out_of_focus, is_soft
from luytre.media.look.history import History
from luytre.media.look.light import is_black
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.signature import Signature
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
STEADY_KEPT = 0.5
"""A view that is altogether another is in the picture before, too."""
AS_CLEAR = 0.6
"""And it has nearly as much structure as the references of its light (0.7 and more): what is near is steady in thick fog too."""
DIM = 35.0
"""Mean grey below which a view that is lost is called dark."""
GLARE = 0.25
"""Part of a picture that is burnt out, of headlights: nothing of the view may be left then."""


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
        return _with(told, _of_same_view(signature, references, best, light, history))
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
    signature: Signature, references: Sequence[Reference], best: Reference, light: Light, history: History
) -> Verdict | None:
    """Well, or out of focus; not sure where it is too early for one of both."""
    if history.still_since_s is not None:
        return None  # the same to the pixel as the picture before may become frozen, and is no proof that all is well
    is_clear = light is Light.DAY and not history.is_twilight
    if not is_out_of_focus(signature, [one for one in (best, *references) if one.light is light], is_clear=is_clear):
        return Verdict.WELL
    return None if history.is_twilight else Verdict.BLURRED  # it will be as soft when the light is steady


def _of_other_view(
    told: Reading, signature: Signature, edges: Edges, references: Sequence[Reference], alike: Alike, history: History
) -> Reading:
    """Little of the view is there, and nowhere else in the picture: it is another, or something is before it, or who knows."""
    same = [one for one in references if one.light is told.light]
    soft = told.light is Light.DAY and not history.is_twilight and is_soft(signature, same)
    if alike.kept > KEPT_GONE:
        return _with(told, Verdict.BLURRED if soft else None)
    if alike.there <= COVERED_HALF or soft:
        told = replace(told, there=0.0) if soft else told
        now = history.expect(told.score, signature.structure, told.light)
        lost = _of_lost_view(told.there, now, signature.mean, bool(same))
        return _with(told, Verdict.BLURRED if soft and lost is None else lost)
    if not same:
        return _with(told, Verdict.NO_REFERENCE)
    is_clear = not history.is_twilight and signature.structure >= AS_CLEAR * max(one.signature.structure for one in same)
    return _with(told, Verdict.TURNED if is_clear and _is_steady(edges, history) else None)


def _is_steady(edges: Edges, history: History) -> bool:
    """Whether the picture before shows the same: rain, noise and crowds are another picture each time."""
    return history.before is not None and compare(edges, edges_of(history.before)).kept >= STEADY_KEPT


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
