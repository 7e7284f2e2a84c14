"""How fast a camera's timestamps run against our clock: some count 25 frames a second and send 20. Pure.

A camera whose clock is a little off (a crystal: at most some hundred ppm) is left alone: what it says is what is recorded, and
`fragment.cut.WallLine` slews. One that is off by more than 3 % does not count time but frames; its steps are stretched to what
our clock saw, so that a minute of the recording is a minute. Order is kept: a positive step stays positive.

What is measured is the least delay (our clock less the line) of each window of five seconds. Frames may come late, never
early: so least delays that fall below all that were before are proof that the line runs fast, and three in a row suffice;
least delays that rise may be a network on which a queue grows, and a minute of nothing else is asked for.
"""

from __future__ import annotations

WINDOW_S = 5.0
WRONG = 0.03
"""Lines off by less are taken as they come."""
RIGHT = 0.01
"""A stretch nearer to 1 than this is 1: the camera counts honestly after all (by day, say)."""
FAST_WINDOWS, SLOW_WINDOWS = 3, 12
REFINE_WINDOWS = (12, 36, 120)
"""When a camera that is stretched is measured again: after one, three, and each ten minutes."""
_REFINE_S = 0.03
_WIDEST = 8.0
_TICKS_PER_S = 90_000


class Pace:
    """`stretch` each step of the line, `note` where the line then stands. `scale` is 1.0 for nearly all cameras."""

    def __init__(self) -> None:
        self.scale = 1.0
        self._carry = 0.0
        self.restart()

    def restart(self) -> None:
        """The line jumped: what was measured before says nothing of what comes."""
        self._from_s: float | None = None
        self._least = self._least_at_s = 0.0
        self._lowest: float | None = None
        self._windows: list[tuple[float, float]] = []

    def stretch(self, step_90k: int) -> int:
        """A step of the camera's line as one of ours; what rounding leaves is kept for the next."""
        if self.scale == 1.0:
            return step_90k
        exact = step_90k * self.scale + self._carry
        step = round(exact) or (1 if step_90k > 0 else -1 if step_90k < 0 else 0)
        self._carry = max(-1.0, min(1.0, exact - step))
        return step

    def note(self, line_90k: int, now_s: float) -> None:
        """The line stood here when our clock said so."""
        delay_s = now_s - line_90k / _TICKS_PER_S
        if self._from_s is None:
            self._from_s, self._least, self._least_at_s = now_s, delay_s, now_s
        elif delay_s < self._least:
            self._least, self._least_at_s = delay_s, now_s
        if now_s - self._from_s >= WINDOW_S:
            self._windows.append((self._least_at_s, self._least))
            self._from_s = None
            self._judge()

    def _judge(self) -> None:
        """A window has ended."""
        slopes = [
            (after - before) / (after_s - before_s)
            for (before_s, before), (after_s, after) in zip(self._windows, self._windows[1:], strict=False)
            if after_s > before_s
        ]
        fast, slow = slopes[-FAST_WINDOWS:], slopes[-SLOW_WINDOWS:]
        if len(fast) == FAST_WINDOWS and max(fast) < -WRONG and _agree(fast) and self._is_below_all(FAST_WINDOWS):
            self._rescale(FAST_WINDOWS)
        elif len(slow) == SLOW_WINDOWS and min(slow) > WRONG and _agree(slow):
            self._rescale(SLOW_WINDOWS)
        elif self.scale != 1.0 and len(self._windows) - 1 in REFINE_WINDOWS:
            self._refine()
        elif self.scale == 1.0 and len(self._windows) > SLOW_WINDOWS + 1:
            _, gone = self._windows.pop(0)
            self._lowest = gone if self._lowest is None else min(self._lowest, gone)

    def _is_below_all(self, windows: int) -> bool:
        earlier = [least for _, least in self._windows[:-windows]]
        lowest = min([*earlier, *([self._lowest] if self._lowest is not None else [])])
        return self._windows[-windows][1] < lowest

    def _slope(self, windows: int) -> float:
        (first_s, first), (last_s, last) = self._windows[-windows - 1], self._windows[-1]
        return (last - first) / (last_s - first_s)

    def _rescale(self, windows: int) -> None:
        rate = 1 - self._slope(windows)  # of the line, as it is now, against our clock
        scale = min(_WIDEST, max(1 / _WIDEST, self.scale / rate))
        self.scale = 1.0 if abs(scale - 1) < RIGHT else scale
        self.restart()

    def _refine(self) -> None:
        windows = len(self._windows) - 1
        if abs(self._windows[-1][1] - self._windows[0][1]) > _REFINE_S:
            self._rescale(windows)
        elif windows == REFINE_WINDOWS[-1]:
            self.restart()


def _agree(slopes: list[float]) -> bool:
    """All nearly the same: it is one clock, not a network that comes and goes."""
    return max(slopes) - min(slopes) < 0.01 + 0.25 * abs(sum(slopes) / len(slopes))
