"""Keys that live in files beside the database, never in it. Made at first use, by whichever process comes first.

Invariants: the folder is 0700 and each file 0600; two processes that start together end up with the same key; a key
that exists is never overwritten.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """The file's text without surrounding blanks; made (0600) when it is not there. Errors: OSError."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # somebody was faster: then theirs counts
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text("ascii").strip()


def node_key(secrets_dir: Path) -> str:
    """The key both planes share: 64 hex characters in `node.key`, made by whichever plane starts first."""
    return read_or_make(secrets_dir / "node.key", lambda: secrets.token_hex(32))
