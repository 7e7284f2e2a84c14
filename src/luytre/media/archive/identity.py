"""Which archive a folder holds, and who writes into it: `archive.json`, and a lock on it.

An empty mount point looks just like a new archive: so an archive is known by its id, never by its path.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass

from luytre.base.clock import Clock, to_iso
from luytre.base.errors import ArchiveError
from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.media.archive.disk import Disk
from luytre.media.archive.paths import IDENTITY, MEDIA

FORMAT = 1
OPERATION = N_("Opening the archive")


class NotThere(ArchiveError):
    """The folder does not hold the archive that was asked for."""


class Locked(ArchiveError):
    """Another process writes into it."""


@dataclass(frozen=True, slots=True)
class Identity:
    id: str


def read_identity(root: str) -> Identity | None:
    """None where there is no identity file; ArchiveError where there is one that cannot be understood."""
    path = os.path.join(root, IDENTITY)
    try:
        with open(path, encoding="utf-8") as file:
            fields = json.load(file)
        if fields["format"] != FORMAT:
            raise ArchiveError(
                N_("the archive was made by another version of this program"), operation=OPERATION, subject=root,
                hint=N_("Use the version that made it, or a newer one."),
            )  # fmt: skip
        return Identity(str(fields["id"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            N_("its identity file archive.json cannot be read"), operation=OPERATION, subject=root,
            hint=N_("Run `luytre archive rebuild` on it: it makes the file again from the footage."),
        ) from error  # fmt: skip


def write_identity(root: str, disk: Disk, clock: Clock, archive_id: str) -> Identity:
    fields = {"format": FORMAT, "id": archive_id, "created": to_iso(clock.utc_90k())}
    disk.replace_file(os.path.join(root, IDENTITY), json.dumps(fields, indent=1).encode() + b"\n")
    return Identity(archive_id)


def require_identity(root: str, disk: Disk, clock: Clock, *, expected_id: str | None, create: bool) -> Identity:
    """The folder's identity; made where the folder is new and may become an archive. NotThere otherwise."""
    identity = read_identity(root)
    if identity is None and expected_id is None and create and not os.path.isdir(os.path.join(root, MEDIA)):
        disk.make_folders(os.path.abspath(root))
        return write_identity(root, disk, clock, new_id())
    if identity is None:
        hint = N_("Is the disk plugged in and mounted? Check the folder's name.")
        if os.path.isdir(os.path.join(root, MEDIA)):
            hint = N_("Run `luytre archive rebuild` on it: it makes the file again from the footage.")
        raise NotThere(N_("there is no archive in this folder"), operation=OPERATION, subject=root, hint=hint)
    if expected_id is not None and identity.id != expected_id:
        raise NotThere(
            N_("this is another archive than the one expected"), operation=OPERATION, subject=root,
            hint=N_("Another disk may be mounted here. Nothing is written to it."),
        )  # fmt: skip
    return identity


def lock(root: str) -> int:
    """A file descriptor that holds the archive for this process; Locked if another one has it."""
    fd = os.open(os.path.join(root, IDENTITY), os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(fd)
        raise Locked(
            N_("another recorder is writing into it"), operation=OPERATION, subject=root,
            hint=N_("Stop the other one first, or record into another folder."),
        ) from error  # fmt: skip
    except OSError:
        os.close(fd)
        raise
    return fd
