"""An archive that is there and ours: identity known, lock held, index open, recovered. What a fault closes as a whole.

The writer opens one at start, and again after every fault of the disk: start and resumption are the same path.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3

from luytre.base.clock import Clock
from luytre.base.errors import GapReason
from luytre.media.archive import index, schema
from luytre.media.archive.disk import Disk, FileIdentity
from luytre.media.archive.identity import Identity, NotThere, lock, read_identity, require_identity
from luytre.media.archive.paths import IDENTITY, INDEX, MEDIA
from luytre.media.archive.rebuild import rebuild_index
from luytre.media.archive.recovery import Recovery

log = logging.getLogger(__name__)


class Volume:
    """See the module. Used by one thread at a time."""

    def __init__(self, root: str, disk: Disk, identity: Identity, lock_fd: int, db: sqlite3.Connection) -> None:
        self.root, self.identity, self.db = root, identity, db
        self._disk, self._lock_fd = disk, lock_fd
        last = index.get_meta(db, "last_publish_utc_90k")
        self.last_publish_utc_90k = None if last is None else int(last)
        """As it was before the recovery."""
        self._file: FileIdentity = disk.identity(os.path.join(root, IDENTITY))

    @classmethod
    def open(cls, root: str, *, clock: Clock, disk: Disk, expected_id: str | None, create: bool, reason: GapReason) -> Volume:
        """Identity, lock, index (made again from the files if it is lost), recovery. `reason`: of the holes found.

        ArchiveError (NotThere, Locked), OSError or sqlite3.Error where that is not possible; nothing stays open then.
        """
        identity = require_identity(root, disk, clock, expected_id=expected_id, create=create)
        lock_fd = lock(root)
        db: sqlite3.Connection | None = None
        try:
            _try_writing(root, disk)
            disk.make_folders(os.path.join(os.path.abspath(root), MEDIA))
            db = open_index(root, disk, clock, identity)
            volume = cls(root, disk, identity, lock_fd, db)
            found = Recovery(root, db, disk, reason).run(clock.utc_90k())
            log.info("archive %s open: %s", identity.id, found)
            return volume
        except BaseException:
            if db is not None:
                with contextlib.suppress(sqlite3.Error):
                    db.close()
            os.close(lock_fd)
            raise

    def check_there(self) -> None:
        """Cheap, once a second: the identity file is still the same file. NotThere or OSError if not."""
        path = os.path.join(self.root, IDENTITY)
        seen = self._disk.identity(path)
        if seen == self._file:
            return
        identity = read_identity(self.root)
        if identity != self.identity:
            raise NotThere(f"expected archive {self.identity.id}, found {identity.id if identity else 'none'}")
        raise NotThere("the archive was mounted anew")

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.db.close()
        with contextlib.suppress(OSError):
            os.close(self._lock_fd)


def _try_writing(root: str, disk: Disk) -> None:
    """A disk that takes no file says so here, and not in the middle of a run."""
    path = os.path.join(root, "probe")
    disk.unlink(path)
    fd = disk.create(path)
    try:
        disk.write(fd, [b"This file shows that the disk takes files. It may be removed.\n"])
        disk.sync(fd)
    finally:
        disk.close(fd)
        disk.unlink(path)


def open_index(root: str, disk: Disk, clock: Clock, identity: Identity) -> sqlite3.Connection:
    """The index; where it is lost or cannot be read it is made again from the files."""
    path = os.path.join(root, INDEX)
    if os.path.exists(path):
        try:
            return schema.open_for_writing(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            log.warning("archive %s: the index cannot be read (%s), making it again from the files", identity.id, error)
    elif not os.listdir(os.path.join(root, MEDIA)):
        return schema.create(path)
    else:
        log.warning("archive %s: the index is lost, making it again from the files", identity.id)
    rebuild_index(root, disk, clock, identity)
    return schema.open_for_writing(path)
