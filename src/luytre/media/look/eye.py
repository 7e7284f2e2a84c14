"""One camera as the child knows it: its references and what its last pictures were."""

from __future__ import annotations

from dataclasses import dataclass, field

from luytre.base.verdicts import Verdict
from luytre.media.look.glance import Glance
from luytre.media.look.history import History, Past
from luytre.media.look.judge import COVERED_THERE, DIM, judge
from luytre.media.look.light import is_black, light_of
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.renew import is_wanted, place_of
from luytre.media.look.signature import Signature
from luytre.media.look.switch import Switch


@dataclass(frozen=True, slots=True)
class When:
    """A moment as pictures are judged by it: UTC seconds, and the half-hour (0 to 47) and the day of the commune's clock."""

    at_s: float
    half_hour: int
    day: int


@dataclass(slots=True)
class Eye:
    references: tuple[Reference, ...] = ()
    history: History = field(default_factory=History)
    switch: Switch = field(default_factory=Switch)

    def see(self, signature: Signature, glance: Glance | None, when: When) -> Reading:
        """Judges one picture and remembers it."""
        black = is_black(signature)
        history = self.history.advance(when.at_s, when.half_hour, when.day, signature.grey, glance, black=black)
        light = light_of(signature)
        reading = judge(signature, history, self.references, light)
        self.switch = self.switch.hear(signature, reading, when.at_s)
        if not black and reading.reference:
            history = history.expect(reading.score, signature.structure, light)
        is_empty = black or (bool(reading.reference) and reading.there <= COVERED_THERE)
        as_good = black or (is_empty and signature.mean < DIM)
        self.history = history.note(
            Past(when.at_s, as_good, (reading.dx, reading.dy), signature.mean, signature.structure),
            history.light or light if is_empty else light,
        )
        return reading

    def worth_keeping(self, signature: Signature, reading: Reading, at_s: float) -> tuple[int, int] | None:
        """Where a picture that should become a reference lies against the accepted one; None: it should not."""
        if reading.verdict is Verdict.WELL and is_wanted(reading, self.references, at_s):
            by = next(one for one in self.references if one.id == reading.reference)
            return place_of(signature, by)
        return self.switch.place_of(signature, at_s, self.references)
