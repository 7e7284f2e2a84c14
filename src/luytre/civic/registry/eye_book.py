"""The register of eyes as an Excel file: headings, lists to choose from, a help sheet; as the template with an example."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from luytre.base.i18n import N_, translate
from luytre.civic.registry.eye_checks import CHOICES, LIMITS, RANGES
from luytre.civic.registry.eye_sheet import COLUMNS, EXAMPLE, cells_of, heading
from luytre.civic.registry.eye_words import DAY_FIELDS, EYE_HINTS, FIGURE_FIELDS, WHOLE_FIELDS
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.sheet_file import MOST_ROWS, harmless

_EXAMPLE: dict[str, object] = {
    "name": "Cổng nhà văn hóa", "site": "Nhà văn hóa thôn", "site_kind": "hot_spot", "road": "Đường trục thôn",
    "position": "21.0285, 105.8542", "address": "Thôn Đông", "owner_kind": "household", "owner_name": "Nguyễn Văn A",
    "owner_phone": "0912 345 678", "tier": "on_request", "bearing_deg": 90, "tilt_deg": 10, "height_m": 4, "focal_mm": "2,8",
    "sensor": "1/2.8", "width_px": 1920, "height_px": 1080, "ir_range_m": 30, "recorder": "nvr", "days_kept": 15,
    "power": "mains", "network": "fibre", "label": "yes", "condition": "works", "condition_day": date(2026, 11, 24),
    "sees": "Cổng và sân trước",
}  # fmt: skip
"""What a row looks like; it is Vietnamese in every language, as the commune is."""
_WIDE = {"name": 28, "site": 24, "position": 24, "address": 28, "sees": 30, "homes_in_view": 30, "note": 30, "owner_name": 22}


def export_book(eyes: Sequence[Eye], language: str, *, template: bool = False) -> bytes:
    """`.xlsx` with the eyes; as template with an example instead. Drop-downs reach down to `MOST_ROWS`."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = translate(N_("Eyes"), language)
    _head(sheet, language)
    lines: Iterable[Sequence[Any]] = [_example(language)] if template else (_line(eye, language) for eye in eyes)
    for number, line in enumerate(lines, start=2):
        for column, value in enumerate(line, start=1):
            sheet.cell(number, column, value)
    _formats(sheet, max(len(eyes), 200 if template else 0) + 2)
    _choices(book, sheet, language)
    _help(book, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, column, heading(name, language))
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        cell.fill = PatternFill("solid", fgColor="DCEBDD")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE.get(name, 16)
    sheet.row_dimensions[1].height = 45
    sheet.freeze_panes = "C2"


def _line(eye: Eye, language: str) -> list[Any]:
    """Figures and days as such, so that a spreadsheet can sort them; all else as text."""
    cells = cells_of(eye, language)
    figures = {name: getattr(eye, name) for name in (*WHOLE_FIELDS, *FIGURE_FIELDS, *DAY_FIELDS)}
    return [figures.get(name) if name in figures else harmless(text) or None for name, text in cells.items()]


def _example(language: str) -> list[Any]:
    found: list[Any] = []
    for name in COLUMNS:
        value = _EXAMPLE.get(name)
        found.append(translate(str(CHOICES[name](str(value)).label), language) if name in CHOICES and value else value)
    found[0] = EXAMPLE[0] if language == "vi" else EXAMPLE[1]
    return found


def _formats(sheet: Any, last: int) -> None:
    """Telephones and sensors stay text (a spreadsheet would drop a zero, or make 1/3 a day), days are days."""
    for column, name in enumerate(COLUMNS, start=1):
        form = "dd/mm/yyyy" if name in DAY_FIELDS else "@" if name in ("owner_phone", "sensor", "position", "firmware") else ""
        if form:
            for row in range(2, last + 1):
                sheet.cell(row, column).number_format = form


def _choices(book: Any, sheet: Any, language: str) -> None:
    """Lists to choose from stand on a hidden sheet: a word with a comma in it cannot stand in the rule itself."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet(translate(N_("Lists"), language))
    lists.sheet_state = "hidden"
    offered = {name: [translate(str(kind.label), language) for kind in kinds] for name, kinds in CHOICES.items()}
    offered["hamlet"] = [hamlet.name for hamlet in hamlets_in_order(Hamlet.objects.all())]
    for number, (name, words) in enumerate(offered.items(), start=1):
        for row, word in enumerate(words, start=1):
            lists.cell(row, number, word)
        if not words:
            continue
        letter, target = get_column_letter(number), get_column_letter(list(COLUMNS).index(name) + 1)
        rule = DataValidation(type="list", formula1=f"='{lists.title}'!${letter}$1:${letter}${len(words)}", allow_blank=True)
        rule.errorTitle, rule.error = translate(COLUMNS[name], language), translate(N_("Choose one from the list."), language)
        rule.showErrorMessage = True
        rule.add(f"{target}2:{target}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)


def _help(book: Any, language: str) -> None:
    """One line a column: what it is for, and what may stand in it."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(translate(N_("Help"), language))
    opening = [
        N_("One row an eye. Only the name is needed; what is not known stays empty."),
        N_("Keep the row of headings. Columns that are not needed may be removed: they stay as they are."),
        N_("The row whose code is EXAMPLE (VÍ DỤ) is not brought in. Do not merge cells."),
        N_("An eye is found again by its code, or by its name in its hamlet. Nothing is brought in while a row is wrong."),
    ]
    for row, words in enumerate(opening, start=1):
        sheet.cell(row, 1, translate(words, language))
    heads = (N_("Column"), N_("What to write"), N_("Example"))
    for column, words in enumerate(heads, start=1):
        sheet.cell(len(opening) + 2, column, translate(words, language)).font = Font(bold=True)
    example = dict(zip(COLUMNS, _example(language), strict=True))
    for row, name in enumerate(COLUMNS, start=len(opening) + 3):
        shown = example[name]
        line = (heading(name, language), _explained(name, language), f"{shown:%d/%m/%Y}" if isinstance(shown, date) else shown)
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column, value).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 34), ("B", 80), ("C", 28)):
        sheet.column_dimensions[letter].width = width


def _explained(name: str, language: str) -> str:
    parts = [translate(EYE_HINTS[name], language)] if name in EYE_HINTS else []
    if name == "camera":
        parts.append(translate(N_("Only told; changed at the eye's own page."), language))
    if name in CHOICES:
        parts.append("; ".join(translate(str(kind.label), language) for kind in CHOICES[name]))
    if name in RANGES:
        least, most = (f"{limit:g}".replace(".", "," if language == "vi" else ".") for limit in RANGES[name])
        parts.append(translate(N_("From %(least)s to %(most)s."), language) % {"least": least, "most": most})
    if name in LIMITS:
        parts.append(translate(N_("At most %(most)s characters."), language) % {"most": LIMITS[name]})
    return " ".join(parts)
