"""Phong trào → Ban chỉ đạo → Cuộc họp: invitation, minutes signed by two and then frozen, resolutions that become tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.committee import meetings, paper, steps, tasks
from luytre.civic.committee.members import members_on
from luytre.civic.committee.models import Meeting, MeetingState, Member, Resolution
from luytre.web.carrying_out import carry_out
from luytre.web.committee_words import lines_of
from luytre.web.forms_committee import (
    CorrectionForm,
    InvitationForm,
    MinutesForm,
    ResolutionTaskForm,
    WhyForm,
    minutes_initial,
    shown_moment,
    who_choices,
)
from luytre.web.views.committee import tabs
from luytre.web.views.ledger import as_file
from luytre.web.views.pages import person

ON_A_PAGE = 30


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    shown = Paginator(Meeting.objects.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _(str(MeetingState(one.state).label)), len(steps.lines_of(one.agenda))) for one in shown.object_list]
    context = tabs(request, "committee_meetings") | {"rows": rows, "shown": shown, "query": ""}
    return render(request, "committee_meetings.html", context)


def _one(key: str) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("chair__user", "secretary__user", "by"), key=key)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = meetings.call(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The meeting is called. Print the invitation, or send it as PDF."))
            return redirect("committee_meeting", made.key)
    return _invitation(request, form, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The invitation of a meeting that was not held yet."""
    found = _one(key)
    if request.method == "GET":
        initial = {"title": found.title, "moment": shown_moment(found.at), "place": found.place, "agenda": found.agenda}
        return _invitation(request, InvitationForm(initial=initial), found)
    form = InvitationForm(request.POST)
    return carry_out(
        request, form, lambda: meetings.change(person(request), found, form.draft(), timezone.now()), _("Saved."),
        lambda: redirect("committee_meeting", key), lambda: _invitation(request, form, found),
    )  # fmt: skip


def _invitation(request: HttpRequest, form: InvitationForm, found: Meeting | None) -> HttpResponse:
    fields = [form[name] for name in form.fields if name != "once"]
    context = tabs(request, "committee_meetings") | {"form": form, "fields": fields, "meeting": found}
    return render(request, "committee_meeting_new.html", context, status=422 if form.is_bound else 200)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _one(key))


def _page(request: HttpRequest, found: Meeting, **bound: Any) -> HttpResponse:
    user = person(request)
    frozen = meetings.frozen_of(found)
    offered = who_choices()
    resolutions = [
        (one, getattr(one, "task", None), bound.get(one.key) or ResolutionTaskForm(offered, prefix=one.key))
        for one in found.resolutions.select_related("task")
    ]
    signs = [
        (part, words, member, when, member is not None and member.user_id == user.pk)
        for part, words, member, when in (
            ("chair", _("Chair"), found.chair, found.chair_signed),
            ("secretary", _("Secretary"), found.secretary, found.secretary_signed),
        )
    ]
    lines = lines_of(steps.of(found.key))
    context = tabs(request, "committee_meetings") | {
        "meeting": found, "state": _(str(MeetingState(found.state).label)), "frozen": frozen, "resolutions": resolutions,
        "signs": signs, "lines": lines, "corrections": [line.step for line in reversed(lines) if line.step.code == "corrected"],
        "agenda": steps.lines_of(found.agenda), "cancelling": bound.get("cancelling") or WhyForm(),
        "correcting": bound.get("correcting") or CorrectionForm(), "is_over": found.at <= timezone.now(),
    }  # fmt: skip
    return render(request, "committee_meeting.html", context, status=422 if bound else 200)


def _members(found: Meeting) -> list[Member]:
    """Those of the day of the meeting."""
    return members_on(timezone.localdate(found.at))


@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    found = _one(key)
    if request.method == "GET":
        return _minutes(request, found, MinutesForm(_members(found), initial=minutes_initial(found)))
    sent = request.POST.copy()
    form = MinutesForm(_members(found), sent)
    return carry_out(
        request, form, lambda: meetings.write_minutes(person(request), found, form.draft(), timezone.now()),
        _("The minutes are kept. Chair and secretary sign them next."), lambda: redirect("committee_meeting", key),
        lambda: _again(request, key, form, sent),
    )  # fmt: skip


def _again(request: HttpRequest, key: str, form: MinutesForm, sent: QueryDict) -> HttpResponse:
    """With the revision of now, so that a second press after comparing is taken."""
    found = _one(key)
    sent["revision"] = str(found.revision)
    return _minutes(request, found, form)


def _minutes(request: HttpRequest, found: Meeting, form: MinutesForm) -> HttpResponse:
    hidden = ("revision", "came")
    there = found.minutes if form.is_bound and form.non_field_errors() else ""
    context = tabs(request, "committee_meetings") | {
        "form": form, "fields": [form[name] for name in form.fields if name not in hidden], "meeting": found, "there": there,
        "is_signed": found.chair_signed or found.secretary_signed, "agenda": steps.lines_of(found.agenda),
    }  # fmt: skip
    return render(request, "committee_minutes.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """`part`: chair or secretary; `revision`: what was read; `paper`: signed by hand."""
    found, post = _one(key), request.POST
    revision = post.get("revision", "")
    read = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0

    def do() -> None:
        on_paper = post.get("paper") == "yes"
        meetings.sign(person(request), found, post.get("part", ""), read, timezone.now(), on_paper=on_paper)

    back = lambda: redirect("committee_meeting", key)  # noqa: E731 - handed on twice
    return carry_out(request, None, do, _("Signed."), back, back)


@require_POST
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _one(key), WhyForm(request.POST)
    return carry_out(
        request, form, lambda: meetings.cancel(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Cancelled."), lambda: redirect("committee_meeting", key), lambda: _page(request, found, cancelling=form),
    )  # fmt: skip


@require_POST
def correct(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _one(key), CorrectionForm(request.POST)
    return carry_out(
        request, form, lambda: meetings.correct(person(request), found, form.cleaned_data["note"], timezone.now()),
        _("The correction stands below the minutes."), lambda: redirect("committee_meeting", key),
        lambda: _page(request, found, correcting=form),
    )  # fmt: skip


@require_POST
def resolution_task(request: HttpRequest, key: str) -> HttpResponse:
    """A resolution becomes a task, once."""
    found = get_object_or_404(Resolution.objects.select_related("meeting"), key=key)
    form = ResolutionTaskForm(who_choices(), request.POST, prefix=key)
    meeting = found.meeting.key
    return carry_out(
        request, form, lambda: tasks.give(person(request), form.draft(found), timezone.now()), _("The task is given."),
        lambda: redirect("committee_meeting", meeting), lambda: _page(request, _one(meeting), **{key: form}),
    )  # fmt: skip


@require_GET
def as_paper(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """`what`: invitation or minutes."""
    found, now = _one(key), timezone.now()
    if what == "invitation":
        invited = [f"{one.name}{', ' if one.post else ''}{one.post}" for one in _members(found)]
        return as_file(paper.invitation_of(found, invited, now), "application/pdf", "giay-moi-hop.pdf")
    if what != "minutes" or found.state not in (MeetingState.HELD, MeetingState.CLOSED):
        raise Http404
    return as_file(paper.minutes_of(found, now), "application/pdf", "bien-ban-hop.pdf")
