"""Địa bàn → Kế hoạch: where the next eyes go. Plans, their versions, comparing and deciding."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.money import dong
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.planning.ask import Ask, NewEye, Result, ask_from, impossible_from, result_from
from luytre.civic.planning.models import Candidate, Plan, PlanVersion, VersionState
from luytre.civic.planning.plans import ask_for_version, compare, decide, save_plan
from luytre.civic.registry.eyes import Stale
from luytre.web.forms_plans import PLAN_FIELDS, PlanForm, plan_initial, tell
from luytre.web.plan_words import LEVEL_WORDS, compass, conflict_words, kind_words, proof_words, reasons, share
from luytre.web.tasks import compute_plan
from luytre.web.views.pages import person

UNFINISHED = frozenset({VersionState.WAITING, VersionState.COMPUTING})
USUAL_PHASES = (8, 7)
"""From 20 by 28 to 35 eyes."""


@dataclass(frozen=True, slots=True)
class EyeRow:
    """A new eye, for the table."""

    eye: NewEye
    bearing: str
    cost: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A hamlet or a place: shares in words, and `width_*` in percent for the bar."""

    name: str
    kind: str
    before: str
    after: str
    width_before: int
    width_after: int
    eyes: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: PlanVersion
    words: str
    covered: str = ""
    eyes: str = ""
    cost: str = ""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    roles = roles_of(person(request), timezone.now())
    plans = list(Plan.objects.filter(archived=False).prefetch_related("versions"))
    rows = [(plan, version_row(versions[0]) if (versions := list(plan.versions.all())) else None) for plan in plans]
    context = {
        "rows": rows,
        "candidates": Candidate.objects.filter(archived=False).count(),
        "may_add": may_use("plan_add", roles),
        "may_figures": may_use("plan_figures", roles),
    }
    return render(request, "plans.html", context)


def version_row(version: PlanVersion) -> VersionRow:
    words = _(str(VersionState(version.state).label))
    if version.state != VersionState.DONE:
        return VersionRow(version, words)
    result = result_from(version.result)
    return VersionRow(version, words, share(result.covered, result.total), str(len(result.eyes)), dong(result.cost_vnd))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    usual = Ask(phases=USUAL_PHASES)
    if request.method == "POST":
        form = PlanForm(request.POST)
        if form.is_valid():
            try:
                plan = save_plan(person(request), form.cleaned_data["name"], form.ask(usual))
            except ValidationError as error:
                tell(form, error, PLAN_FIELDS)
            else:
                return redirect("plan", plan.key)
    else:
        form = PlanForm(initial=plan_initial(_("From 20 to 35 eyes"), usual, None))
    return render(request, "plan_form.html", {"form": form, "plan": None})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    plan = get_object_or_404(Plan, key=key, archived=False)
    ask, stale = ask_from(plan.ask), False
    if request.method == "POST":
        form = PlanForm(request.POST)
        if form.is_valid():
            try:
                save_plan(person(request), form.cleaned_data["name"], form.ask(ask), plan, form.cleaned_data["revision"])
            except ValidationError as error:
                tell(form, error, PLAN_FIELDS)
            except Stale as error:
                stale = True
                typed = request.POST.copy()
                typed["revision"] = str(error.present)
                form.data = typed
            else:
                return redirect("plan", plan.key)
    else:
        form = PlanForm(initial=plan_initial(plan.name, ask, plan.revision))
    return render(request, "plan_form.html", {"form": form, "plan": plan, "stale": stale})


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    plan = get_object_or_404(Plan, key=key)
    roles = roles_of(person(request), timezone.now())
    ask = ask_from(plan.ask)
    names = dict(Candidate.objects.values_list("key", "name"))
    versions = [version_row(version) for version in plan.versions.all()]
    context = {
        "plan": plan,
        "ask": ask,
        "level": _(LEVEL_WORDS[ask.level]),
        "budget": dong(ask.budget_vnd) if ask.budget_vnd is not None else "",
        "phases": ", ".join(map(str, ask.phases)),
        "pinned": [(names.get(one, one), "" if bearing is None else compass(bearing)) for one, bearing in ask.pinned.items()],
        "forbidden": [names.get(one, one) for one in ask.forbidden],
        "funding": [(one.source, dong(one.vnd)) for one in ask.funding],
        "versions": versions,
        "done": [row for row in versions if row.version.state == VersionState.DONE],
        "candidates": Candidate.objects.filter(archived=False).count(),
        "may_edit": may_use("plan_edit", roles),
        "may_compute": may_use("plan_compute", roles),
    }
    return render(request, "plan.html", context)


