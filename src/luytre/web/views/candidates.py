"""Kế hoạch → Chỗ có thể lắp: places an eye could go to, and the figures plans are made with."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import UsageError
from luytre.base.letters import folded_words
from luytre.base.money import dong
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.planning.candidates import candidate_draft, propose, remove_candidate, save_candidate
from luytre.civic.planning.figures import figures, save_figures
from luytre.civic.planning.material import bearings_of, costs_of
from luytre.civic.planning.models import Candidate, Source
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.order import name_key
from luytre.web.forms_plans import CandidateForm, FiguresForm, candidate_initial, tell
from luytre.web.views.pages import person

ON_A_PAGE = 100


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    words, source = folded_words(request.GET.get("q", "")[:120]), request.GET.get("source", "")
    every = list(Candidate.objects.filter(archived=False).select_related("hamlet"))
    found = [one for one in every if (not source or one.source == source) and _said(one, words)]
    shown = Paginator(sorted(found, key=lambda one: (name_key(one.name), one.key)), ON_A_PAGE).get_page(request.GET.get("page"))
    query, values = request.GET.copy(), figures()
    query.pop("page", None)
    roles = roles_of(person(request), timezone.now())
    rows = [
        (one, _(str(Source(one.source).label)), dong(costs.each_vnd + costs.pole_vnd), len(bearings_of(one, values)))
        for one in shown.object_list
        for costs in [costs_of(one, values)]
    ]
    context = {
        "rows": rows,
        "shown": shown,
        "query": query.urlencode(),
        "count": len(found),
        "any": len(every),
        "q": request.GET.get("q", ""),
        "source": source,
        "sources": [(value, _(str(label))) for value, label in Source.choices],
        "may_edit": may_use("candidate_edit", roles),
    }
    return render(request, "candidates.html", context)


def _said(one: Candidate, words: list[str]) -> bool:
    said = folded_words(f"{one.name} {one.hamlet or ''}")
    return all(any(other.startswith(word) for other in said) for word in words)


@require_POST
def propose_them(request: HttpRequest) -> HttpResponse:
    made = propose()
    if made:
        words = ngettext("%(count)s place was proposed.", "%(count)s places were proposed.", made)
        messages.success(request, words % {"count": made})
    else:
        messages.info(request, _("Nothing new to propose: draw routes on the map, or note needs in the survey."))
    return redirect("candidates")


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    return _form(request, get_object_or_404(Candidate.objects.select_related("hamlet"), key=key, archived=False))


def _form(request: HttpRequest, candidate: Candidate | None) -> HttpResponse:
    values, stale = figures(), False
    if request.method == "POST":
        form = CandidateForm(values, request.POST)
        if form.is_valid():
            try:
                save_candidate(form.draft(), candidate, form.cleaned_data["revision"])
            except ValidationError as error:
                tell(form, error)
            except Stale as error:
                stale = True
                typed = request.POST.copy()
                typed["revision"] = str(error.present)
                form.data = typed
            else:
                messages.success(request, _("Saved."))
                return redirect("candidates")
    elif candidate is not None:
        form = CandidateForm(values, initial=candidate_initial(candidate_draft(candidate), candidate.revision))
    else:
        form = CandidateForm(values, initial={"most_eyes": 1, "position": request.GET.get("position", "")[:80]})
    return render(request, "candidate_form.html", {"form": form, "candidate": candidate, "stale": stale})


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    candidate = get_object_or_404(Candidate, key=key, archived=False)
    remove_candidate(candidate)
    messages.success(request, _("“%(name)s” is no candidate any more.") % {"name": candidate.name})
    return redirect("candidates")


@require_http_methods(["GET", "POST"])
def figures_page(request: HttpRequest) -> HttpResponse:
    values = figures()
    form = FiguresForm(values, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            save_figures(form.wanted())
        except UsageError as error:
            form.tell(error)
        else:
            messages.success(request, _("Saved. The next versions are computed with these figures."))
            return redirect("plans")
    return render(request, "plan_figures.html", {"form": form})
