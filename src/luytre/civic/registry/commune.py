"""The commune's own settings: its name, its hamlets and their order, how long footage is kept, and what fits on a disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.access.units import Decree
from luytre.civic.registry.models import Camera, Commune, Hamlet
from luytre.civic.registry.places import end_hamlet, rename_commune, rename_hamlet
from luytre.civic.registry.sites import same_name

USUAL_BITRATE_BPS = 4_000_000
"""A camera of 1080p at 25 pictures a second, as cameras here are mostly set."""
DAY_S = 86_400
LONGEST_DAYS = 3650


def days_that_fit(space_bytes: int, cameras: int, bitrate_bps: float = USUAL_BITRATE_BPS) -> float:
    """For how many days the footage of so many cameras fits; 0 cameras fit for ever (infinity)."""
    a_day_bytes = cameras * bitrate_bps / 8 * DAY_S
    return max(0, space_bytes) / a_day_bytes if a_day_bytes else float("inf")


@transaction.atomic
def set_commune(name: str | None = None, retention_days: int | None = None, by: User | None = None) -> Commune:
    """Writes what is given, and keeps the rest; another name holds from today on. Errors: UsageError for days that cannot be."""
    commune = Commune.here()
    if name is not None and (name := " ".join(name.split())[:120]) != commune.name:
        if name and commune.name:
            rename_commune(name, Decree(by, localdate()), localdate())
        commune.name = name
    if retention_days is not None:
        if not 1 <= retention_days <= LONGEST_DAYS:
            raise UsageError(N_("the days must be a number from 1 to 3650"))
        commune.retention_days = retention_days
    commune.save()
    return commune


@transaction.atomic
def add_hamlets(lines: str) -> int:
    """A pasted list, one hamlet a line, in this order; those that are there stay. Returns how many are new.

    Numbers and dashes before a name (`1. Thôn Đông`, `- Thôn Đoài`) are taken for a list's own, and left out.
    """
    before = Hamlet.objects.count()
    place = max([0, *Hamlet.objects.values_list("order", flat=True)])
    for line in lines.splitlines():
        name = " ".join(line.strip(" \t-–•*").split())[:120]
        head, dot, rest = name.partition(". ")
        name = rest if dot and head.isdigit() and rest else name
        if name and not any(same_name(name, hamlet.name) for hamlet in Hamlet.objects.all()):
            place += 1
            Hamlet.objects.create(name=name, order=place)
    return Hamlet.objects.count() - before


@dataclass(frozen=True, slots=True)
class HamletChange:
    """What the settings page says of one hamlet."""

    pk: int
    name: str
    order: int
    remove: bool = False


@transaction.atomic
def change_hamlets(changes: Iterable[HamletChange], by: User | None = None, today: date | None = None) -> dict[int, str]:
    """Renames from today on, orders and removes; returns what was refused (message ids) by hamlet, and then writes nothing."""
    today = today or localdate()
    decree = Decree(by, today)
    refused: dict[int, str] = {}
    for change in changes:
        hamlet = Hamlet.objects.filter(pk=change.pk).first()
        if hamlet is None:
            continue
        if change.remove:
            if hamlet.sites.exists():
                refused[change.pk] = N_("Places are in this hamlet: it cannot be removed.")
            else:
                end_hamlet(hamlet, decree, today)
            continue
        name = " ".join(change.name.split())[:120]
        if not name:
            refused[change.pk] = N_("A hamlet needs a name.")
        elif any(same_name(name, other.name) for other in Hamlet.objects.exclude(pk=change.pk)):
            refused[change.pk] = N_("There is another hamlet of this name.")
        else:
            if name != hamlet.name:
                rename_hamlet(hamlet, name, decree, today)
            hamlet.order = max(0, min(change.order, 9999))
            hamlet.save(update_fields=["order"])
    if refused:
        transaction.set_rollback(True)
    return refused


def keepers_by_default() -> list[Camera]:
    """The cameras for which the commune's days count."""
    return list(Camera.objects.filter(archived=False, retention_days__isnull=True))
