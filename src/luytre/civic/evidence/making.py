"""Packages made: the footage taken, copies for watching, papers, the zip. One at a time, by the jobs' process or a command.

What a killed process left half made is raw footage in `making/`: it goes before anything is made anew. A package has its name
only when it is whole and on the disk; its step `made` names the manifest's hash.
"""

from __future__ import annotations

import errno
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.base.polygons import PolygonError
from luytre.civic.blurring.desk import digest_of, tracks_of
from luytre.civic.evidence import extracts, paper
from luytre.civic.evidence.facts import facts_of
from luytre.civic.evidence.models import Package, PackageCode, PackageState, What
from luytre.civic.evidence.package.credentials import Credential, put_credential
from luytre.civic.evidence.package.keys import StationKey
from luytre.civic.evidence.package.making import make
from luytre.civic.evidence.package.values import Facts, Footage, Made, ViewingFacts
from luytre.civic.evidence.packages import write_step
from luytre.civic.evidence.shelf import Shelf
from luytre.civic.ports import BlurTrack, FootageTaker, RecorderStatus, ViewingCopier, ViewingOrder, ViewingTrouble
from luytre.civic.registry.masks import drawn_of, masks_of
from luytre.civic.registry.models import Camera

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_log = logging.getLogger(__name__)
MARK = "BAN XEM - KHONG PHAI BAN GOC / VIEWING COPY"
NO_ROOM = N_("the station's disk has no room for it")
NO_DISK = N_("the station's disk could not be read or written")
NOT_TOGETHER = N_("what was recorded and what is known of it do not fit together; the program's log says what")
NO_FOOTAGE = N_("there is no footage in this span, or no longer")
NO_CAMERA = N_("the register does not have this camera any longer")
NO_MASKS = N_("what is to be hidden in this camera's picture cannot be read")
TROUBLES = {
    ViewingTrouble.ORDER: N_("what is to be hidden could not be hidden, so no copy was made"),
    ViewingTrouble.UNREADABLE: N_("a picture of it cannot be read, so no copy for watching was made"),
    ViewingTrouble.LARGE: N_("its copy for watching grows larger than this machine takes: order a shorter span"),
    ViewingTrouble.TIME: N_("its copy for watching took longer than this machine may spend: order a shorter span"),
}
"""Why there is no copy for watching, and so no package: nothing leaves half hidden."""


class NotMade(Exception):
    """Holds the message id for `Package.why`."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a package is made with. `station`: the key of the moment; `verifier`: the offline page."""

    taker: FootageTaker
    copier: ViewingCopier
    recorder: RecorderStatus
    shelf: Shelf
    station: Callable[[datetime], StationKey]
    verifier: Callable[[], bytes]
    credentials: bool = False
    """Whether copies for watching carry content credentials."""


def left_behind(shelf: Shelf) -> int:
    """Those whose making a killed process left are made anew; what the command line makes just now stays. Errors: OSError."""
    shelf.clear_left()
    left = 0
    for package in Package.objects.filter(state=PackageState.MAKING):
        with shelf.held(package.key) as mine:
            if mine:
                left += Package.objects.filter(pk=package.pk, state=PackageState.MAKING).update(state=PackageState.WAITING)
    return left


def make_next(means: Means, now: Callable[[], datetime]) -> bool:
    """Makes the one that waits longest; False where none waits. Errors: django.db.Error, OSError of the shelf."""
    waiting = Package.objects.filter(state=PackageState.WAITING).order_by("ordered", "pk")
    found = waiting.select_related("request__by", "by").first()
    if found is None:
        return False
    if Package.objects.filter(pk=found.pk, state=PackageState.WAITING).update(state=PackageState.MAKING):
        make_one(found, means, now)
    return True


def make_one(package: Package, means: Means, now: Callable[[], datetime]) -> None:
    """The package is ready afterwards, or failed with its reason; another process may be making it, and goes on. Errors:
    django.db.Error, OSError of the shelf."""
    with means.shelf.held(package.key) as mine:
        if mine:
            _make(package, means, now)


def _make(package: Package, means: Means, now: Callable[[], datetime]) -> None:
    try:
        made = _made(package, means, now())
        _ready(package, made, means.shelf, now())
    except NotMade as error:
        _failed(package, str(error), now())
    except LuytreError as error:
        _failed(package, error.cause, now())
    except OSError as error:
        _log.warning("an evidence package met the disk: %s", error)
        _failed(package, NO_ROOM if error.errno in _FULL else NO_DISK, now())
    except ValueError as error:  # facts that contradict each other: tried again they would do so again
        _log.warning("an evidence package could not be put together: %s", error)
        _failed(package, NOT_TOGETHER, now())
    finally:
        means.shelf.clear(package.key)


