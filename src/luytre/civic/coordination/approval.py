"""Writing the next matrix, and making a version of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.coordination.force import in_force_now
from luytre.civic.coordination.rules import Matrix
from luytre.civic.coordination.text import read, write
from luytre.civic.regulations.approval import DraftChanged, publish
from luytre.civic.regulations.models import Draft, Regulation, Version

KIND = Regulation.COORDINATION


@dataclass(frozen=True, slots=True)
class Written:
    """The draft as it stands."""

    matrix: Matrix
    stamp: int
    by: User
    at: datetime


def draft() -> Written | None:
    found = Draft.objects.filter(kind=KIND).select_related("written_by").first()
    return Written(read(found.text), found.stamp, found.written_by, found.written) if found else None


def begin_draft(by: User, now: datetime) -> None:
    """Of the matrix in force. A draft that is there stays as it is."""
    fields = {"text": write(in_force_now(now).matrix), "written_by": by, "written": now}
    Draft.objects.get_or_create(kind=KIND, defaults=fields)


def write_draft(by: User, matrix: Matrix, stamp: int, now: datetime) -> None:
    """Errors: UsageError for a matrix that the parser refuses; DraftChanged when `stamp` is not the draft's."""
    text = write(matrix)
    read(text)
    if not Draft.objects.filter(kind=KIND, stamp=stamp).update(text=text, stamp=stamp + 1, written_by=by, written=now):
        raise DraftChanged(N_("somebody else changed the draft, or took it away; what you typed is still here"))


def discard_draft() -> None:
    Draft.objects.filter(kind=KIND).delete()


def approve(by: User, stamp: int, begins: datetime | None, now: datetime) -> Version:
    """Errors: NotApproved, DraftChanged, UsageError."""
    return publish(by, stamp, begins, now, KIND, _check)


def _check(text: str) -> None:
    read(text)
