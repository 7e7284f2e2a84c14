"""What an error of the disk or the index means for recording."""

from __future__ import annotations

import errno
import os
import sqlite3

from luytre.base.errors import ArchiveError
from luytre.media.archive.identity import NotThere
from luytre.media.archive.values import StateKind

FAULTS = (OSError, sqlite3.Error, ArchiveError)

_BY_ERRNO = {
    errno.ENOSPC: StateKind.FULL,
    errno.EDQUOT: StateKind.FULL,
    errno.EROFS: StateKind.READ_ONLY,
    errno.EACCES: StateKind.READ_ONLY,
    errno.EPERM: StateKind.READ_ONLY,
    errno.ENOENT: StateKind.MISSING,
    errno.ENOTDIR: StateKind.MISSING,
    errno.ENODEV: StateKind.MISSING,
    errno.ENXIO: StateKind.MISSING,
    errno.ENOTCONN: StateKind.MISSING,
    errno.ESTALE: StateKind.MISSING,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: StateKind.FULL,
    sqlite3.SQLITE_READONLY: StateKind.READ_ONLY,
}


def kind_of(error: Exception, root: str) -> StateKind:
    """The state that the error puts the archive into."""
    if isinstance(error, NotThere) or not os.path.isdir(root):
        return StateKind.MISSING
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, StateKind.FAILED)
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, StateKind.FAILED)
    return StateKind.FAILED
