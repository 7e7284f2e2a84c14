"""The station's key: Ed25519 with a certificate of its own (X.509, ten years), kept in `secrets/evidence/`.

`station.pem` holds both: the certificate as it is, the key as PKCS#8 encrypted with a passphrase that follows from the node
key. What that is worth: who gets hold of this one file without the rest of `secrets/` cannot sign. Who has all of `secrets/`
can. `known/` keeps every certificate there was, and of each change the old key's signature over the new certificate.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.secret_files import node_key, read_or_make

FOLDER = "evidence"
FILE = "station.pem"
KNOWN = "known"
YEARS = 10
SUCCESSION = b"luytre-station-key-1\n"
"""Stands before the new certificate's fingerprint (hex) in what the old key signs: it can be taken for nothing else."""
LONGEST_CERTIFICATE_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class StationKey:
    certificate: x509.Certificate
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, 64 hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def station_key(secrets_dir: Path, commune: str, now: datetime) -> StationKey:
    """The key that signs packages, made at the first use. Errors: OSError; UsageError where it cannot be opened."""
    path = secrets_dir / FOLDER / FILE
    secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = read_or_make(path, lambda: _written(_new(commune, now), secrets_dir))
    key = _opened(text, secrets_dir, path)
    _keep(secrets_dir / FOLDER / KNOWN / f"{key.fingerprint}.pem", key.pem)
    return key


def rotate(secrets_dir: Path, commune: str, now: datetime) -> StationKey:
    """A new key in place of the present one, whose last work is to sign the new certificate. Errors: as `station_key`."""
    old = station_key(secrets_dir, commune, now)
    new = _new(commune, now)
    known = secrets_dir / FOLDER / KNOWN
    _keep(known / f"{new.fingerprint}.pem", new.pem)
    link = Link(old.fingerprint, new.fingerprint, old.sign(_handed_on(new.fingerprint)))
    _keep(known / f"{new.fingerprint}.json", _link_file(link))
    put_in_use(secrets_dir, new)
    return new


def put_in_use(secrets_dir: Path, key: StationKey) -> None:
    """From here on this key signs; what stood in its place is gone from there. Errors: OSError."""
    _replace(secrets_dir / FOLDER / FILE, (_written(key, secrets_dir) + "\n").encode(), 0o600)


def present_key(secrets_dir: Path) -> StationKey | None:
    """The key in use, or none where none was made yet. Errors: OSError; UsageError where it cannot be opened."""
    path = secrets_dir / FOLDER / FILE
    try:
        text = path.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    return _opened(text, secrets_dir, path)


def _link_file(link: Link) -> bytes:
    said = {"old": link.old, "new": link.new, "signature": link.signature.hex()}
    return (json.dumps(said, indent=1) + "\n").encode()


def known_certificates(secrets_dir: Path) -> tuple[x509.Certificate, ...]:
    """All there ever were, the oldest first."""
    found = [parse_certificate(path.read_bytes()) for path in sorted((secrets_dir / FOLDER / KNOWN).glob("*.pem"))]
    return tuple(sorted(found, key=lambda one: one.not_valid_before_utc))


