"""What officers do with a file that arrived: look, take out, hand on. The row comes before the first byte."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import LookKind, User
from luytre.civic.appeals.models import Appeal, AppealFile, AppealStep, StepCode
from luytre.civic.appeals.steps import locked_open, write_step

LISTED = "eye:"
"""Before the key of a listed camera, where the access log has a camera's."""


def record(by: User, file: AppealFile, code: StepCode, reason: Reason, at: datetime) -> AppealStep:
    """A look (`VIEWED`) or a taking out (`TAKEN`): a row of the access log and a step of custody, before the first byte. Errors:
    ValidationError where there is nothing to look at."""
    if file.arrived is None or file.destroyed is not None:
        raise ValidationError(N_("This file is not here, or no longer."))
    spans = list(file.appeal.spans.all())
    span = Span(spans[0].start, max(one.end for one in spans)) if spans else None
    kind = LookKind.HISTORY if code == StepCode.VIEWED else LookKind.EXPORT
    with transaction.atomic():
        record_look(by, kind, [LISTED + file.appeal.eye.key], span, reason)
        return write_step(
            file.appeal, by, code, at, sha256=file.sha256, size_bytes=file.size_bytes, purpose=reason.purpose_key,
            reference=reason.reference, note=reason.words,
        )  # fmt: skip


def hand(by: User, file: AppealFile, code: str, note: str, at: datetime) -> None:
    """Handed on as evidence, or a copy given back: to whom, under which number. Errors: ValidationError by field."""
    faults = {}
    if code not in (StepCode.HANDED, StepCode.RETURNED):
        faults["how"] = N_("Choose what was done.")
    if not one_line(note):
        faults["to"] = N_("Say to whom, and under which number.")
    if file.arrived is None or file.destroyed is not None:
        faults["how"] = N_("This file is not here, or no longer.")
    if faults:
        raise ValidationError(faults)
    write_step(file.appeal, by, code, at, note, sha256=file.sha256, size_bytes=file.size_bytes)


def close(by: User | None, appeal: Appeal, note: str, at: datetime) -> None:
    """Ends the request: nothing more is taken by its link; what arrived stays. Errors: ValidationError where it has ended."""
    with transaction.atomic():
        found = locked_open(appeal)
        found.closed = at
        found.save(update_fields=["closed"])
        write_step(found, by, StepCode.CLOSED, at, note)
