"""From what single pictures say to what is told: so many in a row, both ways. Pure; the recorder keeps one a camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

from luytre.base.verdicts import FAULTS, Verdict

PICTURES_FOR_A_FAULT = 2


@dataclass(frozen=True, slots=True)
class Steady:
    """What is told of a camera, and what speaks against it."""

    verdict: Verdict | None = None
    """None: nothing is known yet."""
    since_s: float = 0.0
    against: int = 0
    """Pictures in a row that say another thing (any fault, where none is told; well, where one is)."""
    against_since_s: float = 0.0

    @property
    def is_fault(self) -> bool:
        return self.verdict in FAULTS

    @property
    def wants_another(self) -> bool:
        """A picture speaks against what is told: look again soon."""
        return self.against > 0

    def hear(self, said: Verdict | None, at_s: float) -> Steady:
        """After one more picture. What is not sure changes nothing, and breaks a row."""
        if said is None:
            return replace(self, against=0)
        if said in FAULTS:
            return self._hear_fault(said, at_s)
        if self.is_fault:
            return replace(self, against=0) if said is not Verdict.WELL else self._count(said, at_s)
        if said is self.verdict:
            return replace(self, against=0)
        return Steady(said, at_s)

    def _hear_fault(self, said: Verdict, at_s: float) -> Steady:
        """From one fault to another without a picture between that is well: told at once, as it is one story."""
        if self.is_fault:
            return replace(self, verdict=said, against=0)
        return self._count(said, at_s)

    def _count(self, said: Verdict, at_s: float) -> Steady:
        against, since_s = self.against + 1, self.against_since_s if self.against else at_s
        if against >= PICTURES_FOR_A_FAULT:
            return Steady(said, since_s)
        return replace(self, against=against, against_since_s=since_s)
