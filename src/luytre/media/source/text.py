"""RTSP messages as text (RFC 2326 §4, §6, §7): what cameras send, not only what the RFC allows.

Accepted beyond the RFC: line ends of LF alone, header names in any case, folded lines, a missing CSeq, blanks around.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

MAX_HEAD_BYTES = 65_536
MAX_BODY_BYTES = 1 << 20
MAX_FOLDED = 4096
_STATUS = re.compile(rb"RTSP/(\d)\.(\d)\s+(\d{3})\s*(.*)\Z")
_METHOD = re.compile(rb"[A-Z_]{3,20}\Z")
_VERSION = re.compile(rb"RTSP/1\.\d\Z")
_STARTS = (
    b"RTSP/",
    b"OPTIONS",
    b"ANNOUNCE",
    b"REDIRECT",
    b"SET_PARAMETER",
    b"GET_PARAMETER",
    b"TEARDOWN",
    b"PAUSE",
    b"PLAY",
    b"DESCRIBE",
)


class TextError(ValueError):
    """The bytes are not an RTSP message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A response (`status` > 0) or a request that the camera sends to us (`method`)."""

    status: int
    reason: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)

    def get(self, name: str) -> str:
        """The first header of that name (lower case), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def cseq(self) -> int:
        return number(self.get("cseq"), -1)


def number(text: str, default: int) -> int:
    """A header's decimal number of at most nine digits. `str.isdigit` alone lets through what `int` refuses (`²`)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def may_start_text(head: bytes) -> bool:
    """Whether these first bytes (possibly few) can be the start of an RTSP message."""
    return any(head.startswith(start[: len(head)]) for start in _STARTS)


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("utf-8", "replace")
        if text[:1] in (" ", "\t") and pairs:
            if len(pairs[-1][1]) < MAX_FOLDED:
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon:
            pairs.append((name.strip().lower(), value.strip()))
    return tuple(pairs)


def _head_end(data: bytes) -> tuple[int, int]:
    """(end of the head, start of the body), or (-1, -1) while it is not all there."""
    ends = [(at, at + len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    return min(ends, default=(-1, -1))


def _first_line(line: bytes) -> tuple[int, str, str, str]:
    if status := _STATUS.match(line):
        return int(status[3]), status[4].decode("utf-8", "replace"), "", ""
    words = line.split()
    if len(words) > 2 and _METHOD.match(words[0]) and _VERSION.match(words[-1]):
        return 0, "", words[0].decode(), b" ".join(words[1:-1]).decode("utf-8", "replace")
    raise TextError(f"not an RTSP message: {line[:40]!r}")


def _unmeasured_body(data: bytes, body_at: int) -> int:
    """Length of a description whose Content-Length is missing or 0: to the next message, or all that is there; -1: wait."""
    following = data.find(b"RTSP/1.", body_at)
    body = data[body_at : following if following >= 0 else len(data)]
    return len(body) if b"m=" in body and body.endswith(b"\n") else -1


def parse_message(data: bytes, *, cut_short: bool = False) -> tuple[Message, int] | None:
    """The message at the start of `data` and its length in bytes; None while it is not whole. Raises TextError.

    `cut_short` takes a body that is shorter than announced as it is: for a camera that announced too much.
    """
    head_end, body_at = _head_end(data)
    if head_end < 0:
        if len(data) > MAX_HEAD_BYTES:
            raise TextError("a message head without an end")
        if b"\n" in data:
            _first_line(data.split(b"\n", 1)[0].rstrip(b"\r"))
        return None
    lines = [line.rstrip(b"\r") for line in data[:head_end].split(b"\n")]
    status, reason, method, url = _first_line(lines[0])
    headers = _headers(lines[1:])
    length_text = next((value for key, value in headers if key == "content-length"), "0")
    length = number(length_text, 0)
    if length > MAX_BODY_BYTES:
        raise TextError("a message body of impossible size")
    if length == 0 and any(key == "content-type" and "sdp" in value for key, value in headers):
        length = _unmeasured_body(data, body_at)
        if length < 0:
            return None
    if len(data) < body_at + length and not cut_short:
        return None
    length = min(length, len(data) - body_at)
    return Message(status, reason, method, url, headers, data[body_at : body_at + length]), body_at + length


def build_request(method: str, url: str, cseq: int, headers: list[tuple[str, str]]) -> bytes:
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {cseq}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def build_answer(cseq: str, status: int = 200, reason: str = "OK", session: str = "") -> bytes:
    lines = [f"RTSP/1.0 {status} {reason}", f"CSeq: {cseq}"] + ([f"Session: {session}"] if session else [])
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def escape_url(url: str) -> str:
    """Blanks and non-ASCII letters percent-encoded; everything else as typed."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode()) for c in url)


def resolve_control(base: str, control: str) -> str:
    """The URL that a track's `a=control` means. As makers do it: put behind the base with a slash, query or no query.

    RFC 3986 resolution would drop the last path part and the query; Dahua, Hikvision and live555 expect plain joining.
    """
    if not control or control == "*":
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        return control
    return base + ("" if base.endswith("/") else "/") + control.lstrip("/")


def same_host(url: str, reached: str) -> str:
    """`url` with the host and port by which the camera was really reached: behind NAT it names an address of its own."""
    try:
        ours, theirs = urlsplit(reached), urlsplit(url)
    except ValueError:
        return reached  # a camera may write anything there
    return urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))


def parse_session(value: str) -> tuple[str, float | None]:
    """(session id, timeout in seconds or None where none is said) of a Session header (RFC 2326 §12.37)."""
    session, _, rest = value.partition(";")
    match = re.search(r"timeout\s*=\s*(\d{1,6})", rest, re.IGNORECASE)
    return session.strip(), float(match[1]) if match and int(match[1]) > 0 else None


def parse_interleaved(transport: str, asked: tuple[int, int]) -> tuple[int, int]:
    """Channels of RTP and RTCP in a Transport header; what we asked for when it does not say."""
    match = re.search(r"interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?", transport, re.IGNORECASE)
    if match is None:
        return asked
    first = int(match[1])
    return first, int(match[2]) if match[2] else first + 1
