"""Time stamps of an outsider (RFC 3161) for packages: asked for in turn, waited for while the server or the network is away.

A package is good without one: its stamp comes later, into the kept file and a step of custody. Copies that were handed over
before stay as they are; the stamp is of the same signature.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction

from luytre.base.errors import UsageError
from luytre.civic.evidence.models import Package, PackageCode, PackageState, StampState
from luytre.civic.evidence.package.making import add_time_stamp, stamped_bytes
from luytre.civic.evidence.packages import write_step
from luytre.civic.evidence.shelf import Shelf
from luytre.civic.ports import StampRefused, TimeStamper

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


def stamp_next(stamper: TimeStamper, shelf: Shelf, at: datetime) -> bool:
    """Asks for the one whose turn it is; False where none is due. Errors: django.db.Error, OSError of the shelf; ValueError for
    a stamp of something else, which `TimeStamper` never gives."""
    due = models.Q(stamp_after=None) | models.Q(stamp_after__lte=at)
    found = Package.objects.filter(due, state=PackageState.READY, stamp=StampState.WAITING).order_by("stamp_after", "pk").first()
    if found is None:
        return False
    try:
        response = stamper.stamp(stamped_bytes(shelf.kept(found.key)))
    except (StampRefused, UsageError):
        wait = min(FIRST_WAIT * 2 ** min(found.stamp_tries, 20), LONGEST_WAIT)
        Package.objects.filter(pk=found.pk).update(stamp_after=at + wait, stamp_tries=found.stamp_tries + 1)
        return True
    _keep(found, response, shelf, at)
    return True


def _keep(package: Package, response: bytes, shelf: Shelf, at: datetime) -> None:
    path = shelf.kept(package.key)
    with transaction.atomic():
        found = Package.objects.select_for_update().get(pk=package.pk)
        if found.state != PackageState.READY:  # destroyed meanwhile
            return
        add_time_stamp(path, response)
        found.size_bytes, found.stamp = path.stat().st_size, StampState.STAMPED
        found.save(update_fields=["size_bytes", "stamp"])
        write_step(found, None, PackageCode.STAMPED, at, sha256=found.manifest_sha256, size_bytes=found.size_bytes)
