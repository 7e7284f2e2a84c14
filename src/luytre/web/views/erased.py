"""Quy chế → Nhật ký xóa hình: what retention erased, when, under which rule; as a page and as a sheet. It shows no picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.ports import ErasedLine, ErasedQuery, RecorderDown
from luytre.civic.registry.erasing import RULE_WORDS, ErasedUnder, with_rules
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import name_key
from luytre.web.days import read_day
from luytre.web.ports import ports
from luytre.web.sheets import SHEET_TYPE, safe_cell

ON_A_PAGE = 50
AT_ONCE = 1000
MOST_IN_A_SHEET = 100_000


def query_of(request: HttpRequest) -> ErasedQuery:
    """The filters as they stand in the address; days are the commune's, both included. What is no day is left out."""
    first, last = read_day(request.GET.get("from", "")), read_day(request.GET.get("to", ""))
    before = request.GET.get("before", "")
    camera = request.GET.get("camera", "")[:63]
    return ErasedQuery(
        cameras=(camera,) if camera else (),
        start=_midnight(first) if first else None,
        end=_midnight(last + timedelta(days=1)) if last else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 0,
        limit=ON_A_PAGE,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    query, down = query_of(request), None
    lines: tuple[ErasedLine, ...] = ()
    more = False
    try:
        found = ports().recorder.erased(query)
        lines, more = found.lines, found.more
    except RecorderDown as error:
        down = error
    filters = request.GET.copy()
    filters.pop("before", None)
    names = dict(Camera.objects.values_list("key", "name"))
    context = {
        "lines": [(one, _rule(one)) for one in with_rules(lines)],
        "recorder_down": down,
        "older": lines[-1].number if more and lines else 0,
        "newest": not query.before,
        "camera": next(iter(query.cameras), ""),
        "first": read_day(request.GET.get("from", "")),
        "last": read_day(request.GET.get("to", "")),
        "filters": filters.urlencode(),
        "cameras": sorted(names.items(), key=lambda pair: name_key(pair[1])),
    }
    return render(request, "erased.html", context)


def _rule(one: ErasedUnder) -> str:
    return _(RULE_WORDS[one.line.rule]) if one.line.rule in RULE_WORDS else one.line.rule


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The log as it is filtered, as .xlsx, the newest lines where it is longer than a sheet should be. Errors: RecorderDown."""
    from tablib import Dataset

    words = (_("Line"), _("Erased"), _("Camera"), _("Code of the camera"), _("Stream"), _("Footage from"), _("Footage to"),
             _("Bytes"), _("Rule"), _("Regulation"), _("Days it promised"), _("Days kept"))  # fmt: skip
    table = Dataset(headers=words, title="Erased")
    for one in with_rules(_all_lines(query_of(request))):
        table.append(_cells(one))
    name = f"nhat-ky-xoa-hinh-{timezone.localdate().isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(table.export("xlsx"), content_type=SHEET_TYPE, headers=headers)


def _all_lines(query: ErasedQuery) -> Iterator[ErasedLine]:
    """Part by part, from the newest on. Errors: RecorderDown."""
    before, given = query.before, 0
    while given < MOST_IN_A_SHEET:
        part = ports().recorder.erased(ErasedQuery(query.cameras, query.start, query.end, before, AT_ONCE))
        yield from part.lines
        given += len(part.lines)
        if not part.more or not part.lines:
            return
        before = part.lines[-1].number


def _cells(one: ErasedUnder) -> list[str | int | float]:
    line = one.line
    at, start, end = (date_format(timezone.localtime(moment), "d/m/Y H:i:s") for moment in (line.at, line.start, line.end))
    texts = [at, one.camera, line.camera, line.stream, start, end]
    version = _("version %(number)d") % {"number": one.version} if one.version else _("none in force")
    return [
        line.number, *map(safe_cell, texts), line.size_bytes, _rule(one), version, "" if one.days is None else one.days,
        round(one.kept_days, 2),
    ]  # fmt: skip
