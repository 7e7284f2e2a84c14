"""Quarters: opened, scored by the unit and by the board, closed and frozen, opened again by the head alone. And breaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.committee.steps import check_line
from luytre.civic.pacts import steps
from luytre.civic.pacts.figures import Line, QuarterFigures, frozen_text, live, pacts_of
from luytre.civic.pacts.measuring import Span
from luytre.civic.pacts.models import MOST_NOTE, Measure, Pact, PactStep, Quarter, Score, Sheet, StepCode
from luytre.civic.pacts.scope import is_head, may_write, speaks_for
from luytre.civic.registry.refusals import Refusals

STALE = N_("Somebody else wrote scores since you opened this page. What you typed is still here: compare, and press again.")
CLOSED = N_("This quarter is closed. The head may open it again, with a reason.")
ONLY_HEAD = N_("Only the head of the police does this.")


@dataclass(frozen=True, slots=True)
class Points:
    """What somebody gave for a criterion: tenths of a point, None for nothing; a note, or the reason."""

    tenths: int | None
    note: str = ""


@transaction.atomic
def open_quarter(by: User, year: int, number: int, at: datetime) -> Quarter:
    """Pressed twice, it is one. Errors: ValidationError."""
    may_write(by, at)
    if not 1 <= number <= 4 or Span(year, number, at).first_day > localdate(at):
        raise ValidationError(N_("This quarter has not begun yet."))
    if year < localdate(at).year - 1:
        raise ValidationError(N_("Quarters of last year and of this one are scored."))
    steps.one_after_the_other()
    found, made = Quarter.objects.get_or_create(year=year, number=number, defaults={"opened": at})
    if made:
        steps.write(by, StepCode.OPENED, found.thing, at)
    return found


def sheet_of(quarter: Quarter, pact: Pact) -> Sheet:
    """Its revision, before anybody scored: 1."""
    return Sheet.objects.filter(quarter=quarter, pact=pact).first() or Sheet(quarter=quarter, pact=pact)


@transaction.atomic
def score_self(by: User, quarter: Quarter, pact: Pact, points: Mapping[int, Points], revision: int, at: datetime) -> None:
    """`points`: by criterion. Errors: ValidationError, by criterion's key (`own-7`) or whole."""
    if not speaks_for(by, pact.unit, at):
        raise ValidationError(N_("A hamlet's head scores the own hamlet; the committee scores unions for themselves."))
    sheet, lines = _open_sheet(quarter, pact, revision, at)
    faults = Refusals()
    for line in lines:
        _check_points(faults, f"own-{line.criterion}", line, points.get(line.criterion, Points(None)))
    faults.raise_any()
    for line in lines:
        given = points.get(line.criterion, Points(None))
        Score.objects.update_or_create(
            sheet=sheet, criterion_id=line.criterion,
            defaults={"self_tenths": given.tenths, "self_note": one_line(given.note)},
        )  # fmt: skip
    sheet.self_scored, sheet.revision = at, sheet.revision + 1
    sheet.save()
    steps.write(by, StepCode.SELF, pact.key, at, note=quarter.thing)


@transaction.atomic
def score_board(by: User, quarter: Quarter, pact: Pact, points: Mapping[int, Points], revision: int, at: datetime) -> None:
    """Where it differs from what was measured, or from the unit's own where nothing is, it says why.

    Errors: ValidationError, by criterion's key (`board-7`) or whole."""
    may_write(by, at)
    sheet, lines = _open_sheet(quarter, pact, revision, at)
    faults = Refusals()
    for line in lines:
        given = points.get(line.criterion, Points(None))
        _check_points(faults, f"board-{line.criterion}", line, given)
        if given.tenths is not None and line.measure != Measure.BOARD and line.proposed is None:
            faults.tell(f"board-{line.criterion}", N_("Nothing could be measured in this quarter: it is not scored."))
        basis = line.own if line.measure == Measure.BOARD else line.proposed
        if given.tenths is not None and basis is not None and given.tenths != basis and not one_line(given.note):
            faults.tell(f"board-{line.criterion}", N_("It differs: say why."))
    faults.raise_any()
    for line in lines:
        given = points.get(line.criterion, Points(None))
        kept = None if given.tenths == line.proposed and line.measure != Measure.BOARD else given.tenths
        Score.objects.update_or_create(
            sheet=sheet, criterion_id=line.criterion,
            defaults={"board_tenths": kept, "board_reason": one_line(given.note)},
        )  # fmt: skip
    sheet.board_scored, sheet.revision = at, sheet.revision + 1
    sheet.save()
    steps.write(by, StepCode.SCORED, pact.key, at, note=quarter.thing)


