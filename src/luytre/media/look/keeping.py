"""How many references are kept, and which are given up. Pure, and no numpy: the recorder keeps the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from luytre.base.verdicts import Light

LEARNT_OF_A_LIGHT = 4


class Kept(Protocol):
    """A reference, or what is known of one."""

    @property
    def id(self) -> str: ...

    @property
    def light(self) -> Light: ...

    @property
    def is_accepted(self) -> bool: ...

    @property
    def at_s(self) -> float: ...


def surplus(references: Sequence[Kept]) -> list[str]:
    """Those to give up, the oldest learnt of each light first. Accepted ones are never among them."""
    gone = []
    for light in {one.light for one in references}:
        learnt = sorted((one for one in references if one.light is light and not one.is_accepted), key=lambda one: -one.at_s)
        gone += [one.id for one in learnt[LEARNT_OF_A_LIGHT:]]
    return gone
