"""Trực ban → Vụ việc: what is being handled, by whom, until when; on the telephone of whoever goes, and at the station."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.money import dong
from luytre.civic.access.models import User
from luytre.civic.bulletins.models import Bulletin
from luytre.civic.coordination.force import in_force_now
from luytre.civic.incidents import desk
from luytre.civic.incidents.models import TASK_OPEN, Incident, IncidentStep, Part, Result, State, StepCode, Task, TaskState
from luytre.civic.incidents.scope import answers, incidents_of, oversees
from luytre.civic.incidents.seeing import Seer, seers
from luytre.civic.incidents.signs import incident_by_sign, read_sign
from luytre.civic.incidents.steps import steps_of
from luytre.civic.incidents.tasks import is_mine
from luytre.civic.petitions.cases import about as petitions_about
from luytre.civic.petitions.kinds import State as PetitionState
from luytre.civic.registry.holds import hold_of, holdable
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.places import place_name
from luytre.civic.registry.refusals import said
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.signals.scope import soundings_of
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import Tip
from luytre.civic.tips.scope import tips_of
from luytre.web.carrying_out import carry_out
from luytre.web.forms_incidents import (
    CloseIncidentForm,
    DeclineForm,
    DoneForm,
    GiveIncidentForm,
    IncidentForm,
    LinkForm,
    NoteForm,
    PersonForm,
    ReopenIncidentForm,
    TaskForm,
)
from luytre.web.forms_tips import local_input
from luytre.web.incident_filters import IncidentFilter
from luytre.web.kind_filters import ALL, MINE, OPEN
from luytre.web.register_words import choices
from luytre.web.signal_words import titled
from luytre.web.views.pages import person
from luytre.web.watchers import all_at_once, watchers

ON_A_PAGE = 50
BEFORE_S = 60
"""So long before the moment playback begins."""


@dataclass(frozen=True, slots=True)
class Row:
    """An incident as a list has it. `late`: its clock ran out once at least."""

    incident: Incident
    kind: str
    state: str
    whom: str
    late: bool
    away_m: int | None = None
    """From the point that was asked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words; `link` leads to what it is about."""

    step: IncidentStep
    what: str
    more: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as its incident's page has it. `mine`: the reader is of the unit that shall do it."""

    task: Task
    whom: str
    state: str
    mine: bool
    waits: bool


def row_of(one: Incident) -> Row:
    whom = who(one.first, one.unit.place if one.unit else "")
    if one.level >= 1:
        whom += f" + {who(one.backup, one.backup_unit.place if one.backup_unit else '')}"
    return Row(one, _(str(Kind(one.kind).label)), _(str(State(one.state).label)), whom, one.level > 0)


def who(actor: str, place: str | None) -> str:
    """`tổ bảo vệ ANTT Thôn Đông`."""
    return f"{_(ACTOR_WORDS[Actor(actor)])} {place_name(place) or '' if place else ''}".strip()


def whole(found: QuerySet[Incident]) -> QuerySet[Incident]:
    return found.select_related("hamlet", "unit", "backup_unit", "taken_by", "opened_by")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user, now, wanted = person(request), timezone.now(), IncidentFilter.read(request.GET)
    listed = wanted.find(user, now)
    shown = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    states = [(OPEN, _("not closed")), (MINE, _("calling for me")), *choices(State), (ALL, _("all of them"))]
    context = {
        "wanted": wanted.kinds, "place": wanted, "typed": wanted.typed, "shown": shown, "query": query.urlencode(),
        "rows": [replace(row_of(one), away_m=_rounded(wanted.away(one))) for one in shown.object_list],
        "of_map": urlencode({"cases": wanted.query()}), "any": incidents_of(user, now).exists(),
        "states": states, "kinds": choices(Kind), "hamlets": hamlets_in_order(Hamlet.objects.all()),
        "may_open": oversees(user, now), "now": now,
    }  # fmt: skip
    return render(request, "incidents.html", context)


def _rounded(metres: float | None) -> int | None:
    return None if metres is None else round(metres)


# --- opening ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?tip=KEY`: from what somebody told; its words stand in the form already."""
    user, now = person(request), timezone.now()
    tip = tips_of(user, now).select_related("hamlet").filter(key=request.GET.get("tip", "")[:20]).first()
    if tip is not None and (known := desk.incident_of(tip)) is not None:
        return redirect("incident", known.key)
    form = IncidentForm(request.POST) if request.method == "POST" else IncidentForm(initial=_from_tip(tip) | {})
    if request.method == "POST" and form.is_valid():
        try:
            made = desk.open_incident(user, form.draft(tip), now)
        except ValidationError as error:
            form.tell(error)
        else:
            hold_at_once(request, made)
            messages.success(request, _("Incident %(sign)s is open.") % {"sign": made.sign})
            return redirect("incident", made.key)
    status = 422 if request.method == "POST" else 200
    return render(request, "incident_new.html", {"form": form, "tip": tip}, status=status)


