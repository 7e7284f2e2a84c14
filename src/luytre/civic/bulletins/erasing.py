"""What a bulletin leaves: `KEPT_DAYS` after its end description, plate, picture and words are gone; number, kind, days stay."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from luytre.civic.bulletins.models import Bulletin, BulletinStep, StepCode
from luytre.civic.survey.photos import path_of
from luytre.civic.tips.erasing import STRAY_S

KEPT_DAYS = 90
"""After the end. No law names a number: long enough to prolong it, or for the incident's file to take over what it needs."""


def erase_old(now: datetime, folder: Path) -> int:
    """How many were erased. Errors: django.db.Error; a file that does not go stays for the next sweep."""
    limit = now - timedelta(days=KEPT_DAYS)
    old = Bulletin.objects.filter(Q(closed__lte=limit) | Q(closed=None, until__lte=limit), erased=None)
    count = sum(_erase(one, limit, now) for one in old)
    sweep(folder, now.timestamp())
    return count


@transaction.atomic
def _erase(bulletin: Bulletin, limit: datetime, now: datetime) -> bool:
    found = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if (found.closed or found.until) > limit:  # prolonged meanwhile
        return False
    found.title = found.words = found.plate = found.plate_plain = found.look = found.place = found.sha256 = ""
    found.since, found.erased = None, now
    found.save()
    found.sightings.all().delete()
    BulletinStep.objects.create(at=now, bulletin=found.key, code=StepCode.ERASED)
    return True


def sweep(folder: Path, now_s: float) -> int:
    """Removes pictures that no row has, once they are a day old: of what was erased, or of a form that was refused."""
    if not folder.is_dir():
        return 0
    kept = {path_of(folder, name) for name in Bulletin.objects.exclude(sha256="").values_list("sha256", flat=True)}
    gone = 0
    for path in folder.glob("*/*"):
        if path not in kept and path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
