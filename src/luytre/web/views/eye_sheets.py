"""The register of eyes out to a file and in from a sheet. The way in: choose, look at what each row would do, confirm.

Between the look and the confirmation the rows travel inside the page, packed and sealed (they hold telephone numbers), for half
an hour at most: nothing of the file stays on this machine. As long as one row is wrong nothing can be confirmed.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.errors import UsageError
from luytre.civic.registry.eye_book import export_book
from luytre.civic.registry.eye_scope import eyes_of
from luytre.civic.registry.eye_sheet import (
    COLUMNS,
    EyePlan,
    Planner,
    carry_out,
    export_csv,
    export_geojson,
    heading,
    in_sheet_order,
    read_sheet,
    rows_from_text,
    rows_to_text,
)
from luytre.civic.registry.seal import seal, unseal_fresh
from luytre.civic.registry.sheet_file import MOST_ROWS, SheetRow
from luytre.web.views.eyes import wanted_eyes
from luytre.web.views.pages import person
from luytre.web.views.sheets import PLAN_AGE_S

MOST_SHOWN = 200
"""Rows that the look shows one by one, those that are wrong first."""
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
_FIRST = {"wrong": 0, "changed": 1, "new": 2, "same": 3}


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The eyes of the list as it is filtered; with `template=1` the headings and an example."""
    if kind not in _TYPES:
        raise Http404
    language, template = get_language() or "vi", request.GET.get("template") == "1"
    eyes = [] if template else in_sheet_order(wanted_eyes(request)[0])
    if kind == "xlsx":
        content = export_book(eyes, language, template=template)
    else:
        content = export_csv(eyes, language) if kind == "csv" else export_geojson(eyes)
    name = f"mat-camera-{'mau' if template else timezone.localdate().isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=_TYPES[kind], headers=headers)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "eye_import.html", {"most_rows": MOST_ROWS})
    if "plan" in request.POST:
        return _confirmed(request)
    upload = request.FILES.get("sheet")
    if upload is None:
        return _again(request, _("Choose a file: a sheet of at most 2 MB."))
    try:
        rows = read_sheet(upload.read())
    except UsageError as error:
        sentence = error.sentence()
        return _again(request, f"{sentence[:1].upper()}{sentence[1:]}. {error.advice()}")
    if not rows:
        return _again(request, _("There is no eye in this sheet."))
    return _shown(request, rows)


def _planned(request: HttpRequest, rows: list[SheetRow]) -> list[EyePlan]:
    now = timezone.now()
    return Planner(list(eyes_of(person(request), now)), now, get_language() or "vi").plan(rows)


def _shown(request: HttpRequest, rows: list[SheetRow]) -> HttpResponse:
    plans, language = _planned(request, rows), get_language() or "vi"
    counts = {action: sum(item.action == action for item in plans) for action in _FIRST}
    first = sorted(plans, key=lambda item: (_FIRST[item.action], item.row.number))[:MOST_SHOWN]
    context: dict[str, Any] = {
        "plans": [
            (item, [(heading(name, language), words) for name, words in item.wrong.items() if name in COLUMNS]) for item in first
        ],
        "more": max(0, len(plans) - MOST_SHOWN),
        "counts": counts,
        "sealed": seal(rows_to_text(rows)) if not counts["wrong"] and (counts["new"] or counts["changed"]) else "",
    }
    return render(request, "eye_import.html", context)


def _confirmed(request: HttpRequest) -> HttpResponse:
    """Looks at the rows once more: what changed meanwhile counts."""
    text = unseal_fresh(request.POST["plan"], PLAN_AGE_S)
    if text is None:
        return _again(request, _("Too much time has passed since the sheet was read. Choose it once more."))
    rows = rows_from_text(text)
    plans = _planned(request, rows)
    if any(item.action == "wrong" for item in plans):
        return _shown(request, rows)
    added, changed = carry_out(person(request), plans, timezone.now())
    said = _("The sheet was brought in: %(added)d added, %(changed)d changed.") % {"added": added, "changed": changed}
    messages.success(request, said)
    return redirect("eyes")


def _again(request: HttpRequest, error: str) -> HttpResponse:
    return render(request, "eye_import.html", {"error": error, "most_rows": MOST_ROWS}, status=422)
