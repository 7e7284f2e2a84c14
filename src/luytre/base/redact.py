"""Takes secrets out of text before anybody sees it: camera passwords in URLs, tokens, Authorization headers.

Invariant: no log line, error, page or file that leaves this program holds a camera's password or a token. Whoever
formats a URL for a human calls `redact_url`; every log processor ends in `redact`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

HIDDEN = "***"

_USERINFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,30}://)(?P<user>[^\s/:@]*):(?P<password>[^\s/]*)@", re.IGNORECASE)
_QUERY = re.compile(
    r"(?P<key>(?<![a-z0-9])(?:token|password|passwd|pwd|pass|secret|key|sig|signature|auth)=)(?P<value>[^&\s\"'<>]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?P<key>\b(?:authorization|cookie|set-cookie|www-authenticate)\s*[:=]\s*)(?P<value>[^\r\n]+)", re.IGNORECASE
)
_BEARER = re.compile(r"\b(?P<key>bearer\s+|basic\s+)(?P<value>[a-z0-9+/=._-]{8,})", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without secrets; idempotent."""
    text = _USERINFO.sub(lambda m: f"{m['scheme']}{m['user']}:{HIDDEN}@", text)
    text = _QUERY.sub(lambda m: m["key"] + HIDDEN, text)
    text = _HEADER.sub(lambda m: m["key"] + HIDDEN, text)
    return _BEARER.sub(lambda m: m["key"] + HIDDEN, text)


def redact_url(url: str) -> str:
    """A URL without its password and without values of query keys that look like secrets."""
    return redact(url)


def split_credentials(url: str) -> tuple[str, str, str]:
    """(URL without user and password, user, password), percent-decoded; empty strings where there are none.

    Cheap cameras take passwords with `@` and `/` typed raw: the last `@` before the path's end wins.
    """
    from urllib.parse import unquote

    match = re.match(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<rest>.*)\Z", url, re.IGNORECASE | re.DOTALL)
    if match is None or "@" not in match["rest"]:
        return url, "", ""
    userinfo, _, hostpath = match["rest"].rpartition("@")
    authority = match["rest"].split("/", 1)[0]
    if "@" not in authority and ":" not in userinfo:
        return url, "", ""  # an @ in the path alone is not a user
    user, _, password = userinfo.partition(":")
    return match["scheme"] + hostpath, unquote(user), unquote(password)


def without_query(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
