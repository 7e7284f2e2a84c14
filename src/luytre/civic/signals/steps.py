"""Writing the steps of an alarm: last in a transaction."""

from __future__ import annotations

from datetime import datetime

from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.signals.models import MOST_NOTE, Called, SignalStep, Sounding


def steps_of(sounding: Sounding) -> list[SignalStep]:
    return list(SignalStep.objects.filter(sounding=sounding.key).select_related("by"))


def write_step(
    sounding: Sounding, by: User, code: str, at: datetime, moment: datetime | None = None, thing: str = "", note: str = "",
    figure: int | None = None, called: Called | None = None, hamlet: Hamlet | None = None,
) -> None:  # fmt: skip
    """`moment` None: it happened when it is written. `called`: whom it is about, told by key, role and place."""
    where = called.hamlet if called is not None else hamlet
    SignalStep.objects.create(
        at=at, moment=moment or at, by=by, sounding=sounding.key, code=code, whom=called.actor if called is not None else "",
        place=place_key(where) if where is not None else "", thing=called.key if called is not None else thing,
        figure=figure, note=one_line(note)[:MOST_NOTE],
    )  # fmt: skip
