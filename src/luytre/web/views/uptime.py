"""Sức khoẻ → Thời gian hoạt động: of a month or a year, how much each camera worked, how long repairs took; as a sheet too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import hamlets_in_order, in_order
from luytre.civic.registry.scope import devices_of
from luytre.civic.upkeep.outages import times_of
from luytre.civic.upkeep.uptime import CameraTime, Division, Mended, month_span
from luytre.web.lengths import length_words
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.views.health_tabs import tabs
from luytre.web.views.pages import person

MONTHS_BACK = 24
WORST = 5
_PERIOD = re.compile(r"(2\d{3})(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or a year where `month` is 0."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str, now: datetime) -> Period:
        """`2026-11`, `2026`; this month for anything else."""
        here = now.astimezone(_zone())
        match = _PERIOD.fullmatch(text)
        return cls(int(match[1]), int(match[2] or 0)) if match else cls(here.year, here.month)

    @property
    def value(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def words(self) -> str:
        told = {"month": self.month, "year": self.year}
        return _("Month %(month)s of %(year)s") % told if self.month else _("The year %(year)s") % told

    @property
    def span(self) -> tuple[datetime, datetime]:
        first, last = (self.month, self.month) if self.month else (1, 12)
        return month_span(self.year, first, _zone())[0], month_span(self.year, last, _zone())[1]


@dataclass(frozen=True, slots=True)
class Line:
    """A camera, a hamlet, or all together. Widths of the bar are parts of 100."""

    name: str
    key: str
    time: Division
    mended: Mended

    @property
    def share(self) -> str:
        """`98,7 %` of the time that was seen; a dash where nothing was."""
        share = self.time.share
        return "—" if share is None else f"{number_format(100 * share, 1)} %"

    @property
    def width_up(self) -> str:
        return _width(self.time.up, self.time)

    @property
    def width_down(self) -> str:
        return _width(self.time.up + self.time.down, self.time)

    @property
    def mean(self) -> str:
        return length_words(self.mended.mean_s) if self.mended.mean_s is not None else "—"


@dataclass(frozen=True, slots=True)
class Group:
    whole: Line
    cameras: tuple[Line, ...]


def _width(seconds: int, time: Division) -> str:
    counted = time.whole - time.not_counted
    return f"{100 * seconds / counted:.2f}" if counted else "0"


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    period = Period.of(request.GET.get("month", ""), now)
    groups = _groups(request, period, now)
    cameras = [line for group in groups for line in group.cameras]
    seen = [line for line in cameras if line.time.share is not None and line.time.down]
    context = {
        "period": period,
        "periods": _periods(now),
        "groups": groups,
        "whole": _sum(_("All cameras"), cameras),
        "worst": sorted(seen, key=lambda line: (-line.time.down, line.name))[:WORST],
        "until": min(period.span[1], now),
        "is_over": period.span[1] <= now,
        "health_tabs": tabs(request, "health_uptime"),
    }
    return render(request, "uptime.html", context)


def _periods(now: datetime) -> list[Period]:
    """The last months, the newest first, and the years that they are of."""
    here = now.astimezone(_zone())
    months = [divmod(here.year * 12 + here.month - 1 - back, 12) for back in range(MONTHS_BACK)]
    years = sorted({year for year, _month in months}, reverse=True)
    return [*(Period(year, month + 1) for year, month in months), *(Period(year, 0) for year in years)]


def _groups(request: HttpRequest, period: Period, now: datetime) -> list[Group]:
    """By hamlets in the commune's order, those in none last."""
    cameras = in_order(devices_of(person(request)))
    found = dict(zip((one.key for one in cameras), times_of(cameras, period.span, now), strict=True))
    hamlets: list[Any] = [*hamlets_in_order({one.site.hamlet for one in cameras if one.site.hamlet}), None]
    groups = []
    for hamlet in hamlets:
        lines = tuple(_line(one, found[one.key]) for one in cameras if one.site.hamlet == hamlet)
        if lines:
            groups.append(Group(_sum(hamlet.name if hamlet else _("No hamlet given"), lines), lines))
    return groups


def _line(camera: Camera, found: CameraTime) -> Line:
    return Line(camera.name, camera.key, found.time, found.mended)


def _sum(name: str, lines: Iterable[Line]) -> Line:
    time, mended = Division(), Mended()
    for line in lines:
        time, mended = time + line.time, mended + line.mended
    return Line(name, "", time, mended)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The same as .xlsx: seconds as hours that Excel adds up, a row a camera, one a hamlet and one of all."""
    now = timezone.now()
    period = Period.of(request.GET.get("month", ""), now)
    content = _book(period, _groups(request, period, now), min(period.span[1], now))
    name = f"thoi-gian-hoat-dong-{period.value}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=SHEET_TYPE, headers=headers)


def _book(period: Period, groups: Sequence[Group], until: datetime) -> bytes:
    from openpyxl import Workbook  # large: only where it is used
    from openpyxl.styles import Font

    book = Workbook()
    table: Any = book.active
    table.title = period.value
    told = {"period": period.words, "time": f"{timezone.localtime(until):%H:%M %d/%m/%Y}"}
    table.append([_("%(period)s, up to %(time)s") % told])
    hours = (_("Worked, h"), _("Did not work, h"), _("Not known, h"), _("Not counted, h"))
    table.append([_("Hamlet"), _("Camera"), _("Worked"), *hours, _("Repairs"), _("Mean time to repair, h")])
    for group in groups:
        for line in group.cameras:
            table.append(_cells(group.whole.name, line.name, line))
        table.append(_cells(group.whole.name, _("together"), group.whole))
    whole = _sum("", [line for group in groups for line in group.cameras])
    table.append(_cells(_("All cameras"), "", whole))
    for row in (1, 2, table.max_row):
        for cell in table[row]:
            cell.font = Font(bold=True)
    _formats(table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(hamlet: str, name: str, line: Line) -> list[Any]:
    hours = [seconds / 3600 for seconds in (line.time.up, line.time.down, line.time.unknown, line.time.not_counted)]
    mean = line.mended.mean_s
    return [
        safe_cell(hamlet),
        safe_cell(name),
        line.time.share,
        *hours,
        line.mended.count,
        mean / 3600 if mean is not None else None,
    ]


def _formats(table: Any) -> None:
    for row in table.iter_rows(min_row=3):
        row[2].number_format = "0.0%"
        for cell in (*row[3:7], row[8]):
            cell.number_format = "0.00"
    table.freeze_panes = "C3"
    for column, width in zip("ABCDEFGHI", (24, 32, 12, 14, 16, 14, 16, 12, 20), strict=True):
        table.column_dimensions[column].width = width
