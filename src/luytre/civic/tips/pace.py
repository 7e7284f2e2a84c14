"""How often one address sends, without keeping any address: counts by a keyed digest, in this process's memory alone.

The key is made anew each hour and never leaves the process; with it go all counts. So at the turn of the hour somebody may begin
again, which is a smaller evil than a list of who sent. A process that starts anew has forgotten everything too.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
from collections import Counter
from collections.abc import Callable

HOUR_S = 3600.0
MOST_COUNTED = 200_000
"""So many addresses an hour; beyond them nothing new is counted, and everybody is asked for work (`crowded`)."""


class Pace:
    """Counts of the running hour. Safe among threads. `mono`: seconds of a clock that only goes forward."""

    def __init__(self, mono: Callable[[], float]) -> None:
        self._mono = mono
        self._lock = threading.Lock()
        self._begin()

    def add(self, what: str, address: str) -> int:
        """Counts one more `what` of this address, and returns how many there were before it in this hour."""
        with self._lock:
            name = self._name(what, address)
            before = self._counts[name]
            if before or len(self._counts) < MOST_COUNTED:
                self._counts[name] += 1
            return before

    def so_far(self, what: str, address: str) -> int:
        with self._lock:
            return self._counts[self._name(what, address)]

    def all_of(self, what: str) -> int:
        """How many there were of everybody in this hour."""
        with self._lock:
            return self._counts[self._name(what, "")]

    def _name(self, what: str, address: str) -> bytes:
        if self._mono() - self._since >= HOUR_S:
            self._begin()
        return hmac.digest(self._key, f"{what} {network(address)}".encode(), "sha256")[:16]

    def _begin(self) -> None:
        self._since, self._key = self._mono(), secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()


def network(address: str) -> str:
    """What counts as one sender: an IPv4 address, the /64 of an IPv6 one (RFC 6177: what one household has at least)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
