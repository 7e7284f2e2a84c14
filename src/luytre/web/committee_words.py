"""What the committee keeps, in words: tasks, steps, lines of the register; and as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from luytre.civic.committee.models import CommitteeStep, DocumentKind, EndedHow, StepCode, Task, TaskState
from luytre.civic.committee.register import FORCE_WORDS, Force, Row
from luytre.civic.committee.tasks import in_order, is_late, is_soon, unit_names
from luytre.civic.regulations.models import Regulation
from luytre.web.sheets import safe_cell

STATE_LOOKS = {
    TaskState.GIVEN: "waiting", TaskState.TAKEN: "waiting", TaskState.REPORTED: "waiting", TaskState.DONE: "recording",
    TaskState.DROPPED: "off",
}  # fmt: skip
FORCE_LOOKS = {Force.IN_FORCE: "recording", Force.COMING: "waiting", Force.OVER: "off", Force.STRUCK: "off"}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists have it. `whom`: the member's name as it was written down, or what the unit is called now."""

    task: Task
    whom: str
    state: str
    look: str
    late: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    step: CommitteeStep
    what: str
    day: date | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line of the register in words. `url`: of its page."""

    row: Row
    sign: str
    kind: str
    subject: str
    force: str
    look: str
    after: str
    url: str


def task_rows(tasks: Iterable[Task], today: date) -> list[TaskRow]:
    """The late ones first. Two queries where a unit is among them."""
    found = in_order(tasks)
    names = unit_names(today) if any(one.unit_id for one in found) else {}
    return [task_row(one, names, today) for one in found]


def task_row(one: Task, names: dict[int, str], today: date) -> TaskRow:
    whom = one.member.name if one.member else names.get(one.unit_id or 0, "")
    late = is_late(one, today)
    look = "failed" if late else STATE_LOOKS[TaskState(one.state)]
    return TaskRow(one, whom, _(str(TaskState(one.state).label)), look, late, is_soon(one, today))


def lines_of(steps: Iterable[CommitteeStep]) -> list[StepLine]:
    """The newest first."""
    return [StepLine(one, _(str(StepCode(one.code).label)), one.day) for one in reversed(list(steps))]


def document_row(row: Row) -> DocumentRow:
    regulation = Regulation(row.regulation) if row.regulation else None
    sign = _("Version %(number)s") % {"number": row.number} if regulation and row.sign == f"v{row.number}" else row.sign
    after = row.after.removeprefix("v") if regulation and row.after.startswith("v") else row.after
    if regulation and row.after.startswith("v"):
        after = _("Version %(number)s") % {"number": after}
    how = _(str(EndedHow(row.after_how).label)) if row.after_how else ""
    return DocumentRow(
        row, sign, _(str(DocumentKind(row.kind).label)), _(row.subject) if regulation else row.subject,
        _(FORCE_WORDS[row.force]), FORCE_LOOKS[row.force], f"{how} {after}".strip(), _url(row),
    )  # fmt: skip


def _url(row: Row) -> str:
    if row.document is not None:
        return reverse("committee_document", args=[row.document.key])
    return reverse("regulation_version", args=[row.number]) if row.regulation == Regulation.USAGE else reverse("coordination")


def sheet(heads: Sequence[str], lines: Sequence[Sequence[Any]], widths: Sequence[int] = ()) -> bytes:
    """An Excel file of one table: bold heads that stay, days as days, no cell that a program would compute."""
    from openpyxl import Workbook  # large: only where it is used
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    table: Any = book.active
    table.append(list(heads))
    for line in lines:
        table.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in line])
    for cells in table.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if cell.row == 1:
                cell.font = Font(bold=True)
            elif isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy"
    for number, column in enumerate(table.columns):
        table.column_dimensions[column[0].column_letter].width = widths[number] if number < len(widths) else 18
    table.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
