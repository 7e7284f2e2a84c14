"""What a tip leaves: after `KEPT_DAYS` its words, place, pictures and number are gone, and what counts in a report stays."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from luytre.civic.survey.photos import path_of
from luytre.civic.tips.models import State, StepCode, Tip, TipPicture, TipRelease, TipStep
from luytre.civic.tips.taking import video_path

KEPT_DAYS = 180
"""After a tip was closed. No law names a number: long enough for a case to take over what it needs."""
ABUSE_DAYS = 30
STRAY_S = 86_400.0


def erase_old(now: datetime, folder: Path) -> int:
    """How many were erased. Errors: django.db.Error; a file that does not go stays for the next sweep."""
    due = Tip.objects.filter(state=State.CLOSED, erased=None, closed__lte=now - timedelta(days=ABUSE_DAYS))
    old = [one for one in due if one.end == "abuse" or one.closed is None or one.closed <= now - timedelta(days=KEPT_DAYS)]
    for tip in old:
        _erase(tip, now)
    sweep(folder, time.time())
    return len(old)


def _erase(tip: Tip, now: datetime) -> None:
    with transaction.atomic():
        found = Tip.objects.select_for_update().get(pk=tip.pk)
        found.words = found.place = found.sealed_phone = found.camera = ""
        found.latitude = found.longitude = found.happened = None
        found.erased = now
        found.pictures.all().delete()
        found.messages.all().delete()
        TipRelease.objects.filter(tip=found).delete()
        found.save()
        TipStep.objects.create(at=now, tip=found.key, code=StepCode.ERASED)


def sweep(folder: Path, now_s: float) -> int:
    """Removes files that no row has, once they are a day old: of tips that were erased, or whose sending broke off."""
    if not folder.is_dir():
        return 0
    kept = TipPicture.objects.values_list("sha256", "blurred")
    known = {name for names in kept for name in names if name}
    gone = 0
    for path in folder.glob("*/*"):
        if path.stem in known and path in (path_of(folder, path.stem), video_path(folder, path.stem)):
            continue
        if path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
