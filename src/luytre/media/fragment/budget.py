"""How many runs a stream may begin: each is a file, a row and a hole, and a broken camera could ask for one at every picture."""

from __future__ import annotations

MOST_AT_ONCE = 60
PER_MINUTE = 30
"""A camera that loses a packet in each GOP of two seconds is still recorded whole; one that is worse loses whole GOPs."""


class RunBudget:
    """`take` before each run. `MOST_AT_ONCE` may follow each other at once, then `PER_MINUTE`.

    `is_short`: from the first refusal until half of what may come at once has been saved up again, so that a camera's state
    does not flutter.
    """

    def __init__(self) -> None:
        self._left = float(MOST_AT_ONCE)
        self._at_s: float | None = None
        self._is_short = False

    def take(self, now_s: float) -> bool:
        """Whether a run may begin now."""
        self._save_up(now_s)
        if self._left < 1:
            self._is_short = True
            return False
        self._left -= 1
        return True

    def is_short(self, now_s: float) -> bool:
        self._save_up(now_s)
        return self._is_short

    def _save_up(self, now_s: float) -> None:
        passed_s = now_s - self._at_s if self._at_s is not None else 0.0
        self._at_s = now_s
        self._left = min(MOST_AT_ONCE, self._left + max(0.0, passed_s) * PER_MINUTE / 60)
        self._is_short = self._is_short and self._left < MOST_AT_ONCE / 2
