"""The station's key as this station uses it: each thing done with it is a row of a chained log.

Invariant: the row and the deed go together. Where the deed fails there is no row; where the row fails after it (a full disk),
the next use writes down what signs from then on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luytre.base.errors import UsageError
from luytre.civic.access.models import User
from luytre.civic.chain.checkpoints import secrets
from luytre.civic.evidence.models import KeyCode, KeyStep
from luytre.civic.evidence.package import backup, keys
from luytre.civic.evidence.package.keys import StationKey
from luytre.civic.registry.models import Commune


@dataclass(frozen=True, slots=True)
class Standing:
    """`key`: nothing where none was made yet. `fault`: why it cannot be opened. `backed_up`: when this very key was, last."""

    key: StationKey | None
    fault: UsageError | None
    backed_up: datetime | None

    @property
    def digits(self) -> str:
        """The fingerprint in groups of four, as people compare it."""
        return " ".join(re.findall("....", self.key.fingerprint)) if self.key else ""


def station_key(at: datetime, by: User | None = None) -> StationKey:
    """The key that signs packages, made at its first use. Errors: OSError; UsageError where it cannot be opened."""
    key = keys.station_key(secrets(), Commune.here().name, at)
    if not KeyStep.objects.filter(fingerprint=key.fingerprint).exclude(code=KeyCode.BACKED_UP).exists():
        _write(by, KeyCode.USED, key, at)
    return key


def rotate(by: User | None, at: datetime) -> StationKey:
    """A new key; the old one's last work is to sign its certificate. Errors: as `station_key`."""
    old = station_key(at, by)
    with transaction.atomic():
        new = keys.rotate(secrets(), Commune.here().name, at)
        _write(by, KeyCode.ROTATED, new, at, old)
    return new


def back_up(by: User | None, at: datetime, keep: Callable[[str], None]) -> str:
    """The code that opens what `keep` was given as the file's text: the present key and all certificates there were. Errors: as
    `station_key`, and those of `keep`, after which the log tells of no backup."""
    key = station_key(at, by)
    made = backup.back_up(secrets(), key, at)
    with transaction.atomic():
        _write(by, KeyCode.BACKED_UP, key, at)
        keep(made.text)
    return made.code


def restore(by: User | None, text: str, code: str, at: datetime, *, replace: bool = False) -> tuple[StationKey, bool]:
    """The key of a backup, and whether another had been in its place. Errors: OSError, UsageError (`backup.read`, `put_back`)."""
    opened = backup.read(text, code)
    before = standing().key
    with transaction.atomic():
        changed = backup.put_back(secrets(), opened, at, replace=replace)
        if changed:
            _write(by, KeyCode.RESTORED, opened.key, at, before)
    return opened.key, changed


def standing() -> Standing:
    """As it is now; nothing is made. Errors: OSError."""
    try:
        key = keys.present_key(secrets())
    except UsageError as error:
        return Standing(None, error, None)
    if key is None:
        return Standing(None, None, None)
    last = KeyStep.objects.filter(fingerprint=key.fingerprint, code=KeyCode.BACKED_UP).last()
    return Standing(key, None, last.at if last else None)


def _write(by: User | None, code: KeyCode, key: StationKey, at: datetime, before: StationKey | None = None) -> None:
    KeyStep.objects.create(
        at=at, by=by, code=code, fingerprint=key.fingerprint, replaced=before.fingerprint if before else ""
    )  # fmt: skip
