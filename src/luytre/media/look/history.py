"""What a camera's last pictures were, as far as the next one is judged by it. Values; the child keeps one a camera, and `memory`
outlives it.

Hours are of the commune's day: half-hours from 0 to 47.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from luytre.base.verdicts import Light
from luytre.media.look.glance import Glance
from luytre.media.look.signature import Grey

FROZEN_S = 40.0
"""So long a picture stood still, in two looks at least."""
SUDDEN_S = 150.0
"""Between two looks: neither dusk nor fog is so fast."""
SUDDEN_BLACK_S = 600.0
AWAY_S = 3600.0
"""So long nobody may have looked, by clear day, for a sudden loss; after longer nothing is known of an earlier one."""
CLEAR_DAY = range(18, 34)
"""Half-hours in which neither dusk nor the fog of the morning comes while nobody looks."""
LONG_S = 4 * 3600.0
"""A view that went slowly, and is still gone after so long, is no fog."""
BRIGHT = 40.0
"""Mean grey of a picture after which a black one is sudden."""
SHOWN, GONE = 0.4, 0.1
"""Part of the reference's blocks that show the same: of a view that is there, and of one that is not."""
SAME_MOVE_PX = 2
SUDDEN_PART = 0.6
"""Of the structure of the picture before: fog takes a little at a time."""
STABLE_LOOKS = 3
"""So many looks in a row must have shown the view, for its loss to be sudden."""
TWILIGHT = (range(9, 14), range(34, 39))
"""Half-hours of dusk and dawn between 8 and 23 degrees north: lamps go on and off, and the first fog is seen."""
_DAYS = 7
USUAL_DAYS = 3


@dataclass(frozen=True, slots=True)
class Past:
    """One picture that was looked at."""

    at_s: float
    is_black: bool
    moved: tuple[int, int] = (0, 0)
    """Where its view seemed to have gone, in pixels of 160x90."""
    level: float = 0.0
    """Its mean grey."""
    structure: float = 0.0
    """Mean size of what is coarse in it (`Signature.coarse`), grey levels."""


@dataclass(frozen=True, slots=True)
class History:
    """As of the picture that comes now (`advance`, then judged, then `note`d)."""

    last: Past | None = None
    light: Light | None = None
    """Of the last picture that showed something."""
    lit_at_s: float | None = None
    """When a picture last showed something by day's or lamps' light."""
    shown: int = 0
    """Looks in a row that showed the view."""
    lost_at_s: float | None = None
    """Since when next to nothing of the view is there."""
    lost_suddenly: bool = False
    went_black_suddenly: bool = False
    still_since_s: float | None = None
    is_frozen: bool = False
    now_s: float = 0.0
    half_hour: int = 0
    day: int = 0
    black_days: tuple[frozenset[int], ...] = field(default=(frozenset(),) * 48)
    """Days on which this half-hour was black, and those on which it was not."""
    lit_days: tuple[frozenset[int], ...] = field(default=(frozenset(),) * 48)
    glance: Glance | None = field(default=None, compare=False)
    grey: Grey | None = field(default=None, compare=False)
    before: Grey | None = field(default=None, compare=False)
    """The picture before the one that is judged."""

    @property
    def is_new(self) -> bool:
        return self.last is None

    @property
    def is_twilight(self) -> bool:
        return any(self.half_hour in hours for hours in TWILIGHT)

    def has_moved_so(self, dx: int, dy: int) -> bool:
        """The picture before went the same way: what noise or rain seems to do is another each time."""
        if self.last is None or self.last.moved == (0, 0):
            return False
        return abs(self.last.moved[0] - dx) <= SAME_MOVE_PX and abs(self.last.moved[1] - dy) <= SAME_MOVE_PX

    @property
    def lost_for_long(self) -> bool:
        return self.lost_at_s is not None and self.now_s - self.lost_at_s >= LONG_S

    @property
    def is_usually_black(self) -> bool:
        """On some of the last days it was black at this hour, or half an hour before or after."""
        return len(self._days(self.black_days) - {self.day}) >= USUAL_DAYS

    @property
    def is_usually_lit(self) -> bool:
        """On an earlier day it was not black at this hour, and on none it was."""
        return bool(self._days(self.lit_days) - {self.day}) and not self._days(self.black_days) - {self.day}

    def _days(self, kept: tuple[frozenset[int], ...]) -> frozenset[int]:
        near = [kept[(self.half_hour + step) % 48] for step in (-1, 0, 1)]
        return frozenset().union(*near)

    def advance(self, at_s: float, half_hour: int, day: int, grey: Grey, glance: Glance | None, *, black: bool) -> History:
        """Comes to the picture that is judged next."""
        half_hour %= 48
        was = self._away(at_s, half_hour)
        same = self.glance is not None and glance is not None and self.last is not None and glance.is_same(self.glance)
        since = (self.still_since_s if self.still_since_s is not None else self._last_s) if same else None
        frozen = since is not None and at_s - since >= FROZEN_S
        sudden = black and (was.went_black_suddenly or was.goes_black_suddenly)
        return replace(
            was, day=day, still_since_s=since, is_frozen=frozen, glance=glance, went_black_suddenly=sudden, grey=grey,
            before=self.grey,
        )  # fmt: skip

    def _away(self, at_s: float, half_hour: int) -> History:
        """At the time that it is now: of what was lost nothing is known any more where nobody looked for so long."""
        now = replace(self, now_s=at_s, half_hour=half_hour)
        if self.last is None or at_s - self.last.at_s <= AWAY_S:
            return now
        return replace(now, lost_at_s=None, lost_suddenly=False, went_black_suddenly=False)

    @property
    def _last_s(self) -> float | None:
        return self.last.at_s if self.last is not None else None

    @property
    def goes_black_suddenly(self) -> bool:
        """When the picture of now is black."""
        if self.lit_at_s is None or self.last is None or self.last.level < BRIGHT:
            return False
        return self._is_soon_after(self.lit_at_s, SUDDEN_BLACK_S)

    def _is_soon_after(self, at_s: float, within_s: float) -> bool:
        by_day = self.light is Light.DAY and self.half_hour in CLEAR_DAY
        return self.now_s - at_s <= (max(within_s, AWAY_S) if by_day else within_s)

    def expect(self, score: float, structure: float, light: Light) -> History:
        """With how much of the view the judged picture shows, and how much structure: whether it went all at once.

        What went in another light is counted anew: in the night it may have been too dark to see.
        """
        if score > GONE:
            return replace(self, lost_at_s=None, lost_suddenly=False, shown=self.shown + 1 if score >= SHOWN else 0)
        if self.lost_at_s is not None and (self.lost_suddenly or light is self.light):
            return self
        last = self.last
        is_clear = self.light is Light.DAY or not self.is_twilight
        sudden = self.shown >= STABLE_LOOKS and last is not None and self._is_soon_after(last.at_s, SUDDEN_S) and is_clear
        sudden = sudden and last is not None and structure <= last.structure * SUDDEN_PART
        return replace(self, lost_at_s=self.now_s, lost_suddenly=sudden, shown=0)

    def note(self, past: Past, light: Light) -> History:
        """After the picture was judged."""
        days = self.black_days if past.is_black else self.lit_days
        noted = days[self.half_hour] | {self.day}
        newest = frozenset(sorted(noted)[-_DAYS:])
        days = (*days[: self.half_hour], newest, *days[self.half_hour + 1 :])
        kept = replace(self, black_days=days) if past.is_black else replace(self, lit_days=days)
        if past.is_black:
            return replace(kept, last=past)
        return replace(kept, last=past, light=light, lit_at_s=past.at_s)
