"""The first pictures of a light that came all at once, proven by the last one before it. Values; the child keeps one a camera.

Infrared changes everything between two looks: half of the structure is other structure, so that no reference of day or dusk
proves a picture of it. But no camera turns in that very minute either: what is alike in a picture just before and in two just
after lies at its very place, and that the highest correlation of all places does so by chance is one in some hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from luytre.base.verdicts import FAULTS, Light, Verdict
from luytre.media.look.history import SUDDEN_S
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.renew import APART_S, PROVEN, apart, within
from luytre.media.look.signature import Signature
from luytre.media.look.structure import edges_of

ACROSS = 0.25
"""Part of the structure that must be alike in both lights; by chance it is a tenth (`KEPT_GONE`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sure:
    """A picture, when it was and in which light; `by`: the reference that proved that it shows the view, or none yet."""

    signature: Signature
    light: Light
    at_s: float
    by: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Switch:
    before: Sure | None = None
    """The last picture that a reference proved."""
    first: Sure | None = None
    """The first one after it that is of another light, and proven by none."""

    def hear(self, signature: Signature, reading: Reading, at_s: float) -> Switch:
        """After one more picture was judged."""
        if reading.verdict is Verdict.WELL and reading.score >= PROVEN:
            return Switch(Sure(signature, reading.light, at_s, reading.reference))
        before, first = self.before, self.first
        is_other = before is not None and reading.reference and reading.light is not before.light
        if before is None or not is_other or reading.verdict in FAULTS:
            return replace(self, first=None)
        if first is not None and first.light is reading.light:
            return self
        return replace(self, first=Sure(signature, reading.light, at_s) if at_s - before.at_s <= SUDDEN_S else None)

    def place_of(self, signature: Signature, at_s: float, references: Sequence[Reference]) -> tuple[int, int] | None:
        """Where the picture that was heard last lies against the accepted view, when all of this proves it. None: it does not."""
        before, first = self.before, self.first
        if before is None or first is None or not 0 < at_s - first.at_s <= SUDDEN_S:
            return None
        by = next((one for one in references if one.id == before.by), None)
        if by is None or any(at_s - one.at_s < APART_S for one in references if one.light is first.light):
            return None
        now, then, earlier = (edges_of(one.grey) for one in (signature, first.signature, before.signature))
        if apart(then, earlier, ACROSS) is None or apart(now, then, PROVEN) is None:
            return None
        return within((by.dx, by.dy), apart(earlier, by.edges, PROVEN), apart(now, earlier, ACROSS))
