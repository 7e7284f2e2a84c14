"""Whoever works at the station's machine: an account in whose name the logs have it. Nobody can log in to it."""

from __future__ import annotations

from luytre.base.i18n import N_, translate
from luytre.civic.access.models import User

OPERATOR = "tai-may"
OPERATOR_WORDS = N_("operator at the machine")


def operator() -> User:
    """Made at its first use."""
    found = User.objects.filter(username=OPERATOR).first()
    if found is not None:
        return found
    fields = {"display_name": translate(OPERATOR_WORDS, "vi"), "is_active": False, "entered": False}
    return User.objects.create_user(OPERATOR, None, **fields)
