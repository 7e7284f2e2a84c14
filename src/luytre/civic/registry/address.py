"""What people type as a camera's address, made into what is kept: no password in it, and a kind that is known."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from luytre.base.errors import PROBLEM_WORDS, Problem, UsageError
from luytre.base.redact import redact_url, split_credentials

NETWORK_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "rtp", "srt"})
_NEEDS_HOST = NETWORK_SCHEMES


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is complete but for user and password; `shown` is what may stand in a page or a column."""

    url: str
    username: str
    password: str

    @property
    def shown(self) -> str:
        return redact_url(self.url)

    @property
    def has_hidden_part(self) -> bool:
        return self.shown != self.url


def parse_address(typed: str, *, files_allowed: bool = False) -> Address:
    """Errors: UsageError with the words of `Problem.BAD_URL`. A bare `host/path` is taken as RTSP.

    `files_allowed` only where somebody with the machine's shell asks: over the web a file's address would read any file.
    """
    typed = "".join(typed.split())
    if typed.startswith("/") and files_allowed:
        typed = f"file://{typed}"
    if typed and "://" not in typed:
        typed = f"rtsp://{typed}"
    url, username, password = split_credentials(typed)
    allowed = NETWORK_SCHEMES | ({"file"} if files_allowed else frozenset())
    if not _is_sound(url, allowed):
        words = PROBLEM_WORDS[Problem.BAD_URL]
        raise UsageError(words.cause, hint=words.hint)
    return Address(url, username, password)


def _is_sound(url: str, allowed: frozenset[str]) -> bool:
    if any(ord(character) < 33 or character in '<>"`{}|\\^' for character in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme.lower() not in allowed:
        return False
    return bool(parts.path) if parts.scheme == "file" else bool(parts.hostname)


def kind_of(url: str) -> str:
    """`rtsp` for what our own client opens, `other` for the rest."""
    return "rtsp" if url.lower().startswith("rtsp://") else "other"
