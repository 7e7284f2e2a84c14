"""Quy chế → Quy chế phối hợp: who answers what and in how long; the draft, what it changes, approving it, printing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.coordination.approval import approve, begin_draft, discard_draft, draft, write_draft
from luytre.civic.coordination.articles import articles
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.coordination.force import in_force_now
from luytre.civic.coordination.paper import as_docx, as_pdf
from luytre.civic.coordination.rules import Matrix
from luytre.civic.coordination.text import read
from luytre.civic.regulations.approval import DraftChanged, NotApproved
from luytre.civic.regulations.models import Regulation, Version
from luytre.civic.regulations.paper import DRAFT_LABEL, Issue
from luytre.web.forms_coordination import MatrixForm
from luytre.web.forms_regulation import ApproveForm
from luytre.web.regulation_papers import issue_of, printed, stamp_in
from luytre.web.views.pages import person


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = in_force_now(now)
    versions = Version.objects.filter(kind=Regulation.COORDINATION).select_related("approved_by")
    context = {
        "found": found, "articles": articles(found.matrix), "versions": versions, "draft": draft(),
        "may_draft": may_use("coordination_draft", roles_of(person(request), now)),
    }  # fmt: skip
    return render(request, "coordination.html", context)


def _version(number: int) -> tuple[Version | None, Matrix]:
    """0: the built-in matrix."""
    if number == 0:
        return None, BUILT_IN
    found = get_object_or_404(Version, kind=Regulation.COORDINATION, number=number)
    return found, read(found.text)


@require_GET
def paper(request: HttpRequest, version: int, form: str) -> HttpResponse:
    found, matrix = _version(version)
    return _print(matrix, issue_of(found), form, f"quy-che-phoi-hop-{version}")


@require_GET
def draft_paper(request: HttpRequest, form: str) -> HttpResponse:
    found = draft()
    return _print(found.matrix, Issue(DRAFT_LABEL), form, "du-thao-quy-che-phoi-hop") if found else redirect("coordination")


def _print(matrix: Matrix, issue: Issue, form: str, name: str) -> HttpResponse:
    return printed(form, name, lambda kind: as_pdf(matrix, issue) if kind == "pdf" else as_docx(matrix, issue))


@require_http_methods(["GET", "POST"])
def draft_page(request: HttpRequest) -> HttpResponse:
    """POST without a draft begins one; with one it is saved. What was typed stays on the page when it cannot be."""
    found = draft()
    if found is None:
        if request.method != "POST":
            return redirect("coordination")
        begin_draft(person(request), timezone.now())
        return redirect("coordination_draft")
    form = MatrixForm(found.matrix, request.POST if request.method == "POST" else None)
    stamp = stamp_in(request.POST.get("stamp", "")) or found.stamp
    if request.method == "POST" and form.is_valid():
        try:
            write_draft(person(request), form.matrix(), stamp, timezone.now())
        except DraftChanged as error:
            form.add_error(None, f"{error.sentence()}.")
            stamp = found.stamp
        else:
            messages.success(request, _("The draft was saved."))
            return redirect("coordination_approve" if "approve" in request.POST else "coordination_draft")
    context = {"form": form, "draft": found, "stamp": stamp}
    return render(request, "coordination_draft.html", context, status=422 if form.errors else 200)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    discard_draft()
    messages.success(request, _("The draft was thrown away. What is in force did not change."))
    return redirect("coordination")


@require_http_methods(["GET", "POST"])
def approving(request: HttpRequest) -> HttpResponse:
    """What changes, and then the approval."""
    found, now = draft(), timezone.now()
    if found is None:
        return redirect("coordination")
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = approve(person(request), stamp_in(request.POST.get("stamp", "")), form.cleaned_data["begins"], now)
        except (NotApproved, DraftChanged) as error:
            form.add_error(getattr(error, "field", "") or None, f"{_(error.cause)}.")
        else:
            messages.success(request, _("Version {number} is approved.").format(number=made.number))
            return redirect("coordination")
    old = in_force_now(now)
    context = {"draft": found, "form": form, "changes": changes(old.matrix, found.matrix), "found": old}
    return render(request, "coordination_approve.html", context, status=422 if form.errors else 200)


def changes(before: Matrix, after: Matrix) -> list[tuple[str, str, str]]:
    """(article, before, after) of each clause that differs, as they are printed; the heading is on the paper alone."""
    found = []
    for old, new in zip(articles(before), articles(after), strict=True):
        if len(old.clauses) == len(new.clauses):
            found += [(new.title, one, two) for one, two in zip(old.clauses, new.clauses, strict=True) if one != two]
        else:
            found += [(new.title, one, "") for one in old.clauses if one not in new.clauses]
            found += [(new.title, "", one) for one in new.clauses if one not in old.clauses]
    return found
