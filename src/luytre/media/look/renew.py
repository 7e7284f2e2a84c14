"""Which pictures become references by themselves. Pure; which are given up again is `keeping`'s.

Learnt is what was proven to show the accepted view: most of a reference's structure at its very place. How far it lies from the
accepted one is carried along, so that a camera that sinks a little each day does not take its reference with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from luytre.media.look.judge import Reference
from luytre.media.look.reading import Reading
from luytre.media.look.signature import Signature
from luytre.media.look.structure import compare, edges_of, shifts

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
    edges = edges_of(signature.grey)
    dx, dy = shifts(edges, by.edges)[0]
    if max(abs(dx), abs(dy)) > FARTHEST_PX or compare(edges, by.edges, dx, dy).kept < PROVEN:
        return None
    whole = by.dx + dx, by.dy + dy
    return whole if max(map(abs, whole)) <= FARTHEST_PX else None