def _made(package: Package, means: Means, at: datetime) -> Made:
    if means.shelf.left_bytes() <= 0:
        raise NotMade(NO_ROOM)
    folder = means.shelf.begin(package.key)
    footage = means.taker.take(package.camera, package.span_start, package.span_end, folder)
    if not footage.parts:
        raise NotMade(NO_FOOTAGE)
    originals = {one.name: folder / one.name for one in footage.parts}
    taken_bytes = sum(path.stat().st_size for path in originals.values())
    if means.shelf.left_bytes() < 2 * taken_bytes:  # the copies, and the zip
        raise NotMade(NO_ROOM)
    try:
        facts = facts_of(package, means.recorder, at)
    except Camera.DoesNotExist as error:
        raise NotMade(NO_CAMERA) from error
    viewing = _copies(package, footage, originals, means.copier)
    if means.credentials:
        _put_credentials(facts, viewing, folder, means.station(facts.made_at))
    kept = originals if package.kind == What.FULL else {}
    films = kept | {one.name: folder / one.name for one in viewing}
    return _packed(package, facts, footage, viewing, films, means)


def _copies(package: Package, footage: Footage, originals: dict[str, Path], copier: ViewingCopier) -> tuple[ViewingFacts, ...]:
    """One for each part, with the masks in force and what was blurred; all of them, or none."""
    tracks: tuple[BlurTrack, ...] = tracks_of(package.blur, package.blur_revision) if package.blur else ()
    blur = f"{package.blur} {package.blur_revision}" if package.blur else ""
    blur_sha256 = digest_of(package.blur, package.blur_revision) if package.blur else ""
    version = masks_of(Camera.objects.get(key=package.camera))
    try:
        masks = drawn_of(version)
    except PolygonError as error:
        raise NotMade(NO_MASKS) from error
    mark = f"{MARK} {package.sign}"
    made = []
    for part in footage.parts:
        source = originals[part.name]
        target = source.with_name(part.name.replace("original", "viewing"))
        answer = copier.copy(source, target, ViewingOrder(part.start, masks, tracks, mark))
        if answer.trouble is not None:
            raise NotMade(TROUBLES[answer.trouble])
        number = version.number if version is not None and masks else 0
        made.append(ViewingFacts(target.name, part.name, part.start, hash_of(source), number, blur, blur_sha256, mark))
    return tuple(made)


def _put_credentials(facts: Facts, viewing: tuple[ViewingFacts, ...], folder: Path, station: StationKey) -> None:
    for one in viewing:
        said = Credential(facts.number, one.name, facts.software, one.original_sha256, one.mark)
        put_credential(folder / one.name, folder / f"{one.name}.said", said, station, facts.made_at)
        (folder / f"{one.name}.said").replace(folder / one.name)


def _packed(
    package: Package, facts: Facts, footage: Footage, viewing: tuple[ViewingFacts, ...], films: dict[str, Path], means: Means
) -> Made:
    station = means.station(facts.made_at)
    hashed = [paper.Hashed(name, hash_of(path), path.stat().st_size) for name, path in films.items()]
    extract = extracts.read(package.extract)
    files: dict[str, Path | bytes] = {
        **films,
        "DOC-TRUOC.md": paper.word_to_reader(facts, station.fingerprint),
        "bien-ban.pdf": paper.blank_record(facts, hashed, footage.gaps),
        "kiem-tra.html": means.verifier(),
    }
    return make(facts, footage, viewing, files, extract, station, means.shelf.making(package.key) / package.file_name)


def hash_of(path: Path) -> str:
    """SHA-256, read from the disk. Errors: OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ready(package: Package, made: Made, shelf: Shelf, at: datetime) -> None:
    with transaction.atomic():
        found = Package.objects.select_for_update().get(pk=package.pk)
        if found.state != PackageState.MAKING:  # destroyed meanwhile
            return
        shelf.put(package.key, made.path)
        found.state, found.made, found.why = PackageState.READY, at, ""
        found.size_bytes, found.manifest_sha256 = made.size_bytes, made.manifest_sha256
        found.save(update_fields=["state", "made", "why", "size_bytes", "manifest_sha256"])
        write_step(found, None, PackageCode.MADE, at, sha256=made.manifest_sha256, size_bytes=made.size_bytes)


def _failed(package: Package, why: str, at: datetime) -> None:
    with transaction.atomic():
        if Package.objects.filter(pk=package.pk, state=PackageState.MAKING).update(state=PackageState.FAILED, why=why[:300]):
            write_step(package, None, PackageCode.FAILED, at, note=why[:400])


def sweep(shelf: Shelf) -> int:
    """Files of packages that are destroyed go. How many went. Errors: OSError, django.db.Error. A file that no row names stays: a
    database that was put back from a backup knows less than the disk."""
    gone = 0
    for key in Package.objects.filter(state=PackageState.DESTROYED).values_list("key", flat=True):
        if shelf.kept(key).exists():
            shelf.destroy(key)
            gone += 1
    return gone
