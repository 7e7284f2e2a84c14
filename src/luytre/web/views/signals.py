"""Trực ban → Báo động: alarms by agreed code, sounding one, how each party answered; the table of signals to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.ids import new_id
from luytre.civic.access.models import User
from luytre.civic.coordination.force import in_force_now
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.scope import incidents_of, oversees
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.signals.desk import sound
from luytre.civic.signals.figures import Count, count, minutes, records
from luytre.civic.signals.kinds import Answer, End, Means
from luytre.civic.signals.models import Called, Sounding
from luytre.civic.signals.paper import table_pdf
from luytre.civic.signals.scope import called_of, own_hamlets, running, soundings_of
from luytre.web.forms_signals import DRILL, REAL, SoundForm
from luytre.web.regulation_papers import printed
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.signal_words import SignalFilter, called_words, minutes_words, party_words, titled, where
from luytre.web.views.pages import person

ON_A_PAGE = 50
MOST_IN_A_REPORT = 2000
"""Alarms, the newest first: a commune has a few a month."""


@dataclass(frozen=True, slots=True)
class Row:
    """An alarm as a list has it."""

    sounding: Sounding
    title: str
    where: str
    means: str
    end: str
    count: Count
    first: str


@dataclass(frozen=True, slots=True)
class Told:
    """A party in the report: its name and its figures in words."""

    name: str
    called: int
    answered: int
    came: int
    usual: str
    slowest: str


def row_of(one: Sounding) -> Row:
    """`one.called` fetched ahead where many are listed."""
    found = count(one, one.called.all())
    end = _(str(End(one.end).label)) if one.end else ""
    return Row(one, titled(one), where(one), _(str(Means(one.means).label)), end, found, minutes_words(found.first_min))


def whole(found: QuerySet[Sounding], user: User, now: datetime) -> QuerySet[Sounding]:
    """With whom the reader meets among those who are called."""
    called = Prefetch("called", queryset=called_of(user, now))
    return found.select_related("hamlet", "by", "incident").prefetch_related(called)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user, now, wanted = person(request), timezone.now(), SignalFilter.of(request)
    mine = soundings_of(user, now)
    shown = Paginator(whole(wanted.narrow(mine), user, now), ON_A_PAGE).get_page(request.GET.get("page"))
    there = {one.pk for one in shown.object_list}
    context = _filtered(request, wanted) | {
        "rows": [row_of(one) for one in shown.object_list], "shown": shown, "any": mine.exists(),
        "running": [row_of(one) for one in whole(running(user, now).exclude(pk__in=there), user, now)],
        "may_sound": _may_sound(user, now),
    }  # fmt: skip
    return render(request, "signals.html", context)


def _filtered(request: HttpRequest, wanted: SignalFilter) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    return {"wanted": wanted, "query": query.urlencode(), "hamlets": hamlets_in_order(Hamlet.objects.all())}


def _may_sound(user: User, now: datetime) -> bool:
    return oversees(user, now) or bool(own_hamlets(user, now))


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """How each party answered over the alarms of the filter."""
    user, now, wanted = person(request), timezone.now(), SignalFilter.of(request)
    found = list(wanted.narrow(soundings_of(user, now))[:MOST_IN_A_REPORT])
    told = [
        Told(
            party_words(one.actor, one.name), one.called, one.answered, one.came,
            minutes_words(None if one.usual_min is None else round(one.usual_min)), minutes_words(one.slowest_min),
        )
        for one in records(found, called_of(user, now))
    ]  # fmt: skip
    return render(request, "signal_report.html", _filtered(request, wanted) | {"told": told, "alarms": len(found)})


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, a row for each party of an alarm, as .xlsx."""
    from tablib import Dataset

    user, now, wanted = person(request), timezone.now(), SignalFilter.of(request)
    words = (_("Number"), _("For real, or a drill?"), _("Signal"), _("Meaning"), _("Means"), _("Where"), _("Sounded"),
             _("Those who are called"), _("Reached by telephone"), _("Answer"), _("Minutes to the answer"),
             _("Minutes until there"), _("How it ended"), _("People who came"), _("What came of it"), _("Incident"))  # fmt: skip
    table = Dataset(headers=words, title="Alarms")
    for one in whole(wanted.narrow(soundings_of(user, now)), user, now)[:MOST_IN_A_REPORT]:
        for called in one.called.all():
            if called.person_id is None:
                table.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in _cells(one, called)])
    name = f"bao-dong-{timezone.localdate(now).isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(table.export("xlsx"), content_type=SHEET_TYPE, headers=headers)


def _cells(one: Sounding, called: Called) -> list[str | int]:
    reached = "" if called.reached is None else _("yes") if called.reached else _("no")
    took, there = minutes(one, called.answered), minutes(one, called.here)
    return [
        one.number_sign, _("drill") if one.drill else _("for real"), one.sign, one.meaning, _(str(Means(one.means).label)),
        where(one), f"{timezone.localtime(one.sounded):%d/%m/%Y %H:%M}", called_words(called), reached,
        _(str(Answer(called.state).label)), "" if took is None else took, "" if there is None else there,
        _(str(End(one.end).label)) if one.end else "", "" if one.came is None else one.came, one.outcome,
        one.incident.sign if one.incident else "",
    ]  # fmt: skip


@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The signals of the matrix in force, for the cultural house."""
    now = timezone.now()
    return printed("pdf", "hieu-lenh-bao-dong", lambda _form: table_pdf(in_force_now(now), now))


# --- sounding ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?incident=KEY`: of an incident, its place filled in. `?drill=1`: a drill is chosen already."""
    user, now = person(request), timezone.now()
    police = oversees(user, now)
    hamlets = hamlets_in_order(Hamlet.objects.all() if police else Hamlet.objects.filter(pk__in=own_hamlets(user, now)))
    incident = _incident(request, user, now)
    signals = in_force_now(now).matrix.signals
    posted = request.method == "POST"
    form = SoundForm(signals, hamlets, police, request.POST) if posted else SoundForm(
        signals, hamlets, police, initial=_initial(request, incident)
    )  # fmt: skip
    if posted and form.is_valid():
        try:
            made = sound(user, form.draft(incident), now)
        except ValidationError as error:
            form.tell(error)
        else:
            return redirect("signal", made.key)
    context = {
        "form": form, "incident": incident, "none": not signals, "nowhere": not hamlets and not police,
        "running": [row_of(one) for one in whole(running(user, now), user, now)],
    }  # fmt: skip
    return render(request, "signal_new.html", context, status=422 if posted else 200)


def _incident(request: HttpRequest, user: User, now: datetime) -> Incident | None:
    key = request.GET.get("incident", "")[:20]
    return get_object_or_404(incidents_of(user, now).select_related("hamlet"), key=key) if key else None


def _initial(request: HttpRequest, incident: Incident | None) -> dict[str, Any]:
    known: dict[str, Any] = {"once": new_id(), "drill": DRILL if request.GET.get("drill") == "1" else REAL, "means": Means.GONG}
    if incident is not None:
        known |= {"place": incident.place} | ({"hamlet": str(incident.hamlet_id)} if incident.hamlet_id else {})
    return known
