"""Copies for watching of owners' films that browsers cannot play: made on a press, one at a time, by the jobs' process.

The film that arrived stays the evidence, under its hash; a copy is small, carries a mark in each picture, has no hash in the
chain, and goes with the file. Watching it is written down as for the film itself (`custody.record`), before the first byte.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from luytre.base.i18n import N_
from luytre.civic.appeals.files import expected_bytes
from luytre.civic.appeals.models import AppealFile, CopyState
from luytre.civic.appeals.shelf import Shelf
from luytre.civic.ports import FilmCopier

MOST_BYTES = 1024**3
"""No copy grows larger (`bridge.films`); so much room there must be before one is begun."""
MARK = "BAN SAO DE XEM / VIEWING COPY"
NO_ROOM, NOT_HERE = "room", "gone"
WHY = {
    "unreadable": N_("nothing in it can be read as a film"),
    "large": N_("its pictures are larger than this machine takes"),
    "time": N_("it took longer than this machine may spend on one film"),
    NO_ROOM: N_("the station's disk had no room"),
    NOT_HERE: N_("the file was not there"),
}
"""Why no copy came of it, by `AppealFile.copy_why`."""


def want_copy(file: AppealFile, at: datetime) -> None:
    """Asked for twice it is made once. Errors: ValidationError for what browsers play as it is, or what is not here."""
    if file.arrived is None or file.destroyed is not None:
        raise ValidationError(N_("This file is not here, or no longer."))
    if file.plays:
        raise ValidationError(N_("This film plays as it is."))
    idle = AppealFile.objects.filter(pk=file.pk, destroyed=None).filter(copy_state__in=["", CopyState.FAILED])
    idle.update(copy_state=CopyState.WAITING, copy_why="", copy_asked=at)


def left_behind() -> int:
    """Those whose making a killed process left are made anew. Called where nobody makes any."""
    return AppealFile.objects.filter(copy_state=CopyState.MAKING).update(copy_state=CopyState.WAITING)


def make_next(copier: FilmCopier, shelf: Shelf) -> bool:
    """Makes the copy that waits longest; False where none waits. Errors: django.db.Error, OSError."""
    found = AppealFile.objects.filter(copy_state=CopyState.WAITING, destroyed=None).order_by("copy_asked", "pk").first()
    if found is None:
        return False
    if AppealFile.objects.filter(pk=found.pk, copy_state=CopyState.WAITING).update(copy_state=CopyState.MAKING):
        _make(found, copier, shelf)
    return True


def _make(file: AppealFile, copier: FilmCopier, shelf: Shelf) -> None:
    source, target = shelf.kept(file.sha256), shelf.watching(file.sha256)
    if not source.is_file():
        return _end(file, CopyState.FAILED, why=NOT_HERE)
    if shelf.left_bytes() - expected_bytes() < MOST_BYTES:
        return _end(file, CopyState.FAILED, why=NO_ROOM)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    try:
        made = copier.copy(source, draft, f"{MARK} {file.sha256[:12]}")
        if made.trouble is not None:
            return _end(file, CopyState.FAILED, why=str(made.trouble))
        if not _is_kept(file):  # destroyed while it was made
            return None
        draft.chmod(0o400)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    if not _is_kept(file):  # destroyed since
        shelf.drop_watching(file.sha256)
    return _end(file, CopyState.READY, seconds=made.seconds, cut=made.cut)


def _is_kept(file: AppealFile) -> bool:
    """By this request or another one."""
    return AppealFile.objects.filter(sha256=file.sha256, destroyed=None).exists()


def _end(file: AppealFile, state: CopyState, why: str = "", seconds: float = 0.0, *, cut: bool = False) -> None:
    AppealFile.objects.filter(pk=file.pk, destroyed=None).update(
        copy_state=state, copy_why=why, copy_seconds=seconds, copy_cut=cut
    )
