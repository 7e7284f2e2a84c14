"""Sheets as files (.xlsx, .csv): their rows as plain text by column, whatever stands above the headings; and files that go out.

Knows no camera and no eye. A sheet is small, and what an archive would unpack to is looked at before it is opened.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import folded_words

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED_BYTES = 40 * 1024 * 1024
MOST_ROWS = 2000
ROWS_ABOVE = 15
"""So far down the headings may stand: offices write a title above their lists."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by office programs; it goes out behind an apostrophe."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as plain text, by column; `number` is its line in the sheet. `merged`: columns whose cell is joined with others."""

    number: int
    cells: dict[str, str]
    merged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Grid:
    """One sheet of a file: its rows from the first on, and which cells (row from 1, column from 0) are merged."""

    rows: list[Sequence[Any]]
    merged: frozenset[tuple[int, int]] = frozenset()


def read_rows(
    content: bytes, columns: Mapping[str, str], needed: Collection[str], verbatim: Collection[str] = (), most: str = ""
) -> list[SheetRow]:
    """The rows of a file that are not empty. `columns`: our columns' names with their words (message ids); only those that the
    sheet has are in a row's cells. `verbatim`: columns whose blanks stay. `most`: what is said of a file that is too large.

    Errors: UsageError in words for what is no sheet, lacks a needed column, or is too large.
    """
    for grid in _open(content, most):
        found = _headings(grid, columns, needed)
        if found is not None:
            return _rows(grid, *found, verbatim)
    raise UsageError(
        N_("the columns of this sheet are not known"),
        hint=N_("Download the template, fill it in, and keep its first row as it is."),
    )


def _open(content: bytes, most: str) -> list[_Grid]:
    from openpyxl.utils.exceptions import InvalidFileException  # brings all of openpyxl along: only where it is used

    unreadable = UsageError(
        N_("this file cannot be read as a sheet"), hint=N_("Save it as Excel (.xlsx) or as CSV UTF-8 (.csv) and choose it again.")
    )
    if len(content) > MOST_BYTES:
        raise UsageError(N_("this file is too large"), hint=most or N_("A sheet has at most 2 MB."))
    try:
        if content[:2] == b"PK":
            _check_unpacked(content)
            return _excel(content)
        text = content.decode("utf-8-sig")
        return [_Grid(list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)))]
    except (csv.Error, InvalidFileException, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise unreadable from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, OSError, EOFError) as error:
        raise unreadable from error  # what openpyxl throws for files that are broken inside


def _excel(content: bytes) -> list[_Grid]:
    """Every sheet that is not hidden; cells as values, formulas as what they came to."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl does not keep; nothing is written back
        book = load_workbook(io.BytesIO(content), data_only=True)
    grids = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row > MOST_ROWS + ROWS_ABOVE + 1000:
            raise UsageError(N_("this sheet has too many rows"), hint=N_("At most 2000 rows at once."))
        merged = {
            (row, column - 1)
            for area in sheet.merged_cells.ranges
            for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1)
            for column in range(area.min_col, min(area.max_col, sheet.max_column) + 1)
        }
        grids.append(_Grid(list(sheet.iter_rows(values_only=True)), frozenset(merged)))
    return grids


def _check_unpacked(content: bytes) -> None:
    """A few kilobytes can unpack to gigabytes: the archive's own sizes are added up first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise ValueError("unpacks to too much")


def _delimiter(text: str) -> str:
    """Excel here saves CSV with semicolons, since the comma stands in numbers."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _headings(grid: _Grid, columns: Mapping[str, str], needed: Collection[str]) -> tuple[int, dict[int, str]] | None:
    """In which line (from 0) the headings stand, and which of our columns stands where: in either language, without accents."""
    known = {}
    for name, words in columns.items():
        for text in (name, words, translate(words, "vi")):
            known[_folded(text)] = name
    for line, row in enumerate(grid.rows[:ROWS_ABOVE]):
        found = {index: _column(str(head or ""), known) for index, head in enumerate(row)}
        there = {index: name for index, name in found.items() if name}
        if set(needed) <= set(there.values()):
            return line, there
    return None


def _column(head: str, known: Mapping[str, str]) -> str:
    """A heading may have its unit behind it: `Độ cao (m)`."""
    return known.get(_folded(head)) or known.get(_folded(head.partition("(")[0]), "")


def _folded(text: str) -> str:
    return " ".join(folded_words(text))


def _rows(grid: _Grid, head: int, columns: dict[int, str], verbatim: Collection[str]) -> list[SheetRow]:
    found = []
    for number, line in enumerate(grid.rows[head + 1 :], start=head + 2):
        cells = {name: plain(_at(line, index), keep_blanks=name in verbatim) for index, name in columns.items()}
        merged = frozenset(name for index, name in columns.items() if (number, index) in grid.merged)
        if any(cells.values()):
            found.append(SheetRow(number, cells, merged))
    if len(found) > MOST_ROWS:
        raise UsageError(N_("this sheet has too many rows"), hint=N_("At most 2000 rows at once."))
    return found


def _at(line: Sequence[Any], index: int) -> Any:
    return line[index] if index < len(line) else None


def plain(value: Any, *, keep_blanks: bool = False) -> str:
    """A cell's value as text: days as 24/11/2026, whole numbers without a fraction, everything in one line."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text if keep_blanks else " ".join(text.split())
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA_STARTS else text


def harmless(text: str) -> str:
    """As it goes out, so that no office program runs it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_bytes(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """CSV with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
