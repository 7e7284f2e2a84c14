"""What a browser says of a file before its first byte: name, size, SHA-256 of the whole and of each piece."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.letters import one_line

MOST_BYTES = 2 * 1024**3
PIECES = (1024**2, 4 * 1024**2)
"""Sizes that a piece may have, in bytes."""
MOST_NAME = 200
MOST_TEXT = 400_000
_HASH = re.compile(r"[0-9a-f]{64}")


class FileRefused(UsageError):
    """A file, or a piece of one, is not taken."""


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    size_bytes: int
    sha256: str
    piece_bytes: int
    pieces: tuple[str, ...]
    """SHA-256 of each, in hex."""


def read_manifest(text: bytes) -> Manifest:
    """JSON `{"name", "size", "sha256", "piece", "pieces": [hex, …]}`. Errors: FileRefused, for any bytes whatever."""
    try:
        said = json.loads(text[:MOST_TEXT])
        size, piece, pieces = said["size"], said["piece"], said["pieces"]
        name, sha256 = said["name"], said["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _senseless() from error
    if not isinstance(name, str) or isinstance(size, bool) or not isinstance(size, int) or not isinstance(pieces, list):
        raise _senseless()
    check_size(size)
    hashes = all(isinstance(one, str) and _HASH.fullmatch(one) for one in (sha256, *pieces))
    if piece not in PIECES or not hashes or len(pieces) != -(-size // piece):
        raise _senseless()
    return Manifest(safe_name(name), size, sha256, int(piece), tuple(pieces))


def check_size(size_bytes: int) -> None:
    """Errors: FileRefused."""
    if size_bytes <= 0:
        raise FileRefused(N_("this file is empty"), hint=N_("Take it out of the recorder once more."))
    if size_bytes > MOST_BYTES:
        raise FileRefused(
            N_("this file is larger than 2 GB"),
            hint=N_("Let the recorder write several shorter files, or choose “please come and fetch it”."),
        )


def safe_name(name: str) -> str:
    """Its last part alone, on one line. It is only ever shown: no path is made of it."""
    printable = name.encode("utf-8", "replace").decode("utf-8")
    return one_line(re.split(r"[/\\]", printable)[-1])[:MOST_NAME].strip() or "?"


def _senseless() -> FileRefused:
    return FileRefused(
        N_("what the browser sent cannot be understood"), hint=N_("Open the link again and choose the file once more.")
    )
