"""Signing the heads, once a day and when asked: a row in the database and a file to hand to others."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from luytre.civic.chain.models import Checkpoint
from luytre.civic.chain.proof import heads
from luytre.civic.chain.signing import Signed, private_key, read_signed, sign
from luytre.civic.chain.text import microseconds, moment


def folder() -> Path:
    """Where the files lie: `checkpoints/` in the data folder."""
    return Path(settings.ENVIRONMENT.data) / "checkpoints"


def secrets() -> Path:
    return Path(settings.LUYTRE_SECRETS_DIR)


def make_checkpoint(at: datetime, into: Path, secrets_dir: Path) -> Path:
    """Signs all heads as they are now, and returns the file. Errors: OSError, django.db.Error, UsageError for a bad key.

    What is signed is on the disk first, so that a power cut never leaves a checkpoint that knows more than the log.
    """
    return keep(sign(private_key(secrets_dir), microseconds(at), sorted(heads().values(), key=lambda head: head.name)), into)


def keep(signed: Signed, into: Path) -> Path:
    """A row and a file of what was signed; after the transaction in which it was signed. Errors: OSError, django.db.Error."""
    at = moment(signed.at_us)
    with _to_the_disk():
        row = Checkpoint.objects.create(at=at, text=signed.text, signature=signed.signature, public_key=signed.public_key)
    path = into / f"{at:%Y%m%dT%H%M%SZ}-{row.pk}.json"
    _write(path, signed.to_file())
    return path


def newest_checkpoint() -> Signed | None:
    row = Checkpoint.objects.order_by("-pk").first()
    return read_signed(row.text, row.signature, row.public_key) if row else None


@contextlib.contextmanager
def _to_the_disk() -> Iterator[None]:
    """SQLite syncs at a commit only when told so; this one takes the commits before it along. PostgreSQL always does."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