def _open_sheet(quarter: Quarter, pact: Pact, revision: int, at: datetime) -> tuple[Sheet, tuple[Line, ...]]:
    """As it stands now; whoever comes after waits."""
    steps.one_after_the_other()
    there = Quarter.objects.select_for_update().get(pk=quarter.pk)
    if there.is_closed:
        raise ValidationError(CLOSED)
    units = live(there, at, [pact.key]).units
    if not units:
        raise ValidationError(N_("This pact is not signed by both, or not of this quarter."))
    sheet, _made = Sheet.objects.get_or_create(quarter=there, pact=pact)
    if sheet.revision != revision:
        raise ValidationError(STALE)
    return sheet, units[0].lines


def _check_points(faults: Refusals, field: str, line: Line, given: Points) -> None:
    if given.tenths is not None and not 0 <= given.tenths <= 10 * line.weight:
        faults.tell(field, N_("From 0 to %(most)s points."), most=line.weight)
    if len(one_line(given.note)) > MOST_NOTE:
        faults.tell(field, N_("%(most)s letters at most."), most=MOST_NOTE)


# --- closing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def close(by: User, quarter: Quarter, at: datetime) -> QuarterFigures:
    """Freezes what stands: measured once more, ranked, in a chained step. Errors: ValidationError."""
    may_write(by, at)
    steps.one_after_the_other()
    there = Quarter.objects.select_for_update().get(pk=quarter.pk)
    if there.is_closed:
        raise ValidationError(N_("Somebody was faster: the quarter is closed already."))
    if localdate(at) <= Span(there.year, there.number, at).last_day:
        raise ValidationError(N_("The quarter is not over yet."))
    found = live(there, at)
    if not found.units:
        raise ValidationError(N_("No pact is signed for this quarter."))
    if waiting := [one.name for one in found.units if one.waits]:
        words = N_("The board has not scored all that is its own: %(names)s.")
        raise ValidationError(words, params={"names": ", ".join(waiting)})
    there.is_closed, there.version = True, there.version + 1
    there.save()
    steps.write(by, StepCode.CLOSED, there.thing, at, text=frozen_text(found))
    return found


@transaction.atomic
def reopen(by: User, quarter: Quarter, why: str, at: datetime) -> None:
    """By the head alone; what was closed stays readable as its version. Errors: ValidationError by field (why)."""
    if not is_head(by, at):
        raise ValidationError(ONLY_HEAD)
    faults = Refusals()
    check_line(faults, "why", why, MOST_NOTE, N_("Say why the quarter is opened again."))
    faults.raise_any()
    steps.one_after_the_other()
    if Quarter.objects.filter(pk=quarter.pk, is_closed=True).update(is_closed=False):
        steps.write(by, StepCode.REOPENED, quarter.thing, at, note=why)


def missing(quarter: Quarter) -> Sequence[Pact]:
    """Pacts of the quarter whose unit has not scored itself."""
    scored = set(Sheet.objects.filter(quarter=quarter, self_scored__isnull=False).values_list("pact_id", flat=True))
    return [one for one in pacts_of(quarter) if one.pk not in scored]


# --- breaches ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def write_breach(by: User, unit: Unit | None, day: date, note: str, at: datetime) -> None:
    """A confirmed breach: footage that got out. Errors: ValidationError by field (unit, day, note)."""
    if not is_head(by, at):
        raise ValidationError(ONLY_HEAD)
    faults = Refusals()
    if unit is None:
        faults.tell("unit", N_("Choose a unit that is there."))
    if not date(localdate(at).year - 1, 1, 1) <= day <= localdate(at):
        faults.tell("day", N_("A day of this year or the last, not one to come."))
    check_line(faults, "note", note, MOST_NOTE, N_("Say what was confirmed, without names of people."))
    faults.raise_any()
    assert unit is not None
    steps.one_after_the_other()
    same = PactStep.objects.filter(
        code=StepCode.BREACH, thing=f"u{unit.pk}", iso=day.isoformat(), note=one_line(note)[:MOST_NOTE]
    )
    if not same.exclude(seq__in=PactStep.objects.filter(code=StepCode.TAKEN_BACK).values("refers")).exists():
        steps.write(by, StepCode.BREACH, f"u{unit.pk}", at, day=day, note=note)


@transaction.atomic
def take_breach_back(by: User, breach: PactStep, note: str, at: datetime) -> None:
    """Errors: ValidationError by field (why)."""
    if not is_head(by, at):
        raise ValidationError(ONLY_HEAD)
    faults = Refusals()
    check_line(faults, "why", note, MOST_NOTE, N_("Say why it is taken back."))
    faults.raise_any()
    steps.one_after_the_other()
    if not PactStep.objects.filter(refers=breach.seq).exists():
        steps.write(by, StepCode.TAKEN_BACK, breach.thing, at, refers=breach.seq, note=note)
