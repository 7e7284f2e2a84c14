"""Invoices and minutes as files: photos made anew from their pixels, PDFs as they came; called by their SHA-256 under `folder`.

<data>/ledger/ab/abcdef….jpg
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.survey.photos import PhotoRefused, clean, keep_file, path_of

MOST_BYTES = 8 * 1024 * 1024
_END = 2048
"""A PDF ends with `%%EOF`, and a little may follow."""


@dataclass(frozen=True, slots=True)
class Document:
    """`kind`: pdf or jpg."""

    sha256: str
    kind: str

    @property
    def name(self) -> str:
        return f"{self.sha256}.{self.kind}"


def named(name: str) -> Document | None:
    """Of a column; None for an empty one."""
    sha256, _dot, kind = name.partition(".")
    return Document(sha256, kind) if sha256 and kind in ("pdf", "jpg") else None


def keep(folder: Path, data: bytes) -> Document:
    """Written before its row. Errors: ValidationError for `document`, OSError where the disk does not take it."""
    if len(data) > MOST_BYTES:
        raise ValidationError({"document": N_("The file is larger than 8 MB: scan it in grey, or take a photo.")})
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_END:]:
            raise ValidationError({"document": N_("This PDF is cut off: choose it again.")})
        return _kept(folder, data, "pdf")
    try:
        return _kept(folder, clean(data).data, "jpg")
    except PhotoRefused as error:
        words = [error.cause, error.hint, N_("A PDF is taken as well.")]
        raise ValidationError({"document": [ValidationError(one) for one in words if one]}) from error


def _kept(folder: Path, data: bytes, kind: str) -> Document:
    made = Document(hashlib.sha256(data).hexdigest(), kind)
    keep_file(place_of(folder, made), data)
    return made


def place_of(folder: Path, document: Document) -> Path:
    return path_of(folder, document.sha256).with_suffix(f".{document.kind}")


def read(folder: Path, document: Document) -> bytes:
    """Empty where its file is gone."""
    try:
        return place_of(folder, document).read_bytes()
    except FileNotFoundError:
        return b""
