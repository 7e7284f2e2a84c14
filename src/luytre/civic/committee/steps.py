"""Writing steps, and what several writers of this room need: one after the other, faults of length, fields that are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.chain.models import ChainHead
from luytre.civic.committee.models import MOST_NOTE, CommitteeStep
from luytre.civic.registry.refusals import Refusals

MOST = N_("%(most)s letters at most.")
NOT_WHOLE = N_("This form is not whole: open it anew.")


def write(
    by: User, code: str, thing: str, at: datetime, *, note: str = "", day: date | None = None, text: str = ""
) -> CommitteeStep:
    """`note` is kept as one line. Written last in its transaction: it locks the chain's head."""
    iso = day.isoformat() if day else ""
    return CommitteeStep.objects.create(
        at=at, by=by, code=code, thing=thing, iso=iso, note=one_line(note)[:MOST_NOTE], text=text
    )  # fmt: skip


def of(thing: str) -> list[CommitteeStep]:
    return list(CommitteeStep.objects.filter(thing=thing).select_related("by"))


def one_after_the_other() -> None:
    """Within a transaction: whoever decides after this sees all that others have written. SQLite is locked anyhow."""
    ChainHead.objects.select_for_update().filter(pk=CommitteeStep._meta.db_table).first()


def check_line(faults: Refusals, field: str, text: str, most: int, needed: str = "") -> None:
    """`needed`: what is said where nothing was written."""
    line = one_line(text)
    if needed and not line:
        faults.tell(field, needed)
    if len(line) > most:
        faults.tell(field, MOST, most=most)


def check_text(faults: Refusals, field: str, text: str, most: int, needed: str = "") -> None:
    if needed and not text.strip():
        faults.tell(field, needed)
    if len(text) > most:
        faults.tell(field, MOST, most=most)


def check_once(faults: Refusals, once: str) -> None:
    if not 1 <= len(once) <= 40:
        faults.tell("__all__", NOT_WHOLE)


def lines_of(text: str) -> list[str]:
    """What stands on the lines of a text, without empty ones."""
    return [line for line in (one_line(raw) for raw in text.splitlines()) if line]


def as_text(lines: Iterable[str]) -> str:
    return "\n".join(lines)
