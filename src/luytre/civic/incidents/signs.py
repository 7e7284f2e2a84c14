"""An incident's number as people write it, `12/2026`, read wherever somebody types one."""

from __future__ import annotations

import re

from luytre.base.letters import one_line
from luytre.civic.incidents.models import Incident

_SIGN = re.compile(r"0*([1-9][0-9]{0,5})\s*/\s*([0-9]{4})")


def read_sign(typed: str) -> tuple[int, int] | None:
    """Number and year; None for what has not that form."""
    found = _SIGN.fullmatch(one_line(typed))
    return None if found is None else (int(found[1]), int(found[2]))


def incident_by_sign(typed: str) -> Incident | None:
    """The incident of this number; None where the text is no number, or no incident has it."""
    read = read_sign(typed)
    return None if read is None else Incident.objects.filter(number=read[0], year=read[1]).first()
