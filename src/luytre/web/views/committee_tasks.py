"""Phong trào → Ban chỉ đạo → Công việc: given, taken up, reported, confirmed; late ones first. And everybody's own tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import N_
from luytre.civic.committee import steps, tasks
from luytre.civic.committee.models import OPEN_STATES, Task, TaskState
from luytre.civic.committee.scope import own_tasks, reads, tasks_of, writes
from luytre.web.carrying_out import carry_out
from luytre.web.committee_words import lines_of, task_rows
from luytre.web.forms_committee import NoteForm, ProlongForm, TaskForm, who_choices, whom
from luytre.web.views.committee import tabs
from luytre.web.views.pages import person

ON_A_PAGE = 50
FILTERS = (("open", N_("Open (tasks)")), ("late", N_("Late")), ("over", N_("Done and dropped")), ("all", N_("All (tasks)")))


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`?state=` of `FILTERS`, `?who=` of a member (`m:…`) or a unit (`u:…`)."""
    today = timezone.localdate()
    state, who = request.GET.get("state", "open"), request.GET.get("who", "")[:30]
    found = Task.objects.select_related("member", "unit")
    if state == "over":
        found = found.exclude(state__in=OPEN_STATES)
    elif state != "all":
        found = found.filter(state__in=OPEN_STATES)
    member, unit = whom(who)
    if member or unit:
        found = found.filter(member=member, unit=unit)
    rows = [row for row in task_rows(found, today) if state != "late" or row.late]
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = tabs(request, "committee_tasks") | {
        "rows": shown.object_list, "shown": shown, "query": query.urlencode(), "state": state, "who": who,
        "filters": [(value, _(words)) for value, words in FILTERS], "people": who_choices()[1:], "any": Task.objects.exists(),
    }  # fmt: skip
    return render(request, "committee_tasks.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the person must do, also outside the committee."""
    now = timezone.now()
    rows = task_rows(own_tasks(person(request), now), timezone.localdate(now))
    return render(request, "committee_mine.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = TaskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = tasks.give(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The task is given."))
            return redirect("committee_task", made.key)
    fields = [form[name] for name in form.fields if name != "once"]
    context = tabs(request, "committee_tasks") | {"form": form, "fields": fields}
    return render(request, "committee_task_new.html", context, status=422 if form.is_bound else 200)


def _seen(request: HttpRequest, key: str) -> Task:
    found = tasks_of(person(request), timezone.now()).select_related("resolution__meeting", "by")
    return get_object_or_404(found, key=key)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _seen(request, key))


Done = Callable[[Any, Task, str, Any], None]
STEPS: dict[str, tuple[Done, str]] = {
    "report": (tasks.report, N_("Told to the committee.")),
    "confirm": (tasks.confirm, N_("Confirmed.")),
    "give-back": (tasks.give_back, N_("Given back.")),
    "drop": (tasks.drop, N_("Dropped.")),
}
"""What is done with a note, and what is said then."""


@require_POST
def step(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """`name`: take, prolong, or of `STEPS`."""
    found, user, now = _seen(request, key), person(request), timezone.now()
    back = lambda: redirect("committee_task", key)  # noqa: E731 - handed on twice
    if name == "take":
        return carry_out(request, None, lambda: tasks.take(user, found, now), _("Taken up."), back, back)
    if name == "prolong":
        longer = ProlongForm(request.POST)

        def do() -> None:
            tasks.prolong(user, found, longer.cleaned_data["due"], longer.cleaned_data["note"], now)

        return carry_out(request, longer, do, _("Prolonged."), back, lambda: _page(request, found, prolonging=longer))
    if name not in STEPS:
        raise Http404
    act, words = STEPS[name]
    form = NoteForm(request.POST)
    return carry_out(
        request, form, lambda: act(user, found, form.cleaned_data["note"], now), _(words), back,
        lambda: _page(request, found, **{_FORMS[name]: form}),
    )  # fmt: skip


_FORMS = {"report": "reporting", "confirm": "confirming", "give-back": "returning", "drop": "dropping"}


def _page(request: HttpRequest, found: Task, **bound: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    (row,) = task_rows([found], timezone.localdate(now))
    forms = {name: bound.get(name) or NoteForm() for name in _FORMS.values()}
    context = tabs(request, "committee_tasks") | forms | {
        "task": found, "row": row, "lines": lines_of(steps.of(found.key)), "reads": reads(user, now),
        "prolonging": bound.get("prolonging") or ProlongForm(), "meeting": found.resolution.meeting if found.resolution else None,
        "may_go_on": writes(user, now) or own_tasks(user, now).filter(pk=found.pk).exists(),
        "refusals": [words for form in bound.values() for words in form.non_field_errors()],
        "is_reported": found.state == TaskState.REPORTED,
    }  # fmt: skip
    return render(request, "committee_task.html", context, status=422 if bound else 200)
