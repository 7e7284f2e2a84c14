"""What ends by itself: offers that nobody answered, and signatures `KEPT_DAYS` after other terms took their place."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from luytre.civic.movement.models import Offer, OfferState, Signature
from luytre.civic.registry.models import LendingVersion
from luytre.civic.tips.erasing import STRAY_S

KEPT_DAYS = 365
"""A year in which somebody may still ask what was agreed; no law names a number. The step with the digests stays for good."""
OFFER_DAYS = 90


def erase_old(now: datetime, folder: Path) -> int:
    """How many were erased. Errors: django.db.Error; a file that does not go stays for the next sweep."""
    old = Offer.objects.filter(state=OfferState.WAITING, made__lte=now - timedelta(days=OFFER_DAYS))
    gone = old.update(
        state=OfferState.ENDED, ended=now, erased=now, sealed_name="", sealed_phone="", sealed_place="", words=""
    )  # fmt: skip
    for one in Signature.objects.filter(erased=None).select_related("eye"):
        after = LendingVersion.objects.filter(eye=one.eye.key, number=one.number + 1).first()
        narrowed = after is not None and not after.signed and not after.withdrawn  # it goes on under what was signed, and less
        if after is None or narrowed or after.at > now - timedelta(days=KEPT_DAYS):
            continue
        with transaction.atomic():
            one.sealed_text = one.sealed_strokes = one.scan = ""
            one.erased = now
            one.save()
        gone += 1
    sweep(folder, now.timestamp())
    return gone


def sweep(folder: Path, now_s: float) -> None:
    """Scans that no signature names, once they are a day old."""
    known = set(Signature.objects.exclude(scan="").values_list("scan", flat=True))
    for path in folder.glob("*/*") if folder.is_dir() else ():
        if path.name not in known and path.is_file() and now_s - path.stat().st_mtime >= STRAY_S:
            path.unlink(missing_ok=True)
