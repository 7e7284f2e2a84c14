"""Trực ban → Sổ trực: who is on duty, what the last shift left, handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.access.models import User
from luytre.civic.incidents import shifts
from luytre.civic.incidents.models import Incident, ShiftCode, ShiftStep, State
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip
from luytre.civic.upkeep.models import Ticket, TicketState
from luytre.web import shift_report
from luytre.web.carrying_out import carry_out
from luytre.web.days import read_day
from luytre.web.forms_incidents import MappedForm
from luytre.web.views.bulletins import rows_in_force
from luytre.web.views.incidents import row_of, whole
from luytre.web.views.pages import person

ON_A_PAGE = 40


class HandForm(MappedForm):
    PLACES = {"note": "hand_note"}
    whom = forms.ChoiceField(label=gettext_lazy("To whom"))
    hand_note = forms.CharField(
        label=gettext_lazy("What the next shift must know"), required=False, max_length=shifts.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, offered: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["whom"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((str(one.pk), str(one)) for one in offered)]


class TakeForm(MappedForm):
    PLACES = {"note": "take_note"}
    take_note = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=shifts.LONGEST_NOTE)


class ShiftNoteForm(MappedForm):
    PLACES = {"note": "shift_note"}
    shift_note = forms.CharField(
        label=gettext_lazy("Into the book"), max_length=shifts.LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("No names of people concerned: what is written here cannot be erased."),
    )  # fmt: skip


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    now, user = timezone.now(), person(request)
    duty = shifts.duty_now()
    book = Paginator(ShiftStep.objects.select_related("by", "whom").order_by("-seq"), ON_A_PAGE)
    shown = book.get_page(request.GET.get("page"))
    tips = Tip.objects.exclude(state=TipState.CLOSED).select_related("hamlet")
    context = {
        "handing": HandForm([one for one in shifts.takers(now) if one != user]), "taking": TakeForm(), "noting": ShiftNoteForm(),
    } | bound | {
        "duty": duty, "mine": duty.who == user, "for_me": duty.handed is not None and duty.handed.whom == user, "now": now,
        "open_rows": [row_of(one) for one in whole(Incident.objects.exclude(state=State.CLOSED))],
        "tips": [(one, _(str(Kind(one.kind).label))) for one in tips[:20]], "tips_count": tips.count(),
        "bulletins": rows_in_force(user, now),
        "faults": Ticket.objects.exclude(state=TicketState.CLOSED).count(), "shown": shown, "query": "",
        "book": [(step, _(str(ShiftCode(step.code).label))) for step in shown.object_list],
    }  # fmt: skip
    return render(request, "shifts.html", context, status=422 if bound else 200)


# --- a shift on paper -------------------------------------------------------------------------------------------------
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """`?shift=`: the row of the book by which it was taken over; `?day=`: a whole day; else the shift that is running."""
    now, typed = timezone.now(), request.GET.get("day", "").strip()[:10]
    span, shift = _span(request, now), request.GET.get("shift", "")
    query = urlencode({"day": typed} if typed else {"shift": shift} if shift else {})
    context = {
        "report": shift_report.report_of(span, now) if span else None, "typed": typed, "shift": shift, "query": query,
        "wrong_day": bool(typed) and span is None,
    }  # fmt: skip
    return render(request, "shift_report.html", context, status=422 if context["wrong_day"] else 200)


@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """As PDF; where there is nothing to print, the page says why."""
    now = timezone.now()
    span = _span(request, now)
    if span is None:
        query = request.GET.urlencode()
        return redirect(reverse("shift_report") + (f"?{query}" if query else ""))
    name = f"ca-truc-{timezone.localtime(span.start):%Y%m%d-%H%M}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(shift_report.as_pdf(span, now), content_type="application/pdf", headers=headers)


def _span(request: HttpRequest, now: datetime) -> shift_report.Span | None:
    typed, shift = request.GET.get("day", "").strip(), request.GET.get("shift", "")
    if typed:
        day = read_day(typed)
        return shift_report.span_of_day(day, now) if day is not None and day <= timezone.localdate(now) else None
    if shift and not (shift.isascii() and shift.isdecimal() and len(shift) < 16):
        return None
    return shift_report.span_of_shift(int(shift) if shift else None, now)


def _done(request: HttpRequest, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(request, form, do, words, lambda: redirect("shifts"), lambda: _page(request, **{name: form}))


@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), person(request)
    form = HandForm([one for one in shifts.takers(now) if one != user], request.POST)

    def do() -> None:
        shifts.hand_over(user, User.objects.get(pk=form.cleaned_data["whom"]), form.cleaned_data["hand_note"], now)

    return _done(request, "handing", form, do, _("Handed over. You are on duty until it is taken."))


@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    form = TakeForm(request.POST)
    return _done(
        request, "taking", form, lambda: shifts.take_over(person(request), form.cleaned_data["take_note"], timezone.now()),
        _("You are on duty."),
    )  # fmt: skip


@require_POST
def note(request: HttpRequest) -> HttpResponse:
    form = ShiftNoteForm(request.POST)
    return _done(
        request, "noting", form, lambda: shifts.note(person(request), form.cleaned_data["shift_note"], timezone.now()),
        _("Written down."),
    )  # fmt: skip
