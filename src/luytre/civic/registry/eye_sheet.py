"""Eyes as a sheet: what each row that comes in would do, and the list that goes out. (What the file looks like: `eye_book`.)

Nothing is written while a sheet is read. `Planner` says of each row what it would do, and at which cell something is wrong;
`carry_out` does it all, or nothing while a single row is wrong. A column that the sheet does not have stays as it is.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, translate
from luytre.base.letters import fold
from luytre.civic.access.models import User
from luytre.civic.registry.bounds import land
from luytre.civic.registry.eye_checks import CHOICES, check
from luytre.civic.registry.eye_words import DAY_FIELDS, EYE_FIELDS, EYE_UNITS, FIGURE_FIELDS, WHOLE_FIELDS
from luytre.civic.registry.eyes import EyeDraft, connected_refusals, draft_of, put_eye, tidied
from luytre.civic.registry.figures import parse_choice, parse_day, parse_number, parse_whole
from luytre.civic.registry.history import Entry, record_all
from luytre.civic.registry.models import Eye
from luytre.civic.registry.order import name_key
from luytre.civic.registry.position import format_position, parse_position
from luytre.civic.registry.refusals import said
from luytre.civic.registry.sheet_file import SheetRow, csv_bytes, read_rows
from luytre.civic.registry.sites import Known, Position

EXAMPLE = ("VÍ DỤ", "EXAMPLE")
"""Stands as the code of the template's example, which is not brought in."""


def heading(name: str, language: str) -> str:
    """A column's heading with its unit: `Độ cao so với mặt đất (m)`."""
    words, unit = translate(COLUMNS[name], language), EYE_UNITS.get(name, "")
    return f"{words} ({translate(unit, language)})" if unit else words


COLUMNS: dict[str, str] = {"key": N_("Code (leave as it is)")} | EYE_FIELDS | {"camera": N_("Connected camera")}
"""`camera` is only told; it is not read."""
_PRIVATE = ("owner_name", "owner_phone", "note")


@dataclass(frozen=True, slots=True)
class EyePlan:
    """What a row would do: `new`, `changed`, `same` or `wrong`, with what is wrong by column, in words."""

    row: SheetRow
    action: str
    wrong: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    draft: EyeDraft | None = None
    eye: Eye | None = None

    @property
    def name(self) -> str:
        return self.row.cells.get("name", "")


def cells_of(eye: Eye, language: str) -> dict[str, str]:
    """What a sheet says of an eye, in words of the language."""
    draft = draft_of(eye)
    found = {name: _cell(name, getattr(draft, name), language) for name in EYE_FIELDS}
    return {"key": eye.key} | found | {"camera": eye.camera.name if eye.camera else ""}


