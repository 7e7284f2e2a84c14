"""Files of owners come in pieces, each on the disk before it is acknowledged; the whole is hashed again before it has arrived.

Two that write the same piece at once write the same bytes to the same place, since a piece is taken only with the hash that was
announced for it; which of them moved the row on does not matter. So no lock is held while bytes are written.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, F, Sum
from django.db.models.functions import Cast

from luytre.base.i18n import N_
from luytre.civic.appeals import what
from luytre.civic.appeals.manifest import PIECES, FileRefused, Manifest, check_size, safe_name
from luytre.civic.appeals.models import Appeal, AppealFile, AppealStep, StepCode
from luytre.civic.appeals.shelf import Shelf, hash_of
from luytre.civic.appeals.steps import locked_open, write_step
from luytre.civic.registry.seal import seal

MOST_FILES = 12
"""Of one request."""
HASH_HEX = 64


class DiskFull(FileRefused):
    """It would leave less free than the floor."""


class OtherBytes(FileRefused):
    """A piece is not what was announced."""


class WrongPlace(FileRefused):
    """A piece begins elsewhere than where the file stands. `offset`: where it stands, in bytes."""

    def __init__(self, offset: int) -> None:
        super().__init__(N_("this piece belongs elsewhere"), hint=N_("The page asks where to go on, and goes on there."))
        self.offset = offset


def begin(appeal: Appeal, said: Manifest, shelf: Shelf, at: datetime) -> AppealFile:
    """The file that was announced; one that is on its way or has arrived already is that one. Errors: FileRefused, DiskFull;
    ValidationError where the request has ended."""
    known = appeal.files.filter(sha256=said.sha256, destroyed=None).first()
    if known is not None:
        return known
    _refuse_taken_back(appeal, said.sha256)
    _make_room(appeal, said.size_bytes, shelf)
    with transaction.atomic():
        found = locked_open(appeal)
        made, is_new = AppealFile.objects.get_or_create(
            appeal=found, sha256=said.sha256,
            defaults={
                "sealed_name": seal(said.name), "size_bytes": said.size_bytes, "piece_bytes": said.piece_bytes,
                "pieces": "".join(said.pieces), "begun": at,
            },
        )  # fmt: skip
        if is_new:
            write_step(found, None, StepCode.BEGUN, at, sha256=said.sha256, size_bytes=said.size_bytes)
    return made


def _refuse_taken_back(appeal: Appeal, sha256: str) -> None:
    if appeal.files.filter(sha256=sha256, destroyed__isnull=False).exists():
        raise FileRefused(
            N_("this file was here and was destroyed, as you wished"),
            hint=N_("Telephone the commune police if you wish to give it again."),
        )


def _make_room(appeal: Appeal, size_bytes: int, shelf: Shelf) -> None:
    if appeal.files.filter(destroyed=None).count() >= MOST_FILES:
        raise FileRefused(
            N_("twelve files of this request are here or on their way already"), hint=N_("Telephone the commune police.")
        )
    if shelf.left_bytes() - expected_bytes() - size_bytes < 0:
        raise _full()


def expected_bytes() -> int:
    """What is still to come of all files on their way. Cast, since PostgreSQL multiplies two small numbers in 31 bits."""
    here = Cast(F("got"), BigIntegerField()) * F("piece_bytes")
    coming = AppealFile.objects.filter(arrived=None)
    return max(0, int(coming.aggregate(left=Sum(F("size_bytes") - here))["left"] or 0))


def _full() -> DiskFull:
    return DiskFull(
        N_("the station's disk has no room for this file now"),
        hint=N_("Nothing that was sent is lost. Telephone the commune police: they come and fetch it, or make room."),
    )


def _put(shelf: Shelf, key: str, offset: int, data: bytes) -> None:
    """Errors: DiskFull where somebody else filled the disk meanwhile; OSError."""
    try:
        shelf.put(key, offset, data)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from error
        raise


def take_piece(file: AppealFile, offset: int, data: bytes, shelf: Shelf, at: datetime) -> AppealFile:
    """The file as it stands afterwards. Errors: WrongPlace, OtherBytes, DiskFull; OSError where the disk does not take it."""
    if file.arrived is not None or offset != file.got_bytes:
        raise WrongPlace(file.got_bytes)
    if file.got < file.count:
        wanted = file.pieces[file.got * HASH_HEX : (file.got + 1) * HASH_HEX]
        length = min(file.piece_bytes, file.size_bytes - offset)
        if len(data) != length or hashlib.sha256(data).hexdigest() != wanted:
            raise OtherBytes(
                N_("this piece is not of the file whose sending was begun"),
                hint=N_("Choose the same file again, or begin anew with this one."),
            )
        if shelf.left_bytes() < len(data):
            raise _full()
        _put(shelf, file.key, offset, data)
        AppealFile.objects.filter(pk=file.pk, got=file.got).update(got=file.got + 1)
        file.refresh_from_db()
    return settle(file, shelf, at)


def settle(file: AppealFile, shelf: Shelf, at: datetime) -> AppealFile:
    """Where all pieces are there: the whole is hashed, kept and told. Done twice, or broken off and done again, it is done once.
    Errors: OtherBytes where the whole is not what was announced; it is begun anew then."""
    if file.arrived is not None or file.got < file.count:
        return file
    coming, kept = shelf.coming(file.key), shelf.kept(file.sha256)
    path = coming if coming.exists() else kept
    if path.stat().st_size != file.size_bytes or hash_of(path) != file.sha256:
        shelf.drop_coming(file.key)
        AppealFile.objects.filter(pk=file.pk, arrived=None).delete()
        raise OtherBytes(N_("the whole is not what was announced"), hint=N_("Open the link again and choose the file once more."))
    shelf.keep(file.key, file.sha256)
    _arrive(file, at)
    file.refresh_from_db()
    return _described(file, shelf)


def _arrive(file: AppealFile, at: datetime) -> None:
    with transaction.atomic():
        found = AppealFile.objects.select_for_update(of=("self",)).select_related("appeal").get(pk=file.pk)
        if found.arrived is not None:
            return
        found.arrived, found.pieces = at, ""
        found.save(update_fields=["arrived", "pieces"])
        write_step(
            found.appeal, None, StepCode.ARRIVED, at, sha256=found.sha256, size_bytes=found.size_bytes,
            name_digest=what.name_digest(found.sealed_name),
        )  # fmt: skip


def _described(file: AppealFile, shelf: Shelf) -> AppealFile:
    told = what.look_at(shelf.kept(file.sha256))
    file.container, file.codec, file.plays = told.container, told.codec, told.plays
    file.width_px, file.height_px, file.seconds = told.width_px, told.height_px, told.seconds
    file.save(update_fields=["container", "codec", "plays", "width_px", "height_px", "seconds"])
    return file


def take_whole(
    appeal: Appeal, name: str, size_bytes: int, chunks: Iterable[bytes], shelf: Shelf, at: datetime
) -> AppealFile:  # fmt: skip
    """A small file of a plain form. Errors: FileRefused, DiskFull; ValidationError where the request has ended."""
    check_size(size_bytes)
    _make_room(appeal, size_bytes, shelf)
    hashed, offset = hashlib.sha256(), 0
    made = AppealFile(appeal=appeal, piece_bytes=PIECES[0], size_bytes=size_bytes, begun=at, announced=False)
    for chunk in chunks:
        hashed.update(chunk)
        _put(shelf, made.key, offset, chunk)
        offset += len(chunk)
    made.sha256, made.sealed_name, made.got = hashed.hexdigest(), seal(safe_name(name)), made.count
    try:
        _refuse_taken_back(appeal, made.sha256)
    except FileRefused:
        shelf.drop_coming(made.key)
        raise
    known = appeal.files.filter(sha256=made.sha256, destroyed=None).first()
    if known is not None and known.arrived is not None:
        shelf.drop_coming(made.key)
        return known
    with transaction.atomic():
        locked_open(appeal)
        if known is not None:  # on its way in pieces: here it is whole
            known.delete()
            shelf.drop_coming(known.key)
        made.save()
        write_step(appeal, None, StepCode.BEGUN, at, sha256=made.sha256, size_bytes=size_bytes)
    return settle(made, shelf, at)


def steps_of_file(file: AppealFile) -> list[AppealStep]:
    found = AppealStep.objects.filter(appeal=file.appeal.key, sha256=file.sha256)
    return list(found.select_related("by"))
