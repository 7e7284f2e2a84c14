"""Which role may look in which way at all: the bounds. A regulation gives within them, an assignment narrows further.

The registry asks three: these bounds, the rules in force, and the assignment (design/rules.md).
"""

from __future__ import annotations

from enum import StrEnum

from luytre.civic.access.models import Role


class Way(StrEnum):
    LIVE = "live"
    HISTORY = "history"
    EXPORT = "export"
    PTZ = "ptz"
    UNMASKED = "unmasked"


POLICE = frozenset({Role.HEAD, Role.DUTY})
PICTURE_ROLES = POLICE | {Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.OWNER}
BOUNDS: dict[Way, frozenset[Role]] = {
    Way.LIVE: PICTURE_ROLES,
    Way.HISTORY: PICTURE_ROLES,
    Way.EXPORT: POLICE,
    Way.PTZ: POLICE,
    Way.UNMASKED: POLICE,
}
"""Administrator, surveyor, auditor, committee and resident see no picture."""
LOCAL_ROLES = frozenset({Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.OWNER})
"""These are of a hamlet or of named cameras, never of the whole commune."""
SURVEY_ROLES = POLICE | {Role.SURVEYOR, Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.ADMINISTRATOR}
"""These fill in the survey, each within the place of its assignment."""


def within_bounds(role: str, way: str) -> bool:
    """False for roles and ways that nobody knows."""
    return way in Way.__members__.values() and role in BOUNDS[Way(way)]


def ways_of(role: str) -> tuple[Way, ...]:
    return tuple(way for way in Way if within_bounds(role, way))