@require_POST
def ask_to_compute(request: HttpRequest, key: str) -> HttpResponse:
    """A new version, computed by the jobs' process; its page waits for it."""
    plan = get_object_or_404(Plan, key=key, archived=False)
    waiting = plan.versions.filter(state__in=UNFINISHED).first()
    if waiting is not None:
        messages.info(request, _("A version of this plan is being computed already."))
        return redirect("plan_version", plan.key, waiting.number)
    version = ask_for_version(person(request), plan, timezone.now(), request.POST.get("note", ""))
    compute_plan.enqueue(version.pk)
    return redirect("plan_version", plan.key, version.number)


@require_GET
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    found = _version(key, number)
    roles = roles_of(person(request), timezone.now())
    context = {
        "plan": found.plan,
        "version": found,
        "state": _(str(VersionState(found.state).label)),
        "unfinished": found.state in UNFINISHED,
        "may_edit": may_use("plan_edit", roles),
        "may_decide": may_use("plan_decide", roles),
        "may_compute": may_use("plan_compute", roles),
    }
    if found.state == VersionState.DONE:
        context |= told(result_from(found.result), ask_from(found.ask))
    elif found.state == VersionState.IMPOSSIBLE:
        context["conflicts"] = conflict_words(impossible_from(found.result).conflicts)
    if request.headers.get("HX-Request") and found.state in UNFINISHED:
        return render(request, "parts/plan_waiting.html", context)
    response = render(request, "plan_version.html", context)
    if request.headers.get("HX-Request"):
        response.headers["HX-Refresh"] = "true"
    return response


def told(result: Result, ask: Ask) -> dict[str, object]:
    """A result as pages and papers show it."""
    return {
        "result": result,
        "eyes": [EyeRow(eye, compass(eye.bearing_deg), dong(eye.cost_vnd), reasons(eye, result)) for eye in result.eyes],
        "before": share(result.before, result.total),
        "covered": share(result.covered, result.total),
        "cost": dong(result.cost_vnd),
        "upkeep": dong(result.upkeep_vnd),
        "level": _(LEVEL_WORDS[result.level]),
        "proof": proof_words(result),
        "unreachable": share(result.unreachable, result.total) if result.unreachable > 0 else "",
        "hamlets": [
            _share_row(row.name or _("in no hamlet"), "", row.before, row.after, row.weight, f"{row.eyes} + {row.new_eyes}")
            for row in result.hamlets
        ],
        "places": [
            _share_row(row.name, kind_words(row.kind), row.before * row.weight, row.after * row.weight, row.weight)
            for row in result.places
        ],
        "phases": [
            (row.number, row.eyes, share(row.covered, result.total), dong(row.cost_vnd)) for row in result.phases
        ] if len(result.phases) > 1 else [],
        "one_more": (result.one_more.name, compass(result.one_more.bearing_deg), share(result.one_more.adds, result.total))
        if result.one_more else None,
        "next_number": result.eyes_before + len(result.eyes) + 1,
        "weakest": [(worth.name, worth.key, share(worth.loses, result.total)) for worth in result.present[:3]],
        "funding": [(one.source, dong(one.vnd)) for one in ask.funding],
        "funded": dong(sum(one.vnd for one in ask.funding)),
        "missing": dong(max(0, result.cost_vnd - sum(one.vnd for one in ask.funding))) if ask.funding else "",
    }  # fmt: skip


