"""Time stamps from a server over HTTP (RFC 3161 §3.4): only a hash leaves, what comes back is checked against what was asked."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass

from rfc3161_client import PKIStatus, TimestampRequestBuilder, TimeStampResponse, decode_timestamp_response
from rfc3161_client.base import HashAlgorithm

from luytre.civic.evidence.package.der_order import in_order
from luytre.civic.ports import StampRefused

TIMEOUT_S = 15.0
LARGEST_BYTES = 256 * 1024
_SHA_256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True)
class StampServer:
    """Fills `civic.ports.TimeStamper`."""

    url: str
    timeout_s: float = TIMEOUT_S

    def stamp(self, data: bytes) -> bytes:
        query = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True)
        asked = query.cert_request(cert_request=True).build()
        body = in_order(self._sent(asked.as_bytes()))
        try:
            answer = decode_timestamp_response(body)
        except ValueError as error:
            raise StampRefused(f"not understood: {error}") from error
        _check(answer, hashlib.sha256(data).digest(), asked.nonce)
        return body

    def _sent(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self.url, query, headers)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as response:
                return bytes(response.read(LARGEST_BYTES))
        except (OSError, urllib.error.URLError, http.client.HTTPException, ValueError) as error:
            raise StampRefused(str(error)) from error


def _check(answer: TimeStampResponse, digest: bytes, nonce: int | None) -> None:
    if answer.status not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
        raise StampRefused(f"refused: {answer.status} {' '.join(answer.status_string)}")
    info = answer.tst_info
    imprint = info.message_imprint
    if (
        imprint.hash_algorithm.dotted_string != _SHA_256
        or imprint.message != digest
        or (nonce is not None and info.nonce != nonce)
    ):
        raise StampRefused("a stamp of something else")
