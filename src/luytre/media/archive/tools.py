"""For the command line: an archive opened only to be read, and the rebuilding of an index by hand."""

from __future__ import annotations

import os

from luytre.base.clock import Clock
from luytre.base.errors import ArchiveError
from luytre.base.i18n import N_
from luytre.media.archive.disk import RealDisk
from luytre.media.archive.identity import Identity, lock, read_identity, write_identity
from luytre.media.archive.layout import NotASegment, read_head
from luytre.media.archive.paths import MEDIA, walk_media
from luytre.media.archive.queries import Queries
from luytre.media.archive.rebuild import Progress, Rebuilt, rebuild_index


def open_queries(root: str | os.PathLike[str], clock: Clock) -> Queries:
    """An archive to be asked only. ArchiveError where the folder holds none."""
    path = os.path.abspath(root)
    operation = N_("Reading the archive")
    if not os.path.isdir(path):
        raise ArchiveError(N_("there is no such folder"), operation=operation, subject=path, hint=N_("Check the folder's name."))
    if read_identity(path) is None:
        raise ArchiveError(
            N_("there is no archive in this folder"), operation=operation, subject=path,
            hint=N_("Check the folder's name; an archive has a file archive.json."),
        )  # fmt: skip
    return Queries(path, clock, RealDisk())


def rebuild_archive(root: str | os.PathLike[str], clock: Clock, progress: Progress = lambda done, total: None) -> Rebuilt:
    """Makes the index (and a lost identity file) again from the files. Locked while a recorder writes into it."""
    path, disk = os.path.abspath(root), RealDisk()
    if not os.path.isdir(os.path.join(path, MEDIA)):
        raise ArchiveError(
            N_("there is no footage in this folder"), operation=N_("Rebuilding the index"), subject=path,
            hint=N_("Check the folder's name; an archive has a folder `media`."),
        )  # fmt: skip
    try:
        identity = read_identity(path)
    except ArchiveError:
        identity = None
    identity = identity or _identity_of_footage(path, disk, clock)
    lock_fd = lock(path)
    try:
        return rebuild_index(path, disk, clock, identity, progress)
    finally:
        os.close(lock_fd)


def _identity_of_footage(root: str, disk: RealDisk, clock: Clock) -> Identity:
    """The id that the segments' headers name, written down again."""
    for relative in walk_media(root):
        fd = os.open(os.path.join(root, relative), os.O_RDONLY | os.O_CLOEXEC)
        try:
            return write_identity(root, disk, clock, read_head(fd).header.archive_id)
        except NotASegment:
            continue
        finally:
            os.close(fd)
    raise ArchiveError(
        N_("there is no footage in this folder"), operation=N_("Rebuilding the index"), subject=root,
        hint=N_("Check the folder's name; an archive has a folder `media`."),
    )  # fmt: skip
