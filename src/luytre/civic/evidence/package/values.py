"""What a package is made from: facts, as the room that orders the package knows them. All moments are aware and UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from luytre.civic.footage import Footage, GapFacts, PartFacts, SegmentFacts

__all__ = [
    "WARNINGS",
    "CameraFacts",
    "ClockFacts",
    "Code",
    "Extract",
    "ExtractRow",
    "Facts",
    "Finding",
    "Footage",
    "GapFacts",
    "Made",
    "PackageKind",
    "PartFacts",
    "PurposeFacts",
    "Report",
    "SegmentFacts",
    "ViewingFacts",
    "Who",
    "in_order",
]  # fmt: skip


class PackageKind(StrEnum):
    FULL = "full"
    """The original, untouched, and what goes with it: for those who may have the raw picture."""
    VIEWING = "viewing"
    """A copy for watching alone: for those who must not have the raw picture. The original is named by its hash."""


@dataclass(frozen=True, slots=True)
class Who:
    role: str
    """In words, as the paper says it."""
    name: str


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    key: str
    """The purpose's code in the usage regulation."""
    words: str
    reference: str
    """The case's number, or the letter that asked."""
    reason: str


@dataclass(frozen=True, slots=True)
class CameraFacts:
    key: str
    name: str
    hamlet: str
    place: str
    latitude: float | None
    """Degrees, WGS 84."""
    longitude: float | None
    bearing_deg: float | None
    """Where it looks, clockwise from north."""
    bearing_how: str
    """How that is known, in words."""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The camera's clock. The footage's own times are those of the station's clock."""

    offset_s: float | None
    """The camera's clock less ours; None: not known."""
    how: str
    """How it was measured, or why it is not known, in words."""
    measured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The case, the people, the camera and the span."""

    number: str
    """The package's own, unique in the commune."""
    kind: PackageKind
    commune: str
    purpose: PurposeFacts
    requester: Who
    approvers: tuple[Who, ...]
    operator: Who
    camera: CameraFacts
    clock: ClockFacts
    start: datetime
    """The span asked for; `end` excluded."""
    end: datetime
    software: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ViewingFacts:
    """One copy for watching, and the original that it is of."""

    name: str
    """`viewing.mp4`, `viewing.2.mp4`, …"""
    of: str
    """The original's name, also where the original is not in the package."""
    start: datetime
    original_sha256: str
    """Of the original as the recorder gave it (the file that `FootageTaker` wrote). A package adds boxes at its end, and its
    manifest has this hash as well, over the bytes before them: it is the same in every package of the same span."""
    masks_version: int
    """The camera's masks that were burned in; 0: none."""
    blur: str
    """Key and revision of what was blurred; empty: nothing."""
    blur_sha256: str
    """Of the text that says what was blurred; empty: nothing."""
    mark: str
    """What stands in each picture."""


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """A row of a chained log, as it is kept: `text` is what was hashed (see `civic.chain.text`)."""

    table: str
    seq: int
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows of the logs, and how they are proven: the signed checkpoint has the root row's digest as the head of its table,
    and the root row's text has every other row's digest as one of its values."""

    root_table: str
    root_seq: int
    root_digest: str
    rows: tuple[ExtractRow, ...]
    """The root row is among them."""
    checkpoint: str
    """The text of the checkpoint's file."""


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    size_bytes: int
    manifest_sha256: str


class Code(StrEnum):
    """What can be wrong with a package, or worth a word (`WARNINGS`). The offline page has the same codes."""

    ZIP = "zip"
    """The zip's own bytes: cut short, headers that contradict each other, bytes between or after the entries, compressed."""
    NAME = "name"
    """An entry's name that no package has: `..`, absolute, doubled, another spelling."""
    EXTRA = "extra"
    """An entry that the manifest does not name."""
    MISSING = "missing"
    """A file that the manifest names is not there."""
    SIZE = "size"
    CHANGED = "changed"
    """A file is not what the manifest says by its SHA-256."""
    MANIFEST = "manifest"
    """The manifest cannot be read as one."""
    SIGNATURE = "signature"
    CERTIFICATE = "certificate"
    """Not the one that the manifest names, not signed by its own key, or not the one that was asked for."""
    VALIDITY = "validity"
    """The package was made outside the certificate's validity."""
    SEGMENT = "segment"
    """A segment of the archive is not what was hashed when it was recorded."""
    LINK = "link"
    """A copy for watching is not of the original that stands beside it."""
    LOG = "log"
    """A row of the log's extract, its root or its checkpoint."""
    TIME_STAMP = "time_stamp"
    EXPIRED = "expired"
    """Warning: the certificate has ended since; what was made before stays genuine."""
    SEGMENT_OPEN = "segment_open"
    """Warning: a segment was still being written, its hash could not be compared."""
    NO_TIME_STAMP = "no_time_stamp"
    """Warning: there is no time stamp of an outsider."""
    TIME_STAMP_UNCHECKED = "time_stamp_unchecked"
    """Warning: the time stamp is of this package, but whether its maker is trusted was not checked."""


WARNINGS = frozenset({Code.EXPIRED, Code.SEGMENT_OPEN, Code.NO_TIME_STAMP, Code.TIME_STAMP_UNCHECKED})


@dataclass(frozen=True, slots=True)
class Finding:
    file: str
    """The entry's name; empty: the package as a whole."""
    code: Code
    words: str
    """In the reader's language."""

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `faults` empty: whole and genuine."""

    kind: PackageKind | None
    findings: tuple[Finding, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """What the package says of itself, as (name of the fact, value), for people."""
    fingerprint: str = ""
    """SHA-256 of the certificate, hex: to be compared with the one that the commune makes known."""
    time_stamp: datetime | None = None

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.is_warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_warning)

    @property
    def is_genuine(self) -> bool:
        return not self.faults


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, faults first, by file."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (one.is_warning, one.file, one.code)))
