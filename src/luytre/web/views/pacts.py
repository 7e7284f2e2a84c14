"""Phong trào → Giao ước thi đua: how each unit stands; criteria with weights; pacts and their signatures; commendations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import N_
from luytre.civic.committee.tasks import unit_names
from luytre.civic.pacts import commending, criteria, paper, signing, steps
from luytre.civic.pacts.models import Audience, Commendation, CriteriaSet, Measure, Pact, Quarter
from luytre.civic.pacts.scope import own_places, reads, writes
from luytre.web.carrying_out import carry_out
from luytre.web.forms_committee import WhyForm
from luytre.web.forms_pacts import CommendationForm, CriteriaForm, FiledForm, PactForm, criteria_initial
from luytre.web.pact_words import step_lines
from luytre.web.views.ledger import as_file
from luytre.web.views.pages import person

TABS = (("pacts", N_("Quarters and pacts")), ("pact_sets", N_("Criteria")), ("pact_commendations", N_("Commendations")))


def tabs(request: HttpRequest, here: str) -> dict[str, Any]:
    """The pages of the pacts that the person may open; hamlets' heads have one alone."""
    user, now = person(request), timezone.now()
    shown = [(route, _(words)) for route, words in TABS] if reads(user, now) else []
    return {"pact_tabs": shown, "here": here, "may_write": writes(user, now), "reads_all": reads(user, now)}


def seen_pacts(request: HttpRequest) -> list[Pact]:
    """All for who reads all; a hamlet's head those of the own hamlet."""
    user, now = person(request), timezone.now()
    found = Pact.objects.select_related("unit", "criteria", "document", "by")
    return list(found if reads(user, now) else found.filter(unit__place__in=own_places(user, now)))


def seen_pact(request: HttpRequest, key: str) -> Pact:
    found = next((one for one in seen_pacts(request) if one.key == key), None)
    if found is None:
        raise Http404
    return found


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    names = unit_names(today)
    rows = [(one, names[one.unit_id]) for one in seen_pacts(request)]
    opened = list(Quarter.objects.all())
    known = {(one.year, one.number) for one in opened}
    now_in = (today.month + 2) // 3
    back = [divmod(today.year * 4 + now_in - 1 - past, 4) for past in range(4)]
    context = tabs(request, "pacts") | {
        "rows": rows, "quarters": opened, "sets": CriteriaSet.objects.exists(),
        "to_open": [(year, number + 1) for year, number in back if (year, number + 1) not in known],
    }  # fmt: skip
    return render(request, "pacts.html", context)


# --- criteria ---------------------------------------------------------------------------------------------------------
@require_GET
def sets(request: HttpRequest) -> HttpResponse:
    rows = [(one, _(str(Audience(one.audience).label)), one.lines.count()) for one in CriteriaSet.objects.all()]
    return render(request, "pact_sets.html", tabs(request, "pact_sets") | {"rows": rows})


@require_http_methods(["GET", "POST"])
def set_new(request: HttpRequest, audience: str) -> HttpResponse:
    """`?of=`: the key of a set to begin with; without one what the program proposes."""
    if audience not in Audience.values:
        raise Http404
    if request.method == "GET":
        before = CriteriaSet.objects.filter(key=request.GET.get("of", "")[:20], audience=audience).first()
        initial = criteria_initial(before, audience)
        initial["revision"] = 1
        return _set_form(request, CriteriaForm(initial=initial), audience, None)
    form = CriteriaForm(request.POST)
    if form.is_valid():
        try:
            made = criteria.make(person(request), form.draft(audience), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("pact_set", made.key)
    return _set_form(request, form, audience, None)


@require_http_methods(["GET", "POST"])
def set_one(request: HttpRequest, key: str) -> HttpResponse:
    """GET: as it is, and its form while nobody signed on it. POST: changes it."""
    found = get_object_or_404(CriteriaSet, key=key)
    if request.method == "GET":
        form = CriteriaForm(initial=criteria_initial(found, found.audience))
        return _set_form(request, form, found.audience, found)
    sent = request.POST.copy()
    form = CriteriaForm(sent)

    def again() -> HttpResponse:
        sent["revision"] = str(CriteriaSet.objects.get(pk=found.pk).revision)  # a second press after comparing is taken
        return _set_form(request, form, found.audience, found)

    return carry_out(
        request, form, lambda: criteria.change(person(request), found, form.draft(found.audience), timezone.now()), _("Saved."),
        lambda: redirect("pact_set", key), again,
    )  # fmt: skip


def _set_form(request: HttpRequest, form: CriteriaForm, audience: str, found: CriteriaSet | None) -> HttpResponse:
    lines = [(one, _(str(Measure(one.measure).label))) for one in found.lines.all()] if found else []
    context = tabs(request, "pact_sets") | {
        "form": form, "found": found, "lines": lines, "audience": _(str(Audience(audience).label)), "audience_key": audience,
        "weights": form.errors.get("__all__", []), "steps": step_lines(steps.of(found.key)) if found else [],
    }  # fmt: skip
    return render(request, "pact_set.html", context, status=422 if form.is_bound else 200)


# --- pacts ------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = PactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = signing.draw_up(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The pact is drawn up. Print it, or sign it on the screen."))
            return redirect("pact", made.key)
    fields = [form[name] for name in form.fields if name != "once"]
    context = tabs(request, "pacts") | {"form": form, "fields": fields}
    return render(request, "pact_new.html", context, status=422 if form.is_bound else 200)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, seen_pact(request, key), FiledForm(), WhyForm())