def _from_tip(tip: Tip | None) -> dict[str, Any]:
    if tip is None:
        return {"happened": local_input(timezone.now())}
    first_line = next(iter(tip.words.splitlines()), "")
    return {
        "kind": tip.kind, "title": (first_line or _(str(Kind(tip.kind).label)))[:160], "words": tip.words,
        "happened": local_input(tip.happened or tip.received), "hamlet": str(tip.hamlet_id or ""), "place": tip.place,
        "position": f"{tip.latitude}, {tip.longitude}" if tip.latitude is not None else "",
    }  # fmt: skip


def hold_at_once(request: HttpRequest, incident: Incident) -> None:
    """Where the matrix wants it: footage of the cameras that could have seen it. What cannot be held is said."""
    now, user = timezone.now(), person(request)
    if not in_force_now(now).matrix.line_of(incident.kind, timezone.localtime(now).time()).hold:
        return
    cameras = [one.camera.key for one in _seeing(user, incident)]
    if not cameras:
        messages.warning(
            request, _("No camera near the place is known, so no footage is held: choose it on the incident's page.")
        )
        return
    try:
        desk.hold_footage(user, incident, cameras, now)
    except ValidationError as error:
        messages.warning(request, _("Footage is not held yet: %(why)s") % {"why": " ".join(said(error).values())})


def _seeing(user: User, incident: Incident) -> list[Seer]:
    """Of the cameras whose footage the person may look back at."""
    if incident.latitude is None or incident.longitude is None:
        return []
    mine = Camera.objects.filter(key__in=holdable(user, timezone.now())).select_related("site")
    return seers((incident.latitude, incident.longitude), mine)


# --- one incident -----------------------------------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return show(request, seen(request, key))


def seen(request: HttpRequest, key: str) -> Incident:
    return get_object_or_404(whole(incidents_of(person(request), timezone.now())), key=key)


