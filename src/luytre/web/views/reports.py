"""Phong trào → Báo cáo: a period in numbers that lead to their rows; drafted, issued, printed, put right by another report."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import UsageError
from luytre.civic.access.assignments import roles_of
from luytre.civic.periods import SORT_WORDS, Period, Sort, of_day, parse
from luytre.civic.registry.models import Commune
from luytre.civic.registry.refusals import said
from luytre.civic.regulations.force import in_force_now
from luytre.civic.reports import drafts
from luytre.civic.reports.compute import figures_of, zone
from luytre.civic.reports.figures import Figures, Moved, numbers_digest
from luytre.civic.reports.issuing import frozen, issue
from luytre.civic.reports.models import Draft, Report
from luytre.civic.reports.paper import Paper, as_docx, as_pdf
from luytre.civic.reports.scope import ISSUES, READS_ALL, WRITES, sections_for, sees_rows
from luytre.civic.reports.sections import section_of
from luytre.civic.reports.sentences import propose
from luytre.civic.reports.told import amount
from luytre.web.carrying_out import carry_out
from luytre.web.forms_reports import AgainForm, IssueForm, WordsForm
from luytre.web.regulation_papers import printed
from luytre.web.report_words import (
    Numbers,
    as_xlsx,
    capital,
    language,
    names_of,
    numbers_of,
    row_words,
    sections_in_words,
    shown_rows,
    state_words,
    title_of,
)
from luytre.web.sheets import SHEET_TYPE
from luytre.web.views.pages import person

ON_A_PAGE = 100


def _roles(request: HttpRequest) -> frozenset[str]:
    return roles_of(person(request), timezone.now())


def _period(text: str) -> Period:
    """Errors: Http404 for what is no period."""
    try:
        return parse(text)
    except UsageError as error:
        raise Http404(str(error)) from error


def _readable(text: str, now: datetime) -> Period:
    """One that has begun: of what is still to come there is nothing. Errors: Http404."""
    period = _period(text)
    if not period.has_begun(now, zone()):
        raise Http404
    return period


# --- reading ----------------------------------------------------------------------------------------------------------
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`?period=`: as somebody typed it leads to its page; what is no period, or still to come, is told."""
    now, typed = timezone.now(), request.GET.get("period", "").strip()[:20]
    wrong = ""
    if typed:
        try:
            wanted = parse(typed.upper())
        except UsageError as error:
            wrong = " ".join(said(ValidationError([error.cause, error.hint])).values())
        else:
            if wanted.has_begun(now, zone()):
                return redirect("report", wanted.key)
            wrong = _("This period is still to come.")
    known = [(one, title_of(one), state_words(drafts.draft_of(one), drafts.issued(one))) for one in drafts.periods_known()]
    shown = Paginator(known, ON_A_PAGE // 2).get_page(request.GET.get("page"))
    today = now.astimezone(zone()).date()
    near = [
        (capital(_(SORT_WORDS[sort])), [(one.key, title_of(one)) for one in (of_day(sort, today), of_day(sort, today).before)])
        for sort in Sort
    ]  # fmt: skip
    context = {"shown": shown, "rows": shown.object_list, "near": near, "typed": typed, "wrong": wrong, "query": ""}
    return render(request, "reports.html", context, status=404 if wrong else 200)


@require_GET
def one(request: HttpRequest, period: str) -> HttpResponse:
    """`?version=`: an issued one that another stands in place of; `?now=1`: the numbers of now beside an issued report."""
    now = timezone.now()
    return _page(request, _readable(period, now), AgainForm(), now)


def _page(request: HttpRequest, period: Period, form: AgainForm, now: datetime) -> HttpResponse:
    roles, all_of_it = _roles(request), list(Report.objects.filter(period=period.key))
    report, draft = _wanted(request, all_of_it), drafts.draft_of(period)
    numbers = numbers_of(period, report, now)
    reads_all = bool(roles & READS_ALL)
    words = frozen(report).words if report else drafts.words_of(draft) if draft else None
    context = {
        "period": period, "title": title_of(period), "report": report, "newest": all_of_it[-1] if all_of_it else None,
        "versions": all_of_it, "draft": draft, "state": state_words(draft, all_of_it[-1] if all_of_it else None),
        "words": _parts(words) if words and reads_all else [], "over": period.is_over(now, zone()), "now": now,
        "sections": sections_in_words(numbers, sections_for(roles)), "days": numbers.figures.days,
        "days_before": numbers.figures.days_before, "reads_all": reads_all, "may_write": bool(roles & WRITES),
        "may_issue": bool(roles & ISSUES), "form": form, "live": request.GET.get("now") == "1",
        "query": f"?version={report.version}" if report else "?now=1" if all_of_it else "",
        "moved": _moved(drafts.moved_since(draft, numbers.figures)) if draft and report is None and reads_all else [],
        "sort": capital(_(SORT_WORDS[period.sort])), "before": period.before, "after": _after(period, now),
    }  # fmt: skip
    return render(request, "report.html", context, status=422 if form.is_bound else 200)


def _after(period: Period, now: datetime) -> Period | None:
    return period.after if period.after.has_begun(now, zone()) else None


def _wanted(request: HttpRequest, found: list[Report]) -> Report | None:
    """The one whose version the address names, else the newest; none where the numbers of now were asked for."""
    if request.GET.get("now") == "1":
        return None
    typed = request.GET.get("version", "")
    if typed:
        match = next((one for one in found if str(one.version) == typed), None)
        if match is None:
            raise Http404
        return match
    return found[-1] if found else None


def _parts(words: Any) -> list[tuple[str, list[str]]]:
    titles = {name: str(field.label) for name, field in WordsForm.base_fields.items()}
    return [(titles[name], [line for line in text.splitlines() if line.strip()]) for name, text in asdict(words).items()]


def _moved(found: tuple[Moved, ...]) -> list[tuple[str, str, str]]:
    """What it is, what it was, what it is now."""
    told = []
    for each in found:
        section = section_of(each.section)
        spec = section.spec(each.key) if section else None
        if section is not None and spec is not None:
            was, now = (amount(value, spec.unit, language()) for value in (each.was, each.now))
            told.append((f"{_(section.words)}: {_(spec.words)}", was, now))
    return told


@require_GET
def rows(request: HttpRequest, period: str, figure: str) -> HttpResponse:
    """The rows of one figure (`incidents.opened`), of which it is the sum. `?version=`, `?now=1` as on the period's page."""
    now, roles = timezone.now(), _roles(request)
    found = _readable(period, now)
    key, _dot, name = figure.partition(".")
    section = next((one for one in sections_for(roles) if one.key == key), None)
    spec = section.spec(name) if section else None
    if section is None or spec is None:
        raise Http404
    report = _wanted(request, list(Report.objects.filter(period=found.key)))
    numbers = numbers_of(found, report, now, rows_alone=True)
    told, value = shown_rows(numbers.rows(section), section, name, roles), numbers.figures.value(key, name)
    shown = Paginator(told, ON_A_PAGE).get_page(request.GET.get("page"))
    places = numbers.places if report else names_of(row.place for row in shown.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "period": found, "title": title_of(found), "words": capital(_(spec.words)), "section": _(section.words), "report": report,
        "rows": [row_words(row, spec, found, places, roles) for row in shown.object_list], "shown": shown,
        "query": query.urlencode(),
        "value": amount(sum(row.amount for row in told), spec.unit, language()), "single": sees_rows(section, roles),
        "digest": value.digest if value and report else "",
    }  # fmt: skip
    return render(request, "report_rows.html", context)


# --- papers -----------------------------------------------------------------------------------------------------------
@require_GET
def paper(request: HttpRequest, period: str, form: str) -> HttpResponse:
    """`form`: `docx` or `pdf`. An issued report as it was, else the draft, which says that it is one."""
    now = timezone.now()
    found = _readable(period, now)
    report = _wanted(request, list(Report.objects.filter(period=found.key)))
    made = _issued_paper(found, report, now) if report else _draft_paper(found, now)
    name = f"bao-cao-{found.key}" + (f"-{report.version}" if report and report.version > 1 else "")
    at = report.at if report else now
    return printed(form, name, lambda kind: as_pdf(made, at) if kind == "pdf" else as_docx(made))


def _issued_paper(period: Period, report: Report, now: datetime) -> Paper:
    kept = frozen(report)
    older = Report.objects.filter(period=period.key, version=report.version - 1).first()
    replaces = (
        f"(Thay thế Báo cáo số {older.sign} ngày {older.day:%d/%m/%Y}. Lý do: {report.reason})" if older is not None else ""
    )
    return Paper(
        period, kept.figures, kept.words, kept.places, kept.commune, in_force_now(now).rules.heading, report.sign, report.day,
        report.signer_title, report.signer, replaces, f"Bản số {report.version}. Mã kiểm tra (SHA-256): {report.digest}",
    )  # fmt: skip


def _draft_paper(period: Period, now: datetime) -> Paper:
    """Without a draft with the words that the program would propose."""
    numbers, draft = numbers_of(period, None, now), drafts.draft_of(period)
    words = drafts.words_of(draft) if draft else propose(period, numbers.figures)
    return Paper(period, numbers.figures, words, numbers.places, Commune.here().name, in_force_now(now).rules.heading)


@require_GET
def sheet(request: HttpRequest, period: str) -> HttpResponse:
    """Numbers and rows as .xlsx, as far as the reader may see them."""
    now, roles = timezone.now(), _roles(request)
    found = _readable(period, now)
    report = _wanted(request, list(Report.objects.filter(period=found.key)))
    title = f"{title_of(found)}: {state_words(None, report)}"
    made = as_xlsx(numbers_of(found, report, now), sections_for(roles), roles, title)
    headers = {"Content-Disposition": f'attachment; filename="bao-cao-{found.key}.xlsx"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type=SHEET_TYPE, headers=headers)


# --- writing ----------------------------------------------------------------------------------------------------------
def _writable(request: HttpRequest, period: Period, now: datetime) -> Draft | HttpResponse:
    """The draft, begun where there is none; or the way back with why there can be none."""
    try:
        return drafts.begin(period, now)
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
        return redirect("report", period.key)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, period: str) -> HttpResponse:
    """`?anew=1`: the words that the program proposes from the numbers of now; nothing is saved by that."""
    now = timezone.now()
    found = _readable(period, now)
    draft = _writable(request, found, now)
    if isinstance(draft, HttpResponse):
        return draft
    figures = figures_of(found, now)
    if request.method == "GET":
        words = propose(found, figures) if request.GET.get("anew") == "1" else drafts.words_of(draft)
        form = WordsForm(initial=asdict(words) | {"stamp": draft.stamp, "digest": numbers_digest(figures)})
        return _write_page(request, found, form, draft, figures)
    sent = request.POST.copy()
    form = WordsForm(sent)
    if form.is_valid():
        same = figures if form.cleaned_data["digest"] == numbers_digest(figures) else None
        try:
            drafts.save(person(request), found, form.written(), same, now)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The words are saved."))
            return redirect("report_issue" if "issue" in request.POST and _roles(request) & ISSUES else "report", found.key)
    return _write_page(request, found, form, drafts.draft_of(found) or draft, figures)


def _write_page(request: HttpRequest, period: Period, form: WordsForm, draft: Draft, figures: Figures) -> HttpResponse:
    """Where somebody else saved meanwhile, what is saved stands beside, and saving again is meant to go over it."""
    other = _parts(drafts.words_of(draft)) if form.is_bound and str(draft.stamp) != form.data.get("stamp") else []
    if other and isinstance(form.data, QueryDict):
        form.data["stamp"] = str(draft.stamp)
    context = {
        "period": period, "title": title_of(period), "form": form, "draft": draft, "other": other,
        "fields": [form[name] for name in drafts.PARTS], "moved": _moved(drafts.moved_since(draft, figures)),
        "sections": sections_in_words(Numbers(period, figures, None, timezone.now()), sections_for(_roles(request))),
        "may_issue": bool(_roles(request) & ISSUES),
    }  # fmt: skip
    return render(request, "report_write.html", context, status=422 if form.is_bound else 200)


# --- issuing ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def issue_it(request: HttpRequest, period: str) -> HttpResponse:
    now = timezone.now()
    found = _readable(period, now)
    draft = _writable(request, found, now)
    if isinstance(draft, HttpResponse):
        return draft
    figures, heading = figures_of(found, now), in_force_now(now).rules.heading
    beside = {"stamp": draft.stamp, "digest": numbers_digest(figures)}
    if request.method == "GET":
        form = IssueForm(initial=beside | {"signer_title": heading.signer_title, "signer": heading.signer})
        return _issue_page(request, found, form, draft, figures)
    sent = request.POST.copy()
    form = IssueForm(sent)
    if form.is_valid():
        try:
            made = issue(person(request), found, form.document(), now)
        except ValidationError as error:
            form.tell(error)
            sent["stamp"], sent["digest"] = str(draft.stamp), numbers_digest(figures)
        else:
            messages.success(request, _("Issued as %(sign)s. It stays as it is from now on.") % {"sign": made.sign})
            return redirect("report", found.key)
    return _issue_page(request, found, form, draft, figures)


def _issue_page(request: HttpRequest, period: Period, form: IssueForm, draft: Draft, figures: Figures) -> HttpResponse:
    context = {
        "period": period, "title": title_of(period), "form": form, "draft": draft, "words": _parts(drafts.words_of(draft)),
        "fields": [form[name] for name in ("sign", "day", "signer_title", "signer")], "replaces": drafts.issued(period),
        "moved": _moved(drafts.moved_since(draft, figures)),
    }  # fmt: skip
    return render(request, "report_issue.html", context, status=422 if form.is_bound else 200)


@require_POST
def again(request: HttpRequest, period: str) -> HttpResponse:
    """Another report in place of the one that was issued."""
    now, form = timezone.now(), AgainForm(request.POST)
    found = _readable(period, now)
    return carry_out(
        request, form, lambda: drafts.begin_again(person(request), found, form.cleaned_data["reason"], now),
        _("Write the report that stands in its place. The one that was issued stays readable."),
        lambda: redirect("report_write", found.key), lambda: _page(request, found, form, now),
    )  # fmt: skip


@require_POST
def drop(request: HttpRequest, period: str) -> HttpResponse:
    """No other report after all."""
    found = _readable(period, timezone.now())
    return carry_out(
        request, None, lambda: drafts.drop(found), _("The draft is gone; the report that was issued stays."),
        lambda: redirect("report", found.key), lambda: redirect("report", found.key),
    )  # fmt: skip
