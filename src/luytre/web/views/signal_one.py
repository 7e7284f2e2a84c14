"""One alarm: who answered and when, what is entered for others, notes, its incident, its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.base.errors import LuytreError
from luytre.civic.access.models import User
from luytre.civic.incidents.scope import incidents_of, oversees
from luytre.civic.registry.seal import unseal
from luytre.civic.signals import answers, desk
from luytre.civic.signals.figures import count, minutes
from luytre.civic.signals.kinds import Answer, End, Means, StepCode
from luytre.civic.signals.meaning import parted
from luytre.civic.signals.models import Called, SignalStep, Sounding
from luytre.civic.signals.scope import called_of, may_end, may_enter, soundings_of
from luytre.civic.signals.steps import steps_of
from luytre.web.carrying_out import carry_out
from luytre.web.forms_signals import AsIncidentForm, EndForm, EnterForm, SignalNoteForm
from luytre.web.signal_words import called_words, minutes_words, titled, where
from luytre.web.views.incidents import hold_at_once
from luytre.web.views.pages import person
from luytre.web.watchers import watchers

BEFORE_S = 60
"""So long before the moment playback begins."""
ANSWER_CODES = (StepCode.COMING, StepCode.HERE, StepCode.CANNOT, StepCode.REACHED, StepCode.UNREACHED)


@dataclass(frozen=True, slots=True)
class CalledRow:
    """Who is called, as the page has it. `staff`: people of this party who answered. `may_enter`: by the reader."""

    called: Called
    name: str
    state: str
    took: str
    there: str
    phone: str
    staff: tuple[tuple[str, str, str], ...]
    may_enter: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words."""

    step: SignalStep
    what: str
    whom: str


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, seen(request, key))


def seen(request: HttpRequest, key: str) -> Sounding:
    found = soundings_of(person(request), timezone.now()).select_related("hamlet", "by", "incident")
    return get_object_or_404(found, key=key)


