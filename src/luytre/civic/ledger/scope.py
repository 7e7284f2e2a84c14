"""Who enters, who reads names, who opens documents. Which pages are whose is `access.permissions`."""

from __future__ import annotations

from datetime import datetime

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role, User

ENTERS = frozenset[str]({Role.TREASURER, Role.HEAD})
OPENS_DOCUMENTS = ENTERS | {Role.AUDITOR}


def enters(user: User, at: datetime) -> bool:
    """Whether the person enters, reverses, and reads givers' names."""
    return bool(roles_of(user, at) & ENTERS)


def opens_documents(user: User, at: datetime) -> bool:
    return bool(roles_of(user, at) & OPENS_DOCUMENTS)
