"""Checks a package: every byte of it, read once, and names each file that is not as it was signed. Needs no network.

The offline page (`web-ui/src/verify`) does the same by the same codes; one table of damaged packages is run against both.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from luytre.base.i18n import N_, _
from luytre.civic.evidence.package import extract as log_extract
from luytre.civic.evidence.package import manifest as manifests
from luytre.civic.evidence.package import stamping, zips
from luytre.civic.evidence.package.keys import (
    LONGEST_CERTIFICATE_BYTES,
    fingerprint,
    is_signed,
    parse_certificate,
    signs_itself,
)
from luytre.civic.evidence.package.making import not_a_package
from luytre.civic.evidence.package.manifest import FileFacts, Manifest
from luytre.civic.evidence.package.showing import told
from luytre.civic.evidence.package.values import Code, Finding, PartFacts, Report, in_order

_CHUNK_BYTES = 1 << 20
_SMALL = {
    manifests.MANIFEST: manifests.LONGEST_BYTES,
    manifests.SIGNATURE: 64,
    manifests.CERTIFICATE: LONGEST_CERTIFICATE_BYTES,
    manifests.TIME_STAMP: stamping.LONGEST_BYTES,
    manifests.LOG: log_extract.LONGEST_BYTES,
}
"""The files that are read as a whole, and how long they may be."""

CHECKSUM = N_("some of its bytes were changed")
CHANGED = N_("it was changed: its SHA-256 is not the one that was signed")
SIZE = N_("it has another size than the one that was signed")
TOO_LONG = N_("it is longer than such a file can be")
MISSING = N_("it is not in the package")
EXTRA = N_("it does not belong to the package: the manifest does not name it")
NAME = N_("a package has no file of this name")
DOUBLED = N_("there are two files of this name")
MANIFEST = N_("the manifest cannot be read")
SIGNATURE = N_("the signature is not right: the manifest, its signature or the certificate was changed")
CERTIFICATE = N_("the certificate cannot be read")
NOT_BY_ITSELF = N_("the certificate was changed: it is not signed by its own key")
OTHER_CERTIFICATE = N_("it is not the certificate that the manifest names")
NOT_ASKED_FOR = N_("it is not the certificate that you know to be the commune's: the package was signed by somebody else")
VALIDITY = N_("the package was made at a time at which the certificate was not valid")
EXPIRED = N_("the certificate has ended since; a package that was made before stays genuine")
SEGMENT = N_("recording {number} is not what was written down when it was recorded")
SEGMENT_OPEN = N_("its last recording was still being written: it has no hash from then")
LINK = N_("it is not a copy of the original that stands beside it")
STAMP = N_("the time stamp cannot be read")
STAMP_OTHER = N_("the time stamp is about something else")
STAMP_UNTRUSTED = N_("the time stamp was not made by one of the authorities that you trust")
STAMP_UNCHECKED = N_("the time stamp is of this package; whether its maker is to be trusted was not checked")
NO_STAMP = N_("there is no time stamp by an outside authority")


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader knows by other ways than the package."""

    fingerprints: frozenset[str] = frozenset()
    """Of certificates that are the commune's; empty: the reader compares for himself."""
    tsa_roots: tuple[x509.Certificate, ...] = ()


@dataclass(slots=True)
class _Range:
    """A stretch of a file with a hash of its own."""

    start_bytes: int
    end_bytes: int
    expected: str
    fault: tuple[Code, str]
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def feed(self, at_bytes: int, chunk: bytes) -> None:
        low, high = max(self.start_bytes - at_bytes, 0), min(self.end_bytes - at_bytes, len(chunk))
        if low < high:
            self.digest.update(memoryview(chunk)[low:high])


@dataclass(frozen=True, slots=True)
class _Read:
    """What one pass over an entry gave."""

    sha256: str
    is_sound: bool
    """The zip's own check sum is right."""
    ranges: tuple[_Range, ...]
    content: bytes = b""


def verify(path: Path, trust: Trust = Trust(), now: datetime | None = None) -> Report:
    """Errors: UsageError where it is no package at all (not even a damaged one), OSError."""
    with path.open("rb") as file:
        try:
            contents = zips.read_contents(file, os.fstat(file.fileno()).st_size)
        except zips.NotAPackage as error:
            raise not_a_package(path) from error
        return _Check(file, contents, trust, now or datetime.now(UTC)).report()


