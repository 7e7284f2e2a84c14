"""How well a picture's packets come: which are missing by their numbers, and how unevenly they arrive. Pure.

Sources: RFC 3550 §6.4.1 (packets lost, interarrival jitter), appendix A.1 (numbers that wrap, late ones, a sender that began
anew), A.8. Over TCP the way itself loses nothing: what is missing was lost by the camera or by a device before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MAX_DROPOUT = 3000
"""A larger step forward is a sender that began anew, no loss."""
MAX_MISORDER = 100
"""A packet that comes after so many later ones is lost; until then it is late."""
LONGEST_90K = 10 * 90_000
"""A step of the transit beyond this is a clock that was set: a silence of ten seconds ends the connection."""
_GAIN = 16
_WINDOW = (1 << MAX_MISORDER) - 1


@dataclass(frozen=True, slots=True)
class Reception:
    """`packets`: came, each counted once. `jitter_90k`: None: not known."""

    packets: int = 0
    lost: int = 0
    jitter_90k: float | None = None

    def __add__(self, later: Reception) -> Reception:
        return Reception(self.packets + later.packets, self.lost + later.lost, later.jitter_90k)

    def over(self) -> Reception:
        """The connection has ended: its counts stay."""
        return replace(self, jitter_90k=None)


class Losses:
    """Counts by sequence numbers. Told of runs without a hole, so that nothing is done for each packet. Counts only rise."""

    __slots__ = ("_missing", "_next", "lost", "packets")

    def __init__(self) -> None:
        self.packets = self.lost = 0
        self._next = -1
        """The number that follows what was counted; -1: nothing was."""
        self._missing = 0
        """Bit n: the number n + 1 before `_next` has not come."""

    def begin(self, seq: int) -> None:
        """`seq` is the first of all, or of a sender that began anew."""
        self.ended()
        self._next = seq

    def up_to(self, following: int) -> None:
        """All numbers from where it stood have come, `following` excluded."""
        came = (following - self._next) & 0xFFFF
        self.packets += came
        self._next = following
        if self._missing:
            self._pass(came)

    def jumped(self, following: int, seq: int) -> None:
        """All up to `following` came; now comes `seq`."""
        self.up_to(following)
        ahead = (seq - following) & 0xFFFF
        if ahead > MAX_DROPOUT:
            self.begin(seq)
            return
        self._next = seq
        self._pass(ahead)
        self._missing |= (1 << min(ahead, MAX_MISORDER)) - 1
        self.lost += max(0, ahead - MAX_MISORDER)

    def late(self, following: int, seq: int) -> None:
        """`seq` is older than `following`: it was missing until now, or it was sent twice."""
        self.up_to(following)
        bit = 1 << min((following - 1 - seq) & 0xFFFF, MAX_MISORDER)
        if self._missing & bit:
            self._missing ^= bit
            self.packets += 1

    def ended(self) -> None:
        """Nothing late comes any more."""
        self.lost += self._missing.bit_count()
        self._missing = 0

    def _pass(self, numbers: int) -> None:
        """What falls out of the window is lost."""
        if numbers >= MAX_MISORDER:
            self.ended()
            return
        moved = self._missing << numbers
        self.lost += (moved >> MAX_MISORDER).bit_count()
        self._missing = moved & _WINDOW


class Jitter:
    """RFC 3550's estimate, of one packet a read: when the kernel had it, against its timestamp on the stream's line."""

    __slots__ = ("_era", "_transit_90k", "value_90k")

    def __init__(self) -> None:
        self.value_90k: float | None = None
        self._transit_90k = 0.0
        self._era: object = None

    def note(self, line_90k: int, arrived_s: float, era: object) -> None:
        """`era`: what the line is measured by; a line of another era is not compared."""
        transit = arrived_s * 90_000 - line_90k
        change = abs(transit - self._transit_90k)
        self._transit_90k = transit
        if era != self._era or change > LONGEST_90K:
            self._era = era
            return
        before = self.value_90k or 0.0
        self.value_90k = before + (change - before) / _GAIN
