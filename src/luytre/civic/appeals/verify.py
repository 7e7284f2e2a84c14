"""Whether every file that arrived is here, whole: by what the chain says, since rows could be changed and steps cannot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from luytre.base.i18n import N_
from luytre.civic.appeals.models import AppealStep, StepCode
from luytre.civic.appeals.shelf import Shelf, hash_of


class Trouble(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    WRITABLE = "writable"
    UNKNOWN = "unknown"


TROUBLE_WORDS = {
    Trouble.MISSING: N_("is not here"),
    Trouble.CHANGED: N_("is not what arrived"),
    Trouble.WRITABLE: N_("could be written to"),
    Trouble.UNKNOWN: N_("lies here and never arrived"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    sha256: str
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Verified:
    files: int
    size_bytes: int
    findings: tuple[Finding, ...]


def expected() -> dict[str, int]:
    """SHA-256 and size of every file that arrived for a request and was not destroyed for it."""
    steps = AppealStep.objects.filter(code__in=[StepCode.ARRIVED, StepCode.DESTROYED]).order_by("seq")
    here: dict[tuple[str, str], int] = {}
    for step in steps:
        if step.code == StepCode.ARRIVED:
            here[step.appeal, step.sha256] = step.size_bytes
        else:
            here.pop((step.appeal, step.sha256), None)
    return {sha256: size for (_appeal, sha256), size in here.items()}


def verify(shelf: Shelf) -> Verified:
    """Reads every byte. Errors: OSError where the disk fails."""
    wanted = expected()
    findings = [Finding(sha256, trouble) for sha256 in sorted(wanted) if (trouble := _wrong(shelf, sha256)) is not None]
    there = {path.name for path in shelf.folder.glob("kept/*/*")}
    findings += [Finding(name, Trouble.UNKNOWN) for name in sorted(there - set(wanted))]
    return Verified(len(wanted), sum(wanted.values()), tuple(findings))


def _wrong(shelf: Shelf, sha256: str) -> Trouble | None:
    path = shelf.kept(sha256)
    if not path.is_file():
        return Trouble.MISSING
    if hash_of(path) != sha256:
        return Trouble.CHANGED
    return Trouble.WRITABLE if path.stat().st_mode & 0o222 else None
