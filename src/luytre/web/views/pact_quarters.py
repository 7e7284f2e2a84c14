"""Phong trào → Giao ước thi đua: a quarter: scores of units and board, ranking, closed and opened again; breaches."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.committee.tasks import unit_names
from luytre.civic.pacts import figures, paper, quarters, steps
from luytre.civic.pacts.figures import QuarterFigures, UnitFigures
from luytre.civic.pacts.measuring import Span, breach_files, breaches
from luytre.civic.pacts.models import PactStep, Quarter, StepCode
from luytre.civic.pacts.scope import is_head, own_places, reads, speaks_for, writes
from luytre.web.carrying_out import carry_out
from luytre.web.forms_committee import WhyForm
from luytre.web.forms_pacts import BreachForm, ScoreForm, score_initial, unit_of
from luytre.web.pact_words import line_rows, points, step_lines, unit_rows
from luytre.web.views.ledger import as_file
from luytre.web.views.pacts import seen_pact, tabs
from luytre.web.views.pages import person

FIRST = 3
"""So many of each ranking a hamlet's head reads beside the own; who comes after them is told to nobody else."""


def _quarter(year: int, number: int) -> Quarter:
    return get_object_or_404(Quarter, year=year, number=number)


@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """`quarter`: `2026-4`."""
    year, _dash, number = request.POST.get("quarter", "").partition("-")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4")):
        raise Http404
    back = lambda: redirect("pacts")  # noqa: E731 - handed on twice
    opened = lambda: quarters.open_quarter(person(request), int(year), int(number), timezone.now())  # noqa: E731
    return carry_out(request, None, opened, _("The quarter is open: units score themselves now."), back, back)


def _found(request: HttpRequest, quarter: Quarter) -> tuple[QuarterFigures, int]:
    """The version of `?version=`, else what holds; and how many versions there are."""
    closed, now = figures.closings(quarter), timezone.now()
    chosen = request.GET.get("version", "")
    if chosen in [str(number) for number in range(1, len(closed) + 1)]:
        return closed[int(chosen) - 1], len(closed)
    return (closed[-1] if quarter.is_closed else figures.live(quarter, now)), len(closed)


def _shown(request: HttpRequest, found: QuarterFigures) -> list[UnitFigures]:
    """All for who reads all; else the first three of each ranking, once it is closed, and the own."""
    user, now = person(request), timezone.now()
    if reads(user, now):
        return list(found.units)
    own = own_places(user, now)
    first = [one for one in found.units if found.version and one.rank is not None and one.rank <= FIRST]
    return [one for one in found.units if one in first or one.place in own]


