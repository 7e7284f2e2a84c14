"""Quy chế → Vi phạm dữ liệu: the breach file with its 72 hours, and the impact dossier. Head and auditor read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role
from luytre.civic.access.permissions import may_use
from luytre.civic.committee.register import FORCE_WORDS
from luytre.civic.rights import breaches as file
from luytre.civic.rights.dossier import MUST_HOLD, documents
from luytre.civic.rights.kinds import Told, Verdict
from luytre.civic.rights.models import Breach, BreachCode, BreachStep
from luytre.civic.rights.paper import notice_of
from luytre.web.carrying_out import carry_out
from luytre.web.forms_rights import AccountForm, CloseBreachForm, NotifiedForm, TellingForm
from luytre.web.views.pages import person
from luytre.web.views.rights import tabs

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Row:
    """`left`: how much of the 72 hours, in words. `late`: they are over and no notice was given."""

    breach: Breach
    left: str
    late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words."""

    step: BreachStep
    what: str
    more: str


def row_of(breach: Breach, now: datetime) -> Row:
    if breach.notified is not None or breach.closed is not None:
        return Row(breach, "", late=False)
    rest = (breach.notice_due - now).total_seconds()
    hours = int(abs(rest) // HOUR_S)
    if rest < 0:
        return Row(breach, ngettext("%(hours)s hour too late", "%(hours)s hours too late", hours) % {"hours": hours}, late=True)
    return Row(breach, ngettext("%(hours)s hour left", "%(hours)s hours left", hours) % {"hours": hours}, late=False)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = [row_of(one, now) for one in Breach.objects.select_related("hamlet")]
    return render(request, "breaches.html", {"rows": rows, "head": _is_head(request)} | tabs(request, "breaches"))


def _is_head(request: HttpRequest) -> bool:
    return Role.HEAD in roles_of(person(request), timezone.now())


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The head alone, by the permission table."""
    now = timezone.now()
    form = AccountForm(request.POST) if request.method == "POST" else AccountForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = file.open_file(person(request), form.account(), form.cleaned_data["once"], now)
            return redirect("breach", made.key)
        except ValidationError as error:
            form.tell(error)
    return render(request, "breach_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _seen(key))


def _seen(key: str) -> Breach:
    return get_object_or_404(Breach.objects.select_related("hamlet", "by"), key=key)


def _page(request: HttpRequest, breach: Breach, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    forms: dict[str, Any] = {
        "changing": AccountForm(initial=AccountForm.of(breach)), "notifying": NotifiedForm(), "telling": TellingForm(),
        "closing": CloseBreachForm(),
    }  # fmt: skip
    context = forms | bound | {
        "row": row_of(breach, timezone.now()), "breach": breach, "head": _is_head(request), "open": breach.closed is None,
        "lines": [_line(step) for step in file.steps_of(breach)],
        "told": _(str(Told(breach.told).label)) if breach.told else "",
        "verdict": _(str(Verdict(breach.verdict).label)) if breach.verdict else "",
    }  # fmt: skip
    return render(request, "breach.html", context, status=422 if bound else 200)


def _line(step: BreachStep) -> Line:
    more = ""
    if step.code == BreachCode.TOLD:
        more = _(str(Told(step.thing).label))
    elif step.code == BreachCode.CLOSED:
        more = _(str(Verdict(step.thing).label))
    elif step.code == BreachCode.NOTIFIED and step.moment is not None:
        more = f"{timezone.localtime(step.moment):%d/%m/%Y %H:%M}"
    return Line(step, _(str(BreachCode(step.code).label)), more)


def _done(request: HttpRequest, breach: Breach, name: str, form: Any, do: Callable[[], object]) -> HttpResponse:
    return carry_out(
        request, form, do, _("Written down."), lambda: redirect("breach", breach.key),
        lambda: _page(request, breach, **{name: form}),
    )  # fmt: skip


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(key), AccountForm(request.POST), timezone.now()
    return _done(request, found, "changing", form, lambda: file.change(person(request), found, form.account(), now))


@require_POST
def notified(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(key), NotifiedForm(request.POST), timezone.now()
    return _done(
        request,
        found,
        "notifying",
        form,
        lambda: file.notify(person(request), found, form.cleaned_data["notified"], form.cleaned_data["how"], now),
    )


@require_POST
def telling(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(key), TellingForm(request.POST), timezone.now()
    return _done(
        request, found, "telling", form, lambda: file.decide_telling(person(request), found, **form.cleaned_data, now=now)
    )


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(key), CloseBreachForm(request.POST), timezone.now()
    return _done(request, found, "closing", form, lambda: file.close(person(request), found, **form.cleaned_data, now=now))


@require_POST
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The draft notice, to be completed and signed. Printing is a step: what was sent may be asked for."""
    found, now = _seen(key), timezone.now()
    file.printed(person(request), found, now)
    headers = {
        "Content-Disposition": f'attachment; filename="vi-pham-{found.number}-{found.year}.pdf"', "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(notice_of(found, now), content_type="application/pdf", headers=headers)


# --- the impact dossier -----------------------------------------------------------------------------------------------
@require_GET
def dossier(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    roles = roles_of(person(request), now)
    context = {
        "must": [_(one) for one in MUST_HOLD],
        "rows": [(row, _(FORCE_WORDS[row.force])) for row in documents(timezone.localdate(now))],
        "may_register": may_use("committee_document", roles), "may_enter": may_use("committee_document_new", roles),
    }  # fmt: skip
    return render(request, "dossier.html", context | tabs(request, "dossier"))