def show(request: HttpRequest, incident: Incident, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    officer, at_s = oversees(user, now), int(incident.happened.timestamp()) - BEFORE_S
    forms: dict[str, Any] = {
        "noting": NoteForm(), "doing": DoneForm(), "declining": DeclineForm(), "linking": LinkForm(),
        "giving": GiveIncidentForm(initial={"give_hamlet": str(incident.hamlet_id or "")}), "closing": CloseIncidentForm(),
        "reopening": ReopenIncidentForm(), "tasking": TaskForm(initial={"task_hamlet": str(incident.hamlet_id or "")}),
        "adding": PersonForm(),
    }  # fmt: skip
    nearest = watchers(user, incident.latitude, incident.longitude, at_s, now)
    all_url, all_count = all_at_once(nearest, at_s)
    context = forms | bound | {
        "row": row_of(incident), "incident": incident, "officer": officer, "now": now,
        "result": _(str(Result(incident.result).label)) if incident.result else "", "recovered": dong(incident.recovered_vnd),
        "watchers": nearest, "all_url": all_url, "all_count": all_count, "lines": _lines(incident, officer),
        "tips": [one.tip for one in incident.tips.select_related("tip")] if officer else [],
        "is_held": any(step.code == StepCode.HELD for step in steps_of(incident)),
        "tasks": _tasks(incident, user, now), "people": _parts(incident) if officer else [],
        "bulletins": Bulletin.objects.filter(incident=incident) if officer else [],
        "petitions": [(one, _(str(PetitionState(one.state).label))) for one in petitions_about(incident)] if officer else [],
        "alarms": [(one, titled(one)) for one in soundings_of(user, now).filter(incident=incident)],
        "may_go": incident.state in (State.CALLED, State.ACCEPTED, State.ARRIVED) and answers(user, incident, now),
    }  # fmt: skip
    return render(request, "incident.html", context, status=422 if bound else 200)


def _tasks(incident: Incident, user: User, now: datetime) -> list[TaskRow]:
    return [
        TaskRow(
            one, who(one.actor, one.unit.place if one.unit else ""), _(str(TaskState(one.state).label)), is_mine(user, one, now),
            one.state in TASK_OPEN,
        )
        for one in incident.tasks.select_related("unit", "taken_by")
    ]  # fmt: skip


def _parts(incident: Incident) -> list[str]:
    """What the people concerned have to do with it; who they are is shown by a press."""
    return [_(str(Part(part).label)) for part in incident.people.values_list("part", flat=True)]


def _lines(incident: Incident, officer: bool) -> list[Line]:
    return [_line(step, officer) for step in steps_of(incident)]


def _line(step: IncidentStep, officer: bool) -> Line:
    what = _(str(StepCode(step.code).label))
    if step.code in (StepCode.CALLED, StepCode.ESCALATED, StepCode.TASKED, StepCode.TASK_LATE):
        return Line(step, what, who(step.whom, step.unit))
    if step.code in (StepCode.PERSON, StepCode.STRUCK):
        return Line(step, what, _(str(Part(step.thing).label)))
    if step.code == StepCode.CLOSED:
        return Line(step, what, _(str(Result(step.thing).label)))
    if step.code == StepCode.TIP and officer:
        return Line(step, what, "", reverse("tip", args=[step.thing]))
    if step.code == StepCode.HELD and officer:
        return Line(step, what, "", reverse("hold", args=[step.thing]) if hold_of(step.thing) else "")
    if step.code == StepCode.LINKED:
        other = Incident.objects.filter(key=step.thing).first()
        return Line(step, what, other.sign if other else "", reverse("incident", args=[step.thing]) if officer and other else "")
    return Line(step, what, "")


# --- what is done -----------------------------------------------------------------------------------------------------
def act(
    request: HttpRequest, incident: Incident, name: str, form: Any, do: Callable[[], object], words: str, task: str = ""
) -> HttpResponse:
    """`name`: the form's name on the page; `task`: the one whose form it is."""
    bound = {name: form} | ({"task": task} if task else {})
    return carry_out(
        request, form, do, words, lambda: redirect("incident", incident.key), lambda: show(request, incident, **bound)
    )


def overseen(request: HttpRequest, key: str) -> Incident:
    if not oversees(person(request), timezone.now()):
        raise Http404
    return seen(request, key)


def _answering(request: HttpRequest, key: str) -> Incident:
    found = seen(request, key)
    if not answers(person(request), found, timezone.now()):
        raise Http404
    return found


@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    found = _answering(request, key)
    return act(request, found, "", None, lambda: desk.accept(person(request), found, timezone.now()), _("You go. Take care."))


@require_POST
def arrive(request: HttpRequest, key: str) -> HttpResponse:
    found = _answering(request, key)
    return act(request, found, "", None, lambda: desk.arrive(person(request), found, timezone.now()), _("You are there."))


@require_POST
def done(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _answering(request, key), DoneForm(request.POST)
    return act(
        request, found, "doing", form, lambda: desk.done(person(request), found, form.cleaned_data["done_note"], timezone.now()),
        _("Written down. The station closes it."),
    )  # fmt: skip


@require_POST
def decline(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _answering(request, key), DeclineForm(request.POST)
    return act(
        request, found, "declining", form,
        lambda: desk.decline(person(request), found, form.cleaned_data["decline_note"], timezone.now()),
        _("Whoever backs up is called."),
    )  # fmt: skip


@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    found, form = seen(request, key), NoteForm(request.POST)
    return act(
        request, found, "noting", form, lambda: desk.note(person(request), found, form.cleaned_data["said"], timezone.now()),
        _("Written down."),
    )  # fmt: skip


@require_POST
def give(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), GiveIncidentForm(request.POST)
    return act(
        request, found, "giving", form, lambda: desk.give(person(request), found, *form.chosen(), timezone.now()),
        _("It was given."),
    )  # fmt: skip


@require_POST
def hold(request: HttpRequest, key: str) -> HttpResponse:
    found = overseen(request, key)
    cameras = [one.camera.key for one in _seeing(person(request), found)]
    return act(
        request, found, "", None, lambda: desk.hold_footage(person(request), found, cameras, timezone.now()),
        _("The footage is held."),
    )  # fmt: skip


@require_POST
def link(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), LinkForm(request.POST)

    def do() -> None:
        typed = form.cleaned_data["other"]
        if read_sign(typed) is None:
            raise ValidationError({"other": _("Write it like 12/2026.")})
        other = incident_by_sign(typed)
        if other is None:
            raise ValidationError({"other": _("There is no incident of this number.")})
        desk.link(person(request), found, other, timezone.now())

    return act(request, found, "linking", form, do, _("They belong together."))


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), CloseIncidentForm(request.POST)
    return act(
        request, found, "closing", form, lambda: desk.close(person(request), found, form.ending(), timezone.now()),
        _("Closed."),
    )  # fmt: skip


@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), ReopenIncidentForm(request.POST)
    return act(
        request, found, "reopening", form,
        lambda: desk.reopen(person(request), found, form.cleaned_data["reopen_note"], timezone.now()),
        _("It is open again, and those who answer are called."),
    )  # fmt: skip
