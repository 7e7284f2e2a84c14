"""Cameras out to a spreadsheet and in from one. The way in: choose, look at what would happen row by row, confirm.

Between the look and the confirmation the rows travel inside the page, sealed (they may hold passwords), for half an hour
at most: nothing of the file stays on this machine, neither on disk (`FILE_UPLOAD_HANDLERS`) nor in the session.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.errors import UsageError
from luytre.base.i18n import translate
from luytre.civic.registry import sheet
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import devices_of
from luytre.civic.registry.seal import seal, unseal_fresh
from luytre.web.ports import ports
from luytre.web.views.cameras import STARTING, Wanted
from luytre.web.views.pages import person

PLAN_AGE_S = 1800
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The cameras of the list as it is filtered; with `template=1` the headings alone."""
    if kind not in _TYPES:
        raise Http404
    wanted = Wanted.of(request)
    empty = request.GET.get("template") == "1"
    cameras = [] if empty else [one for one in in_order(devices_of(person(request))) if wanted.takes(one)]
    content = sheet.export_sheet(cameras, get_language() or "vi", kind)
    name = f"camera-{'mau' if empty else timezone.localdate().isoformat()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=_TYPES[kind], headers=headers)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "camera_import.html", {"most_rows": sheet.MOST_ROWS})
    if "plan" in request.POST:
        return _confirmed(request)
    upload = request.FILES.get("sheet")
    if upload is None:
        return _again(request, _("Choose a file: a sheet of at most 2 MB."))
    try:
        rows = sheet.read_sheet(upload.read(), str(upload.name))
    except UsageError as error:
        return _again(request, f"{_capital(error.sentence())}. {error.advice()}")
    if not rows:
        return _again(request, _("There is no camera in this sheet."))
    return _shown(request, rows)


def _shown(request: HttpRequest, rows: list[sheet.SheetRow]) -> HttpResponse:
    plans = _planned(request, rows)
    counts = {action: sum(item.action == action for item in plans) for action in ("new", "changed", "same", "wrong")}
    language = get_language() or "vi"
    context: dict[str, Any] = {
        "plans": plans,
        "counts": counts,
        "sealed": seal(sheet.rows_to_text(rows)) if counts["new"] or counts["changed"] else "",
        "columns": {name: translate(words, language) for name, words in sheet.COLUMNS.items()},
    }
    return render(request, "camera_import.html", context)


def _planned(request: HttpRequest, rows: list[sheet.SheetRow]) -> list[sheet.RowPlan]:
    return sheet.plan(rows, list(devices_of(person(request))), get_language() or "vi")


def _confirmed(request: HttpRequest) -> HttpResponse:
    """Looks at the rows once more: what changed meanwhile counts. Rows that are wrong are left out, as the page said."""
    text = unseal_fresh(request.POST["plan"], PLAN_AGE_S)
    if text is None:
        return _again(request, _("Too much time has passed since the sheet was read. Choose it once more."))
    added, changed = sheet.carry_out(_planned(request, sheet.rows_from_text(text)), person(request))
    ports().recorder.refresh()
    said = _("The sheet was brought in: %(added)d added, %(changed)d changed.") % {"added": added, "changed": changed}
    messages.success(request, said)
    return redirect(reverse("start") if request.session.get(STARTING) else reverse("cameras"))


def _again(request: HttpRequest, error: str) -> HttpResponse:
    return render(request, "camera_import.html", {"error": error, "most_rows": sheet.MOST_ROWS}, status=422)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