class _Check:
    def __init__(self, file: BinaryIO, contents: zips.Contents, trust: Trust, now: datetime) -> None:
        self._file, self._contents, self._trust, self._now = file, contents, trust, now
        self._entries: Mapping[str, zips.Entry] = {entry.name: entry for entry in contents.entries}
        self._certificate: x509.Certificate | None = None
        self._stamp: stamping.Stamp | None = None

    def report(self) -> Report:
        findings = [Finding(name, Code.ZIP, _(words)) for name, words in self._contents.faults]
        findings += self._names()
        small = {name: self._read(self._entries[name]) for name in _SMALL if name in self._entries and not self._too_long(name)}
        findings += [Finding(name, Code.SIZE, _(TOO_LONG)) for name in _SMALL if self._too_long(name)]
        findings += [_changed(name, CHECKSUM) for name, read in small.items() if not read.is_sound]
        content = {name: read.content for name, read in small.items()}
        manifest, faults = _manifest(content)
        findings += faults + list(self._signing(content, manifest))
        findings += self._stamping(content)
        if manifest:
            findings += self._files(manifest)
            findings += _log(content.get(manifests.LOG), manifest)
            findings += _links(manifest)
        return Report(
            manifest.facts.kind if manifest else None, in_order(findings), told(manifest) if manifest else (),
            fingerprint(self._certificate) if self._certificate else "", self._stamp.at if self._stamp else None,
        )  # fmt: skip

    def _too_long(self, name: str) -> bool:
        return name in _SMALL and name in self._entries and self._entries[name].size_bytes > _SMALL[name]

    def _names(self) -> Iterator[Finding]:
        names = [entry.name for entry in self._contents.entries]
        for name in dict.fromkeys(names):
            if not manifests.is_name(name):
                yield Finding(name, Code.NAME, _(NAME))
            elif names.count(name) > 1:
                yield Finding(name, Code.NAME, _(DOUBLED))
        for name in manifests.FRAME[:3]:
            if name not in self._entries:
                yield Finding(name, Code.MISSING, _(MISSING))

    def _read(self, entry: zips.Entry, ranges: tuple[_Range, ...] = ()) -> _Read:
        """One pass. Content is kept of small files alone."""
        keeps = entry.name in _SMALL
        kept, digest, crc, at = [], hashlib.sha256(), 0, 0
        self._file.seek(entry.data_offset_bytes)
        while chunk := self._file.read(min(_CHUNK_BYTES, entry.size_bytes - at)):
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            for one in ranges:
                one.feed(at, chunk)
            at += len(chunk)
            if keeps:
                kept.append(chunk)
        return _Read(digest.hexdigest(), crc == entry.crc and at == entry.size_bytes, ranges, b"".join(kept))

    def _signing(self, content: Mapping[str, bytes], manifest: Manifest | None) -> Iterator[Finding]:
        pem = content.get(manifests.CERTIFICATE)
        if pem is None:
            return
        try:
            certificate = self._certificate = parse_certificate(pem)
        except ValueError:
            yield Finding(manifests.CERTIFICATE, Code.CERTIFICATE, _(CERTIFICATE))
            return
        yield from self._certified(certificate, manifest)
        signature, signed = content.get(manifests.SIGNATURE), content.get(manifests.MANIFEST)
        if signature is not None and signed is not None and not is_signed(certificate, signature, signed):
            yield Finding(manifests.SIGNATURE, Code.SIGNATURE, _(SIGNATURE))

    def _certified(self, certificate: x509.Certificate, manifest: Manifest | None) -> Iterator[Finding]:
        name, found = manifests.CERTIFICATE, fingerprint(certificate)
        if not signs_itself(certificate):
            yield Finding(name, Code.CERTIFICATE, _(NOT_BY_ITSELF))
        if self._trust.fingerprints and found not in self._trust.fingerprints:
            yield Finding(name, Code.CERTIFICATE, _(NOT_ASKED_FOR))
        if self._now > certificate.not_valid_after_utc:
            yield Finding(name, Code.EXPIRED, _(EXPIRED))
        if manifest is None:
            return
        if found != manifest.certificate_sha256:
            yield Finding(name, Code.CERTIFICATE, _(OTHER_CERTIFICATE))
        if not certificate.not_valid_before_utc <= manifest.facts.made_at <= certificate.not_valid_after_utc:
            yield Finding(name, Code.VALIDITY, _(VALIDITY))

    def _stamping(self, content: Mapping[str, bytes]) -> Iterator[Finding]:
        name, response = manifests.TIME_STAMP, content.get(manifests.TIME_STAMP)
        if response is None:
            if name not in self._entries:
                yield Finding("", Code.NO_TIME_STAMP, _(NO_STAMP))
            return
        try:
            stamp = stamping.read_stamp(response, content.get(manifests.SIGNATURE, b""), self._trust.tsa_roots)
        except ValueError:
            yield Finding(name, Code.TIME_STAMP, _(STAMP))
            return
        if not stamp.is_of_this:
            yield Finding(name, Code.TIME_STAMP, _(STAMP_OTHER))
            return
        self._stamp = stamp
        if stamp.is_trusted is None:
            yield Finding(name, Code.TIME_STAMP_UNCHECKED, _(STAMP_UNCHECKED))
        elif not stamp.is_trusted:
            yield Finding(name, Code.TIME_STAMP, _(STAMP_UNTRUSTED))

    def _files(self, manifest: Manifest) -> Iterator[Finding]:
        """Every file that the manifest names, and that there is no other."""
        named = {one.name: one for one in manifest.files}
        parts = {part.name: part for part in manifest.footage.parts}
        for name in self._entries:
            if name not in named and name not in manifests.FRAME:
                yield Finding(name, Code.EXTRA, _(EXTRA))
        for name, facts in named.items():
            entry = self._entries.get(name)
            if entry is None:
                yield Finding(name, Code.MISSING, _(MISSING))
            elif entry.size_bytes != facts.size_bytes:
                yield Finding(name, Code.SIZE, _(SIZE))
            elif not self._too_long(name):
                yield from self._file_faults(entry, facts, parts.get(name))

    def _file_faults(self, entry: zips.Entry, facts: FileFacts, part: PartFacts | None) -> Iterator[Finding]:
        read = self._read(entry, tuple(_ranges(facts, part)))
        is_changed = read.sha256 != facts.sha256
        if not read.is_sound or is_changed:
            yield _changed(entry.name, CHANGED if read.is_sound else CHECKSUM)
        for one in read.ranges:
            code, words = one.fault
            if one.digest.hexdigest() != one.expected and not (is_changed and code is Code.CHANGED):
                yield Finding(entry.name, code, words)
        if part and any(one.sha256 is None for one in part.segments):
            yield Finding(entry.name, Code.SEGMENT_OPEN, _(SEGMENT_OPEN))


