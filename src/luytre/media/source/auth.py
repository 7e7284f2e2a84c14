"""Who we are to the camera: Basic (RFC 7617) and Digest with MD5 or SHA-256 (RFC 7616, RFC 2069 without qop)."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

_SCHEME = re.compile(r"(?:^|,)\s*(Basic|Digest)\s+", re.IGNORECASE)
_PARAM = re.compile(r'(?<![a-zA-Z0-9_-])([a-zA-Z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
MAX_HEADERS, MAX_HEADER_CHARS = 8, 4096
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Challenge:
    scheme: str
    realm: str
    nonce: str = ""
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str = ""
    stale: bool = False


def _mask_quotes(text: str) -> str:
    """The text with quoted strings blanked, so that a scheme's name inside a realm is not taken for a challenge."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', lambda m: '"' + "_" * (len(m[0]) - 2) + '"', text)


def parse_challenges(headers: Sequence[str]) -> list[Challenge]:
    """All challenges of all WWW-Authenticate headers; several may share one header."""
    found = []
    for header in [header[:MAX_HEADER_CHARS] for header in headers[:MAX_HEADERS]]:
        starts = list(_SCHEME.finditer(_mask_quotes(header)))
        for index, start in enumerate(starts):
            end = starts[index + 1].start() if index + 1 < len(starts) else len(header)
            found.append(_challenge(start[1].capitalize(), header[start.end() : end]))
    return found


def _challenge(scheme: str, text: str) -> Challenge:
    params = {m[1].lower(): re.sub(r"\\(.)", r"\1", m[2]) if m[2] is not None else m[3] for m in _PARAM.finditer(text)}
    return Challenge(
        scheme,
        params.get("realm", ""),
        params.get("nonce", ""),
        params.get("algorithm", "MD5").upper(),
        params.get("qop", ""),
        params.get("opaque", ""),
        params.get("stale", "").lower() == "true",
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _strength(challenge: Challenge) -> int:
    if challenge.scheme == "Basic":
        return 1
    return {"MD5": 2, "SHA-256": 3}.get(challenge.algorithm.removesuffix("-SESS"), 0)


@dataclass(slots=True)
class Authenticator:
    """Answers the strongest challenge understood. Holds the password; its repr does not show it."""

    user: str
    password: str = field(repr=False)
    _challenge: Challenge | None = None
    _count: int = 0

    @property
    def can_answer(self) -> bool:
        return bool(self.user or self.password)

    def challenged(self, headers: Sequence[str]) -> Challenge | None:
        """Takes in a 401; returns the challenge that will be answered, or None when none is understood."""
        known = [challenge for challenge in parse_challenges(headers) if _strength(challenge)]
        self._challenge = max(known, key=_strength, default=None)
        self._count = 0
        return self._challenge

    def header(self, method: str, url: str) -> list[tuple[str, str]]:
        if self._challenge is None:
            return []
        if self._challenge.scheme == "Basic":
            raw = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            return [("Authorization", f"Basic {raw}")]
        return [("Authorization", self._digest(self._challenge, method, url))]

    def _digest(self, asked: Challenge, method: str, url: str) -> str:
        make = _HASHES[asked.algorithm.removesuffix("-SESS")]

        def h(text: str) -> str:
            return make(text.encode()).hexdigest()

        self._count += 1
        cnonce, count = secrets.token_hex(8), f"{self._count:08x}"
        ha1 = h(f"{self.user}:{asked.realm}:{self.password}")
        if asked.algorithm.endswith("-SESS"):
            ha1 = h(f"{ha1}:{asked.nonce}:{cnonce}")
        ha2 = h(f"{method}:{url}")
        fields = [
            f"username={_quoted(self.user)}",
            f"realm={_quoted(asked.realm)}",
            f"nonce={_quoted(asked.nonce)}",
            f'uri="{url}"',
        ]
        if "auth" in [part.strip() for part in asked.qop.lower().split(",")]:
            fields += [
                f'response="{h(f"{ha1}:{asked.nonce}:{count}:{cnonce}:auth:{ha2}")}"',
                "qop=auth",
                f"nc={count}",
                f'cnonce="{cnonce}"',
            ]
        else:
            fields.append(f'response="{h(f"{ha1}:{asked.nonce}:{ha2}")}"')
            if asked.algorithm.endswith("-SESS"):
                fields.append(f'cnonce="{cnonce}"')
        if asked.algorithm != "MD5":
            fields.append(f"algorithm={asked.algorithm}")
        if asked.opaque:
            fields.append(f"opaque={_quoted(asked.opaque)}")
        return "Digest " + ", ".join(fields)
