"""Cameras as a spreadsheet (.xlsx or .csv): what goes out, and what would happen to each row that comes in.

Nothing is written while a sheet is read: `read_sheet` gives a plan, `carry_out` does it, all or nothing. Passwords come
in and never go out. A sheet is small (`MOST_BYTES`), and what an archive would unpack to is looked at before it is opened.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from tablib import Dataset
from tablib.exceptions import TablibException

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import folded_words
from luytre.civic.registry.address import Address, parse_address
from luytre.civic.registry.cameras import CameraDraft, credentials_of, save_camera
from luytre.civic.registry.models import Camera, SiteKind
from luytre.civic.registry.position import format_position, parse_position
from luytre.civic.registry.sites import SiteDraft

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED_BYTES = 40 * 1024 * 1024
MOST_ROWS = 2000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by office programs; it goes out behind an apostrophe."""

COLUMNS: dict[str, str] = {
    "key": N_("Code (leave as it is)"),
    "name": N_("Camera name"),
    "site": N_("Mounting place"),
    "hamlet": N_("Hamlet"),
    "kind": N_("Kind of place"),
    "road": N_("Road"),
    "position": N_("Coordinates"),
    "main_url": N_("Main stream address"),
    "sub_url": N_("Sub-stream address"),
    "username": N_("User name on the camera"),
    "password": N_("Password on the camera"),
    "retention_days": N_("Days kept"),
}
_LIMITS = {
    "name": 120,
    "site": 120,
    "hamlet": 120,
    "road": 120,
    "main_url": 500,
    "sub_url": 500,
    "username": 120,
    "password": 200,
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as plain text, by column; `number` is its line in the sheet."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What a row would do: `new`, `changed`, `same` or `wrong`, with what is wrong by column."""

    row: SheetRow
    action: str
    wrong: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    draft: CameraDraft | None = None
    camera: Camera | None = None

    @property
    def name(self) -> str:
        return self.row.cells["name"]


def export_sheet(cameras: Iterable[Camera], language: str, kind: str) -> bytes:
    """The cameras as `.xlsx` or `.csv` (`kind`), headings in the language. Never a password."""
    table = Dataset(headers=[translate(COLUMNS[name], language) for name in COLUMNS], title="Camera")
    for camera in cameras:
        cells = cells_of(camera, language)
        table.append([_harmless(cells[name]) for name in COLUMNS])
    if kind == "csv":
        return b"\xef\xbb\xbf" + str(table.export("csv")).encode()  # the mark by which Excel knows UTF-8
    made: bytes = table.export("xlsx")
    return made


def cells_of(camera: Camera, language: str) -> dict[str, str]:
    """What a sheet says of a camera."""
    site = camera.site
    return {
        "key": camera.key,
        "name": camera.name,
        "site": site.name,
        "hamlet": site.hamlet.name if site.hamlet else "",
        "kind": translate(SiteKind(site.kind).label, language),
        "road": site.road,
        "position": format_position(site.position),
        "main_url": camera.main_url_shown,
        "sub_url": camera.sub_url_shown,
        "username": camera.username,
        "password": "",
        "retention_days": str(camera.retention_days or ""),
    }


def read_sheet(content: bytes, filename: str) -> list[SheetRow]:
    """The rows of a file. Errors: UsageError in words for what is no sheet, has no columns of ours, or is too large."""
    table = _open(content, filename)
    columns = _columns([str(head or "") for head in table.headers or []])
    if "name" not in columns.values() or "main_url" not in columns.values():
        raise UsageError(
            N_("the columns of this sheet are not known"),
            hint=N_("Download the template, fill it in, and keep its first row as it is."),
        )
    if len(table) > MOST_ROWS:
        raise UsageError(N_("this sheet has too many rows"), hint=N_("At most 2000 rows at once."))
    rows = [SheetRow(number, _cells(line, columns)) for number, line in enumerate(table, start=2)]
    return [row for row in rows if any(row.cells.values())]


def _open(content: bytes, filename: str) -> Dataset:
    from openpyxl.utils.exceptions import InvalidFileException  # brings all of openpyxl along: only where it is used

    unreadable = UsageError(
        N_("this file cannot be read as a sheet"), hint=N_("Save it as Excel (.xlsx) or as CSV UTF-8 (.csv) and choose it again.")
    )
    if len(content) > MOST_BYTES:
        raise UsageError(N_("this file is too large"), hint=N_("A sheet of cameras has at most 2 MB."))
    is_excel = content[:2] == b"PK"
    try:
        if is_excel:
            _check_unpacked(content)
            return Dataset().load(io.BytesIO(content), format="xlsx")
        text = content.decode("utf-8-sig")
        return Dataset().load(text, format="csv", delimiter=_delimiter(text))
    except (TablibException, InvalidFileException, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise unreadable from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, OSError, EOFError) as error:
        raise unreadable from error  # what openpyxl and csv throw for files that are broken inside


def _check_unpacked(content: bytes) -> None:
    """A few kilobytes can unpack to gigabytes: the archive's own sizes are added up first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise ValueError("unpacks to too much")


def _delimiter(text: str) -> str:
    """Excel here saves CSV with semicolons, since the comma stands in numbers."""
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _columns(heads: Sequence[str]) -> dict[int, str]:
    """Which of our columns stands where: either language, with or without accents."""
    known = {}
    for name, words in COLUMNS.items():
        for text in (name, words, translate(words, "vi")):
            known[" ".join(folded_words(text))] = name
    found = {index: known.get(" ".join(folded_words(head)), "") for index, head in enumerate(heads)}
    return {index: name for index, name in found.items() if name}


def _cells(line: Sequence[Any], columns: dict[int, str]) -> dict[str, str]:
    cells = dict.fromkeys(COLUMNS, "")
    for index, name in columns.items():
        if index < len(line):
            cells[name] = _plain(line[index], keep_blanks=name == "password")
    return cells


def _plain(value: Any, *, keep_blanks: bool) -> str:
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text if keep_blanks else " ".join(text.split())
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA_STARTS else text


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def plan(rows: Sequence[SheetRow], cameras: Sequence[Camera], language: str) -> list[RowPlan]:
    """What each row would do to these cameras. Nothing is written."""
    by_key = {camera.key: camera for camera in cameras}
    by_url = {camera.main_url_shown: camera for camera in cameras}
    taken: set[str] = set()
    plans = []
    for row in rows:
        planned = _plan_row(row, by_key, by_url, language)
        identity = planned.camera.key if planned.camera else row.cells["main_url"]
        if planned.action != "wrong" and identity in taken:
            twice = translate(N_("This camera stands in the sheet twice."), language)
            planned = RowPlan(row, "wrong", {"main_url": twice})
        taken.add(identity)
        plans.append(planned)
    return plans


def _plan_row(row: SheetRow, by_key: dict[str, Camera], by_url: dict[str, Camera], language: str) -> RowPlan:
    cells = row.cells
    wrong = {name: translate(N_("This is too long."), language) for name, limit in _LIMITS.items() if len(cells[name]) > limit}
    camera = by_key.get(cells["key"])
    if cells["key"] and camera is None:
        wrong["key"] = translate(N_("There is no camera with this code. Empty the cell to add a new one."), language)
    if not cells["name"]:
        wrong["name"] = translate(N_("A camera needs a name."), language)
    reader = _Reader(cells, wrong, language)
    main = reader.address("main_url", camera)
    camera = camera or (by_url.get(main.shown) if main else None)
    sub = reader.address("sub_url", camera) if cells["sub_url"] else None
    site = SiteDraft(cells["site"], cells["hamlet"], reader.kind(), cells["road"], reader.position())
    days = reader.days()
    if wrong or main is None:
        return RowPlan(row, "wrong", wrong)
    found = credentials_of(main, sub, cells["username"], cells["password"] or None)
    draft = CameraDraft(cells["name"], main, sub, site, found.username, found.password, days)
    return _compared(row, draft, camera, language)


def _compared(row: SheetRow, draft: CameraDraft, camera: Camera | None, language: str) -> RowPlan:
    if camera is None:
        return RowPlan(row, "new", draft=draft)
    before, now = cells_of(camera, language), row.cells
    told = {"key", "password"} | ({"kind"} if not now["kind"] else set()) | ({"site"} if not now["site"] else set())
    shown = now | {
        "main_url": draft.main.shown, "sub_url": draft.sub.shown if draft.sub else "", "username": draft.username,
        "position": format_position(draft.site.position if draft.site else None),
        "kind": translate(SiteKind(draft.site.kind).label, language) if draft.site and draft.site.kind else "",
    }  # fmt: skip
    changes = [translate(COLUMNS[name], language) for name in COLUMNS if name not in told and before[name] != shown[name]]
    if draft.password:
        changes.append(translate(COLUMNS["password"], language))
    return RowPlan(row, "changed" if changes else "same", changes=tuple(changes), draft=draft, camera=camera)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads single cells, and writes down what is wrong with them."""

    cells: dict[str, str]
    wrong: dict[str, str]
    language: str

    def _tell(self, name: str, error: UsageError) -> None:
        cause, hint = translate(error.cause, self.language), translate(error.hint, self.language) if error.hint else ""
        self.wrong[name] = f"{cause[:1].upper()}{cause[1:]}. {hint}".strip()

    def address(self, name: str, camera: Camera | None) -> Address | None:
        typed = self.cells[name]
        if camera is not None and typed == getattr(camera, f"{name}_shown"):
            return Address(getattr(camera, name), "", "")
        try:
            return parse_address(typed)
        except UsageError as error:
            self._tell(name, error)
            return None

    def position(self) -> tuple[Any, Any] | None:
        try:
            return parse_position(self.cells["position"]) if self.cells["position"] else None
        except UsageError as error:
            self._tell("position", error)
            return None

    def kind(self) -> str:
        typed = folded_words(self.cells["kind"])
        for kind in SiteKind:
            if typed in [folded_words(text) for text in (kind.value, kind.label, translate(kind.label, "vi"))]:
                return str(kind)
        if typed:
            hint = N_("Write route, hot spot or residential point.")
            self._tell("kind", UsageError(N_("this kind of place is not known"), hint=hint))
        return ""

    def days(self) -> int | None:
        typed = self.cells["retention_days"]
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 3650:
            return int(typed)
        self._tell("retention_days", UsageError(N_("the days must be a number from 1 to 3650")))
        return None


@transaction.atomic
def carry_out(plans: Iterable[RowPlan]) -> tuple[int, int]:
    """Does what was planned, all or nothing; returns how many cameras were added and changed."""
    added = changed = 0
    for item in plans:
        if item.draft is not None and item.action in ("new", "changed"):
            save_camera(item.draft, item.camera)
            added, changed = added + (item.action == "new"), changed + (item.action == "changed")
    return added, changed


def rows_to_text(rows: Sequence[SheetRow]) -> str:
    """For the way to the page and back, sealed by whoever sends it: it holds passwords."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False)


def rows_from_text(text: str) -> list[SheetRow]:
    return [
        SheetRow(int(item["number"]), {name: str(item["cells"].get(name, "")) for name in COLUMNS}) for item in json.loads(text)
    ]
