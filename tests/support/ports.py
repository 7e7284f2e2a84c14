"""Ports for servers that tests start: below those that the system hands out for connections (Linux: from 32768), and other ones
for each process of tests, so that none is taken between its choice and its use."""

from __future__ import annotations

import os
import socket
from itertools import count

FIRST, EACH, WORKERS = 12_000, 1_000, 20
_next = count()


def free_port() -> int:
    """One that nothing listens on now. Errors: LookupError."""
    mine = FIRST + EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS)
    for _ in range(EACH):
        port = mine + (os.getpid() * 7 + next(_next)) % EACH
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise LookupError("no free port")
