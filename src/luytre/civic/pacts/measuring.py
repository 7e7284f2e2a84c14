"""What the program can honestly measure of a unit in a quarter: so many of so many, or nothing. Nothing is estimated.

Hamlets are known by their place: cameras are those that hang in it now. A unit that is no place has neither cameras nor alarms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.civic.access.assignments import is_in_force
from luytre.civic.access.models import Assignment, Role, Unit
from luytre.civic.committee.models import Task, TaskState
from luytre.civic.pacts.models import Measure, PactStep, StepCode
from luytre.civic.registry.grants import hamlet_of
from luytre.civic.registry.models import Camera
from luytre.civic.rights import figures as files
from luytre.civic.rights.figures import CountedBreach
from luytre.civic.signals.figures import records
from luytre.civic.signals.models import Called, Sounding
from luytre.civic.upkeep.models import StepCode as TicketCode
from luytre.civic.upkeep.models import Ticket, TicketStep
from luytre.civic.upkeep.outages import times_of
from luytre.civic.upkeep.uptime import Division

SAID = {
    Measure.UPTIME: N_("hours in which the hamlet's cameras worked, of the hours in which somebody watched whether they did"),
    Measure.TOLD: N_("tickets of the hamlet's cameras that stood a day: those in which its people wrote within 24 hours"),
    Measure.REPAIRED: N_("tickets of the hamlet's cameras opened in the quarter: those closed within 7 days"),
    Measure.ALARMS: N_("calls of alarms and drills to the hamlet's people: those that were answered"),
    Measure.TASKS: N_("tasks of the committee to the unit that were due in the quarter: those told to be done by their day"),
    Measure.BREACHES: N_("confirmed breaches, of the head's entries or the breach file: with none all points, with any none"),
    Measure.BOARD: N_("the board gives the points"),
}  # fmt: skip
A_DAY, A_WEEK = timedelta(hours=24), timedelta(days=7)
_SEES_TO = (TicketCode.NOTED, TicketCode.TAKEN, TicketCode.WAITING, TicketCode.CLOSED)


@dataclass(frozen=True, slots=True)
class Counted:
    """`count` of `whole`; of uptime both are seconds, of breaches `count` is 1 where there was none."""

    count: int
    whole: int


def days_of(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a quarter."""
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return date(year, 3 * number - 2, 1), after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter by the commune's clock, and up to when it is looked at."""

    year: int
    number: int
    now: datetime

    @property
    def first_day(self) -> date:
        return days_of(self.year, self.number)[0]

    @property
    def last_day(self) -> date:
        return days_of(self.year, self.number)[1]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        ends = (self.first_day, self.last_day + timedelta(days=1))
        begin, end = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in ends)
        return begin, end


def measure(unit: Unit, how: str, span: Span) -> Counted | None:
    """None: not measurable in this quarter (no camera, no ticket, no alarm, no task), or the board's matter."""
    if how in _OF_ANY:
        return _OF_ANY[how](unit, span)
    hamlet = hamlet_of(unit.place) if unit.place else None
    if hamlet is None or how not in _OF_HAMLETS:
        return None
    found = _OF_HAMLETS[how](unit, hamlet, span)
    return found if found.whole else None


def _cameras(hamlet: int) -> list[Camera]:
    return list(Camera.objects.filter(site__hamlet=hamlet, archived=False))


def _uptime(_unit: Unit, hamlet: int, span: Span) -> Counted:
    begin, end = span.moments
    if span.now <= begin:
        return Counted(0, 0)
    time = sum((one.time for one in times_of(_cameras(hamlet), (begin, end), span.now)), Division())
    return Counted(time.up, time.up + time.down)


def _tickets(hamlet: int, span: Span) -> list[Ticket]:
    begin, end = span.moments
    keys = [one.key for one in _cameras(hamlet)]
    return list(Ticket.objects.filter(camera__in=keys, opened__gte=begin, opened__lt=end, opened__lte=span.now))


def _told(unit: Unit, hamlet: int, span: Span) -> Counted:
    """What mended itself within a day needed nobody to tell it, and what is younger than a day is not judged yet."""
    stood = [one for one in _tickets(hamlet, span) if (one.closed or span.now) - one.opened >= A_DAY]
    people = list(Assignment.objects.filter(place=unit.place, role__in=(Role.HAMLET_HEAD, Role.SECURITY_TEAM)))
    by_user: dict[int, list[Assignment]] = {}
    for one in people:
        by_user.setdefault(one.user_id, []).append(one)
    opened = {one.key: one.opened for one in stood}
    steps = TicketStep.objects.filter(ticket__in=opened, code__in=_SEES_TO, by__in=by_user)
    told = {
        step.ticket for step in steps
        if step.by_id is not None and step.at - opened[step.ticket] <= A_DAY
        and any(is_in_force(each, step.at) for each in by_user[step.by_id])
    }  # fmt: skip
    return Counted(len(told), len(stood))


def _repaired(_unit: Unit, hamlet: int, span: Span) -> Counted:
    judged = [one for one in _tickets(hamlet, span) if one.closed is not None or span.now - one.opened >= A_WEEK]
    return Counted(sum(one.closed is not None and one.closed - one.opened <= A_WEEK for one in judged), len(judged))


def _alarms(_unit: Unit, hamlet: int, span: Span) -> Counted:
    begin, end = span.moments
    soundings = Sounding.objects.filter(sounded__gte=begin, sounded__lt=end)
    found = records(soundings, Called.objects.filter(hamlet=hamlet))
    return Counted(sum(one.answered for one in found), sum(one.called for one in found))


def _tasks(unit: Unit, span: Span) -> Counted | None:
    today = timezone.localdate(span.now)
    due = Task.objects.filter(unit=unit, due__gte=span.first_day, due__lte=span.last_day).exclude(state=TaskState.DROPPED)
    judged = list(due.filter(Q(due__lt=today) | Q(reported__isnull=False)))
    in_time = sum(one.reported is not None and timezone.localdate(one.reported) <= one.due for one in judged)
    return Counted(in_time, len(judged)) if judged else None


def breaches(unit: Unit, span: Span) -> list[PactStep]:
    """Those of the quarter that were not taken back."""
    taken_back = PactStep.objects.filter(code=StepCode.TAKEN_BACK).values("refers")
    return list(
        PactStep.objects.filter(
            code=StepCode.BREACH, thing=f"u{unit.pk}", iso__gte=span.first_day.isoformat(), iso__lte=span.last_day.isoformat()
        ).exclude(seq__in=taken_back).select_related("by")
    )  # fmt: skip


def breach_files(unit: Unit, span: Span) -> list[CountedBreach]:
    """Files of breaches of the hamlet that were noticed in the quarter and confirmed by now (`civic.rights`)."""
    hamlet = hamlet_of(unit.place) if unit.place else None
    return [] if hamlet is None else files.noticed(*span.moments, hamlet)


def _breaches(unit: Unit, span: Span) -> Counted | None:
    return Counted(int(not breaches(unit, span) and not breach_files(unit, span)), 1)


def _nothing(_unit: Unit, _span: Span) -> Counted | None:
    return None


_OF_ANY: dict[str, Callable[[Unit, Span], Counted | None]] = {
    Measure.TASKS: _tasks, Measure.BREACHES: _breaches, Measure.BOARD: _nothing,
}  # fmt: skip
_OF_HAMLETS: dict[str, Callable[[Unit, int, Span], Counted]] = {
    Measure.UPTIME: _uptime, Measure.TOLD: _told, Measure.REPAIRED: _repaired, Measure.ALARMS: _alarms,
}  # fmt: skip