def _page(request: HttpRequest, sounding: Sounding, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name; `of`: the key of whom it was about."""
    user, now = person(request), timezone.now()
    called = list(called_of(user, now).filter(sounding=sounding).select_related("line", "hamlet", "person"))
    forms: dict[str, Any] = {
        "entering": EnterForm(), "ending": EndForm(), "noting": SignalNoteForm(), "making": AsIncidentForm(), "of": "",
    }  # fmt: skip
    mine = next((one for one in called if one.person_id == user.pk), None)
    rows = _rows(user, sounding, called, now)
    found = count(sounding, called)
    at_s = int(sounding.sounded.timestamp()) - BEFORE_S
    what, to_do = parted(sounding.meaning)
    context = forms | bound | {
        "sounding": sounding, "title": titled(sounding), "where": where(sounding), "rows": rows, "count": found, "to_do": to_do,
        "what": what, "means": _(str(Means(sounding.means).label)), "first": minutes_words(found.first_min),
        "there": minutes_words(found.there_min), "unreached": [called_words(one) for one in found.unreached],
        "end": _(str(End(sounding.end).label)) if sounding.end else "", "mine": mine.state if mine else "",
        "lines": _lines(sounding, called), "may_end": may_end(user, sounding, now), "officer": oversees(user, now),
        "incident_url": sounding.incident is not None and incidents_of(user, now).filter(pk=sounding.incident.pk).exists(),
        "watchers": watchers(user, sounding.latitude, sounding.longitude, at_s, now),
    }  # fmt: skip
    return render(request, "signal.html", context, status=422 if bound else 200)


def _rows(user: User, sounding: Sounding, called: list[Called], now: datetime) -> list[CalledRow]:
    late = sounding.ended is not None and now > sounding.ended + answers.AFTER
    return [_row(user, sounding, one, called, now, late) for one in called if one.person_id is None]


def _row(user: User, sounding: Sounding, one: Called, called: list[Called], now: datetime, late: bool) -> CalledRow:
    entered = not late and may_enter(user, one, now)
    of_it = [
        each for each in called
        if each.person_id is not None and one.actor and (each.actor, each.hamlet_id) == (one.actor, one.hamlet_id)
    ]  # fmt: skip
    staff = tuple(
        (each.name, _(str(Answer(each.state).label)), minutes_words(minutes(sounding, each.answered))) for each in of_it
    )  # fmt: skip
    return CalledRow(
        one, called_words(one), _(str(Answer(one.state).label)), minutes_words(minutes(sounding, one.answered)),
        minutes_words(minutes(sounding, one.here)), _phone(one) if entered else "", staff, entered,
    )  # fmt: skip


def _phone(one: Called) -> str:
    """A page in an alarm must open: a number that cannot be unlocked is left out."""
    try:
        return unseal(one.line.sealed_phone) if one.line is not None else ""
    except LuytreError:
        return ""


def _lines(sounding: Sounding, called: list[Called]) -> list[Line]:
    """Those about somebody whom the reader does not meet are left out."""
    names = {one.key: called_words(one) for one in called}
    return [_line(step, names) for step in steps_of(sounding) if step.code not in ANSWER_CODES or step.thing in names]


def _line(step: SignalStep, names: dict[str, str]) -> Line:
    what = _(str(StepCode(step.code).label))
    if step.code in ANSWER_CODES:
        return Line(step, what, names.get(step.thing, ""))
    if step.code == StepCode.ENDED:
        return Line(step, what, _(str(End(step.thing).label)))
    return Line(step, what, "")


# --- what is done -----------------------------------------------------------------------------------------------------
def _act(
    request: HttpRequest, sounding: Sounding, name: str, form: Any, do: Callable[[], object], words: str, of: str = ""
) -> HttpResponse:  # fmt: skip
    bound = {name: form} | ({"of": of} if of else {})
    return carry_out(
        request, form, do, words, lambda: redirect("signal", sounding.key), lambda: _page(request, sounding, **bound)
    )  # fmt: skip


@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """`state`: which of the three presses."""
    found, state = seen(request, key), request.POST.get("state", "")
    return _act(
        request, found, "", None, lambda: answers.answer(person(request), found, state, timezone.now()), _("Everybody sees it.")
    )  # fmt: skip


def _called(request: HttpRequest, sounding: Sounding, called: str) -> Called:
    found = get_object_or_404(Called.objects.select_related("hamlet"), key=called, sounding=sounding)
    if not may_enter(person(request), found, timezone.now()):
        raise Http404
    return found


@require_POST
def enter(request: HttpRequest, key: str, called: str) -> HttpResponse:
    found, form = seen(request, key), EnterForm(request.POST)
    whom = _called(request, found, called)
    return _act(
        request, found, "entering", form,
        lambda: answers.enter(
            person(request), whom, form.cleaned_data["state"], form.cleaned_data["said"], timezone.now()
        ),
        _("Written down."), of=whom.key,
    )  # fmt: skip


@require_POST
def reach(request: HttpRequest, key: str, called: str) -> HttpResponse:
    """`reached`: yes, or anything else for no."""
    found = seen(request, key)
    whom, reached = _called(request, found, called), request.POST.get("reached") == "yes"
    return _act(
        request, found, "", None, lambda: answers.reach(person(request), whom, reached, timezone.now()), _("Written down.")
    )  # fmt: skip


def _ending(request: HttpRequest, key: str) -> Sounding:
    found = seen(request, key)
    if not may_end(person(request), found, timezone.now()):
        raise Http404
    return found


@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _ending(request, key), SignalNoteForm(request.POST)
    return _act(
        request, found, "noting", form,
        lambda: desk.note(person(request), found, form.cleaned_data["said_note"], timezone.now()), _("Written down."),
    )  # fmt: skip


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _ending(request, key), EndForm(request.POST)
    return _act(
        request, found, "ending", form, lambda: desk.end(person(request), found, form.ending(), timezone.now()),
        _("The alarm is over."),
    )  # fmt: skip


@require_POST
def as_incident(request: HttpRequest, key: str) -> HttpResponse:
    """As every incident that is opened: footage is held where the regulation wants it."""
    found, form = seen(request, key), AsIncidentForm(request.POST)

    def do() -> None:
        hold_at_once(request, desk.make_incident(person(request), found, form.cleaned_data["kind"], timezone.now()))

    return _act(request, found, "making", form, do, _("The incident is open, and who answers it is called."))