def _share_row(name: str, kind: str, before: float, after: float, weight: float, eyes: str = "") -> ShareRow:
    def width(part: float) -> int:
        return round(100 * part / weight) if weight > 0 else 0

    return ShareRow(name, kind, share(before, weight), share(after, weight), width(before), width(after), eyes)


def _version(key: str, number: int) -> PlanVersion:
    return get_object_or_404(PlanVersion.objects.select_related("plan", "by"), plan__key=key, number=number)


@require_GET
def compared(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions beside each other, `?one=1&two=2`."""
    plan = get_object_or_404(Plan, key=key)
    numbers = [request.GET.get(name, "") for name in ("one", "two")]
    if not all(number.isascii() and number.isdecimal() and len(number) < 9 for number in numbers):
        raise Http404
    versions = [_version(key, int(number)) for number in numbers]
    if any(each.state != VersionState.DONE for each in versions):
        messages.warning(request, _("Only versions that were computed can be compared."))
        return redirect("plan", plan.key)
    results = [result_from(each.result) for each in versions]
    found = compare(*results)
    context = {
        "plan": plan,
        "versions": list(zip(versions, (version_row(each) for each in versions), strict=True)),
        "rows": [version_row(each) for each in versions],
        "both": [(eye.name, compass(eye.bearing_deg)) for eye in found.both],
        "first_only": [(eye.name, compass(eye.bearing_deg)) for eye in found.first_only],
        "second_only": [(eye.name, compass(eye.bearing_deg)) for eye in found.second_only],
        "hamlets": [(name or _("in no hamlet"), share(one, 1), share(two, 1)) for name, one, two in found.hamlets],
        "places": [(name, kind_words(kind), share(one, 1), share(two, 1)) for kind, name, one, two in found.places],
    }
    return render(request, "plan_compare.html", context)


@require_POST
def decide_on(request: HttpRequest, key: str, number: int) -> HttpResponse:
    found = _version(key, number)
    try:
        decide(person(request), found, request.POST.get("decision", ""), timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(_(words) for words in error.messages))
    else:
        messages.success(request, _("Version %(number)s is decided on.") % {"number": found.number})
    return redirect("plan_version", key, number)


@require_POST
def wish(request: HttpRequest, key: str) -> HttpResponse:
    """Pins a candidate (with the bearing that was found, or any), leaves it out, or frees it again; the next version heeds it."""
    plan = get_object_or_404(Plan, key=key, archived=False)
    candidate = get_object_or_404(Candidate, key=request.POST.get("candidate", ""), archived=False)
    save_plan(person(request), plan.name, wished(ask_from(plan.ask), candidate.key, request.POST), plan)
    messages.success(request, _("Noted for the next version: %(name)s.") % {"name": candidate.name})
    back = request.POST.get("version", "")
    if back.isascii() and back.isdecimal() and plan.versions.filter(number=int(back)).exists():
        return redirect("plan_version", plan.key, int(back))
    return redirect("plan", plan.key)


def wished(ask: Ask, candidate: str, data: dict[str, str]) -> Ask:
    """The wishes with another one for this candidate: `how` is pin, forbid or free."""
    pinned = {key: bearing for key, bearing in ask.pinned.items() if key != candidate}
    forbidden = tuple(key for key in ask.forbidden if key != candidate)
    how, bearing = data.get("how", ""), data.get("bearing", "")
    if how == "pin":
        try:
            pinned[candidate] = float(bearing) % 360 if bearing else None
        except ValueError as error:
            raise Http404 from error
    elif how == "forbid":
        forbidden = (*forbidden, candidate)
    return msgspec.structs.replace(ask, pinned=pinned, forbidden=forbidden)
