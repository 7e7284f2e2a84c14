"""A shift on paper and on the screen: who was on duty, what was handed over, opened and closed, what is still looked for.

Numbers, kinds and places alone: no title or word of an incident or a tip, since people concerned and senders may be in them.
Notes are those that officers wrote into the book.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luytre.civic import typeset
from luytre.civic.bulletins.desk import end_of
from luytre.civic.bulletins.models import Bulletin, Sighting
from luytre.civic.bulletins.models import Kind as Sought
from luytre.civic.incidents.models import Incident, IncidentStep, Result, ShiftCode, ShiftStep, State, StepCode
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.registry.places import place_name
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.signals.models import Sounding
from luytre.civic.tips.kinds import LIFE, Kind
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip
from luytre.civic.upkeep.models import Ticket
from luytre.web.signal_words import area, titled
from luytre.web.ticket_words import lines

LAYOUT = Path(__file__).resolve().parent / "layout"
MOST_ROWS = 200
"""Of one table: a night with more is told by its numbers."""
Cells: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about; `end` is not in it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """`left_out`: rows that are not shown. Without rows `nothing` is said instead."""

    title: str
    columns: Cells
    rows: tuple[Cells, ...]
    nothing: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    span: Span
    first: str
    """From when, in words."""
    last: str
    tables: tuple[Table, ...]


def span_of_shift(seq: int | None, now: datetime) -> Span | None:
    """From when that row's taker took over (None: the newest) until somebody else did, or now. None: there is no such shift."""
    taken = ShiftStep.objects.filter(code=ShiftCode.TAKEN)
    found = taken.last() if seq is None else taken.filter(seq=seq).first()
    if found is None:
        return None
    following = taken.filter(seq__gt=found.seq).first()
    return Span(found.at, following.at if following else max(now, found.at))


def span_of_day(day: date, now: datetime) -> Span:
    """The whole day in the commune, or as far as it has gone."""
    start, end = end_of(day - timedelta(days=1)), end_of(day)
    return Span(start, max(start, min(end, now)))


def report_of(span: Span, now: datetime) -> Report:
    """In the context's language."""
    tables = (
        _on_duty(span), _book(span), _opened(span), _closed(span), _tips(span), _alarms(span), _faults(span, now),
        _bulletins(span),
    )  # fmt: skip
    return Report(span, _moment(span.start), _moment(span.end), tables)


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%d/%m/%Y %H:%M}" if at else ""


def _table(title: str, columns: Cells, rows: Iterable[Cells], nothing: str) -> Table:
    found = tuple(rows)
    return Table(title, columns, found[:MOST_ROWS], nothing, max(0, len(found) - MOST_ROWS))


def _within(span: Span, field: str) -> Q:
    return Q(**{f"{field}__gte": span.start, f"{field}__lt": span.end})


def _on_duty(span: Span) -> Table:
    taken = ShiftStep.objects.filter(code=ShiftCode.TAKEN).select_related("by")
    before = taken.filter(at__lte=span.start).last()
    found = [*([before] if before else []), *taken.filter(at__gt=span.start, at__lt=span.end)]
    ends = [one.at for one in found[1:]] + [span.end]
    rows = (
        (str(one.by), _moment(max(one.at, span.start)), _moment(end)) for one, end in zip(found, ends, strict=False)
    )  # fmt: skip
    return _table(_("Who was on duty"), (_("Officer"), _("From"), _("To")), rows, _("Nobody had taken a shift."))


def _book(span: Span) -> Table:
    found = ShiftStep.objects.filter(_within(span, "at")).select_related("by", "whom")
    rows = ((_moment(one.at), str(one.by), _book_words(one), one.note) for one in found)
    columns = (_("When"), _("Officer"), _("What"), _("Note"))
    return _table(_("Handing over, and notes in the book"), columns, rows, _("Nothing was written."))


def _book_words(step: ShiftStep) -> str:
    what = _(str(ShiftCode(step.code).label))
    return f"{what} → {step.whom}" if step.whom else what


def _opened(span: Span) -> Table:
    found = Incident.objects.filter(_within(span, "opened")).select_related("hamlet").order_by("opened")
    rows = ((one.sign, _kind(one), _hamlet(one), _moment(one.opened), _(str(State(one.state).label))) for one in found)
    columns = (_("Number"), _("What it is about"), _("Hamlet"), _("When"), _("State when printed"))
    return _table(_("Incidents opened"), columns, rows, _("No incident was opened."))


def _closed(span: Span) -> Table:
    found = Incident.objects.filter(_within(span, "closed")).select_related("hamlet").order_by("closed")
    rows = ((one.sign, _kind(one), _hamlet(one), _moment(one.closed), _(str(Result(one.result).label))) for one in found)
    columns = (_("Number"), _("What it is about"), _("Hamlet"), _("When"), _("Result"))
    return _table(_("Incidents closed"), columns, rows, _("No incident was closed."))


