"""The coordination regulation as values. No database: whoever holds a matrix can ask it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.regulations.rules import Actor, Heading
from luytre.civic.tips.kinds import Kind

ANSWERERS = (Actor.SECURITY_TEAM, Actor.HAMLET_HEAD, Actor.DUTY, Actor.HEAD)
"""Who may be named: those whom the program can reach and who may go there."""
LOCAL = frozenset({Actor.SECURITY_TEAM, Actor.HAMLET_HEAD})
"""Those of the incident's own hamlet; where the hamlet is not known, the police on duty stand in."""
DAY_MIN = 24 * 60
LONGEST_MIN = 7 * DAY_MIN


@dataclass(frozen=True, slots=True)
class Line:
    """What happens with one kind of incident. Minutes: to say "I go" from when it was given, and to be there from then."""

    kind: str
    first: Actor
    accept_min: int
    arrive_min: int
    backup: Actor
    """Who is called when a clock runs out; when the next one does, the head is told."""
    hold: bool
    """Footage of the nearest cameras is put on hold when it is opened."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An alarm agreed upon, for when telephones are silent: three rounds of the gong, a siren from the loudspeaker."""

    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Night:
    """Hours in which some kinds have another line. Minutes since midnight by the commune's clocks; they may run over midnight.

    `lines`: at least one, at most one a kind, in the order of `Kind`. The moment an incident is opened tells which line holds.
    """

    start_min: int
    end_min: int
    lines: tuple[Line, ...]

    def holds(self, wall: time) -> bool:
        """Whether the clock on the wall stands within; the end itself is day again."""
        now = wall.hour * 60 + wall.minute
        if self.start_min < self.end_min:
            return self.start_min <= now < self.end_min
        return now >= self.start_min or now < self.end_min


_NO_HEADING = Heading()


@dataclass(frozen=True, slots=True)
class Matrix:
    """One line of each kind, in the order of `Kind`. Equal matrices have equal text (`text.write`)."""

    lines: tuple[Line, ...]
    signals: tuple[Signal, ...]
    duties: tuple[str, ...]
    """Who does what beyond the clocks, as it is printed."""
    heading: Heading = _NO_HEADING
    night: Night | None = None

    def line_of(self, kind: str, wall: time) -> Line:
        """The line of a kind at this time of the commune's clocks."""
        if self.night is not None and self.night.holds(wall):
            for line in self.night.lines:
                if line.kind == kind:
                    return line
        return next(line for line in self.lines if line.kind == kind)


def check(matrix: Matrix) -> None:
    """What no matrix may say. Errors: UsageError whose subject is the line's kind."""
    if [line.kind for line in matrix.lines] != list(Kind.values):
        raise UsageError(N_("each kind of incident has one line"))
    if matrix.night is not None:
        _check_night(matrix.night)
    for line in (*matrix.lines, *(matrix.night.lines if matrix.night else ())):
        for minutes in (line.accept_min, line.arrive_min):
            if not 1 <= minutes <= LONGEST_MIN:
                raise _wrong(line, N_("a clock runs from one minute to seven days"))
        if line.first not in ANSWERERS or line.backup not in ANSWERERS:
            raise _wrong(line, N_("only hamlet teams, hamlet heads and the commune police answer incidents"))
        if line.first is line.backup:
            raise _wrong(line, N_("who backs up is somebody else than who answers first"))


def _check_night(night: Night) -> None:
    kinds = [line.kind for line in night.lines]
    if not kinds or kinds != [kind for kind in Kind.values if kind in set(kinds)]:
        raise UsageError(N_("the night has one line of each kind that differs, and at least one"), subject="night")
    if not (0 <= night.start_min < DAY_MIN and 0 <= night.end_min < DAY_MIN) or night.start_min == night.end_min:
        raise UsageError(N_("the night begins and ends at two times of the day"), subject="night")


def _wrong(line: Line, cause: str) -> UsageError:
    return UsageError(cause, operation=N_("reading the coordination regulation"), subject=line.kind)
