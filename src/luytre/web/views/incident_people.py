"""People concerned by an incident: written down, shown by a press that is written down first, taken out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luytre.civic.incidents import people
from luytre.civic.incidents.models import Incident, Part
from luytre.civic.registry.refusals import said
from luytre.web.forms_incidents import PersonForm, StrikeForm
from luytre.web.views.incidents import act, overseen
from luytre.web.views.pages import person


@require_POST
def add(request: HttpRequest, key: str) -> HttpResponse:
    found, form = overseen(request, key), PersonForm(request.POST)
    return act(
        request, found, "adding", form, lambda: people.add(person(request), found, *form.chosen(), timezone.now()),
        _("Written down, locked."),
    )  # fmt: skip


@require_POST
def show(request: HttpRequest, key: str) -> HttpResponse:
    """By a press, not by an address: opening it again asks again, and is written down again."""
    return _shown(request, overseen(request, key))


@require_POST
def strike(request: HttpRequest, key: str, one: str) -> HttpResponse:
    found, form = overseen(request, key), StrikeForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, one)
    try:
        people.strike(person(request), found, one, form.cleaned_data["strike_note"], timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
    else:
        messages.success(request, _("Taken out."))
    return redirect("incident", found.key)


def _shown(request: HttpRequest, incident: Incident, refused: StrikeForm | None = None, one: str = "") -> HttpResponse:
    """`refused`: the form beside the person `one` that was sent without its reason."""
    shown = people.show(person(request), incident, timezone.now())
    rows = []
    for row in shown:
        form = refused if refused is not None and row.concerned.key == one else StrikeForm()
        rows.append((row, _(str(Part(row.concerned.part).label)), form))
    context = {"incident": incident, "rows": rows, "kept_days": people.KEPT_DAYS}
    answer = render(request, "incident_people.html", context, status=422 if refused is not None else 200)
    answer["Cache-Control"] = "no-store"
    return answer
