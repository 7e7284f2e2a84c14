"""Which pictures become references by themselves. Pure; which are given up again is `keeping`'s, and what a
light that comes all at once is proven by is `switch`'s.

Learnt is what was proven to show the accepted view: most of a reference's structure at its very place. How far it lies from the
accepted one is carried along, so that a camera that sinks a little each day does not take its reference with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.signature import Signature
from luytre.media.look.structure import Edges, compare, edges_of, shifts

PROVEN = 0.6
LIKE_ANOTHER = 0.85
"""Nothing new is learnt of a picture that one of the same light has so much in common with."""
APART_S = 1800.0
OLD_S = 5 * 86_400.0
"""After so long the same light is learnt anew: seasons."""
DAY_S = 86_400.0
FARTHEST_PX = 2
"""Of 160: from the accepted view, all renewals together."""


def is_wanted(reading: Reading, references: Sequence[Reference], at_s: float) -> bool:
    """Whether this picture, judged well, would be worth keeping. Cheap: asked of every picture."""
    by = next((one for one in references if one.id == reading.reference), None)
    if by is None or reading.score < PROVEN:
        return False
    if by.light is not reading.light and not _is_of_today(by, references, at_s):
        return False  # the light of another day proves too little
    newest_s = max((one.at_s for one in references if one.light is reading.light), default=None)
    if newest_s is not None and at_s - newest_s < APART_S:
        return False
    if by.light is not reading.light:
        return True
    is_old = newest_s is not None and at_s - newest_s >= OLD_S
    return is_old or reading.score < LIKE_ANOTHER


def _is_of_today(by: Reference, references: Sequence[Reference], at_s: float) -> bool:
    return at_s - by.at_s < DAY_S or at_s - max(one.at_s for one in references) < DAY_S


def place_of(signature: Signature, by: Reference) -> tuple[int, int] | None:
    """How far the picture lies from the accepted view, through the reference it was proven by; None: too far, or not certain."""
    return within((by.dx, by.dy), apart(edges_of(signature.grey), by.edges, PROVEN))


def apart(picture: Edges, other: Edges, least: float) -> tuple[int, int] | None:
    """How far two pictures of one view lie apart. None: too far, or less than `least` of the other's blocks is alike there."""
    dx, dy = shifts(picture, other)[0]
    if max(abs(dx), abs(dy)) > FARTHEST_PX or compare(picture, other, dx, dy).kept < least:
        return None
    return dx, dy


def within(*steps: tuple[int, int] | None) -> tuple[int, int] | None:
    """All steps from the accepted view together. None: one is not certain, or they lead too far."""
    known = [step for step in steps if step is not None]
    whole = sum(dx for dx, _ in known), sum(dy for _, dy in known)
    return whole if len(known) == len(steps) and max(map(abs, whole)) <= FARTHEST_PX else None
