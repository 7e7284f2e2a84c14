"""A tip is taken: its row, its pictures, its first step, all in one transaction; sent again, it is the same tip.

Pictures are written as files before the transaction: a file without a row is swept up (`erasing`), no row is without its file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.seal import seal
from luytre.civic.survey.photos import PhotoRefused, clean, keep_file, path_of
from luytre.civic.tips.code import code_of, digest_of
from luytre.civic.tips.heic import as_jpeg, is_heic
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import MOST_WORDS, StepCode, Tip, TipPicture, TipStep
from luytre.civic.tips.video import is_video, remade

MOST_PICTURES = 6
MOST_VIDEOS = 2
MOST_READ = 12
"""So many of one sending are looked at: some may be broken, or the same one twice."""
OLDEST = timedelta(days=90)
"""What happened longer ago is told at the police station."""
AHEAD = timedelta(minutes=10)
"""A telephone's clock may be so far ahead of ours."""


Sent: TypeAlias = bytes | Path
"""A photo's or a small video's bytes; a larger video's file, which somebody else removes."""


@dataclass(frozen=True, slots=True)
class TipDraft:
    """A tip as its page sends it. `position`: latitude and longitude in degrees. `pictures`: as they came."""

    kind: str
    words: str = ""
    happening: bool = False
    happened: datetime | None = None
    position: tuple[Decimal, Decimal] | None = None
    hamlet: Hamlet | None = None
    place: str = ""
    camera: Camera | None = None
    phone: str = ""
    english: bool = False
    pictures: Sequence[Sent] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """A picture that was not taken: which (from 1), and why."""

    number: int
    why: PhotoRefused


@dataclass(frozen=True, slots=True)
class Taken:
    tip: Tip
    code: str
    left: tuple[Left, ...] = ()
    again: bool = False
    """It had been taken before."""


def take(draft: TipDraft, sending: str, key: bytes, folder: Path, now: datetime) -> Taken:
    """A tip that was sent before is found, not taken again.

    Errors: ValidationError by field, ValueError for a `sending` that is none, OSError where the disk takes no picture.
    """
    if (before := taken_before(sending, key)) is not None:
        return before
    code = code_of(key, sending)
    digest = digest_of(key, code)
    _check(draft, now)
    kept, left = keep_pictures(folder, draft.pictures, 0)
    try:
        with transaction.atomic():
            return Taken(_write(draft, digest, kept, now), code, left)
    except IntegrityError:  # sent twice at once: the other was faster
        return Taken(Tip.objects.get(code_digest=digest), code, again=True)


def taken_before(sending: str, key: bytes) -> Taken | None:
    """The tip of this sending, where there is one. Errors: ValueError for a `sending` that is none."""
    code = code_of(key, sending)
    known = Tip.objects.filter(code_digest=digest_of(key, code)).first()
    return None if known is None else Taken(known, code, again=True)


def _check(draft: TipDraft, now: datetime) -> None:
    faults: dict[str, str] = {}
    if draft.kind not in Kind.values:
        faults["kind"] = N_("Choose what it is about.")
    if len(plain(draft.words)) > MOST_WORDS:
        faults["words"] = N_("That is too long: 2,000 letters at most. Send the most important, and add the rest under the code.")
    if not plain(draft.words) and not draft.pictures:
        faults["words"] = N_("Say in a few words what happened, or send a photo.")
    if draft.position is None and draft.hamlet is None and draft.camera is None and not one_line(draft.place):
        faults["place"] = N_("Say where it is: on the map, the hamlet, or in words.")
    if draft.happened is not None and not now - OLDEST <= draft.happened <= now + AHEAD:
        faults["happened"] = N_("A moment of the last 90 days, not one to come.")
    if faults:
        raise ValidationError(faults)


def _write(draft: TipDraft, digest: str, kept: Sequence[TipPicture], now: datetime) -> Tip:
    at = minute(now)
    happened = None if draft.happened is None else min(minute(draft.happened), at)
    latitude, longitude = draft.position or (None, None)
    tip = Tip.objects.create(
        code_digest=digest, received=at, kind=draft.kind, happening=draft.happening, happened=happened, latitude=latitude,
        longitude=longitude, hamlet=draft.hamlet or _hamlet_of(draft.camera), place=one_line(draft.place)[:200],
        camera=draft.camera.key if draft.camera else "", words=plain(draft.words), sealed_phone=seal(draft.phone),
        english=draft.english,
    )  # fmt: skip
    _add(tip, kept)
    TipStep.objects.create(at=at, tip=tip.key, code=StepCode.RECEIVED)
    return tip


def _hamlet_of(camera: Camera | None) -> Hamlet | None:
    return camera.site.hamlet if camera is not None else None


def keep_pictures(folder: Path, sent: Sequence[Sent], there: int) -> tuple[list[TipPicture], tuple[Left, ...]]:
    """Rows without their tip, files written. `there`: how many the tip has already. Errors: OSError."""
    kept: list[TipPicture] = []
    left: list[Left] = []
    for number, one in enumerate(sent, 1):
        try:
            if there + len(kept) >= MOST_PICTURES or number > MOST_READ:
                raise PhotoRefused(N_("a tip has six photos and videos at most"))
            row = _photo(folder, one) if isinstance(one, bytes) and not is_video(one[:16]) else _video(folder, one, kept)
        except PhotoRefused as error:
            left.append(Left(number, error))
            continue
        if row.sha256 not in {known.sha256 for known in kept}:
            kept.append(row)
    return kept, tuple(left)


def _photo(folder: Path, data: bytes) -> TipPicture:
    made = clean(as_jpeg(data) if is_heic(data[:12]) else data)
    name = hashlib.sha256(made.data).hexdigest()
    keep_file(path_of(folder, name), made.data)
    return TipPicture(sha256=name, size_bytes=len(made.data), width_px=made.width_px, height_px=made.height_px)


def _video(folder: Path, sent: Sent, kept: Sequence[TipPicture]) -> TipPicture:
    if sum(one.seconds is not None for one in kept) >= MOST_VIDEOS:
        raise PhotoRefused(N_("a sending has two videos at most"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".video-", dir=folder) as beside:
        source, target = Path(beside) / "in", Path(beside) / "out.mp4"
        if isinstance(sent, bytes):
            source.write_bytes(sent)
        made = remade(source if isinstance(sent, bytes) else sent, target)
        with target.open("rb") as file:
            name = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = target.stat().st_size
        place = video_path(folder, name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.replace(place)
    return TipPicture(sha256=name, size_bytes=size, width_px=made.width_px, height_px=made.height_px, seconds=made.seconds)


def video_path(folder: Path, sha256: str) -> Path:
    return path_of(folder, sha256).with_suffix(".mp4")


def file_of(folder: Path, one: TipPicture) -> Path:
    """Where a photo or a video lies."""
    return path_of(folder, one.sha256) if one.seconds is None else video_path(folder, one.sha256)


def _add(tip: Tip, kept: Sequence[TipPicture]) -> None:
    for one in kept:
        one.tip = tip
    TipPicture.objects.bulk_create(kept, ignore_conflicts=True)


@transaction.atomic
def add_pictures(tip: Tip, kept: Sequence[TipPicture]) -> None:
    _add(tip, kept)


def minute(moment: datetime) -> datetime:
    """Without its seconds: nobody shall be found by when exactly something was sent."""
    return moment.replace(second=0, microsecond=0)


def plain(words: str) -> str:
    """Words as they are kept: line by line, no control characters, no empty end."""
    lines: Callable[[str], list[str]] = str.splitlines
    return "\n".join(one_line(line) for line in lines(words)).strip()
