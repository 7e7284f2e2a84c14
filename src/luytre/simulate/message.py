"""RTSP messages (RFC 2326 §4) as a camera reads and writes them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import unquote

from luytre.simulate.quirks import Quirks

MAX_HEAD_BYTES = 64 << 10
REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid In This State",
    459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer from the client; header names in lower case."""

    start_line: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_answer(self) -> bool:
        return self.start_line.upper().startswith("RTSP/")

    @property
    def method(self) -> str:
        return self.start_line.split(" ", 1)[0].upper()

    @property
    def uri(self) -> str:
        """What stands between method and version: cheap clients leave spaces in it."""
        return self.start_line.partition(" ")[2].rpartition(" ")[0].strip()


def path_of(uri: str) -> str:
    """Path and query of an RTSP URL, percent-decoded, without a slash at its end."""
    rest = uri.split("://", 1)[-1] if "://" in uri else uri
    return unquote("/" + rest.partition("/")[2]).rstrip("/") if "://" in uri else unquote(rest).rstrip("/")


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """The next message; None for an interleaved packet (read and dropped). IncompleteReadError at the end of the stream."""
    first = await reader.readexactly(1)
    if first == b"$":
        head = await reader.readexactly(3)
        await reader.readexactly(int.from_bytes(head[1:], "big"))
        return None
    if first in b"\r\n":
        return None
    lines = [(first + await reader.readline()).decode("utf-8", "replace").strip()]
    headers: dict[str, str] = {}
    while (line := await reader.readline()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0") or 0)
    body = await reader.readexactly(length) if length else b""
    return Message(lines[0], headers, body)


def write_answer(status: int, headers: list[tuple[str, str]], body: bytes, quirks: Quirks) -> bytes:
    """An answer as these quirks shape it."""
    lines = [f"RTSP/1.0 {status} {REASONS.get(status, 'Unknown')}"]
    lines += [_header_line(name, value, quirks) for name, value in headers]
    told = {"right": len(body), "zero_with_body": 0, "too_long": len(body) + 1000, "missing": -1}[quirks.content_length]
    if body and told >= 0:
        lines.append(_header_line("Content-Length", str(told), quirks))
    end = "\n" if quirks.header_style == "lf" else "\r\n"
    return end.join([*lines, "", ""]).encode() + body


def _header_line(name: str, value: str, quirks: Quirks) -> str:
    if quirks.header_style == "lower":
        return f"{name.lower()}:{value}"
    if quirks.header_style == "folded" and " " in value:
        first, _, rest = value.partition(" ")
        return f"{name}: {first}\r\n\t{rest}"
    return f"{name}: {value}"


def write_request(method: str, uri: str, sequence: int, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """A request from the camera's side."""
    lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {sequence}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
