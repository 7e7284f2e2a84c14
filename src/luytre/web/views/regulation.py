"""Quy chế → Quy chế sử dụng: what holds and what the reader may do; the draft, its differences, approving it, printing it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.keeping import Shorter, kept_shorter
from luytre.civic.registry.notice import signs_say_otherwise
from luytre.civic.regulations.approval import (
    DraftChanged,
    NotApproved,
    Written,
    approve,
    begin_draft,
    discard_draft,
    draft,
    write_draft,
)
from luytre.civic.regulations.articles import articles
from luytre.civic.regulations.bounds import beyond
from luytre.civic.regulations.builtin import BUILT_IN
from luytre.civic.regulations.difference import SECTION_WORDS, diff, right_words
from luytre.civic.regulations.enforce import may, purposes_for, right_of
from luytre.civic.regulations.force import InForce, clock_is_behind, in_force_now, rules_of
from luytre.civic.regulations.models import Regulation, Version
from luytre.civic.regulations.paper import DRAFT_LABEL, Issue, as_docx, as_pdf
from luytre.civic.regulations.proposal import UNCONFIRMED
from luytre.civic.regulations.rules import ACTOR_WORDS, WAY_WORDS, Actor, Rules, Way
from luytre.web.forms_regulation import SECTIONS, ApproveForm, SectionForm
from luytre.web.ports import ports
from luytre.web.regulation_papers import issue_of, printed, stamp_in
from luytre.web.views.pages import person

COUNTING_S = 3.0
"""How long the footage that would be erased is counted before the page says that it does not know."""
LONGEST_BACK = timedelta(days=399)


@dataclass(frozen=True, slots=True)
class Mine:
    """One role of the reader in one way: words, and whether this is the hour for it."""

    role: str
    way: str
    hours: str
    now: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What fewer days erase at once. `size_bytes` None: it could not be counted in time."""

    cameras: tuple[Shorter, ...]
    size_bytes: int | None


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = in_force_now(now)
    roles = roles_of(person(request), now)
    context = {
        "found": found,
        "mine": _mine(found.rules, roles, now),
        "purposes": [(_(WAY_WORDS[way]), purposes_for(found.rules, way)) for way in (Way.HISTORY, Way.EXPORT)],
        "articles": articles(found.rules),
        "versions": _versions(found),
        "draft": draft(),
        "may_draft": may_use("regulation_draft", roles),
        "review_is_over": found.review_is_over(timezone.localdate(now)),
        "clock_behind": clock_is_behind(now),
    }
    return render(request, "regulation.html", context)


def _mine(rules: Rules, roles: frozenset[str], now: datetime) -> list[Mine]:
    rights = [right for role in Actor if role in roles for way in Way if (right := right_of(rules, role, way))]
    return [
        Mine(_(ACTOR_WORDS[right.role]), _(WAY_WORDS[right.way]), right_words(right), may(rules, right.role, right.way, now))
        for right in rights
    ]


def _versions(found: InForce) -> list[tuple[Version, str]]:
    """Newest first, with a word for what each is: in force, to come, over."""
    return [(one, _state(one, found)) for one in Version.objects.filter(kind=Regulation.USAGE).select_related("approved_by")]


def _state(version: Version, found: InForce) -> str:
    if version.number == found.number:
        return "now"
    return "coming" if found.since is None or version.in_force_from > found.since else "over"


@require_GET
def one(request: HttpRequest, version: int) -> HttpResponse:
    """A version as it was approved, and what it changed. 0: the built-in rules."""
    found, rules = _version(version)
    before = _version(version - 1)[1] if version else None
    changes = diff(before, rules) if before else ()
    return render(request, "regulation_version.html", {"version": found, "articles": articles(rules), "changes": changes})


def _version(number: int) -> tuple[Version | None, Rules]:
    if number == 0:
        return None, BUILT_IN
    found = get_object_or_404(Version, kind=Regulation.USAGE, number=number)
    return found, rules_of(found)


@require_GET
def paper(request: HttpRequest, version: int, form: str) -> HttpResponse:
    found, rules = _version(version)
    return _print(rules, issue_of(found), form, f"quy-che-su-dung-{version}")


