"""A request locked for a change, and the step of that change, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.appeals.models import Appeal, AppealStep


def locked_open(appeal: Appeal) -> Appeal:
    """Within a transaction. Errors: ValidationError where it has ended."""
    found = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if found.closed is not None:
        raise ValidationError(N_("This request has ended. Telephone the commune police if something is left to do."))
    return found


def write_step(appeal: Appeal, by: User | None, code: str, at: datetime, note: str = "", **fields: Any) -> AppealStep:
    return AppealStep.objects.create(at=at, by=by, appeal=appeal.key, code=code, note=one_line(note)[:400], **fields)


def steps_of(appeal: Appeal) -> list[AppealStep]:
    return list(AppealStep.objects.filter(appeal=appeal.key).select_related("by"))
