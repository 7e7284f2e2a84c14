"""What is done with one task of an incident, by whoever shall do it and by the officers who gave it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luytre.civic.access.models import User
from luytre.civic.incidents import tasks
from luytre.civic.incidents.models import Task
from luytre.civic.incidents.scope import oversees
from luytre.web.forms_incidents import TaskForm, TaskNoteForm
from luytre.web.views.incidents import act, overseen, seen
from luytre.web.views.pages import person


@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), TaskForm(request.POST)
    return act(
        request, found, "tasking", form, lambda: tasks.ask(person(request), found, *form.chosen(), timezone.now()),
        _("The task was given."),
    )  # fmt: skip


@require_POST
def accept(request: HttpRequest, key: str, task: str) -> HttpResponse:
    return _simple(request, key, task, tasks.accept, _("You take it."))


@require_POST
def arrive(request: HttpRequest, key: str, task: str) -> HttpResponse:
    return _simple(request, key, task, tasks.arrive, _("You are there."))


@require_POST
def done(request: HttpRequest, key: str, task: str) -> HttpResponse:
    return _with_words(request, key, task, tasks.done, _("Written down."))


@require_POST
def decline(request: HttpRequest, key: str, task: str) -> HttpResponse:
    return _with_words(request, key, task, tasks.decline, _("The station is told."))


@require_POST
def drop(request: HttpRequest, key: str, task: str) -> HttpResponse:
    overseen(request, key)
    return _with_words(request, key, task, tasks.drop, _("The task was taken back."))


def _simple(request: HttpRequest, key: str, task: str, do: Callable[[User, Task, datetime], None], words: str) -> HttpResponse:
    incident, found = seen(request, key), _task(request, key, task)
    return act(request, incident, "", None, lambda: do(person(request), found, timezone.now()), words)


def _with_words(
    request: HttpRequest, key: str, task: str, do: Callable[[User, Task, str, datetime], None], words: str
) -> HttpResponse:
    incident, found, form = seen(request, key), _task(request, key, task), TaskNoteForm(request.POST)
    return act(
        request, incident, "task_saying", form,
        lambda: do(person(request), found, form.cleaned_data["task_note"], timezone.now()), words, task=found.key,
    )  # fmt: skip


def _task(request: HttpRequest, key: str, task: str) -> Task:
    """Of the unit whose task it is, or of the officers. Others of the incident see it, and do nothing with it."""
    found, user, now = get_object_or_404(Task, key=task, incident__key=key), person(request), timezone.now()
    if not (tasks.is_mine(user, found, now) or oversees(user, now)):
        raise Http404
    return found
