"""The signature that an original carries within itself (ONVIF Export File Format Specification, “Signature”).

RSASSA-PSS with SHA-256, MGF1 with SHA-256, a salt of 20 bytes: what every player of that format knows, so no `sigC` is needed.
Each package has an RSA key of its own for its films, made for it and forgotten; the station's key issued its certificate, so who
trusts the station's certificate can follow it. What proves a package stays the station's own signature of its manifest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID

from luytre.civic.evidence.package.keys import StationKey

BITS, SALT_BYTES = 2048, 20
SIGNATURE_BYTES = BITS // 8
DAYS = 3650


@dataclass(frozen=True, slots=True)
class FilmSigner:
    certificate: bytes
    """DER."""
    private: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, sha256: bytes) -> bytes:
        """`SIGNATURE_BYTES` over the SHA-256 of the film in which they stand as zeros."""
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT_BYTES)
        return self.private.sign(sha256, pss, Prehashed(hashes.SHA256()))


def film_signer(station: StationKey, at: datetime) -> FilmSigner:
    """A new one, of a package that is made at `at`."""
    private = rsa.generate_private_key(65537, BITS)
    common = station.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{str(common)[:50]} phim")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(station.certificate.subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(station.private, None)
    )
    return FilmSigner(certificate.public_bytes(serialization.Encoding.DER), private)
