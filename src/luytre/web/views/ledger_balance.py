"""Phong trào → Sổ đóng góp: the trial balance, sheets of the book, and repairs of Health that are not in it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.base.money import dong
from luytre.civic.ledger import desk
from luytre.civic.ledger.balance import Trial, trial
from luytre.civic.ledger.desk import Draft, PartyDraft, Spending
from luytre.civic.ledger.models import MOST_WORDS, Posting
from luytre.civic.ledger.paper import balance_of
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Camera
from luytre.civic.registry.sheet_file import csv_bytes
from luytre.civic.upkeep.models import Ticket
from luytre.civic.upkeep.repairs import RepairLine, between
from luytre.web.carrying_out import carry_out
from luytre.web.days import AS_WRITTEN, read_day
from luytre.web.ledger_words import Filter, Row, account_words
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.views.ledger import as_file, tabs
from luytre.web.views.pages import person


@dataclass(frozen=True, slots=True)
class Span:
    """Two days, both among it. `wrong`: what was typed is none."""

    first: date
    last: date
    wrong: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> Span:
        """`?from=` and `?to=`; this year up to today, where nothing is asked for or what is asked for is no span."""
        today = timezone.localdate()
        typed = [request.GET.get(name, "").strip() for name in ("from", "to")]
        first, last = read_day(typed[0]) or date(today.year, 1, 1), read_day(typed[1]) or today
        wrong = first > last or any(text and read_day(text) is None for text in typed)
        return cls(date(today.year, 1, 1), today, wrong=True) if wrong else cls(first, last)

    @property
    def name(self) -> str:
        return f"{self.first.isoformat()}-{self.last.isoformat()}"


@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    span = Span.of(request)
    found = trial(span.first, span.last)
    rows = [(account_words(row.account), row, max(row.opening_vnd, 0), max(-row.opening_vnd, 0), max(row.closing_vnd, 0),
             max(-row.closing_vnd, 0)) for row in found.rows]  # fmt: skip
    context = tabs(request, "ledger_balance") | {
        "span": span, "trial": found, "rows": rows, "sums": list(zip(_heads()[1:], _sums(found), strict=True)),
        "from_typed": request.GET.get("from", f"{span.first:{AS_WRITTEN}}")[:10],
        "to_typed": request.GET.get("to", f"{span.last:{AS_WRITTEN}}")[:10],
    }  # fmt: skip
    return render(request, "ledger_balance.html", context, status=422 if span.wrong else 200)


def _heads() -> list[str]:
    return [
        _("Account"), _("Opening, debit"), _("Opening, credit"), _("Debit"), _("Credit"), _("Closing, debit"),
        _("Closing, credit"),
    ]  # fmt: skip


def _sums(found: Trial) -> list[int]:
    opening, closing = [row.opening_vnd for row in found.rows], [row.closing_vnd for row in found.rows]
    sides = [sum(amount for amount in amounts if amount > 0) for amounts in (opening, closing)]
    others = [-sum(amount for amount in amounts if amount < 0) for amounts in (opening, closing)]
    return [sides[0], others[0], found.debit_vnd, found.credit_vnd, sides[1], others[1]]


@require_GET
def balance_paper(request: HttpRequest) -> HttpResponse:
    span = Span.of(request)
    made = balance_of(trial(span.first, span.last), span.first, span.last, timezone.now())
    return as_file(made, "application/pdf", f"bang-can-doi-{span.name}.pdf")


@require_GET
def balance_sheet(request: HttpRequest) -> HttpResponse:
    span = Span.of(request)
    found = trial(span.first, span.last)
    lines: list[list[Any]] = [
        [account_words(row.account), max(row.opening_vnd, 0), max(-row.opening_vnd, 0), row.debit_vnd, row.credit_vnd,
         max(row.closing_vnd, 0), max(-row.closing_vnd, 0)]
        for row in found.rows
    ]  # fmt: skip
    lines.append([_("Together"), *_sums(found)])
    return as_file(_excel(_heads(), lines, {}), SHEET_TYPE, f"bang-can-doi-{span.name}.xlsx", saved=True)


# --- the book as a sheet ----------------------------------------------------------------------------------------------
@require_GET
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, a row for each line of an entry. `kind`: xlsx or csv."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    rows = Filter.of(request).rows()
    heads = [_("Number"), _("Day"), _("What it is"), _("Hamlet"), _("Words"), _("Who agreed to be named"), _("Account"),
             _("Debit"), _("Credit"), _("Reversal"), _("Entered by")]  # fmt: skip
    lines = [cells for row in reversed(rows) for cells in _cells(row)]
    name = f"so-dong-gop-{timezone.localdate().isoformat()}.{kind}"
    if kind == "csv":
        text = [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell) for cell in line] for line in lines]
        return as_file(csv_bytes(heads, text), "text/csv; charset=utf-8", name, saved=True)
    return as_file(_excel(heads, lines, {2: "dd/mm/yyyy"}), SHEET_TYPE, name, saved=True)


def _cells(row: Row) -> list[list[Any]]:
    one = row.posting
    reversal = row.taken_back or row.takes_back
    return [
        [one.sign, one.day, row.kind, row.place, one.words, row.name, line.account, line.debit_vnd, line.credit_vnd,
         reversal.sign if reversal else "", str(one.by)]
        for line in row.lines
    ]  # fmt: skip


def _excel(heads: Sequence[str], lines: Sequence[Sequence[Any]], formats: dict[int, str]) -> bytes:
    from openpyxl import Workbook  # large: only where it is used
    from openpyxl.styles import Font

    book = Workbook()
    table: Any = book.active
    table.append(list(heads))
    for line in lines:
        table.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in line])
    for cell in table[1]:
        cell.font = Font(bold=True)
    for cells in table.iter_rows(min_row=2):
        for cell in cells:
            cell.number_format = formats.get(cell.column, "#,##0" if isinstance(cell.value, int) else "General")
    for column in table.columns:
        table.column_dimensions[column[0].column_letter].width = 18
    table.freeze_panes = "B2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# --- repairs ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OpenRepair:
    """A repair that is not in the book. `booked_before`: the entry of a row that it stands in place of, to be reversed first."""

    line: RepairLine
    booked_before: Posting | None


def _open_repairs() -> list[OpenRepair]:
    """Of the last year and this one: those that cost something, that no other row replaces, and that are not in the book."""
    today = timezone.localdate()
    found = between(date(today.year - 1, 1, 1), today, Ticket.objects.all())
    older: dict[int, int] = {one.replaced_by: one.number for one in found if one.replaced_by}
    valid = [one for one in found if one.cost_vnd and not one.replaced_by and desk.booked(one.number) is None]
    return [OpenRepair(one, _booked_before(one.number, older)) for one in valid]


def _booked_before(number: int, older: dict[int, int]) -> Posting | None:
    while (number := older.get(number, 0)) != 0:
        if (found := desk.booked(number)) is not None:
            return found
    return None


@require_GET
def repairs(request: HttpRequest) -> HttpResponse:
    found = _open_repairs()
    keys = {one.line.camera for one in found if one.line.camera}
    names = dict(Camera.objects.filter(key__in=keys).values_list("key", "name"))
    rows = [(one.line, names.get(one.line.camera, ""), one.booked_before) for one in reversed(found)]
    context = tabs(request, "ledger_repairs") | {"rows": rows, "sum": sum(one.line.cost_vnd for one in found)}
    return render(request, "ledger_repairs.html", context)


@require_POST
def repair_book(request: HttpRequest, number: int) -> HttpResponse:
    """One press: a repair's cost as spending, from the cash box or the bank. Once."""
    one = next((found for found in _open_repairs() if found.line.number == number), None)

    def do() -> None:
        if one is None:
            raise desk.repair_is_booked()
        if one.booked_before is not None:
            raise ValidationError(
                N_("Reverse %(sign)s first: this repair stands in its place."), params={"sign": one.booked_before.sign}
            )
        _book_repair(request, one.line)

    words = _("The repair of %(cost)s dong is in the book.") % {"cost": dong(one.line.cost_vnd) if one else ""}
    return carry_out(request, None, do, words, lambda: redirect("ledger_repairs"), lambda: redirect("ledger_repairs"))


def _book_repair(request: HttpRequest, line: RepairLine) -> None:
    camera = Camera.objects.filter(key=line.camera).select_related("site__hamlet").first() if line.camera else None
    place = place_key(camera.site.hamlet) if camera and camera.site.hamlet else ""
    draft = Draft(new_id(), line.day, line.cost_vnd, line.what[:MOST_WORDS], place, PartyDraft(line.who))
    on = Spending("repair", request.POST.get("account", ""), repair=line.number)
    desk.spend(person(request), draft, on, timezone.now())