def _cell(name: str, value: Any, language: str) -> str:
    if value is None or value == "":
        return ""
    if name in CHOICES:
        return translate(str(CHOICES[name](value).label), language)
    if name == "position":
        return format_position(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", "," if language == "vi" else ".")
    return str(value)


def export_csv(eyes: Iterable[Eye], language: str) -> bytes:
    lines = (list(cells_of(eye, language).values()) for eye in eyes)
    return csv_bytes([heading(name, language) for name in COLUMNS], lines)


def export_geojson(eyes: Iterable[Eye]) -> bytes:
    """A FeatureCollection with our own field names and choices, of the eyes that stand on a map. Nothing private is in it: such
    files are handed around."""
    features = [_feature(eye, eye.position) for eye in eyes if eye.position]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _feature(eye: Eye, position: Position) -> dict[str, Any]:
    draft = draft_of(eye)
    values = {name: getattr(draft, name) for name in EYE_FIELDS if name != "position" and name not in _PRIVATE}
    kept = {name: str(value) if isinstance(value, date) else value for name, value in values.items() if value not in (None, "")}
    point = {"type": "Point", "coordinates": [float(position[1]), float(position[0])]}
    return {"type": "Feature", "id": eye.key, "geometry": point, "properties": kept}


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of a file, without the template's example. Errors: UsageError in words."""
    rows = read_rows(content, COLUMNS, ("name",))
    return [row for row in rows if row.cells.get("key", "").upper() not in EXAMPLE]


class Planner:
    """Plans rows against the register as it is: asked once, for thousands of rows."""

    def __init__(self, eyes: Sequence[Eye], at: datetime, language: str) -> None:
        self.at, self.language, self.known, self.here = at, language, Known(), land()
        self._by_key = {eye.key: eye for eye in eyes}
        self._by_name = {_identity(eye.name, eye.site.hamlet.name if eye.site.hamlet else ""): eye for eye in eyes}
        self._taken: dict[str, int] = {}

    def plan(self, rows: Iterable[SheetRow]) -> list[EyePlan]:
        return [self._row(row) for row in rows]

    def _row(self, row: SheetRow) -> EyePlan:
        wrong: dict[str, str] = {}
        for name in row.merged:
            wrong[name] = self._say(N_("This cell is merged with others: separate them, and fill in each row."))
        key = row.cells.get("key", "")
        eye = (
            self._by_key.get(key) if key else self._by_name.get(_identity(row.cells.get("name", ""), row.cells.get("hamlet", "")))
        )
        if key and eye is None:
            wrong["key"] = self._say(N_("There is no eye with this code. Empty the cell to add a new one."))
        draft = tidied(_Reader(row.cells, wrong, self.language).draft(eye))
        hamlet = self.known.hamlet(draft.hamlet)
        draft = replace(draft, hamlet=hamlet.name) if hamlet is not None else draft
        for name, words in self._refusals(draft, eye).items():
            wrong.setdefault(name, words)
        self._check_twice(row, eye, draft, wrong)
        if wrong:
            return EyePlan(row, "wrong", wrong)
        return self._compared(row, draft, eye)

    def _refusals(self, draft: EyeDraft, eye: Eye | None) -> dict[str, str]:
        refused = check(draft, self.at, self.here, self.known.hamlet(draft.hamlet))
        if eye is not None and eye.camera is not None:
            connected_refusals(draft, eye, refused)
        return said(ValidationError(dict(refused.found)), self.language) if refused.found else {}

    def _check_twice(self, row: SheetRow, eye: Eye | None, draft: EyeDraft, wrong: dict[str, str]) -> None:
        identity = eye.key if eye is not None else _identity(draft.name, draft.hamlet)
        first = self._taken.setdefault(identity, row.number)
        if first != row.number and draft.name:
            wrong.setdefault("name", self._say(N_("This eye stands in the sheet twice: see row %(row)s.")) % {"row": first})

    def _compared(self, row: SheetRow, draft: EyeDraft, eye: Eye | None) -> EyePlan:
        if eye is None:
            return EyePlan(row, "new", draft=draft)
        before = draft_of(eye)
        changes = tuple(
            translate(words, self.language) for name, words in EYE_FIELDS.items() if getattr(before, name) != getattr(draft, name)
        )
        return EyePlan(row, "changed" if changes else "same", changes=changes, draft=draft, eye=eye)

    def _say(self, words: str) -> str:
        return translate(words, self.language)


def _identity(name: str, hamlet: str) -> str:
    """An eye without its code is found by its name in its hamlet."""
    return f"{' '.join(fold(name).split())} / {' '.join(fold(hamlet).split())}"


class _Reader:
    """Reads the cells of one row, and writes down what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], wrong: dict[str, str], language: str) -> None:
        self.cells, self.wrong, self.language = cells, wrong, language

    def draft(self, eye: Eye | None) -> EyeDraft:
        """The eye as the row wants it: columns that are not there, and choices left empty, stay as they are.

        Of an eye that was found by its name alone every empty cell does: who has its code took the list from here, and empties
        on purpose; who has not may not know what is there.
        """
        begun = draft_of(eye) if eye is not None else EyeDraft("")
        read = {name: value for name in self.cells if name in EYE_FIELDS and (value := self._value(name)) is not _AS_IT_IS}
        if eye is not None and not self.cells.get("key"):
            read = {name: value for name, value in read.items() if value not in (None, "")}
        if eye is not None and eye.camera is not None:
            read = {name: value for name, value in read.items() if value or name not in ("site", "hamlet", "road")}
        return replace(begun, **read)

    def _value(self, name: str) -> Any:
        typed = self.cells[name]
        if name in CHOICES:
            chosen = self._read(name, lambda text: parse_choice(CHOICES[name], text))
            return chosen or _AS_IT_IS
        if name in WHOLE_FIELDS:
            return self._read(name, parse_whole)
        if name in FIGURE_FIELDS:
            return self._read(name, parse_number)
        if name in DAY_FIELDS:
            return self._read(name, parse_day)
        if name == "position":
            return self._read(name, parse_position)
        return _phone(typed) if name == "owner_phone" else typed

    def _read(self, name: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(self.cells[name]) if self.cells[name] else None
        except UsageError as error:
            refused = ValidationError([ValidationError(words) for words in (error.cause, error.hint) if words])
            self.wrong[name] = said(refused, self.language)["__all__"]
            return None


_AS_IT_IS = object()


def _phone(typed: str) -> str:
    """A spreadsheet takes a telephone number for a number, and drops its zero."""
    return f"0{typed}" if typed.isascii() and typed.isdigit() and len(typed) == 9 else typed


@transaction.atomic
def carry_out(by: User | None, plans: Sequence[EyePlan], at: datetime) -> tuple[int, int]:
    """Does what was planned, all or nothing; returns how many eyes were added and changed. Errors: UsageError for a wrong row."""
    if any(item.action == "wrong" for item in plans):
        raise UsageError(N_("a row of the sheet is wrong, and nothing was brought in"))
    added = changed = 0
    known, here, steps = Known(), land(), list[Entry]()
    for item in plans:
        if item.draft is not None and item.action in ("new", "changed"):
            revision = item.eye.revision if item.eye is not None else None
            put_eye(item.draft, at, steps, here, known, item.eye, revision)
            added, changed = added + (item.action == "new"), changed + (item.action == "changed")
    record_all(by, at, steps)
    return added, changed


def in_sheet_order(eyes: Iterable[Eye]) -> list[Eye]:
    """By hamlet as the commune orders them, then by name."""
    return sorted(
        eyes,
        key=lambda eye: (eye.site.hamlet.order if eye.site.hamlet else 1 << 20, str(eye.site.hamlet or ""), name_key(eye.name)),
    )


def rows_to_text(rows: Sequence[SheetRow]) -> str:
    """For the way to the page and back, packed; sealed by whoever sends it: it holds telephone numbers."""
    text = json.dumps([[row.number, row.cells, sorted(row.merged)] for row in rows], ensure_ascii=False)
    return base64.b85encode(zlib.compress(text.encode(), 6)).decode()


def rows_from_text(text: str) -> list[SheetRow]:
    """Of what `rows_to_text` made and somebody sealed: nothing else comes here."""
    items = json.loads(zlib.decompress(base64.b85decode(text)))
    return [SheetRow(number, cells, frozenset(merged)) for number, cells, merged in items]
