"""Sức khoẻ → Việc phải làm → Sổ sửa chữa: what was mended in a month or a year and what it cost, as .xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.registry.models import Camera
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.repairs import RepairLine, between
from luytre.civic.upkeep.scope import tickets_of
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.ticket_words import known_names
from luytre.web.views.pages import person
from luytre.web.views.uptime import Period

WIDTHS = (12, 28, 20, 24, 40, 22, 24, 16, 16, 10, 16, 20)
COST = 8
"""Its column."""


@require_GET
def repairs(request: HttpRequest) -> HttpResponse:
    """Of the tickets that the person meets; rows that another stands in place of are there, struck through and not added up."""
    now, user = timezone.now(), person(request)
    period = Period.of(request.GET.get("month", ""), now)
    first, after = (timezone.localdate(moment) for moment in period.span)
    found = between(first, after - timedelta(days=1), tickets_of(user, now))
    content = _book(period, found, known_names(user, now), _hamlets(found))
    name = f"so-sua-chua-{period.value}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=SHEET_TYPE, headers=headers)


def _hamlets(found: Sequence[RepairLine]) -> dict[str, str]:
    keys = {line.camera for line in found if line.camera}
    return {one.key: str(one.site.hamlet or "") for one in Camera.objects.filter(key__in=keys).select_related("site__hamlet")}


def _headings() -> tuple[str, ...]:
    return (
        _("Day"), _("Camera"), _("Hamlet"), _("Fault"), _("What was mended"), _("Part"), _("Who mended it"), _("Cost in dong"),
        _("Part under warranty until"), _("Row"), _("Replaced by row"), _("Written down by"),
    )  # fmt: skip


def _book(period: Period, found: Sequence[RepairLine], names: Mapping[str, str], hamlets: Mapping[str, str]) -> bytes:
    from openpyxl import Workbook  # large: only where it is used
    from openpyxl.styles import Font

    book = Workbook()
    table: Any = book.active
    table.title = period.value
    table.append([_("Repairs, %(period)s") % {"period": period.words}])
    table.append(_headings())
    for line in found:
        table.append(_cells(line, names, hamlets))
        for cell in table[table.max_row] if line.replaced_by else ():
            cell.font = Font(strike=True)
    whole = sum(line.cost_vnd for line in found if not line.replaced_by)
    table.append([_("Together, without what was replaced"), *[None] * (COST - 2), whole])
    for row in (1, 2, table.max_row):
        for cell in table[row]:
            cell.font = Font(bold=True)
    _formats(table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: RepairLine, names: Mapping[str, str], hamlets: Mapping[str, str]) -> list[Any]:
    camera = names.get(line.camera) or (_("Camera outside your area") if line.camera else "")
    hamlet = hamlets.get(line.camera, "") if line.camera in names else ""
    texts = (camera, hamlet, _(str(Fault(line.fault).label)), line.what, line.part, line.who)
    told = [safe_cell(text) for text in texts]
    return [line.day, *told, line.cost_vnd, line.warranty_until, line.number, line.replaced_by, safe_cell(line.by)]


def _formats(table: Any) -> None:
    for row in table.iter_rows(min_row=3):
        for number, form in ((1, "dd/mm/yyyy"), (COST, "#,##0"), (COST + 1, "dd/mm/yyyy")):
            if number <= len(row):
                row[number - 1].number_format = form
    table.freeze_panes = "C3"
    for number, width in enumerate(WIDTHS):
        table.column_dimensions["ABCDEFGHIJKL"[number]].width = width