def _page(request: HttpRequest, found: Pact, filing: FiledForm, withdrawing: WhyForm) -> HttpResponse:
    user, now = person(request), timezone.now()
    signs = [
        (part, words, name, post, when, signing.may_sign(user, found, part, now))
        for part, words, name, post, when in (
            ("unit", _("For the unit"), found.unit_signer, found.unit_post, found.unit_signed),
            ("board", _("For the committee"), found.board_signer, found.board_post, found.board_signed),
        )
    ]
    quarters = Quarter.objects.filter(
        year=found.year, number__gte=found.first_quarter, number__lte=found.last_quarter
    ).order_by("number")  # fmt: skip
    context = tabs(request, "pacts") | {
        "pact": found, "unit": unit_names(timezone.localdate(now))[found.unit_id], "signs": signs, "filing": filing,
        "withdrawing": withdrawing, "quarters": quarters, "lines": step_lines(steps.of(found.key)),
        "criteria": [(each, _(str(Measure(each.measure).label))) for each in found.criteria.lines.all()],
    }  # fmt: skip
    return render(request, "pact.html", context, status=422 if filing.is_bound or withdrawing.is_bound else 200)


@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """`part`: unit or board; `paper`: signed by hand."""
    found, post = seen_pact(request, key), request.POST

    def do() -> None:
        signing.sign(person(request), found, post.get("part", ""), timezone.now(), on_paper=post.get("paper") == "yes")

    return carry_out(request, None, do, _("Signed."), lambda: redirect("pact", key), lambda: redirect("pact", key))


@require_POST
def file(request: HttpRequest, key: str) -> HttpResponse:
    found, form = seen_pact(request, key), FiledForm(request.POST)
    return carry_out(
        request, form, lambda: signing.file(person(request), found, form.chosen(), timezone.now()), _("Written down."),
        lambda: redirect("pact", key), lambda: _page(request, found, form, WhyForm()),
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    found, form = seen_pact(request, key), WhyForm(request.POST)
    return carry_out(
        request, form, lambda: signing.withdraw(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Withdrawn."), lambda: redirect("pact", key), lambda: _page(request, found, FiledForm(), form),
    )  # fmt: skip


@require_GET
def as_paper(request: HttpRequest, key: str) -> HttpResponse:
    found, now = seen_pact(request, key), timezone.now()
    name = unit_names(timezone.localdate(now))[found.unit_id]
    return as_file(paper.pact_of(found, name, now), "application/pdf", f"giao-uoc-{found.year}.pdf")


# --- commendations ----------------------------------------------------------------------------------------------------
def _commended() -> list[tuple[Commendation, str]]:
    names = unit_names(timezone.localdate())
    return [(one, names.get(one.unit_id or 0, "")) for one in Commendation.objects.select_related("by")]


@require_http_methods(["GET", "POST"])
def commendations(request: HttpRequest) -> HttpResponse:
    form = CommendationForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        return carry_out(
            request, form, lambda: commending.commend(person(request), form.draft(), timezone.now()), _("Written down."),
            lambda: redirect("pact_commendations"), lambda: _commendations(request, form, WhyForm()),
        )  # fmt: skip
    return _commendations(request, form, WhyForm())


def _commendations(request: HttpRequest, form: CommendationForm, striking: WhyForm) -> HttpResponse:
    context = tabs(request, "pact_commendations") | {
        "rows": _commended(), "form": form, "fields": [form[name] for name in form.fields if name != "once"],
        "striking": striking, "any_quarter": Quarter.objects.exists(),
    }  # fmt: skip
    return render(request, "pact_commendations.html", context, status=422 if form.is_bound or striking.is_bound else 200)


@require_POST
def commendation_strike(request: HttpRequest, key: str) -> HttpResponse:
    found, form = get_object_or_404(Commendation, key=key), WhyForm(request.POST)
    return carry_out(
        request, form, lambda: commending.strike(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Struck out: it stays readable and counts no more."), lambda: redirect("pact_commendations"),
        lambda: _commendations(request, CommendationForm(), form),
    )  # fmt: skip


@require_GET
def commendations_paper(request: HttpRequest) -> HttpResponse:
    found = [(one, name) for one, name in _commended() if one.struck is None]
    made = paper.commendations_of(found, "Phong trào thi đua", timezone.now())
    return as_file(made, "application/pdf", "danh-sach-khen-thuong.pdf")
