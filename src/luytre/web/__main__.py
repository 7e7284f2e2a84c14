"""`python -m luytre.web`: serves the pages until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from waitress.server import create_server
from waitress.wasyncore import close_all

from luytre.base.environment import read_environment

MOST_BODY_BYTES = 65 * 1024 * 1024  # an extract of OpenStreetMap (web.uploads); Django itself reads no form beyond 2.5 MB
THREADS = 8  # a page waits for the recorder at most seconds; a test of a camera, which takes longest, holds one thread


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # waitress ends its loop on this and lets running requests finish


def _proxy(https: bool) -> dict[str, object]:
    """Behind a proxy that speaks TLS on this machine: its word counts for the scheme and the caller's address, nobody else's."""
    if not https:
        return {}
    trusted = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": trusted, "clear_untrusted_proxy_headers": True}


def main() -> int:
    environment = read_environment()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    from luytre.web.wsgi import application

    sockets: dict[int, object] = {}
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
        server.run()
    finally:
        close_all(sockets, ignore_all=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
