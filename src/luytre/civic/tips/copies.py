"""Copies of photos for others than commune police: faces blurred, looked at by an officer, and only then shown to anybody.

The original stays as it is, for commune police alone. Finding is done by the jobs' process (`seek`), each photo once; what an
officer adds or takes away makes the copy anew. Videos have no copy: they are for commune police alone.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.survey.photos import keep_file, path_of
from luytre.civic.tips import faces
from luytre.civic.tips.faces import Box, boxes_text
from luytre.civic.tips.models import StepCode, Tip, TipPicture, TipStep
from luytre.civic.tips.taking import minute

MOST_AT_ONCE = 20
log = logging.getLogger(__name__)


def seek(folder: Path, at: datetime) -> int:
    """Looks for faces in photos that were not looked at yet, the oldest first; how many were. Where the finder fails an officer
    draws by hand. `at` is kept to the minute. Errors: django.db.Error."""
    done = 0
    for picture in TipPicture.objects.filter(sought=None, seconds=None).order_by("pk")[:MOST_AT_ONCE]:
        found: tuple[Box, ...] | None = None
        try:
            found = faces.find(path_of(folder, picture.sha256))
        except faces.FinderFailed as error:
            log.warning("faces were not looked for in a photo: %s", error)
        noted = {"sought": minute(at), "found": None if found is None else len(found)}
        # an officer may have drawn meanwhile: then the officer's areas stay
        TipPicture.objects.filter(pk=picture.pk, blurred="").update(**noted, boxes=boxes_text(found or ()))
        TipPicture.objects.filter(pk=picture.pk).update(**noted)
        done += 1
    return done


def blur(by: User, picture: TipPicture, boxes: Sequence[Box], folder: Path, at: datetime, *, checked: bool) -> TipPicture:
    """Makes the copy; `checked`: the officer has looked at it, and others may see it from now on. Errors: ValidationError where
    there is nothing to blur, OSError where the disk does not take it."""
    if picture.seconds is not None:
        raise ValidationError(N_("A video is not blurred: it is shown to commune police alone."))
    try:
        data = faces.blurred(path_of(folder, picture.sha256).read_bytes(), boxes)
    except FileNotFoundError as error:
        raise ValidationError(N_("The photo's file is gone.")) from error
    name = hashlib.sha256(data).hexdigest()
    keep_file(path_of(folder, name), data)
    with transaction.atomic():
        found = _present(picture)
        was, found.blurred, found.boxes = found.checked is not None, name, boxes_text(boxes)
        found.checked, found.checked_by = (at, by) if checked else (None, None)
        found.save()
        if checked or was:
            _step(by, found, StepCode.CHECKED if checked else StepCode.WITHHELD, at)
    return found


def withhold(by: User, picture: TipPicture, at: datetime) -> None:
    """Nobody but commune police sees the copy any more. Nothing where nobody did."""
    with transaction.atomic():
        found = _present(picture)
        if found.checked is None:
            return
        found.checked, found.checked_by = None, None
        found.save()
        _step(by, found, StepCode.WITHHELD, at)


def shown(tip: Tip) -> QuerySet[TipPicture]:
    """Photos whose copy others may see."""
    return tip.pictures.filter(checked__isnull=False).exclude(blurred="")


def _present(picture: TipPicture) -> TipPicture:
    found = TipPicture.objects.select_for_update().select_related("tip").filter(pk=picture.pk).first()
    if found is None:
        raise ValidationError(N_("The photo was erased meanwhile."))
    return found


def _step(by: User, picture: TipPicture, code: StepCode, at: datetime) -> None:
    note = f"{picture.sha256[:8]} · {len(picture.boxes.splitlines())}" if code is StepCode.CHECKED else picture.sha256[:8]
    TipStep.objects.create(at=at, by=by, tip=picture.tip.key, code=code, note=note)
