"""Trực ban → Cảnh báo: what needs the reader now; and the bar on every page, asked for each ten seconds, that sounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.access.models import User
from luytre.civic.bulletins.models import Kind as Sought
from luytre.civic.bulletins.models import Sighting
from luytre.civic.bulletins.scope import unread_of
from luytre.civic.incidents import tasks
from luytre.civic.incidents.models import Incident, State, Task
from luytre.civic.incidents.scope import calling, incidents_of, oversees
from luytre.civic.signals import scope as signals
from luytre.civic.signals.models import Sounding
from luytre.civic.tips.kinds import LIFE, Kind
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip
from luytre.civic.tips.scope import handles
from luytre.civic.upkeep.models import TicketState
from luytre.civic.upkeep.scope import mine, tickets_of
from luytre.web.signal_words import titled, where
from luytre.web.views.bulletins import rows_in_force
from luytre.web.views.incidents import Row, row_of, whole
from luytre.web.views.pages import person
from luytre.web.views.signals import row_of as signal_row
from luytre.web.views.signals import whole as signals_whole

MOST_IN_THE_BAR = 5


@dataclass(frozen=True, slots=True)
class Alarm:
    """One line of the bar. `key` changes with what is new, so that a page knows whether to sound; empty: nothing sounds."""

    key: str
    words: str
    url: str
    at: datetime


def alarms_of(user: User, now: datetime) -> list[Alarm]:
    """What is about life and nobody has read, and what calls for the person; the newest first."""
    found = [_signal(one) for one in signals.calling(user, now)]
    found += [_call(one) for one in calling(user, now).select_related("hamlet")]
    found += [_task(one, _("do")) for one in tasks.calling(user, now).select_related("incident")]
    if oversees(user, now):
        found += [_task(one, _("nobody does it")) for one in tasks.unheard().select_related("incident")]
    if handles(user, now):
        found += [_tip(one) for one in Tip.objects.filter(state=TipState.NEW, kind__in=LIFE).select_related("hamlet")]
    found += [_sighting(one) for one in unread_of(user, now)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _sighting(one: Sighting) -> Alarm:
    where = f", {one.hamlet.name}" if one.hamlet else ""
    words = _("seen: %(what)s") % {"what": f"{one.bulletin.sign} {_(str(Sought(one.bulletin.kind).label))}{where}"}
    return Alarm(one.key, words, f"{reverse('bulletin', args=[one.bulletin.key])}#seen", one.told)


def _signal(one: Sounding) -> Alarm:
    """Nothing sounds for a drill."""
    return Alarm("" if one.drill else one.key, f"{titled(one)}, {where(one)}", reverse("signal", args=[one.key]), one.sounded)


def _tip(one: Tip) -> Alarm:
    where = f", {one.hamlet.name}" if one.hamlet else ""
    words = _("told: %(what)s") % {"what": f"{_(str(Kind(one.kind).label))}{where}"}
    return Alarm(one.key, words, reverse("tip", args=[one.key]), one.received)


def _call(one: Incident) -> Alarm:
    return Alarm(f"{one.key}-{one.level}", f"{one.sign} {one.title}", reverse("incident", args=[one.key]), one.opened)


def _task(one: Task, words: str) -> Alarm:
    link = f"{reverse('incident', args=[one.incident.key])}#tasks"
    return Alarm(f"{one.key}-{one.state}-{one.late}", f"{one.incident.sign} {words}: {one.what}", link, one.asked)


@require_GET
def bar(request: HttpRequest) -> HttpResponse:
    found = alarms_of(person(request), timezone.now())
    shown, more = found[:MOST_IN_THE_BAR], max(0, len(found) - MOST_IN_THE_BAR)
    return render(request, "parts/alarms.html", {"alarms": shown, "more": more, "sounds": any(one.key for one in found)})


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Everything at once: incidents that call, incidents to be closed, tips, faults; each with its own list behind it."""
    user, now = person(request), timezone.now()
    tips = Tip.objects.filter(state=TipState.NEW).select_related("hamlet") if handles(user, now) else Tip.objects.none()
    to_close = whole(incidents_of(user, now).filter(state=State.DONE)) if oversees(user, now) else Incident.objects.none()
    faults = tickets_of(user, now).exclude(state=TicketState.CLOSED).filter(mine(user, now)).distinct()
    context = {
        "signals": [signal_row(one) for one in signals_whole(signals.running(user, now), user, now)],
        "calls": _rows(whole(calling(user, now))),
        "tasks": tasks.calling(user, now).select_related("incident"),
        "unheard": tasks.unheard().select_related("incident") if oversees(user, now) else [],
        "to_close": _rows(to_close),
        "faults": faults.count(),
        "on_the_way": _rows(whole(incidents_of(user, now).filter(state__in=(State.ACCEPTED, State.ARRIVED)))),
        "tips": [(one, _(str(Kind(one.kind).label)), one.kind in LIFE) for one in tips[:20]],
        "sightings": unread_of(user, now), "bulletins": rows_in_force(user, now),
        "now": now,
    }  # fmt: skip
    return render(request, "alerts.html", context)


def _rows(found: object) -> list[Row]:
    return [row_of(one) for one in found]  # type: ignore[attr-defined]
