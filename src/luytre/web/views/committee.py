"""Phong trào → Ban chỉ đạo: what was decided and what is to be done; members; the launch conference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import N_
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.committee import launch as launching
from luytre.civic.committee import members as membership
from luytre.civic.committee import steps
from luytre.civic.committee.launch import CHECK_WORDS, Check, Line
from luytre.civic.committee.models import OPEN_STATES, Launch, Meeting, MeetingState, Member, Task
from luytre.civic.committee.paper import launch_of
from luytre.civic.committee.register import establishing
from luytre.civic.committee.scope import writes
from luytre.web.carrying_out import carry_out
from luytre.web.committee_words import lines_of, task_rows
from luytre.web.days import read_day
from luytre.web.forms_committee import HeldForm, LaunchForm, LeaveForm, MemberForm, launch_initial
from luytre.web.pact_words import signed_places
from luytre.web.views.ledger import as_file
from luytre.web.views.pages import person

TABS = (
    ("committee", N_("Overview")), ("committee_tasks", N_("Tasks")), ("committee_meetings", N_("Meetings")),
    ("committee_documents", N_("Register of documents")), ("committee_members", N_("Members")),
    ("committee_launch", N_("Launch conference")),
)  # fmt: skip
SHOWN = 8


def tabs(request: HttpRequest, here: str) -> dict[str, Any]:
    """The pages of the committee, and whether the person writes there."""
    shown = [(route, _(words)) for route, words in TABS]
    return {"committee_tabs": shown, "here": here, "may_write": writes(person(request), timezone.now())}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    rows = task_rows(Task.objects.select_related("member", "unit").filter(state__in=OPEN_STATES), today)
    meetings = Meeting.objects.exclude(state=MeetingState.CANCELLED)
    context = tabs(request, "committee") | {
        "late": [row for row in rows if row.late], "soon": [row for row in rows if row.soon],
        "others": [row for row in rows if not row.late and not row.soon][:SHOWN], "open_count": len(rows),
        "coming": meetings.filter(at__gte=now).order_by("at").first(),
        "unsigned": meetings.filter(state=MeetingState.HELD), "unwritten": meetings.filter(state=MeetingState.CALLED, at__lt=now),
        "last": meetings.filter(state=MeetingState.CLOSED).first(), "members": membership.members_on(today),
        "decision": establishing(today), "launch": launching.here(),
    }  # fmt: skip
    return render(request, "committee.html", context)


# --- members ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """`?day=`: who was in the committee on that day."""
    typed = request.GET.get("day", "")[:10]
    chosen = read_day(typed)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return carry_out(
            request, form, lambda: membership.join(person(request), form.draft(), timezone.now()), _("Written down."),
            lambda: redirect("committee_members"), lambda: _members(request, form, chosen, typed),
        )  # fmt: skip
    return _members(request, form, chosen, typed)


def _members(request: HttpRequest, form: MemberForm, chosen: Any, typed: str) -> HttpResponse:
    today = timezone.localdate()
    day = chosen or today
    context = tabs(request, "committee_members") | {
        "rows": membership.members_on(day), "former": membership.former(today) if day == today else [], "day": day,
        "is_today": day == today, "typed": typed, "no_day": bool(typed) and chosen is None, "form": form,
        "fields": [form[name] for name in form.fields if name != "once"], "decision": establishing(day),
    }  # fmt: skip
    return render(request, "committee_members.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, key: str) -> HttpResponse:
    """GET: the person's time, tasks and steps. POST: leaves."""
    found = get_object_or_404(Member.objects.select_related("user"), key=key)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":

        def do() -> None:
            data = form.cleaned_data
            membership.leave(person(request), found, data["last_day"], data["note"], timezone.now())

        return carry_out(request, form, do, _("Written down."), lambda: redirect("committee_member", key),
                         lambda: _member(request, found, form))  # fmt: skip
    return _member(request, found, form)


def _member(request: HttpRequest, found: Member, form: LeaveForm) -> HttpResponse:
    today = timezone.localdate()
    context = tabs(request, "committee_members") | {
        "member": found, "form": form, "rows": task_rows(found.tasks.select_related("member", "unit"), today),
        "lines": lines_of(steps.of(found.key)), "open_count": membership.open_tasks(found), "is_in": found.is_in(today),
    }  # fmt: skip
    return render(request, "committee_member.html", context, status=422 if form.is_bound else 200)


# --- the launch conference --------------------------------------------------------------------------------------------
LEADS_TO = {
    Check.SURVEY: "survey_campaigns", Check.NEEDS: "survey_needs", Check.PLAN: "plans", Check.ESTABLISHED: "committee_documents",
    Check.MEMBERS: "committee_members", Check.USAGE: "regulation", Check.COORDINATION: "coordination", Check.PACTS: "pacts",
    Check.EYES: "acceptances",
}  # fmt: skip
"""Where what is missing is done."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A line in words. `url`: empty where it is done on this page, or where the reader may not go."""

    words: str
    line: Line
    url: str
    counted: bool


def check_rows(request: HttpRequest, lines: list[Line] | tuple[Line, ...]) -> list[CheckRow]:
    roles = roles_of(person(request), timezone.now())
    rows = []
    for line in lines:
        route = LEADS_TO.get(Check(line.check), "")
        url = reverse(route) if route and may_use(route, roles) else ""
        rows.append(CheckRow(_(CHECK_WORDS[Check(line.check)]), line, url, line.wanted > 1))
    return rows


@require_http_methods(["GET", "POST"])
def launch(request: HttpRequest) -> HttpResponse:
    """GET: the checklist. POST: day, place, programme, invited."""
    found = launching.here()
    if request.method == "GET":
        return _launch(request, found, LaunchForm(initial=launch_initial(found)), HeldForm())
    form = LaunchForm(request.POST)
    return carry_out(
        request, form, lambda: launching.prepare(person(request), form.draft(), timezone.now()), _("Saved."),
        lambda: redirect("committee_launch"), lambda: _launch(request, found, form, HeldForm()),
    )  # fmt: skip


@require_GET
def launch_paper(request: HttpRequest) -> HttpResponse:
    """The invitation with its programme."""
    return as_file(launch_of(launching.here(), timezone.now()), "application/pdf", "giay-moi-hoi-nghi-ra-mat.pdf")


@require_POST
def launch_held(request: HttpRequest) -> HttpResponse:
    found, form, now = launching.here(), HeldForm(request.POST), timezone.now()

    def do() -> None:
        lines = launching.checklist(found, signed_places(timezone.localdate(now).year), now)
        launching.hold(person(request), lines, form.cleaned_data["why"], form.chosen(), now)

    return carry_out(
        request, form, do, _("The conference is written down as held, with the checklist as it stands now."),
        lambda: redirect("committee_launch"),
        lambda: _launch(request, found, LaunchForm(initial=launch_initial(found)), form),
    )  # fmt: skip


def _launch(request: HttpRequest, found: Launch, form: LaunchForm, holding: HeldForm) -> HttpResponse:
    now, frozen = timezone.now(), launching.held()
    year = timezone.localdate(now).year
    lines = frozen.lines if frozen else tuple(launching.checklist(found, signed_places(year), now))
    context = tabs(request, "committee_launch") | {
        "launch": found, "form": form, "holding": holding, "rows": check_rows(request, lines), "frozen": frozen,
        "done": sum(line.ok for line in lines), "count": len(lines),
        "fields": [form[name] for name in form.fields if name != "revision"],
    }  # fmt: skip
    return render(request, "committee_launch.html", context, status=422 if form.is_bound or holding.is_bound else 200)
