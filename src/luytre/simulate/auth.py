"""Access to a simulated camera: Basic (RFC 7617) and Digest with MD5 or SHA-256 (RFC 2617, RFC 7616), the server's side."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Literal

Scheme = Literal["basic", "md5", "sha256"]
_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


@dataclass(frozen=True, slots=True)
class Auth:
    """Who may come in, and which challenges are offered, in this order. `qop` adds `qop="auth"`."""

    user: str
    password: str
    schemes: tuple[Scheme, ...] = ("md5",)
    realm: str = "Camera"
    qop: bool = False


def quoted(text: str) -> str:
    """A quoted-string (RFC 7230 §3.2.6): backslash before quotes and backslashes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_pairs(text: str) -> dict[str, str]:
    """`key=value, key="va\\"lue"` as a dictionary with lower-case keys."""
    found = {}
    for key, in_quotes, bare in _PAIR.findall(text):
        found[key.lower()] = re.sub(r"\\(.)", r"\1", in_quotes) if in_quotes or not bare else bare
    return found


def digest_response(
    scheme: Scheme, user: str, realm: str, password: str, method: str, uri: str, nonce: str, more: str = ""
) -> str:
    """RFC 7616 §3.4.1; `more` is `nc:cnonce:qop` where qop is in use."""
    algorithm = hashlib.sha256 if scheme == "sha256" else hashlib.md5

    def hashed(text: str) -> str:
        return algorithm(text.encode(), usedforsecurity=False).hexdigest()

    middle = f"{nonce}:{more}" if more else nonce
    return hashed(f"{hashed(f'{user}:{realm}:{password}')}:{middle}:{hashed(f'{method}:{uri}')}")


class Gate:
    """One connection's nonces, and whether a request may pass.

    `nonce_uses`: how often one nonce is good; after that the request is refused with a new one and `stale=true`.
    """

    def __init__(self, auth: Auth, nonce_uses: int | None = None) -> None:
        self.auth, self._uses_left, self._uses = auth, nonce_uses, nonce_uses
        self.nonce = secrets.token_hex(16)
        self._old_nonces: set[str] = set()
        self.stale = False

    def challenges(self) -> list[str]:
        """The values of the WWW-Authenticate headers."""
        realm = quoted(self.auth.realm)
        lines = []
        for scheme in self.auth.schemes:
            if scheme == "basic":
                lines.append(f"Basic realm={realm}")
                continue
            line = f'Digest realm={realm}, nonce="{self.nonce}"'
            line += ', algorithm="SHA-256"' if scheme == "sha256" else ", algorithm=MD5" if self.auth.qop else ""
            line += ', qop="auth"' if self.auth.qop else ""
            lines.append(line + (', stale="true"' if self.stale else ""))
        return lines

    def passes(self, method: str, authorization: str) -> bool:
        """True when the header proves the password with a nonce that is good; else the next challenge is made ready."""
        self.stale = False
        kind, _, rest = authorization.partition(" ")
        if kind.lower() == "basic" and "basic" in self.auth.schemes:
            expected = base64.b64encode(f"{self.auth.user}:{self.auth.password}".encode()).decode()
            return hmac.compare_digest(rest.strip().encode(), expected.encode())
        return kind.lower() == "digest" and self._digest_passes(method, parse_pairs(rest))

    def _digest_passes(self, method: str, given: dict[str, str]) -> bool:
        scheme: Scheme = "sha256" if given.get("algorithm", "MD5").upper() == "SHA-256" else "md5"
        nonce = given.get("nonce", "")
        known = nonce == self.nonce or nonce in self._old_nonces
        if scheme not in self.auth.schemes or not known or not self._proves(scheme, method, given):
            return False
        if nonce != self.nonce or self._uses_left == 0:
            self._renew()
            self.stale = True
            return False
        if self._uses_left is not None:
            self._uses_left -= 1
        return True

    def _proves(self, scheme: Scheme, method: str, given: dict[str, str]) -> bool:
        more = f"{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}" if "qop" in given else ""
        if self.auth.qop and not more:
            return False
        expected = digest_response(
            scheme,
            self.auth.user,
            self.auth.realm,
            self.auth.password,
            method,
            given.get("uri", ""),
            given.get("nonce", ""),
            more,
        )
        same_user = given.get("username", "") == self.auth.user
        return same_user and hmac.compare_digest(given.get("response", "").encode(), expected.encode())

    def _renew(self) -> None:
        self._old_nonces.add(self.nonce)
        self.nonce = secrets.token_hex(16)
        self._uses_left = self._uses