@require_GET
def one(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return _page(request, _quarter(year, number))


def _page(request: HttpRequest, quarter: Quarter, **bound: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    found, versions = _found(request, quarter)
    own = own_places(user, now)
    span, names = Span(quarter.year, quarter.number, now), unit_names(timezone.localdate(now))
    pacts = figures.pacts_of(quarter)
    offered = sorted({(str(each.unit_id), names[each.unit_id]) for each in pacts}, key=lambda pair: pair[1])
    seen = pacts if reads(user, now) else []
    there = [(step, names[each.unit_id]) for each in seen for step in breaches(each.unit, span)]
    files = [(one, names[each.unit_id]) for each in seen for one in breach_files(each.unit, span)]
    context = tabs(request, "pacts") | {
        "quarter": quarter, "found": found, "rows": unit_rows(_shown(request, found)), "own": own,
        "versions": range(1, versions + 1),
        "is_over": timezone.localdate(now) > span.last_day, "is_head": is_head(user, now), "breaches": there,
        "files": files, "reads_files": may_use("breach", roles_of(user, now)), "frozen": found.at if found.version else None,
        "lines": step_lines(steps.of(quarter.thing)), "unscored": [names[each.unit_id] for each in quarters.missing(quarter)],
        "reopening": bound.get("reopening") or WhyForm(), "taking_back": bound.get("taking_back") or WhyForm(),
        "breach": bound.get("breach") or BreachForm(offered),
    }  # fmt: skip
    return render(request, "pact_quarter.html", context, status=422 if bound else 200)


@require_GET
def as_paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    found, _versions = _found(request, _quarter(year, number))
    return as_file(paper.result_of(found, timezone.now()), "application/pdf", f"thi-dua-quy-{number}-{year}.pdf")


# --- scores -----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, year: int, number: int, key: str) -> HttpResponse:
    """A unit's lines. POST: `part` own (the unit) or board."""
    quarter, pact = _quarter(year, number), seen_pact(request, key)
    found, _versions = _found(request, quarter)
    unit = next((one for one in found.units if one.pact == key), None)
    if unit is None:
        raise Http404
    if request.method == "GET":
        return _score(request, quarter, found, unit)
    part = "own" if request.POST.get("part") == "own" else "board"
    sent = request.POST.copy()
    form = ScoreForm(part, unit.lines, sent)
    act = quarters.score_self if part == "own" else quarters.score_board

    def do() -> None:
        act(person(request), quarter, pact, form.given(), form.cleaned_data["revision"], timezone.now())

    def again() -> HttpResponse:
        sent["revision"] = str(quarters.sheet_of(quarter, pact).revision)  # a second press after comparing is taken
        return _score(request, quarter, found, unit, form)

    return carry_out(request, form, do, _("Saved."), lambda: redirect("pact_score", year, number, key), again)


def _score(
    request: HttpRequest, quarter: Quarter, found: QuarterFigures, unit: UnitFigures, bound: ScoreForm | None = None
) -> HttpResponse:  # fmt: skip
    user, now = person(request), timezone.now()
    pact = seen_pact(request, unit.pact)
    is_open = not quarter.is_closed and not found.version
    parts = [
        (part, may) for part, may in (("own", speaks_for(user, pact.unit, now)), ("board", writes(user, now))) if may and is_open
    ]
    rows = line_rows(unit, quarter.year, quarter.number, roles_of(user, now))
    revision = quarters.sheet_of(quarter, pact).revision
    forms = {}
    for part, _may in parts:
        shown = {
            one.criterion: points(one.own if part == "own" else one.board if one.board is not None else one.proposed)
            for one in unit.lines
        }
        made = ScoreForm(part, unit.lines, initial=score_initial(part, unit.lines, revision, shown))
        forms[part] = bound if bound is not None and bound.part == part else made
    sheets = [(part, form, [(row, *form.pair(row.line.criterion)) for row in rows]) for part, form in forms.items()]
    (row,) = unit_rows([unit])
    refusals = list(bound.non_field_errors()) if bound is not None and bound.part not in forms else []
    context = tabs(request, "pacts") | {
        "quarter": quarter, "found": found, "unit": unit, "row": row, "rows": rows, "sheets": sheets, "pact": pact,
        "refusals": refusals,
        "lines": step_lines(one for one in steps.of(pact.key) if one.note == quarter.thing),
    }  # fmt: skip
    return render(request, "pact_score.html", context, status=422 if bound is not None else 200)


# --- closing ----------------------------------------------------------------------------------------------------------
@require_POST
def close(request: HttpRequest, year: int, number: int) -> HttpResponse:
    quarter = _quarter(year, number)
    back = lambda: redirect("pact_quarter", year, number)  # noqa: E731 - handed on twice
    closing = lambda: quarters.close(person(request), quarter, timezone.now())  # noqa: E731
    return carry_out(request, None, closing, _("The quarter is closed: what stands is frozen."), back, back)


@require_POST
def reopen(request: HttpRequest, year: int, number: int) -> HttpResponse:
    quarter, form = _quarter(year, number), WhyForm(request.POST)
    return carry_out(
        request, form, lambda: quarters.reopen(person(request), quarter, form.cleaned_data["why"], timezone.now()),
        _("The quarter is open again; what was closed stays readable."), lambda: redirect("pact_quarter", year, number),
        lambda: _page(request, quarter, reopening=form),
    )  # fmt: skip


@require_POST
def breach(request: HttpRequest, year: int, number: int) -> HttpResponse:
    quarter = _quarter(year, number)
    names = unit_names(timezone.localdate())
    form = BreachForm([(str(one.unit_id), names[one.unit_id]) for one in figures.pacts_of(quarter)], request.POST)

    def do() -> None:
        data = form.cleaned_data
        quarters.write_breach(person(request), unit_of(data["unit"]), data["day"], data["note"], timezone.now())

    return carry_out(
        request, form, do, _("Written down."), lambda: redirect("pact_quarter", year, number),
        lambda: _page(request, quarter, breach=form),
    )  # fmt: skip


@require_POST
def breach_back(request: HttpRequest, year: int, number: int, row: int) -> HttpResponse:
    quarter, form = _quarter(year, number), WhyForm(request.POST)
    found = get_object_or_404(PactStep, seq=row, code=StepCode.BREACH)
    return carry_out(
        request, form, lambda: quarters.take_breach_back(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Taken back."), lambda: redirect("pact_quarter", year, number), lambda: _page(request, quarter, taking_back=form),
    )  # fmt: skip
