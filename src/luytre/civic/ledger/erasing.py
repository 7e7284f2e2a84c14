"""What goes again: files without a row, and the names of givers once the book no longer needs them."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from luytre.civic.ledger.desk import step
from luytre.civic.ledger.models import Estimate, Party, Pledge, Posting, StepCode
from luytre.civic.tips.erasing import STRAY_S


def sweep(folder: Path, now_s: float) -> int:
    """Removes files that no posting and no estimate names, once they are a day old. How many went."""
    if not folder.is_dir():
        return 0
    known = {
        name for model in (Posting, Estimate) for name in model.objects.exclude(document="").values_list("document", flat=True)
    }
    gone = 0
    for path in folder.glob("*/*"):
        if path.name not in known and path.is_file() and now_s - os.stat(path).st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


NAMES_KEPT_YEARS = 10
"""Whole years after the one in which the last posting with the name was entered: as long as vouchers are kept
(Law on Accounting 88/2015/QH15, art. 41; to be confirmed against the official text)."""
LET_GO_KEPT_YEARS = 1
"""Of who promised what was let go, with nothing given."""


def erase_names(now: datetime) -> int:
    """Empties names and telephones whose term is over; the book's rows and sums stay. How many."""
    last_year = localdate(now).year - NAMES_KEPT_YEARS - 1
    named = Party.objects.exclude(sealed_name="", sealed_phone="")
    given = Posting.objects.filter(party=OuterRef("key"))
    old = named.filter(Exists(given)).exclude(Exists(given.filter(year__gt=last_year)))
    promised = Pledge.objects.filter(party=OuterRef("pk"))
    let_go = now.replace(year=now.year - LET_GO_KEPT_YEARS, day=min(now.day, 28))
    never = named.exclude(Exists(given)).filter(Exists(promised.filter(forgiven__lt=let_go)))
    open_still = Exists(promised.filter(forgiven=None))
    gone = 0
    for party in [*old.exclude(open_still), *never.exclude(open_still)]:
        with transaction.atomic():
            party.sealed_name, party.sealed_phone, party.public = "", "", False
            party.save(update_fields=["sealed_name", "sealed_phone", "public"])
            step(None, StepCode.ERASED, party.key, now)
        gone += 1
    return gone
