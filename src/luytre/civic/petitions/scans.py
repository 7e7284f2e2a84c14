"""Scans of authorities' letters: kept as they came, called by their SHA-256, never opened by us.

    <data>/petitions/ab/abcdef….pdf      mode 0600

What one is, is told by its first bytes and its end. A file is written before its row; one without a row is swept up (`erasing`).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_

MOST_BYTES = 10 * 1024 * 1024
_END = 2048
"""A PDF ends with `%%EOF`, and a little may follow."""


@dataclass(frozen=True, slots=True)
class Scan:
    """`kind`: pdf, jpg, png or webp."""

    sha256: str
    kind: str


def kind_of(data: bytes) -> str:
    """Empty where it is none of ours, or is cut off."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-_END:]:
        return "pdf"
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-_END:]:
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-_END:]:
        return "png"
    return "webp" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else ""


def keep(folder: Path, data: bytes) -> Scan:
    """Errors: ValidationError for `scan`, OSError where the disk does not take it."""
    if len(data) > MOST_BYTES:
        raise ValidationError({"scan": N_("The scan is larger than 10 MB: scan it in grey, or take a photo.")})
    kind = kind_of(data)
    if not kind:
        raise ValidationError({"scan": N_("This is no PDF and no photo (JPEG, PNG, WebP), or it is cut off.")})
    made = Scan(hashlib.sha256(data).hexdigest(), kind)
    place = path_of(folder, made)
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = place.with_suffix(f".{os.getpid()}.part")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    return made


def path_of(folder: Path, scan: Scan) -> Path:
    return folder / scan.sha256[:2] / f"{scan.sha256}.{scan.kind}"
