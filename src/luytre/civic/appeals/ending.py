"""What ends by itself: files once their incident is long closed and nothing holds it, the owner's words with them, and what was
only half sent. And what the head has destroyed before its time, because the owner takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.appeals import custody
from luytre.civic.appeals.models import Appeal, AppealFile, StepCode
from luytre.civic.appeals.shelf import Shelf
from luytre.civic.appeals.steps import write_step
from luytre.civic.incidents.models import Incident, IncidentStep
from luytre.civic.incidents.models import StepCode as IncidentCode
from luytre.civic.registry.holds import all_holds

HALF_SENT = timedelta(days=30)
STRAY_S = 86_400.0


def end_old(now: datetime, kept_days: int, shelf: Shelf) -> int:
    """How many files were destroyed. Errors: django.db.Error; a file that does not go stays for the next sweep."""
    due = Appeal.objects.filter(erased=None, incident__closed__lte=now - timedelta(days=kept_days)).select_related("incident")
    gone = sum(_end(one, now) for one in due if not is_held(one.incident, now))
    _drop_half_sent(now, shelf)
    sweep(shelf, now.timestamp())
    return gone


def is_held(incident: Incident, now: datetime) -> bool:
    """Whether a hold that names the incident, or was set from it, is in force."""
    steps = IncidentStep.objects.filter(incident=incident.key, code=IncidentCode.HELD)
    keys = set(steps.values_list("thing", flat=True))
    return any(one.holds(now) and (one.key in keys or one.first.reference == incident.sign) for one in all_holds())


@transaction.atomic
def _end(appeal: Appeal, now: datetime) -> int:
    if appeal.closed is None:
        custody.close(None, appeal, "", now)
    found = Appeal.objects.select_for_update().get(pk=appeal.pk)
    files = list(found.files.filter(arrived__isnull=False, destroyed=None))
    for file in files:
        destroy_row(file, now)
        write_step(found, None, StepCode.DESTROYED, now, sha256=file.sha256, size_bytes=file.size_bytes)
    found.files.filter(arrived=None).delete()
    found.sealed_words = found.link_digest = ""
    found.erased = now
    found.save()
    write_step(found, None, StepCode.ERASED, now)
    return len(files)


def destroy(by: User, file: AppealFile, reason: str, at: datetime, shelf: Shelf, *, sure: bool = False) -> None:
    """By hand, before its time: the owner takes it back. The caller has seen to it that `by` is the head.

    `sure`: that it is destroyed though its incident is still open. Errors: ValidationError by field (`destroy_why`; `sure` where
    that is lacking), without one while a hold holds: the hold is lifted first, which is a step of its own.
    """
    if not one_line(reason):
        raise ValidationError({"destroy_why": N_("Say why, and how the owner asked for it: it is kept for good.")})
    with transaction.atomic():
        found = AppealFile.objects.select_for_update(of=("self",)).select_related("appeal__incident").get(pk=file.pk)
        if found.arrived is None or found.destroyed is not None:
            raise ValidationError(N_("This file is not here, or no longer."))
        incident = found.appeal.incident
        if is_held(incident, at):
            raise ValidationError(
                N_("Footage of this incident is on hold for evidence: nothing of it is destroyed before the hold is lifted.")
            )
        if incident.closed is None and not sure:
            raise ValidationError(
                {"sure": N_("The incident is still open, and this film may be its only evidence. Nothing is destroyed yet.")}
            )
        destroy_row(found, at)
        write_step(found.appeal, by, StepCode.DESTROYED, at, reason, sha256=found.sha256, size_bytes=found.size_bytes)
    sweep(shelf, at.timestamp())


def destroy_row(file: AppealFile, now: datetime) -> None:
    """Within the transaction of its step; the bytes go with the next `sweep`."""
    file.destroyed, file.sealed_name, file.copy_state = now, "", ""
    file.save(update_fields=["destroyed", "sealed_name", "copy_state"])


def _drop_half_sent(now: datetime, shelf: Shelf) -> None:
    half = AppealFile.objects.filter(arrived=None).select_related("appeal")
    for file in half:
        if file.appeal.closed is not None or file.begun <= now - HALF_SENT:
            file.delete()
            shelf.drop_coming(file.key)


def sweep(shelf: Shelf, now_s: float) -> int:
    """Removes files that no row keeps any longer: after a step that says so, or (a day old) of what never came whole."""
    keys = set(AppealFile.objects.filter(arrived=None).values_list("key", flat=True))
    kept = set(AppealFile.objects.filter(destroyed=None).values_list("sha256", flat=True))
    old = (path for path in shelf.folder.glob("coming/*") if now_s - path.stat().st_mtime >= STRAY_S)
    found = [path for path in old if path.name not in keys]
    found += [path for path in shelf.folder.glob("kept/*/*") if path.name not in kept]
    found += [path for path in shelf.folder.glob("watching/*/*") if path.name.removesuffix(".part") not in kept]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
