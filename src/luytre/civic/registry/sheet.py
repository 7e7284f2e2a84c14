"""Cameras as a spreadsheet (.xlsx or .csv): what goes out, and what would happen to each row that comes in.

Nothing is written while a sheet is read: `read_sheet` gives a plan, `carry_out` does it, all or nothing. Passwords come
in and never go out. How files are read is `sheet_file`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from tablib import Dataset

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import folded_words
from luytre.civic.access.models import User
from luytre.civic.registry.address import Address, parse_address
from luytre.civic.registry.cameras import CameraDraft, credentials_of, save_camera
from luytre.civic.registry.models import Camera, SiteKind
from luytre.civic.registry.position import format_position, parse_position
from luytre.civic.registry.sheet_file import MOST_BYTES, MOST_ROWS, MOST_UNPACKED_BYTES, SheetRow, csv_bytes, harmless, read_rows
from luytre.civic.registry.sites import SiteDraft

__all__ = [
    "COLUMNS", "MOST_BYTES", "MOST_ROWS", "MOST_UNPACKED_BYTES", "RowPlan", "SheetRow",
    "carry_out", "cells_of", "export_sheet", "plan", "read_sheet", "rows_from_text", "rows_to_text",
]  # fmt: skip

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
        table.append([harmless(cells[name]) for name in COLUMNS])
    if kind == "csv":
        return csv_bytes(list(table.headers), list(table))
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


def read_sheet(content: bytes, filename: str = "") -> list[SheetRow]:
    """The rows of a file. Errors: UsageError in words for what is no sheet, has no columns of ours, or is too large."""
    found = read_rows(content, COLUMNS, ("name", "main_url"), ("password",), N_("A sheet of cameras has at most 2 MB."))
    return [SheetRow(row.number, dict.fromkeys(COLUMNS, "") | row.cells, row.merged) for row in found]


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
def carry_out(plans: Iterable[RowPlan], by: User | None = None) -> tuple[int, int]:
    """Does what was planned, all or nothing; returns how many cameras were added and changed."""
    added = changed = 0
    for item in plans:
        if item.draft is not None and item.action in ("new", "changed"):
            save_camera(item.draft, item.camera, by)
            added, changed = added + (item.action == "new"), changed + (item.action == "changed")
    return added, changed


def rows_to_text(rows: Sequence[SheetRow]) -> str:
    """For the way to the page and back, sealed by whoever sends it: it holds passwords."""
    return json.dumps([{"number": row.number, "cells": row.cells} for row in rows], ensure_ascii=False)


def rows_from_text(text: str) -> list[SheetRow]:
    return [
        SheetRow(int(item["number"]), {name: str(item["cells"].get(name, "")) for name in COLUMNS}) for item in json.loads(text)
    ]
