"""The picture of a bulletin: made anew from its pixels (`survey.photos.clean`), a file called by its SHA-256 under `folder`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from luytre.civic.survey.photos import PhotoRefused, clean, keep_file, path_of


@dataclass(frozen=True, slots=True)
class Picture:
    sha256: str
    width_px: int
    height_px: int


def keep(folder: Path, data: bytes) -> Picture:
    """Written before its row. Errors: ValidationError for `picture`, OSError where the disk does not take it."""
    try:
        made = clean(data)
    except PhotoRefused as error:
        raise ValidationError({"picture": [ValidationError(words) for words in (error.cause, error.hint) if words]}) from error
    name = hashlib.sha256(made.data).hexdigest()
    keep_file(path_of(folder, name), made.data)
    return Picture(name, made.width_px, made.height_px)


def read(folder: Path, sha256: str) -> bytes:
    """JPEG; empty where there is none, or its file is gone."""
    try:
        return path_of(folder, sha256).read_bytes() if sha256 else b""
    except FileNotFoundError:
        return b""
