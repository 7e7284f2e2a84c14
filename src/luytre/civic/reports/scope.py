"""Who reads which sections, and who sees single rows. Which pages are whose is `access.permissions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from luytre.civic.access.models import Role
from luytre.civic.access.permissions import may_use
from luytre.civic.reports.figures import Row, Section
from luytre.civic.reports.sections import SECTIONS

WRITES = frozenset[str]({Role.HEAD, Role.COMMITTEE})
ISSUES = frozenset[str]({Role.HEAD})
READS_ALL = WRITES | {Role.AUDITOR}
MONEY = "money"


def sections_for(roles: Collection[str]) -> tuple[Section, ...]:
    """The treasurer's alone is the money."""
    return tuple(one for one in SECTIONS if READS_ALL & set(roles) or one.key == MONEY)


def sees_rows(section: Section, roles: Collection[str]) -> bool:
    """Whoever may open the list that the rows are of; all others read what they come to by hamlet and kind."""
    return may_use(section.opens, roles)


def summed(rows: Sequence[Row]) -> list[Row]:
    """By hamlet and kind, without a number, a day or a key: it comes to the same."""
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[row.place, row.kind] += row.amount
    return [Row("", "", amount, place=place, kind=kind) for (place, kind), amount in sorted(found.items())]
