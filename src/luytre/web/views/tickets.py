"""Sức khoẻ → Việc phải làm: what is broken and who must act; a ticket with its steps, repairs and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.base.letters import fold
from luytre.base.money import dong
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Unit, UnitKind
from luytre.civic.access.permissions import may_use
from luytre.civic.access.units import histories
from luytre.civic.committee.tasks import waiting_for
from luytre.civic.petitions.waiting import pressing
from luytre.civic.registry.models import Camera, Eye, Firm, Hamlet
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.rights.waiting import pressing as claims_pressing
from luytre.civic.rights.waiting import to_notify
from luytre.civic.tips.scope import handles
from luytre.civic.upkeep import tickets as desk
from luytre.civic.upkeep.faults import PATIENCE, PICTURE_FAULTS, Fault
from luytre.civic.upkeep.models import Ticket, TicketState
from luytre.civic.upkeep.morning import is_morning, morning_of
from luytre.civic.upkeep.repairs import cameras_of_ticket, cost_vnd, in_force, record_repair, repairs_of, years_of
from luytre.civic.upkeep.scope import mine, tickets_of
from luytre.civic.upkeep.tickets import NOBODY, Whom
from luytre.web.forms_tickets import AssignForm, CloseForm, NoteForm, ReopenForm, RepairForm, WaitForm, row_words
from luytre.web.ticket_words import Line, known_names, lines, told_steps, unit_names
from luytre.web.views.health_tabs import tabs
from luytre.web.views.pages import person

ON_A_PAGE = 50
MOST_TODO = 8
"""So many stand at the top of Health; the rest is one link away."""
NOW, MINE, ALL = "now", "mine", "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """The list's filters as they stand in the address; what is none is left out."""

    state: str = NOW
    fault: str = ""
    hamlet: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        state, fault = request.GET.get("state", NOW), request.GET.get("fault", "")
        known = state in (NOW, MINE, ALL) or state in TicketState.values
        hamlet = request.GET.get("hamlet", "")
        hamlet = hamlet if hamlet.isascii() and hamlet.isdecimal() and len(hamlet) < 10 else ""
        words = request.GET.get("q", "").strip()[:120]
        return cls(state if known else NOW, fault if fault in Fault.values else "", hamlet, words)

    def narrow(self, request: HttpRequest, found: QuerySet[Ticket], at: datetime) -> QuerySet[Ticket]:
        if self.state == MINE:
            found = found.filter(mine(person(request), at))
        if self.state in (NOW, MINE):
            found = found.exclude(state=TicketState.CLOSED)
        elif self.state != ALL:
            found = found.filter(state=self.state)
        if self.fault:
            found = found.filter(fault=self.fault)
        if self.hamlet:
            keys = list(Camera.objects.filter(site__hamlet=int(self.hamlet)).values_list("key", flat=True))
            found = found.filter(outages__camera__in=keys).distinct()
        return found


def _whole(found: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return found.select_related("feed", "unit", "firm", "taken_by")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user, now, wanted = person(request), timezone.now(), Filter.of(request)
    mine_all = tickets_of(user, now)
    names = known_names(user, now)
    found: Sequence[Ticket] | QuerySet[Ticket] = _whole(wanted.narrow(request, mine_all, now))
    if wanted.words:
        found = _named(wanted.words, list(found), names, now)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "wanted": wanted,
        "lines": lines(list(shown.object_list), names, now),
        "shown": shown,
        "query": query.urlencode(),
        "any": mine_all.exists(),
        "states": _states(),
        "faults": [(fault.value, _(str(fault.label))) for fault in PATIENCE],
        "hamlets": hamlets_in_order(Hamlet.objects.all()),
        "years": years_of(timezone.localdate(now)),
        "health_tabs": tabs(request, "health_tickets"),
    }
    return render(request, "tickets.html", context)


def _named(typed: str, found: list[Ticket], names: dict[str, str], at: datetime) -> list[Ticket]:
    """Those in whose title, cameras or assignee all words stand."""
    said = ((line.ticket, fold(" ".join((line.title, line.whom, *line.names)))) for line in lines(found, names, at))
    return [ticket for ticket, text in said if all(word in text for word in fold(typed).split())]


def _states() -> list[tuple[str, str]]:
    states = [(state.value, _(str(state.label))) for state in TicketState]
    return [(NOW, _("not done yet")), (MINE, _("mine to see to")), *states, (ALL, _("all of them"))]


