"""Content credentials (C2PA 2) in copies for watching: what such a copy says of itself once it has left its package.

An option: it needs `c2pa-python` (`luytre[c2pa]`). The original is never touched. C2PA takes no certificate that signs itself, so
each copy is signed by a key of its own, made for it and forgotten, whose certificate the station's key issued: who knows the
station's fingerprint can follow it (the issuer's public key is the station's); programs that do not say so: "not on my list".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.evidence.package.keys import StationKey

LABEL = "vn.luytre.viewing"
DAYS = 3650


@dataclass(frozen=True, slots=True)
class Credential:
    """What a copy says of itself. `original_sha256`: of the film that it is a copy of; `mark`: what stands in each picture."""

    package: str
    title: str
    software: str
    original_sha256: str
    mark: str


def is_there() -> bool:
    """Whether the library is installed."""
    try:
        import c2pa  # noqa: F401 to find out
    except ImportError:
        return False
    return True


def put_credential(source: Path, target: Path, said: Credential, station: StationKey, at: datetime) -> None:
    """`target`: the copy with its credential (an MP4 that plays as before). Errors: OSError; UsageError where none can be
    made."""
    if not is_there():
        hint = N_("Install luytre[c2pa], or leave LUYTRE_CONTENT_CREDENTIALS out.")
        raise UsageError(N_("content credentials need a library that is not installed"), subject="c2pa-python", hint=hint)
    import c2pa

    chain, key = _issued(station, at)
    info = c2pa.C2paSignerInfo(alg=c2pa.C2paSigningAlg.ED25519, sign_cert=chain, private_key=key, ta_url=None)
    try:
        with source.open("rb") as read, target.open("w+b") as write:
            c2pa.Builder(json.dumps(_manifest(said))).sign(c2pa.Signer.from_info(info), "video/mp4", read, write)
    except c2pa.C2paError as error:
        target.unlink(missing_ok=True)
        raise UsageError(N_("content credentials could not be put into the copy"), subject=str(error)) from error


def _manifest(said: Credential) -> dict[str, object]:
    name, _space, version = said.software.rpartition(" ")
    edited = {"action": "c2pa.edited", "description": said.mark}
    return {
        "claim_generator_info": [{"name": name, "version": version}],
        "title": said.title,
        "format": "video/mp4",
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [_created(), edited]}},
            {"label": LABEL, "data": {"package": said.package, "original_sha256": said.original_sha256, "mark": said.mark}},
        ],
    }


def _created() -> dict[str, str]:
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    return {"action": "c2pa.created", "digitalSourceType": source}


def _issued(station: StationKey, at: datetime) -> tuple[bytes, bytes]:
    """The chain (PEM: the copy's certificate, the station's as issuer) and the copy's private key (PEM)."""
    private = Ed25519PrivateKey.generate()
    common = station.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    root, name = _name(str(common), "C2PA"), _name(str(common), "bản xem")
    ours = station.private.public_key()
    issuer = (
        _begun(root, root, at)
        .public_key(ours)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ours), critical=False)
        .sign(station.private, None)
    )
    leaf = (
        _begun(name, root, at)
        .public_key(private.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(station.private, None)
    )
    pem = serialization.Encoding.PEM
    key = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf.public_bytes(pem) + issuer.public_bytes(pem), key


def _begun(subject: x509.Name, issuer: x509.Name, at: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=DAYS))
    )


def _name(commune: str, what: str) -> x509.Name:
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"{commune[:50]} {what}")
    return x509.Name([common, x509.NameAttribute(NameOID.ORGANIZATION_NAME, commune[:64])])
