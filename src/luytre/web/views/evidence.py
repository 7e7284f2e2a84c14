"""Quy chế → Chứng cứ: clips that wait for their approval, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.base.errors import UsageError
from luytre.civic.access.models import LookKind
from luytre.civic.evidence.models import ClipRequest, What
from luytre.civic.evidence.requests import STATE_WORDS, Standing, State, approvals, ask, decide, hindrance, standing, standings
from luytre.civic.registry.models import Camera
from luytre.civic.regulations.enforce import purpose_of
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import ACTOR_WORDS, Purpose
from luytre.web.views.media import Refusal, asked_of, refused
from luytre.web.views.packages import waiting_packages
from luytre.web.views.pages import person

ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as pages have it. `take_out`: where the person takes it out now; empty where they cannot."""

    found: Standing
    cameras: tuple[str, ...]
    purpose: str
    state: str
    mine: bool
    decidable: bool
    take_out: str
    what: str
    """What leaves, in words; empty: a clip alone."""


class DecisionForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Why (needed for a refusal)"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked = ClipRequest.objects.select_related("by").prefetch_related("decisions__by")
    several = Paginator(asked, ON_A_PAGE).get_page(request.GET.get("page"))
    names = _names(several.object_list)
    lines = [_shown(request, one, names, now) for one in standings(several.object_list, now)]
    wanted = approvals(now)
    context = {
        "lines": lines,
        "shown": several,
        "wanted": wanted,
        "who": [_(ACTOR_WORDS[role]) for role in wanted.roles],
    }
    return render(request, "evidence.html", context)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _one(request, get_object_or_404(ClipRequest.objects.select_related("by"), key=key), DecisionForm())


def _one(request: HttpRequest, asked: ClipRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = standing(asked, now)
    context = {
        "line": _shown(request, found, _names([asked]), now),
        "asked": asked,
        "found": found,
        "form": form,
        "hindrance": _(why) if (why := hindrance(person(request), found, now)) else "",
        "look": _playback(asked),
        "waits": found.state is State.WAITING,
        "missing": found.needed - found.agreed,
        "to_order": waiting_packages(asked, person(request), now),
        "made": list(asked.packages.all()),
    }
    return render(request, "evidence_request.html", context, status=status)


@require_POST
def decide_on_clip(request: HttpRequest, key: str) -> HttpResponse:
    asked = get_object_or_404(ClipRequest, key=key)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _one(request, asked, form, 422)
    try:
        decide(person(request), asked, request.POST.get("agreed") == "1", form.cleaned_data["words"], timezone.now())
    except UsageError as error:
        form.add_error("words" if error.subject == "words" else None, _(error.cause))
        return _one(request, asked, form, 422)
    messages.success(request, _("Your decision is written down."))
    return redirect("clip_request", key=key)


@require_POST
def ask_for_clip(request: HttpRequest) -> HttpResponse:
    """`{"cameras": […], "from", "to"}` with why → `{"url"}`, the request's page. 409 where the regulation wants no approval."""
    user, now = person(request), timezone.now()
    try:
        asked = asked_of(request, {LookKind.EXPORT})
    except Refusal as refusal:
        return refusal.answer
    assert asked.span is not None  # a clip has one
    try:
        made = ask(user, asked.cameras, asked.span, asked.reason, now)
    except UsageError as error:
        return refused(409, "no_approval_wanted", _(error.cause))
    return JsonResponse({"url": reverse("clip_request", args=[made.key]), "number": made.seq})


def _names(several: Iterable[ClipRequest]) -> dict[str, str]:
    """Of all their cameras, by key. One query."""
    keys = {key for one in several for key in one.camera_keys}
    return dict(Camera.objects.filter(key__in=keys).values_list("key", "name"))


def _shown(request: HttpRequest, found: Standing, names: dict[str, str], now: datetime) -> Shown:
    asked, user = found.request, person(request)
    mine = asked.by_id == user.pk
    return Shown(
        found,
        tuple(names.get(key, key) for key in asked.camera_keys),
        _purpose(purpose_of(in_force_now(now).rules, asked.purpose_key), asked.purpose_key),
        _(STATE_WORDS[found.state]),
        mine,
        not hindrance(user, found, now),
        f"{_playback(asked)}&request={asked.key}" if mine and found.state is State.APPROVED and not asked.what else "",
        _(What(asked.what).label) if asked.what else "",
    )


def _purpose(found: Purpose | None, key: str) -> str:
    """In the reader's language; the key of one that the regulation does not have any longer."""
    if found is None:
        return key
    return found.en if get_language() == "en" and found.en else found.vi


def _playback(asked: ClipRequest) -> str:
    """Where the span of a request is looked at; who may not look back finds no camera there."""
    span = f"at={asked.span_start.timestamp():.3f}&in={asked.span_start.timestamp():.3f}&out={asked.span_end.timestamp():.3f}"
    return f"{reverse('playback')}?cameras={asked.cameras}&{span}"
