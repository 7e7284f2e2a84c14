"""What a petition leaves: `KEPT_DAYS` after its end all that is of who asked is gone.

Number, authority, kind, hamlet, days and decision stay, for the counts of reports.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from luytre.civic.petitions.desk import step
from luytre.civic.petitions.kinds import State
from luytre.civic.petitions.models import Petition, StepCode
from luytre.civic.petitions.scans import Scan, path_of
from luytre.civic.tips.erasing import KEPT_DAYS, STRAY_S


def erase_old(now: datetime, folder: Path) -> int:
    """How many were erased. Errors: django.db.Error; a file that does not go stays for the next sweep."""
    old = Petition.objects.filter(state=State.CLOSED, erased=None, closed__lte=now - timedelta(days=KEPT_DAYS))
    count = sum(_erase(one, now) for one in old)
    sweep(folder, now.timestamp())
    return count


@transaction.atomic
def _erase(petition: Petition, now: datetime) -> bool:
    found = Petition.objects.select_for_update().get(pk=petition.pk)
    found.words = found.place = found.sealed_name = found.sealed_phone = found.case = found.camera = ""
    found.reason = found.seen = found.meet_place = found.letter = found.letter_number = ""
    found.scan_sha256 = found.scan_kind = ""
    found.start = found.end = found.meet_at = found.letter_day = None
    found.erased = now
    found.messages.all().delete()
    found.save()
    step(found, None, StepCode.ERASED, now)
    return True


def sweep(folder: Path, now_s: float) -> int:
    """Removes scans that no row has, once they are a day old: of what was erased, or of a form that was refused."""
    if not folder.is_dir():
        return 0
    known = Petition.objects.exclude(scan_sha256="").values_list("scan_sha256", "scan_kind")
    kept = {path_of(folder, Scan(sha256, kind)) for sha256, kind in known}
    gone = 0
    for path in folder.glob("*/*"):
        if path not in kept and path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
