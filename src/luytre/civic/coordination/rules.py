"""The coordination regulation as values. No database: whoever holds a matrix can ask it."""

from __future__ import annotations

from dataclasses import dataclass

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.regulations.rules import Actor, Heading
from luytre.civic.tips.kinds import Kind

ANSWERERS = (Actor.SECURITY_TEAM, Actor.HAMLET_HEAD, Actor.DUTY, Actor.HEAD)
"""Who may be named: those whom the program can reach and who may go there."""
LOCAL = frozenset({Actor.SECURITY_TEAM, Actor.HAMLET_HEAD})
"""Those of the incident's own hamlet; where the hamlet is not known, the police on duty stand in."""
LONGEST_MIN = 7 * 24 * 60


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


_NO_HEADING = Heading()


@dataclass(frozen=True, slots=True)
class Matrix:
    """One line of each kind, in the order of `Kind`. Equal matrices have equal text (`text.write`)."""

    lines: tuple[Line, ...]
    signals: tuple[Signal, ...]
    duties: tuple[str, ...]
    """Who does what beyond the clocks, as it is printed."""
    heading: Heading = _NO_HEADING

    def line_of(self, kind: str) -> Line:
        return next(line for line in self.lines if line.kind == kind)


def check(matrix: Matrix) -> None:
    """What no matrix may say. Errors: UsageError whose subject is the line's kind."""
    if [line.kind for line in matrix.lines] != list(Kind.values):
        raise UsageError(N_("each kind of incident has one line"))
    for line in matrix.lines:
        for minutes in (line.accept_min, line.arrive_min):
            if not 1 <= minutes <= LONGEST_MIN:
                raise _wrong(line, N_("a clock runs from one minute to seven days"))
        if line.first not in ANSWERERS or line.backup not in ANSWERERS:
            raise _wrong(line, N_("only hamlet teams, hamlet heads and the commune police answer incidents"))
        if line.first is line.backup:
            raise _wrong(line, N_("who backs up is somebody else than who answers first"))


def _wrong(line: Line, cause: str) -> UsageError:
    return UsageError(cause, operation=N_("reading the coordination regulation"), subject=line.kind)
