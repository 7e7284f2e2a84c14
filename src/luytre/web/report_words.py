"""A period's report as pages and sheets have it: sections in lines, rows with where they lead, all in the page's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luytre.civic.access.permissions import may_use
from luytre.civic.periods import Period, period_words
from luytre.civic.registry.places import place_name
from luytre.civic.reports.charts import charts_of, named
from luytre.civic.reports.compute import figures_of, window_of
from luytre.civic.reports.figures import Figures, Row, Rows, Section, SectionFigures, Spec, Unit
from luytre.civic.reports.issuing import Frozen, frozen
from luytre.civic.reports.models import Draft, Report
from luytre.civic.reports.scope import sees_rows, summed
from luytre.civic.reports.told import HOUR_S, Line, amount, lines_of
from luytre.web.sheets import safe_cell

ROUTES = {
    "incident": "incident", "tip": "tip", "petition": "petition", "signal": "signal", "clip": "clip_request",
    "posting": "ledger_entry", "camera": "camera", "eye": "eye", "acceptance": "acceptance", "repair": "health_ticket",
    "hold": "hold", "pact": "pact", "claim": "right", "breach": "breach",
}  # fmt: skip
"""By what a row is of: the page of it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the numbers of a page come from: computed now, or as they were issued. `figures` are empty where a page of rows needs
    none."""

    period: Period
    figures: Figures
    kept: Frozen | None
    now: datetime

    @property
    def places(self) -> Mapping[str, str]:
        """Hamlets' names by their keys, of those that the figures know."""
        return self.kept.places if self.kept else _names(self.figures)

    def rows(self, section: Section) -> Rows:
        """Of all its figures at once: one reading of the tables."""
        if self.kept is not None:
            return self.kept.rows.get(section.key, {})
        return section.rows(window_of(self.period, self.now))


@dataclass(frozen=True, slots=True)
class HamletLine:
    name: str
    first: str
    first_before: str
    second: str
    second_before: str


@dataclass(frozen=True, slots=True)
class Drawn:
    title: str
    svg: SafeString


@dataclass(frozen=True, slots=True)
class SectionWords:
    key: str
    words: str
    lines: tuple[Line, ...]
    first: str
    second: str
    hamlets: tuple[HamletLine, ...]
    charts: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class RowWords:
    """`link` is empty where the reader may not go there."""

    sign: str
    day: date | None
    place: str
    kind: str
    amount: str
    link: str


def numbers_of(period: Period, report: Report | None, now: datetime, *, rows_alone: bool = False) -> Numbers:
    """Of an issued report those that were frozen, else those of now; for rows alone nothing is added up."""
    kept = frozen(report) if report is not None else None
    none = Figures(period.key, 0, 0, ())
    return Numbers(period, kept.figures if kept else none if rows_alone else figures_of(period, now), kept, now)


def _names(figures: Figures) -> dict[str, str]:
    return names_of(place.place for section in figures.sections for figure in section.figures for place in figure.places)


def names_of(places: Iterable[str]) -> dict[str, str]:
    return {place: place_name(place) or _("a hamlet that is no more") for place in set(places) if place}


def language() -> str:
    return get_language() or "vi"


def title_of(period: Period) -> str:
    """`Tuần 47 năm 2026`."""
    return capital(period_words(period, language()))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sections_in_words(numbers: Numbers, sections: Sequence[Section]) -> list[SectionWords]:
    places = numbers.places
    shown = ((one, numbers.figures.section(one.key)) for one in sections)
    return [_section(one, found, numbers, places) for one, found in shown if found is not None]


def _section(section: Section, found: SectionFigures, numbers: Numbers, places: Mapping[str, str]) -> SectionWords:
    specs = [spec for key in section.by_hamlet if (spec := section.spec(key))]
    drawn = charts_of(section, numbers.figures, places, language())
    return SectionWords(
        section.key, _(section.words), lines_of(section, numbers.figures, language()), capital(_(specs[0].words)),
        capital(_(specs[1].words)), tuple(_hamlets(specs, found, places)),
        tuple(Drawn(one.title, mark_safe(one.svg)) for one in drawn),
    )  # fmt: skip


def _hamlets(specs: Sequence[Spec], found: SectionFigures, places: Mapping[str, str]) -> list[HamletLine]:
    values: dict[str, dict[str, tuple[int, int]]] = {}
    for spec in specs:
        figure = found.figure(spec.key)
        for place in figure.places if figure else ():
            values.setdefault(place.place, {})[spec.key] = (place.value, place.before)
    rows = sorted(values.items(), key=lambda one: (not one[0], named(one[0], places, language())))
    return [HamletLine(named(place, places, language()), *_cells(specs, of)) for place, of in rows]


def _cells(specs: Sequence[Spec], of: Mapping[str, tuple[int, int]]) -> list[str]:
    return [amount(value, spec.unit, language()) for spec in specs for value in of.get(spec.key, (0, 0))]


