"""Files of documents: photos made anew, PDF and Word as they came; called by their SHA-256 under `folder`.

<data>/committee/ab/abcdef….pdf
A Word file is opened by nobody here: it is looked at as the archive that it is (bounded) and handed out as a file to be saved.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.survey.photos import PhotoRefused, clean, keep_file, path_of

MOST_BYTES = 10 * 1024 * 1024
MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_END = 2048
"""A PDF ends with `%%EOF`, and a little may follow."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`kind`: of `KINDS`."""

    sha256: str
    kind: str

    @property
    def name(self) -> str:
        return f"{self.sha256}.{self.kind}"


def named(name: str) -> Kept | None:
    """Of a column; None for an empty one and for what is no name of ours."""
    sha256, _dot, kind = name.partition(".")
    known = len(sha256) == 64 and all(letter in "0123456789abcdef" for letter in sha256) and kind in KINDS
    return Kept(sha256, kind) if known else None


def keep(folder: Path, data: bytes) -> Kept:
    """Written before its row. Errors: ValidationError for `file`, OSError where the disk does not take it."""
    if len(data) > MOST_BYTES:
        raise _refused(N_("The file is larger than 10 MB: scan it in grey, or take a photo."))
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_END:]:
            raise _refused(N_("This PDF is cut off: choose it again."))
        return _kept(folder, data, "pdf")
    if data.startswith(b"PK\x03\x04"):
        _check_word(data)
        return _kept(folder, data, "docx")
    try:
        return _kept(folder, clean(data).data, "jpg")
    except PhotoRefused as error:
        words = [error.cause, error.hint, N_("PDF and Word (.docx) are taken as well.")]
        raise ValidationError({"file": [ValidationError(one) for one in words if one]}) from error


def _check_word(data: bytes) -> None:
    """That it is a Word document, whole, without macros, and no bomb. Its parts are not unpacked: sizes are those it tells."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as error:
        raise _refused(N_("This Word file is broken or cut off: choose it again.")) from error
    names = {part.filename.casefold() for part in parts}
    if not {"[content_types].xml", "word/document.xml"} <= names:
        raise _refused(N_("This is no Word document (.docx), no PDF and no photo."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refused(N_("This Word file has macros: save it as .docx without them."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refused(N_("This Word file unpacks to too much: save it as PDF."))


def _refused(words: str) -> ValidationError:
    return ValidationError({"file": [words]})


def _kept(folder: Path, data: bytes, kind: str) -> Kept:
    made = Kept(hashlib.sha256(data).hexdigest(), kind)
    keep_file(place_of(folder, made), data)
    return made


def place_of(folder: Path, kept: Kept) -> Path:
    return path_of(folder, kept.sha256).with_suffix(f".{kept.kind}")


def read(folder: Path, kept: Kept) -> bytes:
    """Empty where its file is gone."""
    try:
        return place_of(folder, kept).read_bytes()
    except FileNotFoundError:
        return b""