@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """The top of Health, asked for now and then: what is to be done, the person's own first."""
    user, now = person(request), timezone.now()
    open_ones = _whole(tickets_of(user, now).exclude(state=TicketState.CLOSED))
    own = set(tickets_of(user, now).exclude(state=TicketState.CLOSED).filter(mine(user, now)).values_list("pk", flat=True))
    found = sorted(open_ones, key=lambda one: (one.pk not in own, one.opened))
    context: dict[str, Any] = {
        "lines": lines(found[:MOST_TODO], known_names(user, now), now),
        "own": own,
        "more": max(0, len(found) - MOST_TODO),
        "count": len(found),
    }
    if is_morning(now, ZoneInfo(settings.TIME_ZONE)):
        context |= _morning(request, now) | {"is_morning": True}
    return render(request, "parts/health_todo.html", context)


@require_GET
def morning(request: HttpRequest) -> HttpResponse:
    """The morning's summary on a page of its own, for paper."""
    now = timezone.now()
    said = _morning(request, now)
    context = said | {"now": now, "reader": str(person(request)), "messages_to_send": texts(said["morning"][:2])}
    return render(request, "morning.html", context)


def texts(parts: Sequence[tuple[str, Sequence[Line]]]) -> list[tuple[str, str]]:
    """What is to be done, as one message for each unit and firm that must act: to be copied into whatever reaches them."""
    by_whom: dict[str, list[Line]] = {}
    for _heading, several in parts:
        for line in several:
            by_whom.setdefault(line.whom, []).append(line)
    return [
        (whom or _("nobody yet"), "\n".join(f"{number}. {_in_short(line)}" for number, line in enumerate(several, 1)))
        for whom, several in sorted(by_whom.items(), key=lambda pair: (not pair[0], name_key(pair[0])))
    ]


def _in_short(line: Line) -> str:
    names = ", ".join(line.names) if line.ticket.feed else ""
    what = f"{line.title} ({names})" if names else line.title
    told = {"what": what, "fault": line.fault, "when": f"{timezone.localtime(line.since):%H:%M %d/%m}", "length": line.lasted}
    return _("%(what)s: %(fault)s since %(when)s (%(length)s so far); %(state)s") % (told | {"state": line.state})


def _morning(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What broke, what is still open, what is over, each as lists have it."""
    found, names = morning_of(person(request), now, ZoneInfo(settings.TIME_ZONE)), known_names(person(request), now)
    parts = ((_("Broke since then"), found.broke), (_("Still to be done"), found.still), (_("Over"), found.over))
    said = [(heading, lines(several, names, now)) for heading, several in parts]
    asked = pressing(now) if handles(person(request), now) else []
    due = waiting_for(person(request), now)
    more = _rights(request, now)
    quiet = not asked and not due and not any(more.values()) and not any(several for _heading, several in parts)
    return {"morning": said, "since": found.since, "quiet": quiet, "asked": asked, "tasks_due": due} | more


def _rights(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Claims to data for the police, breaches that wait for their notice for whoever reads the file."""
    reads = may_use("breaches", roles_of(person(request), now))
    claims = claims_pressing(now) if handles(person(request), now) else []
    return {"claims": claims, "breaches": to_notify() if reads else []}


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _seen(request, key))


def _seen(request: HttpRequest, key: str) -> Ticket:
    """The ticket, where one of its cameras is the person's; else it is as if there were none."""
    return get_object_or_404(_whole(tickets_of(person(request), timezone.now())), key=key)


