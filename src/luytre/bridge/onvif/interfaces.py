"""This machine's own addresses on local networks, to ask each of them for cameras.

Its name and its way to the internet do not tell them all: a second network card, with the cameras behind it, has neither.
"""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterable

_SIOCGIFADDR = 0x8915
"""Linux: an interface's IPv4 address."""


def own_addresses() -> tuple[str, ...]:
    """Private IPv4 addresses, one an interface and without the loopback; none where this cannot be asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        return local_ones(_address_of(any_socket, name) for _number, name in _interfaces())


def local_ones(addresses: Iterable[str]) -> tuple[str, ...]:
    """Those from which a local network is asked: the internet is never."""
    found = (ipaddress.ip_address(one) for one in addresses if one)
    return tuple(dict.fromkeys(str(one) for one in found if one.is_private and not one.is_loopback and not one.is_unspecified))


def _interfaces() -> list[tuple[int, str]]:
    try:
        return socket.if_nameindex()
    except OSError:
        return []


def _address_of(any_socket: socket.socket, name: str) -> str:
    """Empty for one that has none, or is down."""
    try:
        told = fcntl.ioctl(any_socket.fileno(), _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
    except OSError:
        return ""
    return socket.inet_ntoa(told[20:24])