def succession(secrets_dir: Path) -> str:
    """What an outsider follows from an old certificate to a newer one, as a file's text: certificates and links."""
    known = secrets_dir / FOLDER / KNOWN
    links = [json.loads(path.read_text("ascii")) for path in sorted(known.glob("*.json"))]
    pems = [one.public_bytes(serialization.Encoding.PEM).decode("ascii") for one in known_certificates(secrets_dir)]
    return json.dumps({"format": "luytre-station-keys-1", "certificates": pems, "links": links}, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Link:
    """The old key's word for a new certificate; fingerprints, and the signature over `SUCCESSION` and the new one."""

    old: str
    new: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Succession:
    certificates: tuple[x509.Certificate, ...]
    links: tuple[Link, ...]


def read_succession(text: str) -> Succession:
    """What `succession` wrote; no signature is checked here. Errors: UsageError for another file."""
    try:
        said = json.loads(text)
        if said["format"] != "luytre-station-keys-1":
            raise ValueError(said["format"])
        certificates = tuple(parse_certificate(pem.encode()) for pem in said["certificates"])
        links = tuple(Link(str(link["old"]), str(link["new"]), bytes.fromhex(link["signature"])) for link in said["links"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = N_("Choose a file that `luytre evidence key list --succession` wrote.")
        raise UsageError(N_("this is no list of a station's keys"), hint=hint) from error
    return Succession(certificates, links)


def successors(trusted: x509.Certificate, text: str) -> frozenset[str]:
    """Fingerprints of the certificate and of all that follow from it by signed links. Errors: UsageError for another file."""
    said = read_succession(text)
    certificates = {fingerprint(one): one for one in (*said.certificates, trusted)}
    found, before = {fingerprint(trusted)}, 0
    while len(found) != before:
        before = len(found)
        found |= {link.new for link in said.links if link.old in found and _is_by(certificates.get(link.old), link)}
    return frozenset(found)


def keep_known(secrets_dir: Path, said: Succession) -> None:
    """Adds to `known/` what is not there. The caller has made sure of whose it is. Errors: OSError."""
    known = secrets_dir / FOLDER / KNOWN
    for one in said.certificates:
        _keep(known / f"{fingerprint(one)}.pem", one.public_bytes(serialization.Encoding.PEM))
    for link in said.links:
        _keep(known / f"{link.new}.json", _link_file(link))


def _is_by(certificate: x509.Certificate | None, link: Link) -> bool:
    return certificate is not None and is_signed(certificate, link.signature, _handed_on(link.new))


def is_signed(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    key = certificate.public_key()
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def parse_certificate(pem: bytes) -> x509.Certificate:
    """A certificate as this program writes it: one, Ed25519, nothing else in the file. Errors: ValueError."""
    if len(pem) > LONGEST_CERTIFICATE_BYTES:
        raise ValueError("too long for a certificate")
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        if not isinstance(certificate.public_key(), Ed25519PublicKey):
            raise ValueError("not a key of Ed25519")
    except (UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise ValueError(str(error)) from error
    if certificate.public_bytes(serialization.Encoding.PEM) != pem:
        raise ValueError("not written as it was")
    return certificate


def signs_itself(certificate: x509.Certificate) -> bool:
    same = certificate.issuer == certificate.subject
    return same and is_signed(certificate, certificate.signature, certificate.tbs_certificate_bytes)


def _handed_on(new: str) -> bytes:
    return SUCCESSION + new.encode("ascii")


def _new(commune: str, now: datetime) -> StationKey:
    private = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, commune.strip()[:64] or "Lũy Tre")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # so that a clock that was a little ahead makes no package too early
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
    )
    return StationKey(builder.sign(private, None), private)


def _passphrase(secrets_dir: Path) -> bytes:
    return hmac.digest(bytes.fromhex(node_key(secrets_dir)), b"luytre evidence station key", hashlib.sha256).hex().encode()


def _written(key: StationKey, secrets_dir: Path) -> str:
    return locked(key, _passphrase(secrets_dir)).strip()


def locked(key: StationKey, passphrase: bytes) -> str:
    """Certificate and encrypted key, PEM, one after the other."""
    form, cipher = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase)
    return (key.pem + key.private.private_bytes(serialization.Encoding.PEM, form, cipher)).decode("ascii")


def unlocked(text: str, passphrase: bytes) -> StationKey:
    """What `locked` wrote. Errors: ValueError for anything else, and for another passphrase."""
    certificate, mark, rest = text.partition("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    try:
        private = serialization.load_pem_private_key((mark + rest).encode(), passphrase)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    found = parse_certificate(certificate.encode())
    if not isinstance(private, Ed25519PrivateKey) or private.public_key() != found.public_key():
        raise ValueError("key and certificate are not each other's")
    return StationKey(found, private)


def _opened(text: str, secrets_dir: Path, path: Path) -> StationKey:
    try:
        return unlocked(text, _passphrase(secrets_dir))
    except ValueError as error:
        hint = N_(
            "This key opens only beside its node key: put back all of the folder secrets, or use `luytre evidence key restore`."
        )
        raise UsageError(N_("the key that signs evidence cannot be opened"), subject=str(path), hint=hint) from error


def _keep(path: Path, data: bytes) -> None:
    """Writes a public file once; what is there already stays."""
    if not path.exists():
        _replace(path, data, 0o644)


def _replace(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ends_of(certificates: Iterable[x509.Certificate]) -> tuple[tuple[str, datetime, datetime], ...]:
    """(fingerprint, valid from, valid until) of each, for lists."""
    return tuple((fingerprint(one), one.not_valid_before_utc, one.not_valid_after_utc) for one in certificates)
