"""Writing steps, one writer after the other."""

from __future__ import annotations

from datetime import date, datetime

from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.chain.models import ChainHead
from luytre.civic.pacts.models import MOST_NOTE, PactStep


def write(
    by: User, code: str, thing: str, at: datetime, *, note: str = "", day: date | None = None, refers: int | None = None,
    text: str = "",
) -> PactStep:  # fmt: skip
    """`note` is kept as one line. Written last in its transaction: it locks the chain's head."""
    iso = day.isoformat() if day else ""
    note = one_line(note)[:MOST_NOTE]
    return PactStep.objects.create(at=at, by=by, code=code, thing=thing, iso=iso, refers=refers, note=note, text=text)


def of(thing: str) -> list[PactStep]:
    return list(PactStep.objects.filter(thing=thing).select_related("by"))


def one_after_the_other() -> None:
    """Within a transaction: whoever decides after this sees all that others have written. SQLite is locked anyhow."""
    ChainHead.objects.select_for_update().filter(pk=PactStep._meta.db_table).first()
