"""Công khai → Minh bạch: how the cameras are used and what that costs, computed from the logs. No account, cookie or script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from luytre.base.errors import UsageError
from luytre.base.i18n import use_language
from luytre.civic import typeset
from luytre.civic.openness import page as pages
from luytre.civic.openness import words
from luytre.civic.openness.few import LEAST
from luytre.civic.openness.page import Today
from luytre.civic.periods import SORT_WORDS, Period, period_words
from luytre.civic.registry.notice import whom_to_ask
from luytre.civic.registry.refusals import said
from luytre.civic.regulations.force import in_force
from luytre.web.report_words import capital
from luytre.web.views.public import FRESH_S

LAYOUT = pages.LAYOUT
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "pdf": "application/pdf"}


def in_either(request: HttpRequest, show: Callable[[str], HttpResponse]) -> HttpResponse:
    """`?lang=en` is English; the same for everybody, and it may be kept for five minutes."""
    language = "en" if request.GET.get("lang") == "en" else "vi"
    use_language(language)
    with translation.override(language):
        response = show(language)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`?ky=2026-Q3`; the newest quarter that is over without it. What is not published is told, 404."""
    return in_either(request, lambda language: _page(request, language, timezone.now()))


def _page(request: HttpRequest, language: str, now: datetime) -> HttpResponse:
    typed, wrong, period = request.GET.get("ky", "").strip()[:20], "", pages.newest(now)
    if typed:
        try:
            period = pages.published(typed.upper(), now)
        except UsageError as error:
            wrong = " ".join(said(ValidationError([error.cause, error.hint])).values())
    today = pages.today(now)
    context = _beside(request, today, now, language) | {"typed": typed, "wrong": wrong}
    if period is not None and not wrong:
        context |= _told(period, today, language)
    return render(request, "public/minh_bach.html", context, status=404 if wrong else 200)


def _beside(request: HttpRequest, today: Today, now: datetime, language: str) -> dict[str, Any]:
    """What holds today, and what is published."""
    offered = [
        (capital(_(SORT_WORDS[sort])), [(one.key, capital(period_words(one, language))) for one in found])
        for sort, found in pages.offered(now).items() if found
    ]  # fmt: skip
    operator, contact = whom_to_ask(now)
    rules = today.force.rules
    return {
        "english": language == "en", "path": request.path, "offered": offered, "today": today, "operator": operator,
        "contact": contact,
        "eyes": [(words.hamlet_words(name, language), count) for name, count in today.eyes],
        "all_eyes": sum(count for _name, count in today.eyes), "least": LEAST,
        "purposes": [one.en if language == "en" else one.vi for one in rules.purposes],
        "days": sorted({one.days for one in rules.kept}), "sound": today.sound,
    }  # fmt: skip


def _told(period: Period, today: Today, language: str) -> dict[str, Any]:
    figures, purposes = pages.figures_of(period), _purposes(period, today)
    return {
        "period": period, "title": capital(period_words(period, language)), "uptime": words.uptime_words(figures, language),
        "groups": words.groups_of(figures, purposes, language), "money": words.money_rows(figures.money, language),
        "gifts": words.gift_rows(pages.gifts_by_hamlet(period, figures), language),
    }  # fmt: skip


def _purposes(period: Period, today: Today) -> dict[str, tuple[str, str]]:
    """Of the rules in force now, and of those when the period ended."""
    then = in_force(period.span(pages.zone())[1]).rules
    return words.purposes_of(today.force.rules, then)


@require_safe
def file(request: HttpRequest, period: str, form: str) -> HttpResponse:
    """`form`: one of `TYPES`. The same figures as the page's."""
    return in_either(request, lambda language: _file(period, form, language, timezone.now()))


def _file(text: str, form: str, language: str, now: datetime) -> HttpResponse:
    try:
        period = pages.published(text, now)
    except UsageError as error:
        raise Http404(str(error)) from error
    if form not in TYPES:
        raise Http404
    today = pages.today(now)
    figures, purposes = pages.figures_of(period), _purposes(period, today)
    if form == "csv":
        made = words.as_csv(figures, period, purposes, language)
    elif form == "json":
        made = words.as_json(figures, period, today, purposes)
    else:
        made = _pdf(period, today, language, now)
    headers = {"Content-Disposition": f'attachment; filename="minh-bach-{period.key}.{form}"'}
    return HttpResponse(made, content_type=TYPES[form], headers=headers)


def _pdf(period: Period, today: Today, language: str, now: datetime) -> bytes:
    told = _told(period, today, language)
    groups = [
        {"words": one.words, "rows": [_row(row.words, row.told, row.hamlets) for row in one.rows]} for one in told["groups"]
    ]
    groups.append({"words": _("Money and gifts"), "rows": [_row(one, amount) for one, amount in told["money"]]})
    groups.append({"words": _("Time that cameras worked"), "rows": [_row(told["title"], told["uptime"])]})
    foot = [_("Computed from the logs; nobody picks these numbers.")]
    if today.checked is not None:
        foot.append(_("Newest signed checkpoint of the logs, SHA-256: %(digest)s") % {"digest": today.checked.digest})
    said_there: dict[str, Any] = {
        "title": _("How the cameras are used: %(period)s") % {"period": period_words(period, language)}, "language": language,
        "owner": whom_to_ask(now)[0], "span": f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}", "groups": groups, "foot": foot,
        "notes": [_("Counts from 1 to %(most)s are not told, so that nobody is found out.") % {"most": LEAST - 1}],
        "nothing": _("There was nothing of it."),
    }  # fmt: skip
    # Typesetting takes the processor, and anybody may ask: what says the same is set once in the time that a browser may keep it.
    key = hashlib.sha256(json.dumps(said_there, sort_keys=True).encode()).hexdigest()
    made = cache.get_or_set(f"openness-{key}", lambda: typeset.as_pdf(LAYOUT / "page.typ", said_there, now), FRESH_S)
    assert isinstance(made, bytes)
    return made


def _row(row: str, told: str, hamlets: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {"words": row, "told": told, "hamlets": [list(one) for one in hamlets]}
