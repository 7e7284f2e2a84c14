"""The coverage of today as an Excel sheet: places by day and by night, and what goes dark when one eye fails."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from luytre.civic.geometry.optics import Level
from luytre.civic.planning.covered import Covered, Today, losses
from luytre.web.plan_words import LEVEL_WORDS, kind_words
from luytre.web.sheets import safe_cell


def sheet_of(found: Today, level: Level, names: Mapping[str, str], at: datetime) -> bytes:
    """`names`: of the eyes that the person meets, by key; others are left out. Shares are numbers that Excel shows as percent."""
    from openpyxl import Workbook  # large: only where it is used

    book = Workbook()
    first = book.active
    assert first is not None
    _fill(first, _("Coverage"), _head(level, at), _heads(), (_place(row, names) for row in found.places))
    heads = [_("Eye"), _("Name"), _("What kind"), _("Lost when it fails")]
    rows = (
        [names[one.eye], row.place.name, kind_words(row.place.kind), part]
        for one in losses(found.places)
        if one.eye in names
        for row, part in one.places
    )
    _fill(book.create_sheet(), _("When one eye fails"), _head(level, at), heads, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(level: Level, at: datetime) -> str:
    told = {"time": f"{localtime(at):%H:%M %d/%m/%Y}", "level": _(LEVEL_WORDS[level])}
    return _("As of %(time)s. Eyes and losses by the level: %(level)s.") % told


def _heads() -> list[str]:
    levels = [_(LEVEL_WORDS[level]).partition(":")[0] for level in Level]
    day, night = _("Day, %(level)s"), _("Night, %(level)s")
    shares = [words % {"level": level} for words in (day, night) for level in levels]
    return [_("Name"), _("What kind"), _("Hamlet"), _("Length, m"), *shares, _("Seen by")]


def _place(row: Covered, names: Mapping[str, str]) -> list[Any]:
    shares = [seen.shares[level] for seen in (row.day, row.night) for level in Level]
    eyes = ", ".join(sorted(names[key] for key in row.day.eyes if key in names))
    metres = round(row.metres) if row.metres else None
    hamlet = row.place.hamlet.name if row.place.hamlet else ""
    return [row.place.name, kind_words(row.place.kind), hamlet, metres, *shares, eyes]


def _fill(sheet: Any, title: str, head: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.title = title[:31]
    sheet.append([head])
    sheet.append([*heads])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([safe_cell(value) if isinstance(value, str) else value for value in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, float):
                cell.number_format = "0.0%"
    sheet.freeze_panes = "B3"
    for number, words in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = 32 if number == 1 else max(14, min(len(words) + 2, 24))