def _kind(one: Incident) -> str:
    return _(str(Kind(one.kind).label))


def _hamlet(one: Incident) -> str:
    return one.hamlet.name if one.hamlet else "—"


def _tips(span: Span) -> Table:
    came = Counter(Tip.objects.filter(_within(span, "received")).values_list("kind", flat=True))
    ended = Counter(Tip.objects.filter(_within(span, "closed"), state=TipState.CLOSED).values_list("kind", flat=True))
    rows = (
        (_(str(kind.label)), str(came[kind.value]), str(ended[kind.value]))
        for kind in Kind if came[kind.value] or ended[kind.value]
    )  # fmt: skip
    return _table(
        _("Tips by kind"),
        (_("What it is about"), _("Came in, tips"), _("Closed, tips")),
        rows,
        _("No tip came in or was closed."),
    )


def _alarms(span: Span) -> Table:
    """What sounded: alarms by agreed code, tips about life, and clocks that ran out."""
    late = list(IncidentStep.objects.filter(_within(span, "at"), code__in=(StepCode.ESCALATED, StepCode.TASK_LATE)))
    named = {one.key: one.sign for one in Incident.objects.filter(key__in={step.incident for step in late})}
    rows = [
        (step.at, _("incident %(sign)s: %(what)s") % {"sign": named.get(step.incident, ""), "what": _called(step)})
        for step in late
    ]  # fmt: skip
    rows += [
        (one.received, _("told: %(what)s") % {"what": _(str(Kind(one.kind).label))})
        for one in Tip.objects.filter(_within(span, "received"), kind__in=LIFE)
    ]
    rows += [
        (one.sounded, f"{one.number_sign} {titled(one)}, {area(one)}")
        for one in Sounding.objects.filter(_within(span, "sounded"))
    ]
    told = ((_moment(at), what) for at, what in sorted(rows))
    return _table(_("Alarms"), (_("When"), _("What")), told, _("Nothing sounded."))


def _called(step: IncidentStep) -> str:
    words = _(str(StepCode(step.code).label))
    if not step.whom:
        return words
    where = place_name(step.unit) or "" if step.unit else ""
    return f"{words} → {_(ACTOR_WORDS[Actor(step.whom)])} {where}".strip()


def _faults(span: Span, now: datetime) -> Table:
    found = list(
        Ticket.objects.filter(_within(span, "opened") | _within(span, "closed")).select_related("feed", "unit", "firm")
    )  # fmt: skip
    names = dict(Camera.objects.values_list("key", "name"))
    rows = (
        (line.title, line.fault, _moment(line.ticket.opened), _moment(line.ticket.closed)) for line in lines(found, names, now)
    )
    columns = (_("Camera or line"), _("Fault"), _("Opened"), _("Closed"))
    return _table(_("Faults opened and closed"), columns, rows, _("No fault was opened or closed."))


def _bulletins(span: Span) -> Table:
    """In force at the span's last moment."""
    found = Bulletin.objects.filter(issued__lt=span.end, until__gte=span.end).filter(Q(closed=None) | Q(closed__gte=span.end))
    seen = Counter(Sighting.objects.filter(_within(span, "seen")).values_list("bulletin", flat=True))
    rows = (
        (one.sign, _(str(Sought(one.kind).label)), ", ".join(filter(None, [one.plate, one.look])),
         f"{localtime(one.until - timedelta(seconds=1)):%d/%m/%Y}", str(seen[one.pk]))
        for one in found
    )  # fmt: skip
    columns = (_("Number"), _("What is looked for"), _("Plate, colour, make"), _("Until"), _("Seen, times"))
    return _table(_("Bulletins in force"), columns, rows, _("No bulletin is in force."))


def _begun(cell: str) -> str:
    return cell[:1].upper() + cell[1:]


# --- on paper ---------------------------------------------------------------------------------------------------------
def as_pdf(span: Span, now: datetime) -> bytes:
    """In Vietnamese, whatever the screen's language is."""
    with translation.override("vi"):
        return typeset.as_pdf(LAYOUT / "shift.typ", _said(report_of(span, now), now), now)


def _said(report: Report, now: datetime) -> dict[str, Any]:
    commune, heading = Commune.here().name, in_force_now(now).rules.heading
    issuer = heading.issuer or (f"CÔNG AN {commune.upper()}" if commune else "CÔNG AN XÃ")
    place = heading.place or commune or "......."
    return {
        "superior": heading.superior, "issuer": issuer,
        "place_and_date": f"{place}, ngày {localtime(now):%d} tháng {localtime(now):%m} năm {localtime(now):%Y}",
        "first": report.first, "last": report.last, "printed": _moment(now),
        "tables": [
            {"title": one.title, "columns": one.columns, "rows": [[*map(_begun, row)] for row in one.rows],
             "nothing": one.nothing, "left_out": one.left_out}
            for one in report.tables
        ],
    }  # fmt: skip