@require_GET
def draft_paper(request: HttpRequest, form: str) -> HttpResponse:
    found = draft()
    return _print(found.rules, Issue(DRAFT_LABEL), form, "du-thao-quy-che-su-dung") if found else redirect("regulation")


def _print(rules: Rules, issue: Issue, form: str, name: str) -> HttpResponse:
    return printed(form, name, lambda kind: as_pdf(rules, issue) if kind == "pdf" else as_docx(rules, issue))


@require_http_methods(["GET", "POST"])
def draft_page(request: HttpRequest) -> HttpResponse:
    """POST begins a draft (`from`: proposal or force). GET: its sections, what is still wrong, what it changes."""
    now = timezone.now()
    if request.method == "POST":
        begin_draft(person(request), now, from_proposal=request.POST.get("from") == "proposal")
        return redirect("regulation_draft")
    found = draft()
    if found is None:
        return redirect("regulation")
    return render(request, "regulation_draft.html", _draft_context(found, now))


def _draft_context(found: Written, now: datetime) -> dict[str, Any]:
    faults = beyond(found.rules)
    changes = diff(in_force_now(now).rules, found.rules)
    sections = [
        (
            name,
            _(words),
            [_(fault.words) for fault in faults if fault.section == name],
            sum(one.section == name for one in changes),
        )
        for name, words in SECTION_WORDS.items()
    ]
    return {"draft": found, "sections": sections, "ready": not faults, "unconfirmed": UNCONFIRMED if found.proposal else ()}


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One section of the draft. What was typed stays on the page when it cannot be saved."""
    kind, found = SECTIONS.get(section), draft()
    if kind is None:
        raise Http404
    if found is None:
        return redirect("regulation")
    form = kind(found.rules, request.POST if request.method == "POST" else None)
    stamp = stamp_in(request.POST.get("stamp", "")) or found.stamp
    if request.method == "POST" and form.is_valid():
        try:
            write_draft(person(request), form.changed(), stamp, timezone.now())
        except DraftChanged as error:
            form.add_error(None, f"{_capital(error.sentence())}.")
            stamp = found.stamp
        else:
            messages.success(request, _("The draft was saved."))
            return redirect("regulation_draft")
    return _section_page(request, form, stamp)


def _section_page(request: HttpRequest, form: SectionForm, stamp: int) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "regulation_section.html", {"form": form, "stamp": stamp, "section": form.section}, status=status)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    discard_draft()
    messages.success(request, _("The draft was thrown away. What is in force did not change."))
    return redirect("regulation")


@require_http_methods(["GET", "POST"])
def approving(request: HttpRequest) -> HttpResponse:
    """What changes and what is erased, and then the approval."""
    found, now = draft(), timezone.now()
    if found is None:
        return redirect("regulation")
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = approve(person(request), stamp_in(request.POST.get("stamp", "")), form.cleaned_data["begins"], now)
        except (NotApproved, DraftChanged) as error:
            form.add_error(getattr(error, "field", "") or None, f"{_capital(_(error.cause))}.")
        else:
            ports().recorder.refresh()
            messages.success(request, _("Version {number} is approved.").format(number=made.number))
            return redirect("regulation")
    old = in_force_now(now)
    context = {
        "draft": found, "form": form, "changes": diff(old.rules, found.rules), "found": old, "erased": _erased(found.rules, now),
        "faults": [_(fault.words) for fault in beyond(found.rules)],
        "new_signs": not old.is_built_in and signs_say_otherwise(old.rules, found.rules),
    }  # fmt: skip
    return render(request, "regulation_approve.html", context, status=422 if form.errors else 200)


def _erased(rules: Rules, now: datetime) -> Erased | None:
    """Footage that the draft would erase at once, by the recorder's own index; None: it keeps nothing shorter."""
    shorter = kept_shorter(rules, now)
    if not shorter:
        return None
    deadline, size_bytes = time.monotonic() + COUNTING_S, 0
    for one in shorter:
        end = now - timedelta(days=one.after_days)
        try:
            if time.monotonic() > deadline:
                return Erased(tuple(shorter), None)
            size_bytes += sum(day.size_bytes for day in ports().recorder.days(one.camera.key, end - LONGEST_BACK, end))
        except RecorderDown:
            return Erased(tuple(shorter), None)
    return Erased(tuple(shorter), size_bytes)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
