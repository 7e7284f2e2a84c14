"""What a simulated camera sent, to whom, and in which state: tests hold it against what arrived.

One entry for each access unit of each connection, in sending order. A ledger may be read from another thread while the
server writes: entries are only ever appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """`pts_90k` is on the connection's own line, jumps included, not wrapped. `whole` is False where a quirk or the
    client's slowness kept packets back; then `packets_sent` tells how many left. `sent_utc_90k` is when they did."""

    connection: int
    path: str
    number: int
    vcl_sha256: str
    pts_90k: int
    is_key: bool
    whole: bool
    packets_sent: int
    sent_utc_90k: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request that a client made, and the status it was answered with. `uri` without user and password."""

    connection: int
    method: str
    uri: str
    status: int


@dataclass(slots=True)
class Ledger:
    """`answers`: methods of requests from the camera's side that the client answered. `keeps_entries` False: a load
    server that runs for hours does not remember each picture."""

    entries: list[Entry] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    keeps_entries: bool = True

    def of_path(self, path: str) -> list[Entry]:
        return [entry for entry in list(self.entries) if entry.path == path]

    def of_connection(self, connection: int) -> list[Entry]:
        return [entry for entry in list(self.entries) if entry.connection == connection]

    def connections(self, path: str) -> list[int]:
        """The connections that were sent pictures of a path, in their order."""
        return list(dict.fromkeys(entry.connection for entry in self.of_path(path)))

    def digests(self, path: str) -> list[str]:
        """SHA-256 of the VCL NAL units of all access units that left whole, in order."""
        return [entry.vcl_sha256 for entry in self.of_path(path) if entry.whole]

    def methods(self) -> Iterator[str]:
        return (request.method for request in list(self.requests))
