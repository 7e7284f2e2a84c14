"""A POST to a stranger: one address that was looked at before it is connected to, no redirect, little time, little of an answer.

The name is looked up once, every number behind it must be allowed, and the connection goes to that number; TLS still proves the
name. A connection is kept for the next letter to the same host; one that its other side closed is not used again, so that "no
answer" means that something was asked.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

TIMEOUT_S = 10.0
MOST_ANSWER = 4096
IDLE_S = 20.0
Number = IPv4Address | IPv6Address
_Place = tuple[str, str, int | None]
"""Scheme, host, port."""


class NotReached(OSError):
    """Nothing was sent: no such host, no connection, no TLS."""


class Forbidden(ValueError):
    """Nobody connects there: not https, or not a public host."""


class NoAnswer(OSError):
    """It was sent, and what came of it is not known."""


def is_public(number: Number) -> bool:
    """An address of the internet; also not one of this building written as an IPv6 one."""
    mapped = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    if isinstance(number, IPv6Address) and (number.teredo or number in _NAT64):
        return False
    return number.is_global and not number.is_multicast and (mapped is None or bool(mapped.is_global))


class _Network:
    """64:ff9b::/96, in which any IPv4 address can stand."""

    def __contains__(self, number: Number) -> bool:
        return int(number) >> 32 == 0x0064FF9B << 64


_NAT64 = _Network()


def anywhere(_number: Number) -> bool:
    """For a gateway that the machine's own settings name."""
    return True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    retry_after_s: int


@dataclass
class Post:
    """`allowed`: which numbers are connected to. `schemes`: https alone, outside of tests. `tls`: None for the system's roots."""

    allowed: Callable[[Number], bool] = is_public
    schemes: tuple[str, ...] = ("https",)
    timeout_s: float = TIMEOUT_S
    tls: ssl.SSLContext | None = None
    look_up: Callable[[str, int], list[str]] = field(default=lambda host, port: _look_up(host, port))  # noqa: PLW0108 - below
    _kept: dict[_Place, list[tuple[http.client.HTTPConnection, float]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Errors: NotReached, Forbidden, NoAnswer."""
        parts = urlsplit(url)
        if parts.scheme not in self.schemes or not parts.hostname or parts.username:
            raise Forbidden(parts.scheme)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        place = (parts.scheme, parts.hostname, parts.port)
        connection = self._kept_one(place) or self._connect(*place)
        try:
            connection.request("POST", target, body, {**headers, "Accept-Encoding": "identity"})
            response = connection.getresponse()
            taken = response.read(MOST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise NoAnswer(type(error).__name__) from error
        if response.isclosed() and not response.will_close:
            self._keep(place, connection)
        else:
            response.close()  # more than is read, or its last one
            connection.close()
        return Answer(response.status, taken, _seconds(response.headers.get("Retry-After", "")))

    def close(self) -> None:
        """Ends the connections that are kept."""
        with self._lock:
            for found in self._kept.values():
                for connection, _since in found:
                    connection.close()
            self._kept.clear()

    def _keep(self, place: _Place, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            self._kept.setdefault(place, []).append((connection, time.monotonic()))

    def _kept_one(self, place: _Place) -> http.client.HTTPConnection | None:
        """One that is still good; those that are not are ended."""
        while True:
            with self._lock:
                found = self._kept.get(place)
                if not found:
                    self._kept.pop(place, None)
                    return None
                connection, since = found.pop()
            if time.monotonic() - since <= IDLE_S and not _is_over(connection):
                return connection
            connection.close()

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        port = port or (443 if scheme == "https" else 80)
        try:
            numbers = self.look_up(host, port)
            if not numbers or not all(self.allowed(ip_address(one.partition("%")[0])) for one in numbers):
                raise Forbidden(host)
            raw = _first(numbers, port, self.timeout_s)
            if scheme == "https":  # a socket that fails to shake hands is closed by it
                raw = (self.tls or ssl.create_default_context()).wrap_socket(raw, server_hostname=host)
        except OSError as error:
            raise NotReached(type(error).__name__) from error
        connection = http.client.HTTPConnection(host, port, timeout=self.timeout_s)
        if (scheme, port) == ("https", 443):
            connection.default_port = 443  # so that the Host header names none
        connection.sock = raw
        return connection


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _first(numbers: list[str], port: int, timeout_s: float) -> socket.socket:
    """The first that answers. Errors: OSError."""
    for number in numbers[:3]:
        try:
            return socket.create_connection((number, port), timeout_s)
        except OSError as error:
            last = error
    raise last


def _is_over(connection: http.client.HTTPConnection) -> bool:
    """Whether its other side closed it, or said something that nobody asked for."""
    if connection.sock is None:
        return True
    try:
        return bool(select.select([connection.sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def _seconds(text: str) -> int:
    """Of Retry-After (RFC 9110 §10.2.3), a number or a date; 0 for anything else."""
    text = text.strip()[:40]
    if text.isascii() and text.isdigit():
        return min(int(text), 86_400)
    try:
        return max(0, min(86_400, int(parsedate_to_datetime(text).timestamp() - time.time())))
    except (ValueError, TypeError, OverflowError):
        return 0
