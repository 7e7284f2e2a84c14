"""The history of what was surveyed or drawn: one chained row a change (`RegisterStep`), which fields from what to what.

The values of private fields are never in it: a chain cannot forget. They are named as changed, and that is all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from luytre.civic.access.models import User
from luytre.civic.chain.models import append_all
from luytre.civic.registry.register import RegisterCode, RegisterStep

Plain: TypeAlias = str | int | float | bool | None
"""What a field is in a step. Degrees, metres, pixels as numbers; days as `2026-11-24`; a choice as its own key."""
Fields: TypeAlias = Mapping[str, Plain]
NOTHING: Fields = {}
NO_FIELDS: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a step. Of a private one both values are None and `private` is set."""

    field: str
    before: Plain = None
    after: Plain = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A change that is to be written: what it is about, and its fields before and after."""

    thing: str
    key: str
    name: str
    code: str
    before: Fields
    after: Fields
    private: AbstractSet[str] = NO_FIELDS


def record(
    by: User | None, at: datetime, thing: str, key: str, name: str, code: str,
    before: Fields = NOTHING, after: Fields = NOTHING, private: AbstractSet[str] = NO_FIELDS,
) -> RegisterStep | None:  # fmt: skip
    """Writes the step, inside the caller's transaction. None where nothing changed, and then nothing is written.

    `by` None: the program itself. `thing`, `code`: of `register.Thing` and `RegisterCode`. Errors: django.db.Error, ChainBroken.
    """
    written = record_all(by, at, [Entry(thing, key, name, code, before, after, private)])
    return written[0] if written else None


def record_all(by: User | None, at: datetime, entries: Iterable[Entry]) -> list[RegisterStep]:
    """As `record`, for many at once, in their order: what an import of thousands needs."""
    rows = []
    for entry in entries:
        changes = _differing(entry)
        if changes or entry.code != RegisterCode.CHANGED:
            rows.append(
                RegisterStep(
                    at=at, by=by, thing=entry.thing, key=entry.key[:63], name=entry.name[:120], code=entry.code,
                    changes=json.dumps(changes, ensure_ascii=False, separators=(",", ":")),
                )
            )  # fmt: skip
    append_all(rows)
    return rows


def _differing(entry: Entry) -> list[list[Plain]]:
    """What is empty before and after is no change; a private field stands alone."""
    found: list[list[Plain]] = []
    for field in dict.fromkeys([*entry.before, *entry.after]):
        before, after = entry.before.get(field), entry.after.get(field)
        if before == after or (_is_empty(before) and _is_empty(after)):
            continue
        found.append([field] if field in entry.private else [field, before, after])
    return found


def _is_empty(value: Plain) -> bool:
    return value is None or value == ""


def changes_of(step: RegisterStep) -> tuple[Changed, ...]:
    """The fields of a step, in the order in which they were written."""
    return tuple(
        Changed(str(change[0]), private=True) if len(change) == 1 else Changed(str(change[0]), change[1], change[2])
        for change in json.loads(step.changes)
    )


def steps_of(thing: str, key: str) -> list[RegisterStep]:
    """What was done to one thing, the newest first, with who did it."""
    return list(RegisterStep.objects.filter(thing=thing, key=key).select_related("by").order_by("-seq"))
