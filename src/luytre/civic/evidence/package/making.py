"""Writes a package: one pass over each file, hashed while it is copied; under its name only when it is whole and on the disk."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.evidence.package import extract as log_extract
from luytre.civic.evidence.package import manifest as manifests
from luytre.civic.evidence.package import zips
from luytre.civic.evidence.package.boxes import export_boxes
from luytre.civic.evidence.package.film_signing import SIGNATURE_BYTES, FilmSigner, film_signer
from luytre.civic.evidence.package.keys import StationKey, sync_folder
from luytre.civic.evidence.package.manifest import FileFacts, LogFacts, Manifest
from luytre.civic.evidence.package.stamping import read_stamp
from luytre.civic.evidence.package.values import Extract, Facts, Footage, Made, ViewingFacts

_CHUNK_BYTES = 1 << 20
_NOT_YET = "0" * 64


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to be packed, and what the package adds at its end: boxes whose last bytes are the place of a signature."""

    name: str
    content: Path | bytes
    added: bytes = b""
    signer: FilmSigner | None = None

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    @property
    def recorded_bytes(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    @property
    def size_bytes(self) -> int:
        return self.recorded_bytes + len(self.added)


@dataclass(frozen=True, slots=True)
class _Copied:
    facts: FileFacts
    crc: int


def make(
    facts: Facts, footage: Footage, viewing: tuple[ViewingFacts, ...], files: Mapping[str, Path | bytes], extract: Extract,
    station: StationKey, out: Path, *, zone: tzinfo = manifests.LOCAL,
) -> Made:  # fmt: skip
    """Packs `files` (README, originals, copies for watching, minutes, the page) with the extract, and signs.

    An original (`PartFacts.name`) is the file as `FootageTaker` wrote it. Errors: ValueError where the facts contradict each
    other or the extract proves nothing; UsageError where the certificate is not valid at `facts.made_at`, or `out` is there
    already; OSError. Nothing is left behind by a package that fails; `out` is on the disk when this returns.
    """
    certificate = station.certificate
    if not certificate.not_valid_before_utc <= facts.made_at <= certificate.not_valid_after_utc:
        hint = N_("Check this machine's clock; if it is right, make a new key: `luytre evidence key rotate`.")
        raise UsageError(N_("the certificate that signs evidence is not valid now"), hint=hint)
    signer = film_signer(station, facts.made_at)
    sources = _sources(files, extract, _added(files, facts, footage, signer), signer)
    log = LogFacts(extract.root_table, extract.root_seq, extract.root_digest, log_extract.public_key_of(extract))
    for words, row in log_extract.faults(extract, log):
        raise ValueError(words.format(row=row))
    expected = tuple(_expected(source) for source in sources)
    manifest = Manifest(manifests.FORMAT, facts, footage, viewing, expected, log, station.fingerprint)
    manifests.decode(manifests.encode(manifest, zone))  # what nobody could read afterwards is not made
    if out.exists():
        hint = N_("Choose another name; nothing is overwritten.")
        raise UsageError(N_("there is already a file of this name"), subject=str(out), hint=hint)
    with _draft(out) as file:
        signed = _Writing(file, zips.dos_moment(facts.made_at.astimezone(zone)), zone).write(manifest, sources, station)
    return Made(out, out.stat().st_size, hashlib.sha256(signed).hexdigest())


def _added(files: Mapping[str, Path | bytes], facts: Facts, footage: Footage, signer: FilmSigner) -> dict[str, bytes]:
    """What is put at the end of each original."""
    found = {}
    for part in footage.parts:
        if part.name in files:
            with _Source(part.name, files[part.name]).open() as film:
                found[part.name] = export_boxes(film, facts, part, signer.certificate)
    return found


def _sources(
    files: Mapping[str, Path | bytes], extract: Extract, added: Mapping[str, bytes], signer: FilmSigner
) -> tuple[_Source, ...]:
    """In the order in which they stand: what people read first, then films, then papers."""
    if manifests.LOG in files:
        raise ValueError("the extract is written from its rows")
    sources = [
        _Source(name, content, boxes, signer if boxes else None)
        for name, content in files.items()
        for boxes in [added.get(name, b"")]
    ]
    sources.append(_Source(manifests.LOG, log_extract.encode(extract)))
    return tuple(sorted(sources, key=_place))


def _place(source: _Source) -> tuple[int, int, str]:
    name = source.name
    ranks = {manifests.README: 0, manifests.MINUTES: 3, manifests.LOG: 4, manifests.PAGE: 5}
    rank = 1 if name.startswith("original") else 2 if name.startswith("viewing") else ranks.get(name, 6)
    return rank, len(name), name


def _expected(source: _Source) -> FileFacts:
    """As long as the facts will be, so that the manifest's size is known before the files were read."""
    if not manifests.is_original(source.name):
        return FileFacts(source.name, source.size_bytes, _NOT_YET)
    return FileFacts(source.name, source.size_bytes, _NOT_YET, source.recorded_bytes, _NOT_YET)


class _Writing:
    """One package being written into a file that is empty."""

    def __init__(self, file: BinaryIO, moment: int, zone: tzinfo) -> None:
        self._file, self._moment, self._zone = file, moment, zone
        self._entries: list[zips.Entry] = []

    def write(self, manifest: Manifest, sources: tuple[_Source, ...], station: StationKey) -> bytes:
        """The bytes of manifest.json, as they stand in the package."""
        room = len(manifests.encode(manifest, self._zone))
        front = [source for source in sources if source.name == manifests.README]
        copied = {source.name: self._copy(source) for source in front}
        places = [self._reserve(manifests.MANIFEST, room), self._reserve(manifests.SIGNATURE, 64)]
        places.append(self._reserve(manifests.CERTIFICATE, len(station.pem)))
        copied |= {source.name: self._copy(source) for source in sources if source not in front}
        found = tuple(copied[one.name].facts for one in manifest.files)
        signed = manifests.encode(replace(manifest, files=found), self._zone)
        self._file.write(zips.directory(self._fill(places, (signed, station.sign(signed), station.pem)), self._file.tell()))
        return signed

    def _reserve(self, name: str, size_bytes: int) -> int:
        """Keeps the place of an entry whose bytes are not known yet; its number."""
        entry = zips.Entry(name, size_bytes, 0, self._file.tell(), self._moment)
        self._file.seek(entry.end_bytes)
        self._entries.append(entry)
        return len(self._entries) - 1

    def _fill(self, places: Iterable[int], contents: Iterable[bytes]) -> list[zips.Entry]:
        end = self._file.tell()
        for number, content in zip(places, contents, strict=True):
            entry = self._entries[number] = replace(self._entries[number], crc=zlib.crc32(content))
            if len(content) != entry.size_bytes:
                raise ValueError(f"{entry.name} is not as long as was said")
            self._file.seek(entry.offset_bytes)
            self._file.write(zips.local_header(entry) + content)
        self._file.seek(end)
        return self._entries

    def _copy(self, source: _Source) -> _Copied:
        expected = _expected(source)
        number = self._reserve(source.name, expected.size_bytes)
        start = self._entries[number]
        self._file.seek(start.data_offset_bytes)
        digest, crc, size = hashlib.sha256(), 0, 0
        with source.open() as content:
            while chunk := content.read(_CHUNK_BYTES):
                digest.update(chunk)
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                self._file.write(chunk)
        recorded, added = digest.hexdigest(), _signed(source, digest)
        digest.update(added)
        self._file.write(added)
        if size + len(added) != expected.size_bytes:
            raise ValueError(f"{source.name} changed while it was packed")
        entry = self._entries[number] = replace(start, crc=zlib.crc32(added, crc))
        self._file.seek(entry.offset_bytes)
        self._file.write(zips.local_header(entry))
        self._file.seek(entry.end_bytes)
        whole = digest.hexdigest()
        facts = replace(expected, sha256=whole, recorded_sha256=recorded if expected.recorded_sha256 else "")
        return _Copied(facts, entry.crc)


def _signed(source: _Source, content: hashlib._Hash) -> bytes:
    """What is added to a file, with its signature in its place. `content`: the hash of all that stands before, left as it is."""
    if source.signer is None:
        return source.added
    whole = content.copy()
    whole.update(source.added)
    return source.added[:-SIGNATURE_BYTES] + source.signer.sign(whole.digest())


@contextlib.contextmanager
def _draft(out: Path, takes_over: bool = False) -> Iterator[BinaryIO]:
    """A file beside `out` that becomes `out` at the end; nothing stays of it otherwise."""
    path = out.with_name(f".{out.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not takes_over and out.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(out))
        path.replace(out)
        sync_folder(out.parent)
    finally:
        path.unlink(missing_ok=True)


def stamped_bytes(package: Path) -> bytes:
    """The bytes of `manifest.sig`, over which a time stamp is asked for. Errors: UsageError for no package; OSError."""
    with package.open("rb") as file:
        entry = _entries(file, package)[manifests.SIGNATURE]
        file.seek(entry.data_offset_bytes)
        return file.read(64)


def add_time_stamp(package: Path, response: bytes) -> None:
    """Puts the answer of a time stamping authority (RFC 3161, DER) into a package, in place of an earlier one.

    Nothing else of it changes; it is replaced at once. Errors: ValueError where the answer is not about this package;
    UsageError for no package; OSError.
    """
    if not read_stamp(response, stamped_bytes(package), ()).is_of_this:
        raise ValueError("a time stamp of something else")
    with package.open("rb") as source, _draft(package, takes_over=True) as file:
        entries = list(_entries(source, package).values())
        moment = entries[0].moment
        kept = [entry for entry in entries if entry.name != manifests.TIME_STAMP]
        end = kept[-1].end_bytes
        source.seek(0)
        left = end
        while left and (chunk := source.read(min(left, _CHUNK_BYTES))):
            file.write(chunk)
            left -= len(chunk)
        entry = zips.Entry(manifests.TIME_STAMP, len(response), zlib.crc32(response), end, moment)
        file.write(zips.local_header(entry) + response + zips.directory([*kept, entry], entry.end_bytes))


def _entries(file: BinaryIO, package: Path) -> dict[str, zips.Entry]:
    """By name, in their order; of a package whose zip is whole."""
    try:
        contents = zips.read_contents(file, os.fstat(file.fileno()).st_size)
    except zips.NotAPackage as error:
        raise not_a_package(package) from error
    entries = {entry.name: entry for entry in contents.entries}
    if contents.faults or manifests.SIGNATURE not in entries or list(entries)[-1] in manifests.FRAME[:3]:
        raise not_a_package(package)
    return entries


def not_a_package(path: Path) -> UsageError:
    hint = N_("Choose the .zip file as it was handed over, whole and not packed anew.")
    return UsageError(N_("this is no evidence package"), subject=path.name, hint=hint)
