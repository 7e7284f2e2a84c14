"""A quarter in figures, for pages, papers and other rooms' reports: as it stands, or as it was frozen at a closing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from luytre.civic.access.units import histories
from luytre.civic.pacts.measuring import Counted, Span, measure
from luytre.civic.pacts.models import Measure, Pact, PactStep, Quarter, Score, Sheet, StepCode
from luytre.civic.registry.order import name_key


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion of a unit. Points in tenths. `count` of `whole`: what was measured, None: nothing could be.
    `final` None: it does not count (not measurable), or the board has not scored it yet (`waits`)."""

    criterion: int
    number: int
    words: str
    weight: int
    measure: str
    count: int | None
    whole: int | None
    proposed: int | None
    own: int | None
    own_note: str
    board: int | None
    board_reason: str
    final: int | None
    waits: bool


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """`total`: tenths of a point of 100, None: nothing counts. `rank` shared by equals; None where there is no total."""

    unit: int
    place: str
    name: str
    audience: str
    pact: str
    lines: tuple[Line, ...]
    total: int | None
    rank: int | None = None

    @property
    def waits(self) -> bool:
        """The board has not scored all that is its own."""
        return any(line.waits for line in self.lines)

    @property
    def spread(self) -> int:
        """Weight that could not be measured, and was spread over the rest."""
        return sum(line.weight for line in self.lines if line.final is None and not line.waits)


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """`version` 0: as it stands now; else of that closing, with its moment and who closed it."""

    year: int
    number: int
    version: int
    at: datetime
    by: str
    units: tuple[UnitFigures, ...]


def of(year: int, number: int, now: datetime) -> QuarterFigures | None:
    """The newest closing of a quarter that is closed; else as it stands. None for a quarter that was never opened."""
    quarter = Quarter.objects.filter(year=year, number=number).first()
    if quarter is None:
        return None
    return closings(quarter)[-1] if quarter.is_closed else live(quarter, now)


def closings(quarter: Quarter) -> list[QuarterFigures]:
    """All of them, the oldest first: read from the chained steps alone."""
    steps = PactStep.objects.filter(thing=quarter.thing, code=StepCode.CLOSED).select_related("by")
    return [_frozen(quarter, version, step) for version, step in enumerate(steps, 1)]


def frozen_text(found: QuarterFigures) -> str:
    return json.dumps([asdict(unit) for unit in found.units], ensure_ascii=False, sort_keys=True)


def _frozen(quarter: Quarter, version: int, step: PactStep) -> QuarterFigures:
    units = tuple(
        UnitFigures(**{**told, "lines": tuple(Line(**line) for line in told["lines"])}) for told in json.loads(step.text)
    )
    return QuarterFigures(quarter.year, quarter.number, version, step.at, str(step.by), units)


def pacts_of(quarter: Quarter) -> list[Pact]:
    """Those signed by both that are of this quarter."""
    found = Pact.objects.filter(
        year=quarter.year, first_quarter__lte=quarter.number, last_quarter__gte=quarter.number, withdrawn=None,
        unit_signed__isnull=False, board_signed__isnull=False,
    )  # fmt: skip
    return list(found.select_related("unit", "criteria").prefetch_related("criteria__lines"))


def live(quarter: Quarter, now: datetime, only: Iterable[str] | None = None) -> QuarterFigures:
    """`only`: keys of pacts. Measured anew: about eight queries a unit."""
    wanted = None if only is None else set(only)
    pacts = [one for one in pacts_of(quarter) if wanted is None or one.key in wanted]
    span, names = Span(quarter.year, quarter.number, now), histories()
    sheets = {one.pact_id: one for one in Sheet.objects.filter(quarter=quarter).prefetch_related("scores")}
    units = [_unit(one, sheets.get(one.pk), span, names[one.unit_id].name_on(span.last_day)) for one in pacts]
    return QuarterFigures(quarter.year, quarter.number, 0, now, "", ranked(units))


def _unit(pact: Pact, sheet: Sheet | None, span: Span, name: str) -> UnitFigures:
    scores = {one.criterion_id: one for one in sheet.scores.all()} if sheet else {}
    lines = []
    for one in pact.criteria.lines.all():
        counted = measure(pact.unit, one.measure, span)
        score = scores.get(one.pk) or Score(criterion=one)
        lines.append(line_of(
            Line(one.pk, one.number, one.words, one.weight, one.measure, None, None, None, score.self_tenths, score.self_note,
                 score.board_tenths, score.board_reason, None, False),
            counted,
        ))  # fmt: skip
    return UnitFigures(
        pact.unit_id, pact.unit.place or "", name, pact.criteria.audience, pact.key, tuple(lines), total_of(lines)
    )  # fmt: skip


def line_of(line: Line, counted: Counted | None) -> Line:
    """With what was measured, the points that follow from it, and what counts in the end."""
    if line.measure == Measure.BOARD:
        return replace(line, final=line.board, waits=line.board is None)
    if counted is None:
        return replace(line, final=None)
    proposed = _rounded(line.weight * 10 * counted.count, counted.whole)
    final = proposed if line.board is None else line.board
    return replace(line, count=counted.count, whole=counted.whole, proposed=proposed, final=final)


def total_of(lines: Sequence[Line]) -> int | None:
    """Tenths of a point of 100: what was reached of the weights that count."""
    counts = [(line.final, line.weight) for line in lines if line.final is not None]
    weights = sum(weight for _final, weight in counts)
    return _rounded(sum(final for final, _weight in counts) * 100, weights) if weights else None


def _rounded(part: int, whole: int) -> int:
    """Halves go up. `part` and `whole` are whole numbers, so nothing is lost on the way."""
    return (2 * part + whole) // (2 * whole)


def ranked(units: Iterable[UnitFigures]) -> tuple[UnitFigures, ...]:
    """Each audience for itself: the best first, equals share a rank (1, 1, 3), those without a total last by name."""
    found = list(units)
    made = []
    for audience in dict.fromkeys(one.audience for one in sorted(found, key=lambda one: one.audience)):
        among = [one for one in found if one.audience == audience]
        for one in sorted(among, key=lambda one: (-(one.total if one.total is not None else -1), name_key(one.name))):
            better = sum(other.total is not None and one.total is not None and other.total > one.total for other in among)
            made.append(replace(one, rank=None if one.total is None else better + 1))
    return tuple(made)
