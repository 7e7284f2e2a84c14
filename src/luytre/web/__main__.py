"""`python -m luytre.web`: serves the pages until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from waitress.server import create_server
from waitress.trigger import trigger
from waitress.wasyncore import close_all, loop

from luytre.base.environment import read_environment

MOST_BODY_BYTES = 65 * 1024 * 1024  # an extract of OpenStreetMap (web.uploads); Django itself reads no form beyond 2.5 MB
THREADS = 8  # a page waits for the recorder at most seconds; a test of a camera, which takes longest, holds one thread
ROUND_S = 1.0


class _Ending:
    """Somebody wants the server to end. It ends between two rounds of its loop: an exception raised by the signal may come in
    the middle of taking a connection too, and leave a socket that nobody knows."""

    def __init__(self, sockets: dict[int, object]) -> None:
        self.wanted = False
        self._wake = trigger(sockets)

    def want(self, _signal: int, _frame: FrameType | None) -> None:
        if not self.wanted:
            self.wanted = True
            self._wake.pull_trigger()


def _proxy(https: bool) -> dict[str, object]:
    """Behind a proxy that speaks TLS on this machine: its word counts for the scheme and the caller's address, nobody else's."""
    if not https:
        return {}
    trusted = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": trusted, "clear_untrusted_proxy_headers": True}


def main() -> int:
    environment = read_environment()
    sockets: dict[int, object] = {}
    ending = _Ending(sockets)
    signal.signal(signal.SIGTERM, ending.want)
    signal.signal(signal.SIGINT, ending.want)
    from luytre.web.wsgi import application

    server = create_server(
        application,
        map=sockets,
        host=environment.web.host or "0.0.0.0",
        port=environment.web.port,
        threads=THREADS,
        ident=None,
        max_request_body_size=MOST_BODY_BYTES,
        channel_timeout=60,
        **_proxy(environment.https),
    )
    try:
        while not ending.wanted:
            loop(ROUND_S, map=sockets, count=1)
        server.task_dispatcher.shutdown()  # what is being answered is answered first, for at most five seconds
    finally:
        close_all(sockets, ignore_all=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
