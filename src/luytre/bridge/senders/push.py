"""Web Push: RFC 8030 (the request), RFC 8291 (the letter, encrypted for one browser), RFC 8292 (VAPID: who asks)."""

from __future__ import annotations

import json
import os
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from luytre.base.secret_files import read_or_make
from luytre.bridge.senders.post import Answer, Forbidden, NoAnswer, NotReached, Post
from luytre.civic.dispatch.channels import End, Letter, Outcome, Why

KEY_FILE = "vapid.key"
MOST_BYTES = 3000
"""Of a letter before it is encrypted; push services take 4,096 bytes after it."""
RECORD = 4096
PROOF_S = 12 * 3600
"""How long one proof of who asks is good; RFC 8292 wants a day at most."""
_GONE, _BUSY = (404, 410), (408, 425, 429, 500, 502, 503)


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unbase64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def vapid_key(secrets_dir: Path) -> ec.EllipticCurvePrivateKey:
    """This machine's, made at first use. Errors: OSError."""

    def make() -> str:
        return f"{ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value:064x}"

    return ec.derive_private_key(int(read_or_make(secrets_dir / KEY_FILE, make), 16), ec.SECP256R1())


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """As a browser wants it for `applicationServerKey`."""
    return base64url(point_of(key.public_key()))


def encrypt(
    data: bytes, p256dh: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """One record of `aes128gcm` (RFC 8188) for this browser. `own` and `salt`: new for each letter, but in tests."""
    own, salt = own or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    mine = point_of(own.public_key())
    secret = _hkdf(auth, b"WebPush: info\0" + p256dh + mine, 32, own.exchange(ec.ECDH(), theirs))
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16, secret)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\0", 12, secret)
    sealed = AESGCM(key).encrypt(nonce, data + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine + sealed


def _hkdf(salt: bytes, info: bytes, length: int, secret: bytes) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass
class PushChannel:
    """`subject`: whom a push service may ask about us, an https or mailto address. `now`: seconds since the epoch."""

    key: ec.EllipticCurvePrivateKey
    subject: str
    post: Post = field(default_factory=Post)
    now: Callable[[], float] = time.time
    _proofs: dict[str, tuple[float, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, address: str, letter: Letter) -> Outcome:
        try:
            kept = json.loads(address)
            body = encrypt(_packed(letter), unbase64url(kept["p256dh"]), unbase64url(kept["auth"]))
            headers = {
                "TTL": str(letter.ttl_s), "Urgency": "high" if letter.urgent else "normal", "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream", "Authorization": self._proof(kept["endpoint"]),
            }  # fmt: skip
            return judged(self.post(kept["endpoint"], body, headers))
        except NotReached:
            return Outcome(End.LATER, Why.NO_ANSWER)
        except NoAnswer:
            return Outcome(End.UNKNOWN, Why.NO_ANSWER)
        except Forbidden:
            return Outcome(End.REFUSED, Why.ADDRESS)  # it stays: a name server that lies for an hour must not erase everybody
        except (ValueError, KeyError, TypeError):
            return Outcome(End.GONE, Why.ADDRESS)  # no push service: nothing will ever come of it

    def _proof(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        origin, now = f"{parts.scheme}://{parts.netloc}", self.now()
        with self._lock:
            until, text = self._proofs.get(origin, (0.0, ""))
            if until - now < PROOF_S / 2:
                until = now + PROOF_S
                claims = {"aud": origin, "exp": int(until), "sub": self.subject}
                text = f"vapid t={jwt.encode(claims, self.key, 'ES256')}, k={public_text(self.key)}"
                self._proofs = {name: one for name, one in self._proofs.items() if one[0] > now} | {origin: (until, text)}
        return text


def _packed(letter: Letter) -> bytes:
    """JSON for the service worker; words that are too long are cut at a letter, the page behind the link has them whole."""
    words = letter.words
    while True:
        told = {"title": letter.title, "body": words, "tag": letter.tag, "url": letter.link, "end": letter.end_link,
                "lang": letter.language, "urgent": letter.urgent}  # fmt: skip
        packed = json.dumps(told, ensure_ascii=False).encode()
        if len(packed) <= MOST_BYTES or not words:
            return packed
        words = words[: len(words) * 3 // 4 - 1].rstrip() + "…" if len(words) > 8 else ""


def judged(answer: Answer) -> Outcome:
    """What a push service's answer means (RFC 8030 §5 and 7.3). Ours being refused is our trouble, not the address's end."""
    if 200 <= answer.status < 300:
        return Outcome(End.SENT)
    if answer.status in _GONE:
        return Outcome(End.GONE, Why.ADDRESS)
    if answer.status in (401, 403):
        return Outcome(End.LATER, Why.LOGIN)
    if answer.status in _BUSY:
        return Outcome(End.LATER, Why.BUSY, answer.retry_after_s)
    if answer.status == 504:
        return Outcome(End.UNKNOWN, Why.NO_ANSWER)
    return Outcome(End.REFUSED, Why.LETTER if answer.status in (400, 413) else Why.STRANGE)
