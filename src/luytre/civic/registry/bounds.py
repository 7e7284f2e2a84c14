"""How far a position lies outside of the commune: a slip of a figure puts an eye into the next province.

The boundaries are `ground`'s, which stands above this room: it tells at start-up how to ask (`told_by`). Until then, and while
no boundary was drawn, every position in Viet Nam is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.registry.sites import Position

MARGIN_M = 5000.0
"""So far outside of all boundaries together a position may lie: the next commune's junction matters too."""


class Land(Protocol):
    """The commune's land at one moment."""

    def metres_outside(self, position: Position) -> float:
        """Metres on the ground to the nearest boundary; 0 inside, and where nobody drew one."""


class _Anywhere:
    def metres_outside(self, position: Position) -> float:
        return 0.0


_teller: list[Callable[[], Land]] = []


def told_by(teller: Callable[[], Land]) -> None:
    """From now on `land` asks this one."""
    _teller[:] = [teller]


def land() -> Land:
    """As it is now. Who checks thousands of positions asks once."""
    return _teller[0]() if _teller else _Anywhere()


def too_far(position: Position, here: Land) -> ValidationError | None:
    """What is wrong with a position, if anything. Its words take `km`, as a whole number."""
    metres = here.metres_outside(position)
    if metres <= MARGIN_M:
        return None
    return far_words(metres)


def far_words(metres: float) -> ValidationError:
    words = N_("this lies %(km)s km from the commune: check the coordinates")
    return ValidationError(words, params={"km": max(6, round(metres / 1000))})
