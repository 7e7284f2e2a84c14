"""Quản trị → Ngày làm việc: which days of a year are off or worked in exchange, by the proposal or as somebody wrote it down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.workdays import book
from luytre.civic.workdays.days import MOON_YEARS, SATURDAY
from luytre.civic.workdays.models import LONGEST_WORDS, Said
from luytre.web.carrying_out import carry_out
from luytre.web.days import DayField
from luytre.web.forms_tips import TellForm
from luytre.web.register_words import choices
from luytre.web.views.pages import person


class DayForm(TellForm):
    day = DayField(label=gettext_lazy("Day"))
    said = forms.ChoiceField(label=gettext_lazy("What it is"))
    words = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Like: announcement 15/TB of 03/12/2026."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["said"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [one for one in choices(Said) if one[0] != Said.CHECKED]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return _page(request, _year(request.GET.get("year", "")), DayForm())


def _year(text: str) -> int:
    """The year that is meant, held within those of which days may be written; the present one for what is none."""
    now = timezone.localdate().year
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now
    return min(max(asked, now - book.YEARS_BACK), now + book.YEARS_AHEAD)


def _page(request: HttpRequest, year: int, form: DayForm, status: int = 200) -> HttpResponse:
    now, found = timezone.localdate().year, book.year_of(year)
    rows = [
        (one, date_format(one.day, "l"), _(one.words) if one.step is None else one.words, one.day.weekday() >= SATURDAY)
        for one in found.days
    ]
    context = {
        "found": found, "rows": rows, "form": form, "knows_moon": year in MOON_YEARS,
        "years": range(now - book.YEARS_BACK, now + book.YEARS_AHEAD + 1),
    }  # fmt: skip
    return render(request, "workdays.html", context, status=status)


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('workdays')}?year={year}")


@require_POST
def say_day(request: HttpRequest) -> HttpResponse:
    form, year = DayForm(request.POST), _year(request.POST.get("year", ""))

    def do() -> None:
        data = form.cleaned_data
        book.say(person(request), data["day"], Said(data["said"]), data["words"], timezone.now())

    def back() -> HttpResponse:
        return _back(form.cleaned_data["day"].year)

    words = _("Written down. Clocks that run keep their days; those that begin from now on count by it.")
    return carry_out(request, form, do, words, back, lambda: _page(request, year, form, 422))


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    year = _year(request.POST.get("year", ""))
    return carry_out(
        request, None, lambda: book.check_year(person(request), year, timezone.now()),
        _("Written down: %(year)s was held against the announcement.") % {"year": year},
        lambda: _back(year), lambda: _back(year),
    )  # fmt: skip
