"""`manifest.tsr`: what a time stamping authority (RFC 3161) answered about the bytes of `manifest.sig`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from luytre.civic.evidence.package.der_order import in_order

LONGEST_BYTES = 256 << 10
_HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}


@dataclass(frozen=True, slots=True)
class Stamp:
    at: datetime
    """As its maker says, UTC."""
    is_of_this: bool
    """It is about these bytes."""
    is_trusted: bool | None
    """Its signature is right and leads to one of the roots that were given; None: none was given, not checked."""


def read_stamp(response: bytes, stamped: bytes, roots: tuple[x509.Certificate, ...]) -> Stamp:
    """Errors: ValueError where the answer is none, or grants nothing."""
    if len(response) > LONGEST_BYTES:
        raise ValueError("too long for an answer")
    answer = decode_timestamp_response(in_order(response))
    if answer.status > 1:  # RFC 3161, 2.4.2: granted, or granted with changes
        raise ValueError("not granted")
    info = answer.tst_info
    name = _HASHES.get(info.message_imprint.hash_algorithm.dotted_string)
    is_of_this = name is not None and hashlib.new(name, stamped).digest() == info.message_imprint.message
    return Stamp(info.gen_time, is_of_this, _is_trusted(answer, stamped, roots) if roots else None)


def _is_trusted(answer: TimeStampResponse, stamped: bytes, roots: tuple[x509.Certificate, ...]) -> bool:
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        return builder.build().verify_message(answer, stamped)
    except (VerificationError, ValueError, UnsupportedAlgorithm):
        return False


def read_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Errors: ValueError for a file without certificates."""
    return tuple(x509.load_pem_x509_certificates(pem))