# --- rows -------------------------------------------------------------------------------------------------------------
def shown_rows(rows: Rows, section: Section, figure: str, roles: Collection[str]) -> list[Row]:
    """`rows`: of the section. By right: single rows, or what they come to by hamlet and kind."""
    found = list(rows.get(figure, ()))
    return found if sees_rows(section, roles) else summed(found)


def row_words(row: Row, spec: Spec, period: Period, places: Mapping[str, str], roles: Collection[str]) -> RowWords:
    day = date.fromisoformat(row.day) if row.day else None
    place = named(row.place, places, language())
    return RowWords(
        row.sign or _thing(row), day, place, _(row.kind) if row.kind else "", amount(row.amount, spec.unit, language()),
        _link(row, spec.key, period, roles),
    )  # fmt: skip


def _thing(row: Row) -> str:
    words = {
        "tip": _("Tip"),
        "eye": _("Eye"),
        "acceptance": _("Acceptance"),
        "repair": _("Ticket"),
        "pact": _("Pact"),
        "clip": _("Request for a clip"),
    }
    return words.get(row.thing, "")


def _link(row: Row, figure: str, period: Period, roles: Collection[str]) -> str:
    if row.thing == "look" and may_use("audit", roles) and figure in ("live", "history", "export"):
        said = {"camera": row.key, "kind": figure, "from": f"{period.first:%d/%m/%Y}", "to": f"{period.last:%d/%m/%Y}"}
        return f"{reverse('audit')}?{urlencode(said)}"
    route = ROUTES.get(row.thing, "")
    return reverse(route, args=[row.key]) if route and may_use(route, roles) else ""


# --- the sheet --------------------------------------------------------------------------------------------------------
def as_xlsx(numbers: Numbers, sections: Sequence[Section], roles: Collection[str], title: str) -> bytes:
    """Two sheets a section: its figures, and the rows that they come from, each as the reader may see them."""
    from openpyxl import Workbook  # large: only where it is used

    book = Workbook()
    first: Any = book.active
    book.remove(first)
    for section in sections:
        if numbers.figures.section(section.key) is not None:
            _figure_sheet(book, section, numbers, title)
            _row_sheet(book, section, numbers, roles)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: int, unit: Unit) -> float:
    return round(value / HOUR_S, 2) if unit is Unit.SECONDS else value


def _figure_sheet(book: Any, section: Section, numbers: Numbers, title: str) -> None:
    table = book.create_sheet(_(section.words)[:31])
    table.append([title])
    table.append([_("Figure"), _("This period"), _("Whole"), _("Period before"), _("Whole"), _("Unit")])
    units = {Unit.COUNT: "", Unit.SECONDS: _("hours"), Unit.VND: _("dong")}
    found = numbers.figures.section(section.key)
    for spec in section.specs:
        figure = found.figure(spec.key) if found else None
        if figure is None:
            continue
        wholes = [None if whole is None else _plain(whole, spec.unit) for whole in (figure.of, figure.of_before)]
        table.append([
            safe_cell(capital(_(spec.words))), _plain(figure.value, spec.unit), wholes[0], _plain(figure.before, spec.unit),
            wholes[1], units[spec.unit],
        ])  # fmt: skip
    _look(table, (48, 16, 16, 16, 16, 10))


def _row_sheet(book: Any, section: Section, numbers: Numbers, roles: Collection[str]) -> None:
    table = book.create_sheet((_("Rows of %(what)s") % {"what": _(section.words)})[:31])
    table.append([_("Rows of these numbers")])
    table.append([_("Figure"), _("Number"), _("Day"), _("Hamlet"), _("Kind of row"), _("Amount")])
    places, rows = numbers.places, numbers.rows(section)
    for spec in section.specs:
        for row in shown_rows(rows, section, spec.key, roles):
            told = row_words(row, spec, numbers.period, places, roles)
            table.append([
                safe_cell(capital(_(spec.words))), safe_cell(told.sign), told.day, safe_cell(told.place), safe_cell(told.kind),
                _plain(row.amount, spec.unit),
            ])  # fmt: skip
    _look(table, (48, 20, 14, 30, 30, 16))


def _look(table: Any, widths: Sequence[int]) -> None:
    from openpyxl.styles import Font

    for number in (1, 2):
        for cell in table[number]:
            cell.font = Font(bold=True)
    for row in table.iter_rows(min_row=3):
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "DD/MM/YYYY"
            elif isinstance(cell.value, int | float):
                cell.number_format = "#,##0.00" if isinstance(cell.value, float) else "#,##0"
    for column, width in zip("ABCDEF", widths, strict=True):
        table.column_dimensions[column].width = width
    table.freeze_panes = "A3"


def state_words(draft: Draft | None, report: Report | None) -> str:
    """Where the report of a period stands."""
    if report is not None and draft is not None:
        return _("issued as %(sign)s; another in its place is being written") % {"sign": report.sign}
    if report is not None:
        return _("issued as %(sign)s") % {"sign": report.sign}
    return _("draft") if draft is not None else _("numbers only")
