"""filed: papers that people hand in (invoices, minutes, signed agreements, decisions), kept as files by their SHA-256.

Owns: what is taken (photos made anew from their pixels, PDF and Word as they came) and how it lies: <folder>/ab/abcdef….pdf.
Never: knows what a paper is for, opens a PDF or a Word file (looked at as the archive that it is, and handed out to be saved),
removes anything (each room sweeps its own folder). Runs in: web.
Invariant: a file is written before the row that names it.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.survey.photos import PhotoRefused, clean, keep_file, path_of

MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_END = 2048
"""A PDF ends with `%%EOF`, and a little may follow."""


@dataclass(frozen=True, slots=True)
class Filed:
    """`kind`: of `TYPES`."""

    sha256: str
    kind: str

    @property
    def name(self) -> str:
        """As a column has it."""
        return f"{self.sha256}.{self.kind}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a form takes: `field`, at which a refusal is told; `word`: Word files too."""

    field: str
    most_mb: int
    word: bool = False

    @property
    def most_bytes(self) -> int:
        return self.most_mb * 1024 * 1024


def named(name: str) -> Filed | None:
    """Of a column; None for an empty one and for what is no name of ours."""
    sha256, _dot, kind = name.partition(".")
    known = len(sha256) == 64 and all(letter in "0123456789abcdef" for letter in sha256) and kind in TYPES
    return Filed(sha256, kind) if known else None


def keep(folder: Path, data: bytes, taken: Taken) -> Filed:
    """Written before its row. Errors: ValidationError for `taken.field`, OSError where the disk does not take it."""
    if len(data) > taken.most_bytes:
        large = N_("The file is larger than %(most)s MB: scan it in grey, or take a photo.")
        raise ValidationError({taken.field: [ValidationError(large, params={"most": taken.most_mb})]})
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_END:]:
            raise _refused(taken.field, N_("This PDF is cut off: choose it again."))
        return _kept(folder, data, "pdf")
    if taken.word and data.startswith(b"PK\x03\x04"):
        _check_word(data, taken.field)
        return _kept(folder, data, "docx")
    try:
        return _kept(folder, clean(data).data, "jpg")
    except PhotoRefused as error:
        also = N_("PDF and Word (.docx) are taken as well.") if taken.word else N_("A PDF is taken as well.")
        words = [ValidationError(one) for one in (error.cause, error.hint, also) if one]
        raise ValidationError({taken.field: words}) from error


def _check_word(data: bytes, field: str) -> None:
    """That it is a Word document, whole, without macros, and no bomb. Its parts are not unpacked: sizes are those it tells."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as error:
        raise _refused(field, N_("This Word file is broken or cut off: choose it again.")) from error
    names = {part.filename.casefold() for part in parts}
    if not {"[content_types].xml", "word/document.xml"} <= names:
        raise _refused(field, N_("This is no Word document (.docx), no PDF and no photo."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refused(field, N_("This Word file has macros: save it as .docx without them."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refused(field, N_("This Word file unpacks to too much: save it as PDF."))


def _refused(field: str, words: str) -> ValidationError:
    return ValidationError({field: [words]})


def _kept(folder: Path, data: bytes, kind: str) -> Filed:
    made = Filed(hashlib.sha256(data).hexdigest(), kind)
    keep_file(place_of(folder, made), data)
    return made


def place_of(folder: Path, filed: Filed) -> Path:
    return path_of(folder, filed.sha256).with_suffix(f".{filed.kind}")


def read(folder: Path, filed: Filed) -> bytes:
    """Empty where its file is gone."""
    try:
        return place_of(folder, filed).read_bytes()
    except FileNotFoundError:
        return b""


def sync_folder(folder: Path) -> None:
    """A name that came or went there is on the disk when it returns. Errors: OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
