"""Photos of what was surveyed: read with care, made anew from their pixels, kept as files called by their SHA-256.

    <data>/photos/ab/abcdef….jpg

Nothing of the telephone's file goes on: no position, no maker, no owner, no comment. A file is written before its row.
"""

from __future__ import annotations

import hashlib
import os
import struct
import warnings
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from PIL import Image, ImageOps, UnidentifiedImageError

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.registry.register import Thing
from luytre.civic.survey.entries import OutOfReach
from luytre.civic.survey.models import Entry, EntryKind, Photo

MOST_BYTES = 8 * 1024 * 1024
LONGEST_SIDE_PX = 1600
MOST_PIXELS = 60_000_000
"""A telephone of today has 50 million; a picture that unpacks to more is no photo."""
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_QUALITY = 82
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class PhotoRefused(UsageError):
    """This cannot be taken as a photo."""

    def __init__(self, cause: str, hint: str = "") -> None:
        super().__init__(cause, operation=N_("Taking over a photo"), hint=hint)


@dataclass(frozen=True, slots=True)
class Clean:
    """A photo made anew: JPEG, at most `LONGEST_SIDE_PX`."""

    data: bytes
    width_px: int
    height_px: int


def clean(data: bytes) -> Clean:
    """Errors: PhotoRefused, for any bytes whatever."""
    if len(data) > MOST_BYTES:
        raise PhotoRefused(N_("the photo is larger than 8 MB"), N_("Take it again with the telephone's camera, at a lower size."))
    _refuse_by_name(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as found:
                return _anew(found)
    except _BROKEN as error:
        raise PhotoRefused(N_("this is no photo, or a broken one"), N_("JPEG, PNG and WebP are taken.")) from error


def _refuse_by_name(data: bytes) -> None:
    """Containers of moving pictures and of HEIF begin with their brand."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        words = N_("photos of the kind HEIC or AVIF cannot be read")
        raise PhotoRefused(words, N_("On an iPhone: Settings → Camera → Formats → Most Compatible, then take it again."))
    if data[4:8] == b"ftyp" or data[:4] in (b"\x1aE\xdf\xa3", b"OggS") or data[8:12] == b"AVI ":
        raise PhotoRefused(N_("this is a video"), N_("Only photos are kept of a survey."))


def _anew(found: Image.Image) -> Clean:
    if found.width * found.height > MOST_PIXELS or not found.width or not found.height:
        raise PhotoRefused(N_("the photo has too many pixels"), N_("Take it again with the telephone's camera, at a lower size."))
    found.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    upright = ImageOps.exif_transpose(found)
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright.convert("RGB"))
    written = BytesIO()
    bare.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Clean(written.getvalue(), bare.width, bare.height)


def store_photo(by: User, entry: Entry, sha256: str, data: bytes, folder: Path, at: datetime) -> Photo:
    """One photo of an entry that its sender announced; sent again, it is the same row. `folder`: where files are kept.

    Errors: OutOfReach, PhotoRefused, OSError where the disk does not take it.
    """
    kind = dict(map(tuple, entry.photos)).get(sha256)
    if entry.by_id != by.pk or kind is None:
        raise OutOfReach
    if known := Photo.objects.filter(entry=entry, sent_sha256=sha256).first():
        return known
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PhotoRefused(N_("the photo did not arrive whole"), N_("It is sent again by itself."))
    made = clean(data)
    name = hashlib.sha256(made.data).hexdigest()
    keep_file(path_of(folder, name), made.data)
    thing = Thing.NEED if entry.kind == EntryKind.NEED else Thing.PLACE if entry.kind == EntryKind.NOTHING_HERE else Thing.EYE
    row = Photo(
        entry=entry, thing=thing, thing_key=entry.target or entry.place, kind=kind, sent_sha256=sha256, sha256=name,
        size_bytes=len(made.data), width_px=made.width_px, height_px=made.height_px,
        taken_day=min(localdate(entry.made_at), localdate(at)), by=by, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # sent twice at once
        return Photo.objects.get(entry=entry, sent_sha256=sha256)
    return row


def photos_of(thing: str, key: str) -> list[Photo]:
    """The newest first."""
    return list(Photo.objects.filter(thing=thing, thing_key=key).order_by("-pk"))


def remove_photo(photo: Photo, folder: Path) -> None:
    """The row, then its file where no other row has the same."""
    sha256 = photo.sha256
    photo.delete()
    if not Photo.objects.filter(sha256=sha256).exists():
        path_of(folder, sha256).unlink(missing_ok=True)


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.jpg"


def keep_file(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    with open(beside, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
