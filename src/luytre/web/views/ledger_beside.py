"""Phong trào → Sổ đóng góp: pledges (for who enters alone) and hamlets' estimates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.ledger import desk, estimates, pledges
from luytre.civic.ledger.accounts import SORT_WORDS
from luytre.civic.ledger.estimates import MOST_ITEMS
from luytre.civic.ledger.models import Estimate, Pledge, Standing, StepCode
from luytre.civic.ledger.paper import estimate_of
from luytre.civic.ledger.pledges import Came
from luytre.civic.registry.seal import unseal
from luytre.web import ledger_words
from luytre.web.carrying_out import carry_out
from luytre.web.forms_ledger import FEWEST_ROWS, AmendForm, EstimateForm, LetGoForm, PledgeForm, VoteForm, kept_text
from luytre.web.views.ledger import ON_A_PAGE, as_file, document_of, marks, shown_document, tabs
from luytre.web.views.pages import person

OPEN = "open"


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """`name`: only where the reader asked for names, which was written down. `late`: its day is over and it is open."""

    pledge: Pledge
    sort: str
    place: str
    came: Came
    late: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class EstimateRow:
    estimate: Estimate
    standing: str
    place: str
    estimated_vnd: int
    spent_vnd: int


def _sort(sort: str) -> str:
    return ledger_words.capital(_(SORT_WORDS[sort]) if sort in SORT_WORDS else _("Money"))


def _rows(found: list[Pledge], today: date, *, named: bool) -> list[PledgeRow]:
    came = pledges.came(found)
    return [
        PledgeRow(
            one, _sort(one.sort), ledger_words.place_words(one.place), came[one.key],
            came[one.key].is_open and one.due is not None and one.due < today, desk.name_of(one.party) if named else "",
        )
        for one in found
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def pledge_list(request: HttpRequest) -> HttpResponse:
    """`?state=`: open ones, or all. POST: the same with names, and the press is written down."""
    state, named = request.GET.get("state", OPEN), request.method == "POST"
    rows = _rows(list(Pledge.objects.select_related("party")), timezone.localdate(), named=named)
    if state == OPEN:
        rows = [row for row in rows if row.came.is_open]
    if named:
        desk.step(person(request), StepCode.NAMES, "pledges", timezone.now())
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = tabs(request, "ledger_pledges") | {
        "rows": shown.object_list, "shown": shown, "query": f"state={state}" if state != OPEN else "", "state": state,
        "named": named, "any": Pledge.objects.exists(), "open_vnd": sum(row.came.open_vnd for row in rows),
    }  # fmt: skip
    return render(request, "ledger_pledges.html", context)


@require_http_methods(["GET", "POST"])
def pledge_new(request: HttpRequest) -> HttpResponse:
    form = PledgeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = pledges.promise(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            return redirect("ledger_pledge", made.key)
    fields = [form[name] for name in form.fields if name not in ("once", "public")]
    context = tabs(request, "ledger_pledges") | {"form": form, "fields": fields, "consent": form["public"]}
    return render(request, "ledger_pledge_new.html", context, status=422 if form.is_bound else 200)


@require_GET
def pledge(request: HttpRequest, key: str) -> HttpResponse:
    return _pledge(request, key)


def _pledge(
    request: HttpRequest, key: str, form: LetGoForm | None = None, amend: AmendForm | None = None, **more: Any
) -> HttpResponse:  # fmt: skip
    found = get_object_or_404(Pledge.objects.select_related("party", "by"), key=key)
    (row,) = _rows([found], timezone.localdate(), named=False)
    bound = form is not None or amend is not None
    amend = amend or AmendForm.of(found)
    context = tabs(request, "ledger_pledges") | marks(request, found.party.key) | {
        "row": row, "form": form or LetGoForm(), "given": pledges.given_for(found), "amend": amend,
        "amend_fields": [amend[name] for name in amend.fields if name != "seen"], "log": pledges.corrections(found),
    } | more  # fmt: skip
    return render(request, "ledger_pledge.html", context, status=422 if bound else 200)


@require_POST
def pledge_amend(request: HttpRequest, key: str) -> HttpResponse:
    found, form = get_object_or_404(Pledge, key=key), AmendForm(request.POST)
    return carry_out(
        request, form, lambda: pledges.amend(person(request), found, form.amended(), timezone.now()),
        _("The pledge was corrected."), lambda: redirect("ledger_pledge", key), lambda: _pledge(request, key, amend=form),
    )  # fmt: skip


@require_POST
def pledge_names(request: HttpRequest, key: str) -> HttpResponse:
    """Who promised it; the press is written down."""
    party = get_object_or_404(Pledge.objects.select_related("party"), key=key).party
    desk.step(person(request), StepCode.NAMES, party.key, timezone.now())
    return _pledge(request, key, name=desk.name_of(party), phone=unseal(party.sealed_phone))


@require_POST
def pledge_let_go(request: HttpRequest, key: str) -> HttpResponse:
    found, form = get_object_or_404(Pledge, key=key), LetGoForm(request.POST)
    return carry_out(
        request, form, lambda: pledges.let_go(person(request), found, form.cleaned_data["note"], timezone.now()),
        _("Nothing more is expected of it."), lambda: redirect("ledger_pledge", key), lambda: _pledge(request, key, form),
    )  # fmt: skip


# --- estimates --------------------------------------------------------------------------------------------------------
@require_GET
def estimate_list(request: HttpRequest) -> HttpResponse:
    rows = [_estimate_row(one) for one in Estimate.objects.prefetch_related("lines")]
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = tabs(request, "ledger_estimates") | {"rows": shown.object_list, "shown": shown}
    return render(request, "ledger_estimates.html", context)


def _estimate_row(one: Estimate) -> EstimateRow:
    lines = estimates.against(one)
    estimated, spent = sum(line.estimated_vnd for line in lines), sum(line.spent_vnd for line in lines)
    standing = ledger_words.capital(_(str(Standing(one.state).label)))
    return EstimateRow(one, standing, ledger_words.place_words(one.place), estimated, spent)


@require_http_methods(["GET", "POST"])
def estimate_new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and "more" in request.POST:  # room for more; what was typed stays
        sent = request.POST.copy()
        sent["rows"] = str(EstimateForm(sent).many + FEWEST_ROWS)
        return _estimate_form(request, EstimateForm(sent), 200)
    form = EstimateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = estimates.write(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            return redirect("ledger_estimate", made.key)
    return _estimate_form(request, form, 422 if form.is_bound else 200)


def _estimate_form(request: HttpRequest, form: EstimateForm, status: int) -> HttpResponse:
    if status == 200 and form.is_bound:
        form.errors.clear()  # nobody has sent it yet
    context = tabs(request, "ledger_estimates") | {"form": form, "lines": form.lines(), "may_more": form.many < MOST_ITEMS}
    return render(request, "ledger_estimate_new.html", context, status=status)


@require_GET
def estimate(request: HttpRequest, key: str) -> HttpResponse:
    return _estimate(request, key, VoteForm())


def _estimate(request: HttpRequest, key: str, form: VoteForm, *, has_document: bool = False) -> HttpResponse:
    found = get_object_or_404(Estimate.objects.prefetch_related("lines").select_related("by"), key=key)
    context = tabs(request, "ledger_estimates") | {
        "row": _estimate_row(found), "form": form, "has_document": has_document, "is_open": found.state == Standing.OPEN,
        "lines": [(_sort(line.sort), line, -line.left_vnd) for line in estimates.against(found)],
        "fields": [form[name] for name in form.fields if name != "kept"],
        "items": [(_sort(one.sort), one) for one in found.lines.all()],
    }  # fmt: skip
    return render(request, "ledger_estimate.html", context, status=422 if form.is_bound else 200)


@require_POST
def estimate_decide(request: HttpRequest, key: str) -> HttpResponse:
    found, sent = get_object_or_404(Estimate, key=key), request.POST.copy()
    form = VoteForm(sent)
    document = document_of(request, form)

    def again() -> HttpResponse:
        sent["kept"] = kept_text(document) if document else ""
        return _estimate(request, key, form, has_document=document is not None)

    return carry_out(
        request, form, lambda: estimates.decide(person(request), found, form.vote(document), timezone.now()),
        _("The vote is set down."), lambda: redirect("ledger_estimate", key), again,
    )  # fmt: skip


@require_GET
def estimate_paper(request: HttpRequest, key: str) -> HttpResponse:
    """The estimate with its vote, as it hangs in the hamlet's house."""
    found = get_object_or_404(Estimate.objects.prefetch_related("lines"), key=key)
    return as_file(estimate_of(found, timezone.now()), "application/pdf", f"du-toan-{found.key}.pdf")


@require_GET
def estimate_document(request: HttpRequest, key: str) -> HttpResponse:
    """The file of the minutes; each look is written down."""
    return shown_document(request, get_object_or_404(Estimate, key=key).document)
