"""Which matrix is in force: a question to the approved versions alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.coordination.rules import Matrix
from luytre.civic.coordination.text import read
from luytre.civic.regulations.force import version_in_force
from luytre.civic.regulations.models import Regulation, Version


@dataclass(frozen=True, slots=True)
class InForce:
    """A matrix at a moment. `version` None: the built-in one."""

    matrix: Matrix
    version: Version | None = None
    until: datetime | None = None
    """When the next version that is approved by now begins."""


def in_force_now(now: datetime) -> InForce:
    """Errors: RegulationDamaged, django.db.Error."""
    found = version_in_force(now, Regulation.COORDINATION)
    if found is None:
        return InForce(BUILT_IN)
    version, until = found
    return InForce(read(version.text), version, until)