def _changed(name: str, words: str) -> Finding:
    return Finding(name, Code.CHANGED, _(words))


def _ranges(facts: FileFacts, part: PartFacts | None) -> Iterator[_Range]:
    """What of an original has a hash of its own: what the recorder gave, and each whole segment of the archive."""
    if part is None:
        return
    yield _Range(0, facts.recorded_bytes, facts.recorded_sha256, (Code.CHANGED, _(CHANGED)))
    at = part.media_offset_bytes
    for one in part.segments:
        if one.whole and one.sha256 is not None:
            fault = (Code.SEGMENT, _(SEGMENT).format(number=one.id))
            found = _Range(at, at + one.media_bytes, one.sha256, fault)
            try:
                head = b64decode(one.head_b64, validate=True)
            except ValueError:
                head = b""
            found.digest.update(head)
            yield found
        at += one.media_bytes


def _manifest(content: Mapping[str, bytes]) -> tuple[Manifest | None, list[Finding]]:
    data = content.get(manifests.MANIFEST)
    if data is None:
        return None, []
    try:
        return manifests.decode(data), []
    except ValueError:
        return None, [Finding(manifests.MANIFEST, Code.MANIFEST, _(MANIFEST))]


def _log(data: bytes | None, manifest: Manifest) -> Iterator[Finding]:
    if data is None:  # missing or too long: said already
        return
    try:
        extract = log_extract.decode(data)
    except ValueError:
        yield Finding(manifests.LOG, Code.LOG, _(log_extract.UNREADABLE))
        return
    for words, row in log_extract.faults(extract, manifest.log):
        yield Finding(manifests.LOG, Code.LOG, _(words).format(row=row))


def _links(manifest: Manifest) -> Iterator[Finding]:
    recorded = {one.name: one.recorded_sha256 for one in manifest.files if manifests.is_original(one.name)}
    for one in manifest.viewing:
        if recorded.get(one.of, one.original_sha256) != one.original_sha256:
            yield Finding(one.name, Code.LINK, _(LINK))