def _page(request: HttpRequest, ticket: Ticket, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    names, roles = known_names(user, now), roles_of(user, now)
    (line,) = lines([ticket], names, now)
    repairs = repairs_of(ticket)
    forms: dict[str, Any] = {
        "assigning": AssignForm(_offered(now), initial={"whom": Whom(ticket.unit, ticket.firm).key}),
        "deferring": WaitForm(),
        "noting": NoteForm(),
        "closing": CloseForm(),
        "reopening": ReopenForm(),
        "repairing": _repair_form(ticket, names, None),
    }
    context = forms | bound | {
        "line": line,
        "ticket": ticket,
        "steps": told_steps(desk.steps_of(ticket), names, now),
        "repairs": [(row, row in in_force(repairs), dong(row.cost_vnd)) for row in repairs],
        "cost": dong(cost_vnd(repairs)),
        "warranties": _warranties(ticket, names, now),
        "is_done": ticket.state == TicketState.CLOSED,
        "may_compare": ticket.camera in names and ticket.fault in PICTURE_FAULTS and may_use("camera_views", roles),
        "may_act": may_use("ticket_take", roles),
        "may_assign": may_use("ticket_assign", roles),
        "may_repair": may_use("ticket_repair", roles),
        "health_tabs": tabs(request, "health_tickets"),
    }  # fmt: skip
    return render(request, "ticket.html", context, status=422 if bound else 200)


def _warranties(ticket: Ticket, names: dict[str, str], at: datetime) -> list[tuple[str, Any, bool]]:
    """(camera, last day, still under warranty) of its cameras whose warranty somebody wrote down."""
    eyes = Eye.objects.filter(camera__key__in=cameras_of_ticket(ticket), warranty_until__isnull=False).select_related("camera")
    today = timezone.localdate(at)
    return [
        (names[eye.camera.key], eye.warranty_until, eye.warranty_until >= today)
        for eye in eyes
        if eye.camera is not None and eye.warranty_until is not None and eye.camera.key in names
    ]


def _offered(at: datetime) -> list[tuple[str, str]]:
    """Whom a ticket can be given to: teams of hamlets, other units, firms; by their names."""
    there = {number for number, one in histories().items() if one.end is None and one.kind != UnitKind.PROVINCE}
    units = sorted(unit_names(there, at).items(), key=lambda pair: name_key(pair[1]))
    firms = sorted(Firm.objects.filter(archived=False), key=lambda one: name_key(one.name))
    return [(f"unit:{number}", name) for number, name in units] + [(f"firm:{one.key}", one.name) for one in firms]


def _repair_form(ticket: Ticket, names: dict[str, str], data: Any) -> RepairForm:
    cameras = sorted(((key, names[key]) for key in cameras_of_ticket(ticket) if key in names), key=lambda pair: name_key(pair[1]))
    rows = [(str(row.seq), f"{row_words(row.seq)}: {row.what}"[:80]) for row in in_force(repairs_of(ticket))]
    return RepairForm(cameras, rows, data)


def _done(request: HttpRequest, ticket: Ticket, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    """Does it and leads back to the ticket; what was refused stands at its field, with what was typed."""
    if form is None or form.is_valid():
        try:
            do()
        except ValidationError as error:
            if form is None or not hasattr(error, "error_dict"):  # of no field: the ticket stands elsewhere by now
                messages.error(request, " ".join(_(text) for text in error.messages))
                return redirect("health_ticket", ticket.key)
            form.tell(error)
        else:
            messages.success(request, words)
            return redirect("health_ticket", ticket.key)
    return _page(request, ticket, **{name: form})


@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    ticket = _seen(request, key)
    return _done(request, ticket, "", None, lambda: desk.take(person(request), ticket, timezone.now()), _("It is yours now."))


@require_POST
def assign(request: HttpRequest, key: str) -> HttpResponse:
    ticket, now = _seen(request, key), timezone.now()
    form = AssignForm(_offered(now), request.POST)
    return _done(
        request, ticket, "assigning", form,
        lambda: desk.assign(person(request), ticket, _whom(form.cleaned_data["whom"]), now), _("It was given."),
    )  # fmt: skip


def _whom(key: str) -> Whom:
    kind, _colon, number = key.partition(":")
    if kind == "unit":
        return Whom(unit=Unit.objects.get(pk=number))
    return Whom(firm=Firm.objects.get(key=number)) if kind == "firm" else NOBODY


@require_POST
def put_off(request: HttpRequest, key: str) -> HttpResponse:
    ticket, form = _seen(request, key), WaitForm(request.POST)
    return _done(
        request, ticket, "deferring", form,
        lambda: desk.put_off(person(request), ticket, form.cleaned_data["waits"], form.cleaned_data["words"], timezone.now()),
        _("It waits. It is still counted as not done."),
    )  # fmt: skip


@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    ticket, form = _seen(request, key), NoteForm(request.POST)
    return _done(
        request, ticket, "noting", form, lambda: desk.note(person(request), ticket, form.cleaned_data["note"], timezone.now()),
        _("Written down."),
    )  # fmt: skip


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    ticket, form = _seen(request, key), CloseForm(request.POST)
    return _done(
        request, ticket, "closing", form, lambda: desk.close(person(request), ticket, form.cleaned_data["why"], timezone.now()),
        _("Closed. If the fault goes on, it opens again after 24 hours."),
    )  # fmt: skip


@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    ticket, now, form = _seen(request, key), timezone.now(), ReopenForm(request.POST)
    return _done(
        request, ticket, "reopening", form, lambda: desk.reopen(person(request), ticket, form.cleaned_data["again"], now),
        _("It is open again."),
    )  # fmt: skip


@require_POST
def repair(request: HttpRequest, key: str) -> HttpResponse:
    ticket = _seen(request, key)
    form = _repair_form(ticket, known_names(person(request), timezone.now()), request.POST)
    return _done(
        request, ticket, "repairing", form, lambda: record_repair(person(request), ticket, form.draft(), timezone.now()),
        _("The repair is written down."),
    )  # fmt: skip
